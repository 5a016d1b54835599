"""``esad script``: scripts of simulated member states, looked at before anything begins."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.keys import SCRIPT, Table
from esad_gateway.simulator.scripts.model import Script
from esad_gateway.simulator.scripts.schema import script_schema
from esad_gateway.simulator.scripts.toml_file import content_of, script_in
from esad_gateway.texts import in_every_language


@frozen(kw_only=True)
class _Looked:
    """What was found in a file: its script, or everything that is wrong with it."""

    file: Path
    script: Script | None = None
    wrong: Sequence[str | Said] = ()
    code: ExitCode = ExitCode.FINE


def check(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Scripts in TOML.")], *, as_json: AsJson = False
) -> None:
    """Check scripts of simulated member states, without a state, a port or a clock: all faults at once.

    Each is told with its line and place, what stands there, what was expected, and the nearest word that there is.
    Exit code 1: something is wrong with a script; 2: a file cannot be read.
    """
    found = [_looked(file) for file in files]
    for one in found:
        _tell(one, as_json=as_json)
    raise typer.Exit(max(one.code for one in found))


def _looked(file: Path) -> _Looked:
    try:
        content = content_of(file)
    except UnreadableInput as error:
        return _Looked(file=file, wrong=error.reasons, code=ExitCode.USAGE)
    try:
        return _Looked(file=file, script=script_in(content, file))
    except UnreadableInput as error:
        return _Looked(file=file, wrong=error.reasons, code=ExitCode.NEGATIVE)


def _tell(found: _Looked, *, as_json: bool) -> None:
    if as_json:
        wrong = [one if isinstance(one, str) else in_every_language(one) for one in found.wrong]
        output.result_json({"file": str(found.file), "ok": found.script is not None, **_has(found), "faults": wrong})
    elif found.script is None:
        output.result(*found.wrong)
    else:
        has = ", ".join(f"{name}: {count}" for name, count in _has(found).items())
        output.result(said("sim.script_fine", file=str(found.file), has=has))


def _has(found: _Looked) -> dict[str, int]:
    """How many tables of each kind a script has."""
    if found.script is None:
        return {}
    tables = (key for key in SCRIPT.keys if isinstance(key.form, Table))
    return {key.name: len(getattr(found.script, key.of_model)) for key in tables}


def schema(*, as_json: AsJson = False) -> None:
    """Print the JSON Schema of scripts, for editors of TOML: esad script schema > script.schema.json."""
    output.result_json(script_schema(), indent=None if as_json else 2)


COMMANDS = (check, schema)
