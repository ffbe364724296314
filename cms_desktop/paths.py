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


def shipped(*parts: str) -> Path:
    """What is shipped beside the code: inside the package in a wheel, at the top level in a checkout."""
    package = Path(__file__).resolve().parent
    packaged = package / "_data"
    return (packaged if packaged.is_dir() else package.parent).joinpath(*parts)


def resource(*parts: str) -> Path:
    """A shipped resource, such as ``resource("samples", "welcome.md")``."""
    return shipped("resources", *parts)
