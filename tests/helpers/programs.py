"""Programs of others that interoperability tests need."""

import os
import shutil

import pytest


def require(program: str) -> None:
    """Skip the test when ``program`` is not installed; in continuous integration (``CI=true``) it fails instead."""
    if shutil.which(program):
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{program} is not installed, and interoperability has to be shown here")
    pytest.skip(f"{program} is not installed")
