"""``esad serve``: run the gateway of a data directory."""

import logging
from pathlib import Path
from typing import Annotated

import structlog
import typer
import uvicorn

from esad_gateway.bootstrap import build
from esad_gateway.rest.app import application

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="The data directory of the gateway.")]


def serve(
    *,
    data: Data,
    port: Annotated[int, typer.Option(min=0, max=65535, help="The port to listen on.")] = 8460,
    host: Annotated[str, typer.Option(help="The address to listen on.")] = "127.0.0.1",
    verbose: Annotated[bool, typer.Option("--verbose", help="Log every request.")] = False,
) -> None:
    """Run the gateway: REST under /v1, its description under /docs, the other administrations under /ndea.

    Ends with SIGTERM or SIGINT after what was taken is committed. Logs are JSON lines on standard error.
    """
    _log(verbose=verbose)
    app = application(build(data))
    uvicorn.run(app, host=host, port=port, log_config=None, access_log=verbose, timeout_graceful_shutdown=5)


def _log(*, verbose: bool) -> None:
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, format="%(message)s")
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=structlog.PrintLoggerFactory(__import__("sys").stderr),
    )


COMMANDS = (serve,)
