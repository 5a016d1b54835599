"""Conditional requests (RFC 9110, 13): what a client has is not sent again, and what it has not seen is not changed.

An entity tag is the digest of the bytes that are answered, so it tells a view from another one of the same thing, and
it is the same after a restart. An answer that is made piece by piece (a file of rows) has none.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from esad_gateway.faults import said
from esad_gateway.web.problems import Problem

_TAG: Final = re.compile(r'\s*(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")\s*(?:,|$)|\s*,')
_KEPT: Final = frozenset({b"etag", b"cache-control", b"vary", b"ratelimit", b"ratelimit-policy"})
"""Fields of an answer that stay when its body is left out (RFC 9110, 15.4.5)."""


def entity_tag(body: bytes) -> str:
    """The entity tag of an answer, with its quotation marks."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def check_unchanged(headers: Headers, shown: Callable[[], bytes]) -> None:
    """Raise Problem (412) when ``If-Match`` names something else than what is ``shown`` now of what is to be changed.

    Nothing is looked up without a condition. What is not there is refused by whoever shows it.
    """
    condition = ", ".join(headers.getlist("if-match"))
    if condition and not names(condition, tag := entity_tag(shown())):
        raise Problem(412, "changed-since", said("detail.changed_since", found=condition[:200], expected=tag))


def names(condition: str, tag: str) -> bool:
    """Whether ``If-None-Match`` or ``If-Match`` names an entity tag, weakly compared; ``*`` names every one."""
    return condition.strip() == "*" or tag in _tags(condition)


def _tags(condition: str) -> Iterator[str]:
    """The entity tags of a list; where it is none, those before that place."""
    place = 0
    while place < len(condition) and (found := _TAG.match(condition, place)):
        place = found.end()
        if found[1]:
            yield found[1]


def conditional(app: ASGIApp) -> ASGIApp:
    """The application, whose answers to GET have an entity tag, and no body for who has it already (304)."""

    async def answered(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "GET":
            condition = ", ".join(Headers(scope=scope).getlist("if-none-match"))
            send = _Tagging(send, condition).sent
        await app(scope, receive, send)

    return answered


class _Tagging:
    """Keeps the head of an answer until its body is there."""

    def __init__(self, send: Send, condition: str) -> None:
        self._send = send
        self._condition = condition
        self._head: Message | None = None

    async def sent(self, message: Message) -> None:
        """A part of the answer."""
        if message["type"] == "http.response.start" and message["status"] == 200:  # noqa: PLR2004  nothing else has one
            self._head = message
            return
        head, self._head = self._head, None
        if head is not None and not message.get("more_body", False):
            head, message = self._tagged(head, message)
        if head is not None:
            await self._send(head)
        await self._send(message)

    def _tagged(self, head: Message, message: Message) -> tuple[Message, Message]:
        headers = MutableHeaders(raw=head["headers"])
        headers.setdefault("etag", entity_tag(message.get("body", b"")))
        # What a trader reads is kept by nobody in between, and by its client only to ask whether it is still so.
        headers.setdefault("cache-control", "private, no-cache")
        headers.setdefault("vary", "Accept")
        if not names(self._condition, headers["etag"]):
            return {**head, "headers": headers.raw}, message
        kept = [(name, value) for name, value in headers.raw if name in _KEPT]
        return {**head, "status": 304, "headers": kept}, {**message, "body": b""}
