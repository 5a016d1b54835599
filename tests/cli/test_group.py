"""The commands as a whole: what is listed, what is imported, how errors end."""

import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
import typer

from esad_gateway import cli, resources
from esad_gateway.cli.common.output import ExitCode, exit_code_of
from esad_gateway.cli.group import SUMMARIES, command_name, load, root
from esad_gateway.errors import EsadError, NotConfigured, PeerError, SignerNotAllowed, UnreadableInput
from helpers.command_line import Esad

HEAVY = {"aiohttp", "alembic", "cryptography", "fastapi", "pydantic", "rich", "signxml", "sqlalchemy", "uvicorn"}

IMPORTED = "import sys; from esad_gateway.cli import main\ntry: main()\nfinally: print(*sys.modules, file=sys.stderr)"


def _imported_by(*arguments: str) -> set[str]:
    command = [sys.executable, "-c", IMPORTED, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return {module.partition(".")[0] for module in done.stderr.split()}


def _valid_draft() -> str:
    return str(min(resources.fixtures().glob("messages/ie815/valid/*.xml")))


def test_validate_imports_no_server_and_no_store() -> None:
    """A valid document costs neither the web framework, nor the database, nor the slow schema library."""
    imported = _imported_by("validate", "--schema-only", _valid_draft())

    assert imported & (HEAVY | {"xmlschema"}) == set()
    assert {"typer", "lxml"} <= imported


def test_validate_loads_no_law_of_a_state() -> None:
    """The law of Lithuania is a name in its profile until the first message is judged."""
    command = [sys.executable, "-c", IMPORTED, "validate", _valid_draft()]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    imported, laws = set(done.stderr.split()), ("esad_gateway.profiles.lithuania", "esad_gateway.ais.declarations")

    assert "esad_gateway.profiles.lt" in imported
    assert {one for one in imported if one.startswith(laws)} == set()


def test_help_imports_no_command() -> None:
    """The list of commands comes from a table."""
    assert _imported_by("--help") & (HEAVY - {"rich"} | {"lxml"}) == set()


def test_every_command_is_listed(esad: Esad) -> None:
    """Help names every command with its summary."""
    printed = esad("--help")

    assert printed.code == 0
    assert [name for name in SUMMARIES if f" {name} " not in printed.out] == []


@pytest.mark.parametrize("name", SUMMARIES)
def test_command_has_a_module(name: str) -> None:
    """What the table lists can be loaded, and is a group exactly when its functions have names of their own."""
    functions = import_module(f"{cli.__name__}.{name.replace('-', '_')}").COMMANDS
    subcommands = getattr(load(name), "commands", {})

    assert list(subcommands) in ([], [command_name(function) for function in functions])
    assert bool(subcommands) == ([command_name(function) for function in functions] != [name])


@pytest.mark.parametrize("name", SUMMARIES)
def test_every_command_has_help_and_json(esad: Esad, name: str) -> None:
    """Each command, and each subcommand, explains itself and can print JSON."""
    for subcommand in getattr(load(name), "commands", {}) or [None]:
        printed = esad(name, *([subcommand] if subcommand else []), "--help")

        assert printed.code == 0
        assert "--json" in printed.out or name in {"serve", "worker"}


def test_version_is_printed(esad: Esad) -> None:
    """The version is that of the distribution."""
    printed = esad("--version")

    assert printed.code == 0
    assert printed.out.startswith("esad ")


def test_unknown_command_is_wrong_usage(esad: Esad) -> None:
    """A mistyped command is refused with a suggestion."""
    printed = esad("vaildate")

    assert printed.code == 2
    assert "validate" in printed.err


def test_unknown_option_is_wrong_usage(esad: Esad) -> None:
    """A mistyped option is refused."""
    assert esad("validate", "--schema", "x.xml").code == 2


def test_error_is_one_line(esad: Esad, tmp_path: Path) -> None:
    """What the caller got wrong is said in a line, never with a traceback."""
    printed = esad("pki", "trader", "LT00000000101", "--dir", tmp_path / "absent")

    assert printed.code == 2
    assert printed.err.startswith("esad: ")
    assert "Traceback" not in printed.err


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (UnreadableInput("x"), ExitCode.USAGE),
        (NotConfigured("x"), ExitCode.USAGE),
        (SignerNotAllowed("LT00000000101", frozenset()), ExitCode.NEGATIVE),
        (PeerError("x"), ExitCode.NEGATIVE),
    ],
    ids=lambda value: type(value).__name__,
)
def test_errors_have_exit_codes(error: EsadError, code: ExitCode) -> None:
    """What the caller named wrongly is usage; everything else is a negative answer."""
    assert exit_code_of(error) is code


def test_root_is_completed_by_the_shell() -> None:
    """The group that typer's completion walks through has the real options of a command."""
    group = root()
    context = typer.Context(group, info_name="esad")
    _, command, _ = group.resolve_command(context, ["validate"])

    assert command is not None
    assert {parameter.name for parameter in command.params} >= {"schema_only", "now", "state"}
