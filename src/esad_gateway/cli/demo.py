"""``esad demo``: a whole exchange both ways on this machine, as a timeline."""

import asyncio
import signal
import time
from collections.abc import AsyncIterable
from contextlib import aclosing, nullcontext
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from esad_gateway.cli import output
from esad_gateway.simulator.exchange import Step, exchange

TITLES = {
    "LT to PL": "A Lithuanian certified consignor sends wine and beer to Poland",
    "DE to LT": "A German consignor sends to Lithuania; part of the wine is missing",
    "refusals": "What is refused, and how",
    "audit": "Read back from the stores, every signature verified again",
}


def demo(
    *,
    keep: Annotated[
        Path | None, typer.Option(metavar="DIR", help="Keep the data directories of the three gateways here.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a step.")] = False,
) -> None:
    """Run gateways for Lithuania, Poland and Germany, and play an exchange of e-SADs and reports of receipt.

    Each gateway is a process of its own, with its own keys and store; they talk over HTTP on this machine. Every line
    is printed after it was checked; exit code 0 means that all of it happened.
    """
    with nullcontext(keep) if keep else TemporaryDirectory(prefix="esad-demo-") as folder:
        asyncio.run(_play(Path(folder), as_json=as_json))


async def _play(root: Path, *, as_json: bool) -> None:
    # Like Ctrl-C: the gateways are stopped and the folder is removed, then the command ends.
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, signal.raise_signal, signal.SIGINT)
    async with aclosing(exchange(root)) as steps:
        await (_objects(steps) if as_json else _timeline(steps))


async def _objects(steps: AsyncIterable[Step]) -> None:
    async for step in steps:
        output.result_json({**asdict(step), "at": step.at.isoformat()})


async def _timeline(steps: AsyncIterable[Step]) -> None:
    started, scene = time.monotonic(), ""
    output.note("making keys and stores for three member states")
    async for step in steps:
        if step.scene != scene:
            scene = step.scene
            output.result(f"\n{typer.style(TITLES[scene], bold=True)}")
        output.result(f"{step.at:%H:%M:%S.%f}"[:12] + f"  {step.who:34} {step.what}\n{'':14}{output.good(step.seen)}")
    output.result(f"\nall of it happened, in {time.monotonic() - started:.1f} s")


COMMANDS = (demo,)
