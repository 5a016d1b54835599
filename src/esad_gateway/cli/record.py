"""``esad record``: a proxy between a system and a gateway, which records what passes."""

import sys
from pathlib import Path
from random import SystemRandom
from typing import Annotated, Final, TypeAlias

import typer

from esad_gateway.cli.common import output
from esad_gateway.cli.common.administration import AsJson
from esad_gateway.cli.common.log_lines import log_as_json
from esad_gateway.cli.common.signals import signals_kept
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.recording.files import new_folder, write
from esad_gateway.simulator.recording.model import Ended, Recording
from esad_gateway.simulator.recording.recorder import Recorder

PORT: Final = 8480
_BITS: Final = 63

To: TypeAlias = Annotated[str, typer.Option(metavar="URL", help="The gateway: http://… or https://….")]
Out: TypeAlias = Annotated[Path, typer.Option(metavar="FOLDER", help="Where to write it: a new or empty folder.")]
Port: TypeAlias = Annotated[int, typer.Option(min=0, max=65535, help="Where to listen; 0: at a free port.")]
Seed: TypeAlias = Annotated[
    int | None, typer.Option(help="What draws other identities: a secret; drawn and forgotten if left out.")
]


def record(*, to: To, out: Out, port: Port = PORT, seed: Seed = None, as_json: AsJson = False) -> None:
    """Record what passes between a system and a gateway, with other identities, to be played again by esad replay.

    Everything is forwarded as it is, both ways. SIGTERM or SIGINT ends it: then the recording is written, with what was
    whole by then. Until then it is in memory only. Excise numbers, ARCs, names, addresses, identifiers are replaced,
    each by the same one wherever it stands; tokens, keys and cookies are not written. Signatures are left out, since
    they cannot fit other content; who signed is kept.
    """
    if not to.startswith(("http://", "https://")):
        raise UnreadableInput(said("recording.url", url=to))
    folder = new_folder(out)
    log_as_json(verbose=False)
    with signals_kept() as signalled:
        with Recorder(to, port) as recorder:
            _begin(recorder, to, folder, as_json=as_json)
            signalled()
        # A second signal waits until it is written.
        recording = recorder.recording(SystemRandom().getrandbits(_BITS) if seed is None else seed)
        _tell(write(folder, recording), recording, as_json=as_json)


def _begin(recorder: Recorder, to: str, folder: Path, *, as_json: bool) -> None:
    if as_json:
        output.result_json({"url": recorder.url, "to": to, "out": str(folder)})
    else:
        output.result(said("recording.listens", url=recorder.url, to=to, out=str(folder)))
    if recorder.time.absent is not None:
        output.note(said("recording.absent", why=recorder.time.absent))
    sys.stdout.flush()


def _tell(file: Path, recording: Recording, *, as_json: bool) -> None:
    whole = sum(one.ended is Ended.ANSWERED for one in recording.exchanges)
    broken, beyond = len(recording.exchanges) - whole, recording.head.beyond
    if as_json:
        output.result_json({"file": str(file), "answered": whole, "unanswered": broken, "beyond": beyond})
    else:
        output.result(said("recording.written", file=str(file), answered=whole, unanswered=broken, beyond=beyond))


COMMANDS = (record,)
