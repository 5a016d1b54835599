"""``esad worker``: work on the batches of a gateway, as ``esad serve`` has it done."""

import signal
import sys
from datetime import UTC
from typing import Annotated, Final

import typer

from esad_gateway.batch.work.parent import end_with
from esad_gateway.batch.work.worker import work
from esad_gateway.cli.common.administration import Data
from esad_gateway.cli.common.log_lines import log_as_json
from esad_gateway.cli.common.offline import moment
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.orders import FASTEST

ENDED: Final = 128 + signal.SIGTERM
"""The exit code of a worker that was asked to end, as of any process that a signal ends."""


class EndSignal:
    """Ends us where we are when the signal comes.

    Python drops what is raised where nobody can catch it, as in what tidies up behind an object: so it is kept as well,
    and looked at after each commit.
    """

    def __init__(self) -> None:
        self._asked = False

    def __call__(self, *_: object) -> None:
        """Note it, and end. Raises SystemExit."""
        self._asked = True
        sys.exit(ENDED)

    def asked(self) -> bool:
        """Whether it has come."""
        return self._asked


def worker(
    *,
    data: Data,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log everything that is submitted.")] = False,
    beside: Annotated[
        int | None, typer.Option(metavar="PID", help="The process that has started it, with which it ends.")
    ] = None,
    clock: Annotated[
        str | None,
        typer.Option(metavar="ISO", help="For tests: what the clock of the gateway shows, not the machine's."),
    ] = None,
    rate: Annotated[float, typer.Option(min=0, max=FASTEST, help="How many times as fast that clock runs.")] = 0,
) -> None:
    """Work on the batches of a data directory until nothing is left, with a lower priority than the gateway has.

    esad serve starts it by itself whenever a batch waits. It may be killed at any moment: what was committed stays, and
    the next one goes on behind it. Several may run on one store, beside a gateway or without one. One that was started
    by a gateway ends with it.
    """
    told = EndSignal()
    signal.signal(signal.SIGTERM, told)
    if beside is not None:
        end_with(beside)
    log_as_json(verbose=verbose)
    work(data, told.asked, None if clock is None else TestClock(moment(clock).astimezone(UTC), rate))
    if told.asked():
        sys.exit(ENDED)


COMMANDS = (worker,)
