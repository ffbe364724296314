"""Everything runs without a screen, with the software renderer, and without a keyring, however pytest is started."""

from __future__ import annotations

import os

ENVIRONMENT = {
    "QT_QPA_PLATFORM": "offscreen",
    "QT_QUICK_BACKEND": "software",
    "QT_QUICK_CONTROLS_STYLE": "Basic",
    "QML_DISABLE_DISK_CACHE": "1",
    "PYTHON_KEYRING_BACKEND": "keyring.backends.null.Keyring",
}
for _name, _value in ENVIRONMENT.items():
    os.environ.setdefault(_name, _value)
