"""Programs of others that interoperability tests need."""

import os
import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest


@dataclass(frozen=True, kw_only=True)
class Session:
    """One start of a program: the folder with its files, and what it said of each job."""

    folder: Path
    said: Mapping[str, str]


def one_start(command: Sequence[str], jobs: Mapping[str, str], folder: Path) -> Session:
    """Start a program once for all jobs; it says ``true``, ``false`` or an error of each, in a line of its own."""
    listing = folder / "jobs.tsv"
    listing.write_text("\n".join(jobs.values()), encoding="utf-8")
    done = subprocess.run([*command, str(listing)], check=True, capture_output=True, text=True, encoding="utf-8")
    return Session(folder=folder, said=dict(zip(jobs, done.stdout.splitlines(), strict=True)))


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
