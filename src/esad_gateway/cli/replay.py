"""``esad replay``: a recording played again, and what is answered otherwise."""

import asyncio
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.simulator.recording.acting import counterparts
from esad_gateway.simulator.recording.files import read
from esad_gateway.simulator.recording.here import played_here
from esad_gateway.simulator.recording.replaying import Replayed
from esad_gateway.simulator.recording.there import actors_of, played_there
from esad_gateway.simulator.scripts.toml_file import script_text

PATIENCE = 5.0

ItsFile: TypeAlias = Annotated[Path, typer.Argument(metavar="RECORDING", help="The folder or the file of a recording.")]
For: TypeAlias = Annotated[
    str | None, typer.Option("--for", metavar="URL", help="The gateway; one in this process if left out.")
]
Traders: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="FILE.json", help="Who each of the recording is at that gateway.")
]
Patience: TypeAlias = Annotated[
    float, typer.Option(min=0, max=600, help="Seconds in which a reading may become the one that was recorded.")
]
AsScript: TypeAlias = Annotated[
    bool, typer.Option("--script", help="Print how the other side has acted, as a script, and play nothing.")
]


def replay(
    recording: ItsFile,
    *,
    for_: For = None,
    traders: Traders = None,
    patience: Patience = PATIENCE,
    script: AsScript = False,
    as_json: AsJson = False,
) -> None:
    """Send the requests of a recording again, signed anew, and compare the answers with those that were recorded.

    Without --for the gateway is one of this process, as it was then: its clock goes as it went, all traders are known,
    and the other side acts as it did. Identities, moments and signatures may differ; everything else is told, with the
    request and the place in its answer, and the exit code is 1.
    """
    if traders is not None and for_ is None:
        raise UnreadableInput(Said("replay.traders_alone"))
    found = read(recording)
    if script:
        output.result(*script_text(counterparts(found)).splitlines())
        return
    if for_ is None:
        _tell(played_here(found), as_json=as_json)
    else:
        actors = {} if traders is None else actors_of(traders)
        _tell(asyncio.run(played_there(found, for_, actors, patience)), as_json=as_json)


def _tell(replayed: Replayed, *, as_json: bool) -> None:
    differences = replayed.differences
    if as_json:
        told = [
            {
                "number": one.number,
                "request": one.asked,
                "where": one.difference.where,
                "recorded": one.difference.recorded,
                "came": one.difference.came,
            }
            for one in differences
        ]
        output.result_json({"sent": replayed.sent, "leftOut": replayed.left_out, "differences": told})
    else:
        output.result(*(one.told() for one in differences))
        if differences:
            answers = len({one.number for one in differences})
            output.result(said("replay.other", differences=answers, sent=replayed.sent))
        else:
            output.result(said("replay.same", sent=replayed.sent, out=replayed.left_out))
    if differences:
        raise typer.Exit(ExitCode.NEGATIVE)


COMMANDS = (replay,)
