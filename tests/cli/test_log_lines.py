"""Log lines of a gateway: one that cannot be written costs nothing but itself."""

import io
import json
import logging
from contextlib import redirect_stderr

import pytest
import structlog

from esad_gateway.cli.common.log_lines import log_as_json
from helpers.process import kept


class Full(io.StringIO):
    """A stream on a disk that has no room."""

    def write(self, text: str) -> int:
        """Say so."""
        raise OSError(28, f"No space left on device for {len(text)} characters")


def closed() -> io.StringIO:
    """A stream whose other end has gone."""
    stream = io.StringIO()
    stream.close()
    return stream


def logged(stream: io.StringIO) -> None:
    """A gateway's own line, and one of a library, from a process that has no other handlers."""
    root = logging.getLogger()
    before = root.handlers
    with kept(), redirect_stderr(stream):
        root.handlers = []
        log_as_json(verbose=False)
        structlog.get_logger().error("own", peer="NDEA.PL")
        logging.getLogger("a.library").error("of a library")
        root.handlers = before


def test_lines_are_json() -> None:
    """Whoever says them."""
    stream = io.StringIO()

    logged(stream)

    first, second = map(json.loads, stream.getvalue().splitlines())
    assert (first["event"], first["peer"], first["level"]) == ("own", "NDEA.PL", "error")
    assert (second["event"], second["level"]) == ("of a library", "error")


@pytest.mark.parametrize("stream", [Full(), closed()], ids=["full", "closed"])
def test_line_that_cannot_be_written_is_lost_alone(stream: io.StringIO, capsys: pytest.CaptureFixture[str]) -> None:
    """Who logs goes on with what it does: nothing is raised, and no complaint about logging is printed."""
    logged(stream)

    assert capsys.readouterr() == ("", "")
