"""Files that are handed in: a body as it comes, or one part of a form (multipart/form-data); never whole in memory."""

import asyncio
from collections.abc import Callable
from typing import Any, Final

from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import Request

from esad_gateway.errors import TooLarge
from esad_gateway.faults import Said, said
from esad_gateway.web.body import refuse_encoded
from esad_gateway.web.problems import Problem

FORM: Final = "multipart/form-data"

MOST_PARTS: Final = 20
"""Parts that a form may have."""

LARGEST_FIELD: Final = 256 * 1024
"""Bytes of a part that is not the file."""

STREAMED: Final = "esad.streamed"
"""The extension in the scope of a request by which a door says that it keeps nothing of the body in memory."""

FILE: Final = "file"
"""The part that is the file."""


class ReceivedForm:
    """What came beside a file: ``fields`` by name, what the sender calls the file, its media type and its charset.

    These are empty where nothing was said.
    """

    def __init__(self) -> None:
        self.fields: dict[str, bytes] = {}
        self.name = ""
        self.media_type = ""
        self.charset = ""

    def typed(self, content_type: str | bytes) -> dict[bytes, bytes]:
        """Take over what a Content-Type says; its parameters."""
        media_type, options = parse_options_header(content_type)
        self.media_type = media_type.decode("latin-1")
        self.charset = options.get(b"charset", b"").decode("latin-1")
        return options


async def receive_file(request: Request, write: Callable[[bytes], None]) -> ReceivedForm:
    """Have the file of a request written piece by piece, as it comes, beside what else is served.

    A body of another type than a form is the file itself. Raises Problem for a form that is none or has no file,
    TooLarge for one with more parts or larger ones than anybody needs, EncodedBody, and what ``write`` raises. A client
    that goes away raises ClientDisconnect.
    """
    refuse_encoded(request.headers)
    form = ReceivedForm()
    options = form.typed(request.headers.get("content-type", ""))
    take = _Parts(form, options.get(b"boundary", b""), write).take if form.media_type == FORM else write
    request.scope.get("extensions", {}).get(STREAMED, lambda: None)()
    async for piece in request.stream():
        await asyncio.to_thread(take, piece)
    return form


class _Parts:
    """The parts of a form, as they come."""

    def __init__(self, form: ReceivedForm, boundary: bytes, write: Callable[[bytes], None]) -> None:
        self._form = form
        self._write = write
        self._parts = 0
        self._ended = self._had_file = False
        self._name = ""
        self._head = bytearray()
        self._value = bytearray()
        self._heads: dict[str, bytes] = {}
        if not boundary:
            raise _no_form(Said("detail.form_boundary"))
        callbacks: Any = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._named,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._over,
        }
        try:
            self._parser = MultipartParser(boundary, callbacks)
        except FormParserError as error:
            raise _no_form(said("detail.form", words=str(error))) from error

    def take(self, piece: bytes) -> None:
        """The next piece; an empty one is the last. Raises Problem and TooLarge."""
        try:
            self._parser.write(piece)
        except FormParserError as error:
            raise _no_form(said("detail.form", words=str(error))) from error
        if not piece and not self._ended:
            raise _no_form(Said("detail.form_end"))
        if not piece and not self._had_file:
            raise _no_form(said("detail.form_file", name=FILE))

    def _begin(self) -> None:
        self._parts += 1
        if self._parts > MOST_PARTS:
            raise TooLarge(MOST_PARTS, said("detail.form_parts", number=MOST_PARTS))
        self._heads, self._head, self._value = {}, bytearray(), bytearray()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._head += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._heads[self._head.decode("latin-1").lower()] = bytes(self._value)
        self._head, self._value = bytearray(), bytearray()

    def _named(self) -> None:
        _, options = parse_options_header(self._heads.get("content-disposition", b""))
        self._name = options.get(b"name", b"").decode(errors="replace")
        if not self._name or self._name in self._form.fields or (self._name == FILE and self._had_file):
            raise _no_form(said("detail.form_name", name=self._name))
        if self._name == FILE:
            self._had_file = True
            self._form.name = options.get(b"filename", b"").decode(errors="replace")
            self._form.typed(self._heads.get("content-type", b""))

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._name == FILE:
            self._write(data[start:end])
            return
        self._value += data[start:end]
        if len(self._value) > LARGEST_FIELD:
            most = said("count.bytes", count=LARGEST_FIELD)
            raise TooLarge(LARGEST_FIELD, said("detail.form_field", name=self._name, most=most))

    def _end(self) -> None:
        if self._name != FILE:
            self._form.fields[self._name] = bytes(self._value)

    def _over(self) -> None:
        self._ended = True


def _no_form(detail: Said) -> Problem:
    return Problem(400, "malformed-form", detail)
