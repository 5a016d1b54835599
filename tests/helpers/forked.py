"""Gateways whose processes have their imports behind them: starting one again and again costs a fraction.

Nine tenths of a start are imports. A process that has done them waits, and each gateway is a fork of it: a process of
its own that runs ``esad serve`` from its first word, and is killed as any other.
"""

import asyncio
import multiprocessing
import os
import sys
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from esad_gateway.cli import main
from esad_gateway.simulator.box import LOG, Member
from helpers.ready import LOADED_LATER

ready = multiprocessing.get_context("forkserver")
"""Processes that begin with the imports of a gateway behind them."""
# Of installed packages only: the waiting process does not know where the tests lie.
ready.set_forkserver_preload(["pytest", "esad_gateway.cli.serve", "esad_gateway.simulator.box", *LOADED_LATER])


@dataclass(frozen=True, slots=True)
class Forked:
    """The process of a gateway."""

    process: ForkServerProcess

    @property
    def pid(self) -> int:
        """Its number."""
        return self.process.pid or 0

    @property
    def returncode(self) -> int | None:
        """How it ended, a negative number naming the signal; ``None`` while it runs."""
        return self.process.exitcode

    def terminate(self) -> None:
        """Ask it to end."""
        self.process.terminate()

    def kill(self) -> None:
        """End it at once."""
        self.process.kill()

    async def wait(self) -> int:
        """Wait until it has ended; how it ended."""
        await asyncio.to_thread(self.process.join)
        return self.process.exitcode or 0


async def forked(member: Member) -> Forked:
    """Start the gateway of a member state; its output goes where that of others goes."""
    process = ready.Process(target=_serve, args=(member.command, member.data.root / LOG), daemon=True)
    await asyncio.to_thread(process.start)
    return Forked(process)


def _serve(command: tuple[str, ...], log: Path) -> None:
    with log.open("ab") as file:
        for stream in (sys.stdout, sys.stderr):
            os.dup2(file.fileno(), stream.fileno())
    main(command)
