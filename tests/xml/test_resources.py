"""The files that ship with the package are found in a checkout and in an installed wheel."""

import shutil
import subprocess
import sys
from pathlib import Path

import esad_gateway
from esad_gateway import resources

PROGRAM = """
from esad_gateway import resources
from esad_gateway.errors import NotConfigured
try:
    print(resources.schemas(), resources.fixtures())
except NotConfigured as error:
    print(error)
"""


def test_checkout_has_schemas_and_fixtures_at_its_top() -> None:
    """In a checkout both folders are the ones beside ``src``."""
    assert (resources.schemas() / "emcs" / "3.23" / "emcs.xsd").is_file()
    assert resources.fixtures().name == "fixtures"


def test_installed_package_carries_its_folders_or_says_that_they_are_missing(tmp_path: Path) -> None:
    """Without the folders there is a sentence, no traceback; with ``data/`` inside the package they are found."""
    package = tmp_path / "site" / "lib" / "esad_gateway"
    package.mkdir(parents=True)
    for name in ("__init__.py", "errors.py", "faults.py", "frozen.py", "place.py", "resources.py"):
        shutil.copy(Path(esad_gateway.__file__).with_name(name), package)
    texts = Path(esad_gateway.__file__).with_name("texts")
    shutil.copytree(texts, package / "texts", ignore=shutil.ignore_patterns("__pycache__"))
    assert "the folder 'schemas' is missing" in _run(package.parent)
    for name in ("schemas", "fixtures"):
        (package / "data" / name).mkdir(parents=True)
    assert _run(package.parent) == f"{package / 'data' / 'schemas'} {package / 'data' / 'fixtures'}"


def _run(site: Path) -> str:
    done = subprocess.run([sys.executable, "-c", PROGRAM], cwd=site, env={}, check=True, capture_output=True, text=True)
    return done.stdout.strip()
