"""What ``esad serve`` writes on standard error: one JSON object a line, whoever says it."""

import io
import logging
import sys
from contextlib import suppress
from typing import TextIO, cast

import structlog
from structlog.types import EventDict, Processor

from esad_gateway.cli.common.log_defects import formatted

_ACCESS = ("client", "method", "path", "http", "status")
"""What the server hands over with the line of a request, in its order."""

_UNWRITTEN = (OSError, ValueError)
"""What a stream raises that is full or broken, and one that is closed."""


class _Unfailing(io.TextIOBase):
    """Where log lines go. One that cannot be written, on a full disk or a closed file, is lost, and nothing else is."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Write if that can be done."""
        with suppress(*_UNWRITTEN):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flush if that can be done."""
        with suppress(*_UNWRITTEN):
            self._stream.flush()


def log_as_json(*, verbose: bool) -> None:
    """Have everything that is logged from now on written as JSON lines, that of libraries too.

    ``verbose``: with every request and every delivery that was acknowledged.
    """
    stream = cast("TextIO", _Unfailing(sys.stderr))
    common: list[Processor] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        formatted,
    ]
    rendered = structlog.processors.JSONRenderer()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[_of_a_request, *common],
            pass_foreign_args=True,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, rendered],
        )
    )
    logging.basicConfig(level=logging.INFO if verbose else logging.WARNING, handlers=[handler])
    structlog.configure(processors=[*common, rendered], logger_factory=structlog.PrintLoggerFactory(stream))


def _of_a_request(_: object, __: str, line: EventDict) -> EventDict:
    """The line of a request in parts, instead of one text."""
    values = line.pop("positional_args", ())
    if line["_record"].name == "uvicorn.access" and len(values) == len(_ACCESS):
        line.update(event="request", **dict(zip(_ACCESS, values, strict=True)))
    return line
