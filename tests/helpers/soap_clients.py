"""Clients and verifiers of others, as programs: built once a run, started with what they need, heard line by line."""

import fcntl
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import pytest

from esad_gateway import resources
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import provision, register
from helpers import javascript
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, NOW, OPERATORS, PATIENCE, ZONES, Box
from helpers.programs import require, require_packages

_Said = TypeVar("_Said")

HERE: Final = Path(__file__).parents[1] / "clients"
PROGRAMS: Final = HERE / "programs"
PACKAGES: Final = HERE / "javascript" / "node_modules"
"""Where ``npm ci`` puts the locked packages."""

_NEEDED: Final = ("node", "php", "perl", "curl", "wsdl2h", "soapcpp2", "g++", "java", "javac", "go")
_JARS: Final = Path("/usr/share/java")
_JAXWS: Final = f"{_JARS}/jaxws-tools.jar:{_JARS}/jaxws-rt.jar"
_SANTUARIO: Final = (
    f"{_JARS}/wss4j.jar:{_JARS}/xmlsec.jar:{_JARS}/commons-logging.jar:{_JARS}/slf4j-api.jar:{_JARS}/slf4j-nop.jar"
)
_JAVA: Final = ("java", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC")
_JAVAC: Final = ("javac", "-J-XX:TieredStopAtLevel=1", "-J-XX:+UseSerialGC", "-nowarn")
_GO: Final = {"GO111MODULE": "off", "GOPATH": "/usr/share/gocode"}


@dataclass(frozen=True)
class Built:
    """A folder with everything that had to be generated and compiled."""

    folder: Path

    def client(self, name: str) -> tuple[str, ...]:
        """What a client is started with."""
        return {
            "zeep": (sys.executable, str(PROGRAMS / "client.py")),
            "npm soap": ("node", str(HERE / "javascript" / "client.mjs")),
            "PHP SoapClient": ("php", str(PROGRAMS / "client.php")),
            "gSOAP": (str(self.folder / "gsoap" / "client"),),
            "SOAP::Lite": ("perl", str(PROGRAMS / "client.pl")),
            "JAX-WS": (*_JAVA, "-cp", f"{self.folder / 'java'}:{_JAXWS}", "Client"),
            "curl": ("bash", str(PROGRAMS / "client.sh")),
        }[name]

    def defaults(self, name: str) -> tuple[str, ...]:
        """What shows that which a client does by itself."""
        return {
            "npm soap": ("node", str(HERE / "javascript" / "defaults.mjs")),
            "PHP SoapClient": ("php", str(PROGRAMS / "defaults.php")),
            "SOAP::Lite": ("perl", str(PROGRAMS / "defaults.pl")),
        }[name]

    def signed(self, name: str) -> tuple[str, ...]:
        """What a client is started with that signs its requests."""
        return {
            "zeep": (sys.executable, str(PROGRAMS / "signed.py")),
            "npm soap": ("node", "--no-deprecation", str(HERE / "javascript" / "signed.mjs")),
            "WSS4J": (*_JAVA, "-cp", f"{self.folder / 'santuario'}:{_SANTUARIO}", "Signed"),
        }[name]

    @property
    def verifiers(self) -> dict[str, tuple[str, ...]]:
        """What verifiers are started with; a certificate and documents follow."""
        return {
            "PHP": ("php", str(PROGRAMS / "verify.php")),
            "goxmldsig": (str(self.folder / "verify"),),
            "Santuario": (*_JAVA, "-cp", f"{self.folder / 'santuario'}:{_SANTUARIO}", "Santuario"),
            "JavaScript": ("node", str(javascript.FOLDER / "verify.mjs")),
        }


def built(factory: pytest.TempPathFactory) -> Built:
    """Everything that is compiled, once a run: whoever comes first builds, the others wait for it."""
    for program in _NEEDED:
        require(program)
    require_packages(PACKAGES)
    require_packages(javascript.INSTALLED)
    base = factory.getbasetemp()
    root = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder = root / "foreign-clients"
    with (root / "foreign-clients.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for inner in ("gsoap", "java", "bare", "wrapped", "santuario"):
                (folder / inner).mkdir(parents=True, exist_ok=True)
            side_by_side({one.__name__: partial(one, folder) for one in (_gsoap, _java, _wrapped, _santuario, _go)})
            (folder / "done").touch()
    return Built(folder)


def side_by_side(jobs: Mapping[str, Callable[[], _Said]]) -> dict[str, _Said]:
    """What each of some calls returns; a few at a time, for most of them wait for others."""
    with ThreadPoolExecutor(4) as pool:
        futures = {name: pool.submit(job) for name, job in jobs.items()}
    return {name: future.result() for name, future in futures.items()}


def _gsoap(folder: Path) -> None:
    inner = folder / "gsoap"
    _run(["wsdl2h", "-O4", "-o", "gateway.h", f"-I{_schemas()}", str(_schemas() / "gateway.wsdl")], inner)
    _run(["soapcpp2", "-j", "-C", "-L", "-x", "-w", "gateway.h"], inner)
    sources = ("soapC.cpp", "soapGatewaySoapProxy.cpp", str(PROGRAMS / "client.cpp"))
    side_by_side({source: partial(_run, ["g++", "-O0", "-I.", "-c", source], inner) for source in sources})
    _run(["g++", "-o", "client", "client.o", "soapC.o", "soapGatewaySoapProxy.o", "-lgsoap++"], inner)


def _imported(folder: Path, name: str, *options: str) -> None:
    given = ("-quiet", "-Xnocompile", "-s", name, "-p", "gw", *options, str(_schemas() / "gateway.wsdl"))
    _run([*_JAVA, "-cp", _JAXWS, "com.sun.tools.ws.WsImport", *given], folder)


def _java(folder: Path) -> None:
    _imported(folder, "bare", "-b", str(PROGRAMS / "bare.xml"))
    generated = map(str, sorted((folder / "bare").rglob("*.java")))
    _run([*_JAVAC, "-cp", _JAXWS, "-d", "java", *generated, str(PROGRAMS / "Client.java")], folder)


def _wrapped(folder: Path) -> None:
    """What wsimport generates by itself."""
    _imported(folder, "wrapped")


def _santuario(folder: Path) -> None:
    _run(
        [
            *_JAVAC,
            "-cp",
            _SANTUARIO,
            "-d",
            "santuario",
            *(str(PROGRAMS / name) for name in ("Santuario.java", "Signed.java")),
        ],
        folder,
    )


def _go(folder: Path) -> None:
    _run(["go", "build", "-o", "verify", str(PROGRAMS / "verify.go")], folder, _GO | {"GOCACHE": str(folder / "go")})


def _schemas() -> Path:
    return resources.schemas() / "gateway"


def _run(command: Sequence[str], folder: Path, environment: Mapping[str, str] | None = None) -> str:
    done = subprocess.run(
        command,
        cwd=folder,
        env=os.environ | (environment or {}),
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=2 * PATIENCE,
        check=False,
    )
    assert done.returncode == 0, f"{command[0]}\n{done.stdout}\n{done.stderr}"
    return done.stdout


def heard(command: Sequence[str], folder: Path) -> dict[str, str]:
    """Start a program that says ``name: value`` lines, and hear it to its end."""
    return dict(line.partition(": ")[::2] for line in _run(command, folder).splitlines())


def lines(command: Sequence[str], folder: Path) -> list[str]:
    """The lines that a program says."""
    return _run(command, folder).splitlines()


def box_of(kind: KeyKind, folder: Path, now: datetime = NOW) -> Box:
    """Two member states and two traders whose keys are all of one kind."""
    zones = {state: ZONES[state] for state in ("LT", "PL")}
    members = provision(folder, zones, now, kind)
    parties = [operator for operator in OPERATORS if operator.seed in {CONSIGNOR, FOREIGN_CONSIGNEE}]
    return Box(members, register(members, parties, now, kind))


@dataclass(frozen=True)
class Rows:
    """A table of the page that tests prove, by the heading above it: (client, what it does) -> the test."""

    title: str
    tests: dict[tuple[str, str], str] = field(default_factory=dict)

    def row(self, client: str, what: str) -> Callable[[Callable[..., None]], Callable[..., None]]:
        """A test shows a row."""

        def noted(test: Callable[..., None]) -> Callable[..., None]:
            assert (client, what) not in self.tests, (client, what)
            self.tests[client, what] = test.__name__
            return test

        return noted

    def of_page(self) -> list[tuple[str, str]]:
        """The rows as they stand there."""
        return [(client, what) for client, what, *_ in _table(self.title)]


PAGE: Final = Path(__file__).parents[2] / "docs" / "how-to" / "soap-clients.md"


def verifiers_of_page() -> dict[str, str]:
    """The verifiers of the page -> the kinds of keys that they know."""
    return {name: kinds for name, _, kinds, *_ in _table("Verify an IE801")}


def surprises_of_page() -> list[tuple[str, str]]:
    """Where the page says what the door does about each surprise, and the test that shows it."""
    return [(page, shown.strip("`")) for _, _, page, shown in _table("What the door does about all this")]


def _table(title: str) -> list[list[str]]:
    """The rows of the table below a heading, without its head."""
    section = PAGE.read_text(encoding="utf-8").partition(f"## {title}\n")[2].partition("\n## ")[0]
    rows = [line[2:-2].split(" | ") for line in section.splitlines() if line.startswith("| ")]
    return [[cell.strip() for cell in row] for row in rows[1:]]
