"""Where this installation keeps its data. Read once at the edge (window, command line), then handed down."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP_NAME = "Contract Management System"


def default_home() -> Path:
    """Return `CMS_HOME`, or the platform's folder for a person's own data."""
    wanted = os.environ.get("CMS_HOME")
    if wanted:
        return Path(wanted).expanduser().resolve()
    return Path(platformdirs.user_data_dir(APP_NAME, appauthor=False, roaming=False))
