"""``esad worker``: work on the batches of a gateway, as ``esad serve`` has it done."""

import os
import signal
import sys
from typing import Annotated, Final

import typer

from esad_gateway.batch.work.worker import work
from esad_gateway.cli.common.administration import Data
from esad_gateway.cli.common.log_lines import log_as_json

LOWER: Final = 10
"""By how much its priority is lower than that of the gateway beside it."""

ENDED: Final = 128 + signal.SIGTERM
"""The exit code of a worker that was asked to end, as of any process that a signal ends."""


def worker(
    *,
    data: Data,
    verbose: Annotated[bool, typer.Option("--verbose", help="Log everything that is submitted.")] = False,
) -> None:
    """Work on the batches of a data directory until nothing is left, with a lower priority than the gateway has.

    esad serve starts it by itself whenever a batch waits. It may be killed at any moment: what was committed stays, and
    the next one goes on behind it. Several may run on one store, beside a gateway or without one.
    """
    os.nice(LOWER)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))
    log_as_json(verbose=verbose)
    work(data)


COMMANDS = (worker,)
