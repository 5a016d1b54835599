"""``esad demo``: a whole exchange both ways on this machine, as a timeline."""

import asyncio
import signal
import time
from collections.abc import AsyncGenerator, AsyncIterable
from contextlib import aclosing, nullcontext
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.language import wanted
from esad_gateway.faults import Said, said
from esad_gateway.simulator.exchange import TimelineEvent, exchange

_ENDED_BY = 128
"""What shells add to the number of the signal that ended a command; Ctrl-C ends this one likewise."""

TITLES = {
    "LT to PL": Said("demo.dispatch"),
    "DE to LT": Said("demo.shortage"),
    "refusals": Said("demo.refusals"),
    "audit": Said("demo.audit"),
}
STORY = {
    "sign-in": Said("national_demo.sign-in"),
    "registration": Said("national_demo.registration"),
    "movement": Said("national_demo.movement"),
    "duty": Said("national_demo.duty"),
}
"""The scenes of --national."""


def demo(
    *,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the data directories of the three gateways here.")
    ] = None,
    national: Annotated[
        bool, typer.Option("--national", help="The story of one small importer: from signing in to its declaration.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a step.")] = False,
) -> None:
    """Run gateways for Lithuania, Poland and Germany, and play an exchange of e-SADs and reports of receipt.

    Each gateway is a process of its own, with its own keys and store; they talk over HTTP on this machine. Every line
    is printed after it was checked; exit code 0 means that all of it happened. With --national an importer signs in at
    a provider of identities, is registered, receives goods from Poland and sees what it has to declare until when.
    """
    with nullcontext(keep) if keep else TemporaryDirectory(prefix="esad-demo-") as folder:
        try:
            asyncio.run(_play(_steps(Path(folder), national=national), as_json=as_json))
        except asyncio.CancelledError as error:
            raise typer.Exit(_ENDED_BY + signal.SIGTERM) from error


def _steps(root: Path, *, national: bool) -> AsyncGenerator[TimelineEvent]:
    if not national:
        return exchange(root)
    from esad_gateway.simulator.story.importer import story  # noqa: PLC0415 - the other demonstration does without

    return story(root)


async def _play(played: AsyncGenerator[TimelineEvent], *, as_json: bool) -> None:
    """Play until the end, or until SIGTERM: like Ctrl-C, but heard also where a shell has SIGINT ignored."""
    if (playing := asyncio.current_task()) is not None:
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, _cancel_once, playing)
    async with aclosing(played) as steps:
        await (_objects(steps) if as_json else _timeline(steps))


def _cancel_once(task: "asyncio.Task[None]") -> None:
    """Cancel a task; what it does to end in good order is not disturbed by a second signal."""
    if not task.cancelling():
        task.cancel()


async def _objects(steps: AsyncIterable[TimelineEvent]) -> None:
    async for step in steps:
        told = {"what": step.what["en"], "seen": step.seen["en"], "texts": {"what": step.what, "seen": step.seen}}
        output.result_json({"at": step.at.isoformat(), "scene": step.scene, "who": step.who, **told})


async def _timeline(steps: AsyncIterable[TimelineEvent]) -> None:
    started, scene = time.monotonic(), ""
    output.note(Said("demo.making"))
    async for step in steps:
        if step.scene != scene:
            scene = step.scene
            output.result("", output.bold({**TITLES, **STORY}[scene]))
        what, seen = (" / ".join(told[one] for one in wanted()) for told in (step.what, step.seen))
        output.result(f"{f'{step.at:%H:%M:%S.%f}'[:12]}  {step.who:34} {what}", f"{'':14}{output.good(seen)}")
    output.result(
        "",
        said("demo.done", seconds=f"{time.monotonic() - started:.1f}"),
        said("demo.next", command=f"{paths.program()} init lt --state LT"),
    )


COMMANDS = (demo,)
