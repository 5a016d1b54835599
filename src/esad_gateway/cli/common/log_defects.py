"""How a defect stands in the log: where it happened and what kind it was, without what stood in a document.

An exception's message often quotes the value that it stumbled over, which may be a name or an address. What is quoted
is left out here; a message that is kept as undecided has the whole reason in the store (``esad undecided list``).
"""

import re
import sys
from collections.abc import Iterator
from traceback import TracebackException
from typing import Any, Final

from structlog.types import EventDict

_QUOTED: Final = re.compile(r"(?s)'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|b'[^']*'|<[^>]*>")
_LONGEST: Final = 300
"""Characters of a message that are kept."""


def told(error: BaseException) -> str:
    """The frames of an exception and of those that led to it, with what they said, but for what they quoted."""
    return "\n".join(_lines(TracebackException.from_exception(error, capture_locals=False)))


def formatted(_: object, __: str, line: EventDict) -> EventDict:
    """The exception of a log line as text, in place of structlog's own; ``defect`` is one that was told before."""
    if "defect" in line:
        line["defect"] = _unquoted(str(line["defect"]))
    error = _error(line.pop("exc_info", None))
    if error is not None:
        line["exception"] = told(error)
    return line


def _error(given: Any) -> BaseException | None:
    if isinstance(given, BaseException):
        return given
    if isinstance(given, tuple):
        found: BaseException | None = given[1]
        return found
    return sys.exception() if given else None


def _lines(found: TracebackException) -> Iterator[str]:
    before = found.__cause__ or (None if found.__suppress_context__ else found.__context__)
    if before is not None:
        yield from _lines(before)
        yield "which led to:"
    yield from (frame.rstrip() for frame in found.stack.format())
    name = found.exc_type.__qualname__ if found.exc_type else ""
    message = _unquoted(str(found))
    yield f"{name}: {message}" if message else name


def _unquoted(message: str) -> str:
    return _QUOTED.sub("…", message)[:_LONGEST]
