"""Windows in tests."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def _one_application(qapp: object) -> None:
    """The one Qt application of the whole run, whichever test comes first."""
