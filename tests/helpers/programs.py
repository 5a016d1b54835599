"""Programs of others that interoperability tests need."""

import os
import shutil
from pathlib import Path

import pytest


def require(program: str) -> None:
    """Skip the test when ``program`` is not installed; in continuous integration (``CI=true``) it fails instead."""
    if not shutil.which(program):
        _missing(f"{program} is not installed")


def require_packages(folder: Path) -> None:
    """The same for packages that a package manager puts into ``folder``."""
    if not folder.is_dir():
        _missing(f"the packages of {folder.parent.name} are not installed (npm ci there)")


def _missing(what: str) -> None:
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what}, and interoperability has to be shown here")
    pytest.skip(what)
