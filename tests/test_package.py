"""What users install: the wheel and the source archive, built and tried out away from the checkout."""

import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.parser import HeaderParser
from pathlib import Path, PurePosixPath

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
LARGEST_WHEEL = 4_000_000  # bytes
# A registry that is away for a moment is asked again, for minutes.
UV = ("env", "UV_HTTP_RETRIES=8", "UV_HTTP_TIMEOUT=120", sys.executable, "-m", "uv", "--quiet")
PYTEST = ("iniconfig", "packaging", "pluggy", "pygments", "pytest")
"""What pytest is made of, in the names of the locked requirements."""

LIMIT = 600
"""Seconds: a command that takes longer hangs."""


@dataclass(frozen=True)
class Installation:
    """An empty virtual environment with nothing but the wheel and its locked requirements."""

    folder: Path

    def install(self, *what: str) -> None:
        """Install exactly what is given: requirements whose hashes are checked, or a wheel."""
        _checked([*UV, "pip", "install", "--python", str(self.folder / "bin" / "python"), "--no-deps", *what])

    def run(self, *command: str, cwd: Path) -> subprocess.CompletedProcess[str]:
        """Run a program of the environment, with nothing of this process's environment but a path."""
        program = self.folder / "bin" / command[0]
        environment = {"PATH": "/usr/bin:/bin", "HOME": str(cwd), "LANG": "C.UTF-8"}
        return subprocess.run(
            [program, *command[1:]],
            cwd=cwd,
            env=environment,
            capture_output=True,
            text=True,
            timeout=LIMIT,
            check=False,
        )


@pytest.fixture(scope="session")
def archives(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder with the source archive, and the wheel that was built out of it."""
    folder = tmp_path_factory.mktemp("dist")
    _checked([sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)])
    return folder


@pytest.fixture(scope="session")
def wheel(archives: Path) -> Iterator[zipfile.ZipFile]:
    """The wheel, opened."""
    (path,) = archives.glob("*.whl")
    with zipfile.ZipFile(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def source_archive(archives: Path) -> Iterator[tarfile.TarFile]:
    """The source archive, opened."""
    (path,) = archives.glob("*.tar.gz")
    with tarfile.open(path) as opened:
        yield opened


@pytest.fixture(scope="session")
def installation(archives: Path, tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """The wheel, installed as a user would who takes the locked requirements."""
    folder = tmp_path_factory.mktemp("installation") / "venv"
    (path,) = archives.glob("*.whl")
    _checked([*UV, "venv", "--python", sys.executable, str(folder)])
    one = Installation(folder)
    one.install("--require-hashes", "--requirement", _locked("runtime"))
    one.install(str(path))
    return one


def _locked(name: str) -> str:
    return str(ROOT / "requirements" / f"{name}.txt")


def _checked(command: Sequence[str]) -> None:
    done = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def _shipped(folder: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / folder).rglob("*") if path.is_file()}


def _modules() -> set[str]:
    return {f"esad_gateway/{path.relative_to(ROOT / 'src/esad_gateway')}" for path in ROOT.glob("src/**/*.py")}


def test_wheel_has_the_package_and_its_data(wheel: zipfile.ZipFile) -> None:
    """Every module, schema, fixture and dictionary is inside, and the mark that says the package is typed."""
    data = {f"esad_gateway/data/{name}" for name in _shipped("schemas") | _shipped("fixtures")}
    kept = {"esad_gateway/py.typed", "esad_gateway/store/dictionaries/1.zdict"}

    assert set(wheel.namelist()) >= _modules() | data | kept
    assert data


def test_wheel_has_nothing_else(wheel: zipfile.ZipFile) -> None:
    """No tests, no second top-level package, no compiled leftovers, and no weight."""
    names = wheel.namelist()

    assert {name.partition("/")[0] for name in names} <= {"esad_gateway", _metadata_folder(wheel)}
    assert [name for name in names if _of_tests(name) or name.endswith(".pyc") or "cache" in name] == []
    assert sum(info.compress_size for info in wheel.infolist()) < LARGEST_WHEEL


def test_wheel_says_what_it_is(wheel: zipfile.ZipFile) -> None:
    """Licence, command and Python version are in the metadata."""
    folder = _metadata_folder(wheel)
    metadata = HeaderParser().parsestr(wheel.read(f"{folder}/METADATA").decode())

    assert (metadata["Name"], metadata["License-Expression"]) == ("esad-gateway", "Apache-2.0 AND Bitstream-Vera")
    assert metadata["Requires-Python"] == ">=3.11"
    assert wheel.read(f"{folder}/licenses/LICENSE") == (ROOT / "LICENSE").read_bytes()
    entry_points = wheel.read(f"{folder}/entry_points.txt").decode()
    assert "esad = esad_gateway.cli:main" in entry_points
    assert "[pytest11]\nemcs = esad_gateway.pytest_plugin" in entry_points


def _of_tests(name: str) -> bool:
    """Whether a file belongs to our tests; the plugin of pytest is for those of others."""
    return PurePosixPath(name).name.startswith(("test_", "conftest")) or "tests/" in name


def _metadata_folder(wheel: zipfile.ZipFile) -> str:
    return next(name for name in wheel.namelist() if name.endswith("METADATA")).partition("/")[0]


def test_source_archive_can_be_tested(source_archive: tarfile.TarFile) -> None:
    """Sources, tests, data, locked requirements and the Makefile are inside."""
    names = {name.partition("/")[2] for name in source_archive.getnames()}
    tests = {name for name in _shipped("tests") if name.endswith(".py")}

    assert names >= {f"src/{name}" for name in _modules()} | _shipped("schemas") | _shipped("fixtures") | tests
    assert names >= {"pyproject.toml", "Makefile", "LICENSE", "README.md", "CHANGELOG.md"}
    assert names >= {f"requirements/{name}.txt" for name in ("runtime", "paper", "dev")}


@pytest.mark.parametrize(("name", "extras"), [("runtime", ()), ("paper", ("paper",)), ("dev", ("dev", "paper"))])
def test_locked_requirements_are_what_the_project_asks_for(name: str, extras: Sequence[str]) -> None:
    """Every dependency of pyproject.toml is locked to a version that it allows, by hash, and from no named place."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    further = [text for extra in extras for text in project["optional-dependencies"][extra]]
    lock = (ROOT / "requirements" / f"{name}.txt").read_text()
    pinned = dict(re.findall(r"^([a-z0-9-]+)==([^ ]+)", lock, re.MULTILINE))

    wanted = [Requirement(text) for text in [*project["dependencies"], *further]]
    outdated = [str(one) for one in wanted if not one.specifier.contains(pinned.get(canonicalize_name(one.name), "0"))]

    assert outdated == [], "make lock"
    entries = re.findall(r"^[a-z0-9-]+==.*\n( *--hash=)?", lock, re.MULTILINE)
    assert entries
    assert all(entries)
    assert "://" not in lock


def test_installed_command_judges_installed_fixtures(installation: Installation, tmp_path: Path) -> None:
    """Schemas and fixtures are found in the wheel: a fixture that is valid in the checkout is valid there."""
    asked = installation.run(
        "python", "-c", "from esad_gateway import resources; print(resources.fixtures())", cwd=tmp_path
    )
    fixtures = Path(asked.stdout.strip())
    valid = sorted(str(path) for path in fixtures.glob("messages/*/valid/*.xml"))

    done = installation.run("esad", "validate", "--json", "--schema-only", *valid, cwd=tmp_path)

    assert fixtures.is_relative_to(installation.folder)
    assert valid
    assert [line for line in done.stdout.splitlines() if not json.loads(line)["ok"]] == []
    assert (done.returncode, done.stderr) == (0, "")


def test_installed_command_prints_documents_with_the_extra(installation: Installation, tmp_path: Path) -> None:
    """Without it both languages say how to install it; with it the fonts are there, and their licence with them."""
    message = ROOT / "fixtures" / "messages" / "ie815" / "valid" / "full.xml"
    asked = ("esad", "fallback", str(message), "--pdf", "full.pdf")
    told = [installation.run(*asked, "--lang", language, cwd=tmp_path) for language in ("en", "lt")]

    command = f"{installation.folder}/bin/python -m pip install 'esad-gateway[paper]'"
    for one, words in zip(told, ("fpdf of it is not installed; this installs it", "įdiekite komanda"), strict=True):
        assert (one.returncode, one.stdout) == (2, "")
        assert f"{words}: {command}" in one.stderr
        assert len(one.stderr.splitlines()) == 1
    assert list(tmp_path.iterdir()) == []

    installation.install("--require-hashes", "--requirement", _locked("paper"))
    done = installation.run(*asked, cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, "")
    assert (tmp_path / "full.pdf").read_bytes().startswith(b"%PDF-")
    licence, *_ = installation.folder.rglob("esad_gateway/papers/fonts/LICENSE")
    assert "Bitstream Vera" in licence.read_text(encoding="utf-8")


REFUSED = """from esad_gateway.testing import wine


def test_refused_wine_comes_home(emcs):
    vilnius = emcs.consignor("LT")
    warsaw = emcs.consignee("PL", will="refuse", reason="goods damaged")
    movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
    emcs.clock.advance(days=3)
    assert movement.state == "refused"
    vilnius.return_to_dispatch(movement)
    assert movement.delivered
"""


def test_installed_plugin_needs_nothing_but_pytest(installation: Installation, tmp_path: Path) -> None:
    """A test of a user runs where pytest and the wheel are installed: no settings, no files, no second import."""
    entries = re.split(r"^(?=[a-z0-9-]+==)", (ROOT / "requirements" / "dev.txt").read_text(), flags=re.MULTILINE)
    (tmp_path / "pytest.txt").write_text("".join(one for one in entries if one.split("==")[0] in PYTEST))
    installation.install("--require-hashes", "--requirement", str(tmp_path / "pytest.txt"))
    (tmp_path / "test_wine.py").write_text(REFUSED)

    done = installation.run("pytest", "-q", "--emcs-seed", "7", cwd=tmp_path)

    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "1 passed" in done.stdout


def test_installed_demonstration_runs(installation: Installation, tmp_path: Path) -> None:
    """The demonstration needs nothing but the installed package."""
    done = installation.run("esad", "demo", cwd=tmp_path)

    assert done.returncode == 0, done.stderr
    assert "IE801" in done.stdout
