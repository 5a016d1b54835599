"""What has passed, as it was, in memory only and within bounds; and the recording that is made of it."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final
from urllib.parse import quote, unquote

from lxml import etree

from esad_gateway.simulator.recording.model import (
    VERSION,
    Ended,
    RecordedAnswer,
    RecordedBody,
    RecordedExchange,
    RecordedRequest,
    Recording,
    RecordingHead,
)
from esad_gateway.simulator.recording.naming import LEFT_OUT, Noticed, Replacing, is_secret
from esad_gateway.simulator.recording.redrawing import redrawn
from esad_gateway.simulator.recording.walking import Leaf, NotLookedInto, Walk, plain_name, unpacked

LARGEST_BODY: Final = 8 * 1024 * 1024
"""Bytes of a body that are kept; what is larger passes as well."""

LARGEST_RECORDING: Final = 128 * 1024 * 1024
"""Bytes of all bodies that are kept."""

MOST_EXCHANGES: Final = 100_000

HEADERS: Final = frozenset(
    {"content-type", "accept", "accept-language", "soapaction", "idempotency-key", "if-none-match", "prefer"}
    | {"location", "retry-after", "allow", "link", "etag", "content-language", "preference-applied"}
)
"""The header fields that are kept, of requests and of answers; above all not those by which somebody is known."""


@dataclass(slots=True)
class PassingBody:
    """A body on its way: what came of it, until it is too large to be kept."""

    content: bytearray = field(default_factory=bytearray)
    size: int = 0

    def came(self, piece: bytes) -> None:
        """A piece of it has come."""
        self.size += len(piece)
        if self.size <= LARGEST_BODY:
            self.content += piece
        else:
            self.content.clear()

    @property
    def whole(self) -> bool:
        """Whether all of it was kept."""
        return self.size == len(self.content)


@dataclass(slots=True, kw_only=True)
class Passing:
    """An exchange on its way, as it is: nothing of this reaches a disk."""

    at: datetime
    method: str
    target: str
    headers: Mapping[str, str]
    sent: PassingBody = field(default_factory=PassingBody)
    status: int = 0
    answered: Mapping[str, str] = field(default_factory=dict)
    came: PassingBody = field(default_factory=PassingBody)
    took: float = 0
    ended: Ended = Ended.LEFT


@dataclass(slots=True)
class Passings:
    """All that has passed since a recording began, within bounds."""

    began: datetime
    state: str | None = None
    all: list[Passing] = field(default_factory=list)
    beyond: int = 0
    _bytes: int = 0

    def keep(self, passing: Passing) -> None:
        """Keep an exchange that has ended, or count it when there is no room."""
        size = len(passing.sent.content) + len(passing.came.content)
        if len(self.all) >= MOST_EXCHANGES or self._bytes + size > LARGEST_RECORDING:
            self.beyond += 1
            return
        self._bytes += size
        self.all.append(passing)


def recorded(passings: Passings, seed: int) -> Recording:
    """The recording of what has passed, with other identities, as the ``seed`` draws them."""
    ordered = sorted(passings.all, key=lambda passing: passing.at)
    noticed = Noticed()
    _exchanges(ordered, passings.began, noticed.leaf)
    replacing = Replacing(redrawn(noticed.identities, seed), noticed.words)
    head = RecordingHead(
        recording=VERSION,
        began=passings.began,
        state=passings.state,
        exchanges=len(ordered),
        beyond=passings.beyond,
    )
    return Recording(head=head, exchanges=_exchanges(ordered, passings.began, replacing.leaf))


def body_of(content: bytes, leaf: Leaf, media: str = "") -> RecordedBody:
    """A body as a recording has it, each text of it as ``leaf`` says."""
    size, text = len(content), content.lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        return RecordedBody()
    walk = Walk(leaf, written)
    try:
        if text.startswith(b"<") and "html" not in media:
            return RecordedBody(xml=walk.xml(content).decode(), size=size)
        if text[:1] in {b"{", b"["}:
            return _writable(RecordedBody(value=walk.json(json.loads(content)), size=size))
    except NotLookedInto as error:
        return RecordedBody(left_out=error.why, size=size)
    except (ValueError, RecursionError):
        return RecordedBody(left_out="it cannot be read as JSON", size=size)
    return RecordedBody(left_out="it is neither XML nor JSON", size=size)


def _writable(body: RecordedBody) -> RecordedBody:
    """A body that can be written. Raises ValueError for half a character, and for brackets by the hundred."""
    body.model_dump_json()
    return body


def written(root: etree._Element) -> bytes:
    """A document without signature."""
    return etree.tostring(root, encoding="UTF-8", xml_declaration=False)


def _exchanges(passings: Sequence[Passing], began: datetime, leaf: Leaf) -> tuple[RecordedExchange, ...]:
    return tuple(_exchange(number, passing, began, leaf) for number, passing in enumerate(passings, 1))


def _exchange(number: int, passing: Passing, began: datetime, leaf: Leaf) -> RecordedExchange:
    request = RecordedRequest(
        method=passing.method,
        target=target_with(passing.target, leaf),
        headers=_headers(passing.headers, leaf),
        body=_body(passing.sent, passing.headers, leaf),
        token="authorization" in passing.headers,
    )
    answer = None
    if passing.ended is Ended.ANSWERED:
        body = _body(passing.came, passing.answered, leaf)
        answer = RecordedAnswer(status=passing.status, headers=_headers(passing.answered, leaf), body=body)
    return RecordedExchange(
        number=number,
        at=max(round((passing.at - began).total_seconds(), 3), 0),
        took=round(passing.took, 3),
        ended=passing.ended,
        request=request,
        answer=answer,
    )


def _body(body: PassingBody, headers: Mapping[str, str], leaf: Leaf) -> RecordedBody:
    if not body.whole:
        return RecordedBody(left_out=f"it is larger than {LARGEST_BODY} bytes", size=body.size)
    try:
        content = unpacked(bytes(body.content), headers.get("content-encoding", "").strip().lower())
    except NotLookedInto as error:
        return RecordedBody(left_out=error.why, size=body.size)
    return body_of(content, leaf, headers.get("content-type", ""))


def _headers(headers: Mapping[str, str], leaf: Leaf) -> dict[str, str]:
    return {name: leaf("", value) for name, value in headers.items() if name in HEADERS}


def target_with(target: str, leaf: Leaf) -> str:
    """A path and what is asked, each step and each value of it as ``leaf`` says."""
    path, mark, query = target.partition("?")
    steps = "/".join(_step("", step, leaf) for step in path.split("/"))
    return steps + mark + "&".join(_asked(query.split("&"), leaf))


def _asked(query: Iterable[str], leaf: Leaf) -> Iterator[str]:
    for one in query:
        name, equals, value = one.partition("=")
        # Forms write a space as +, which is the same as %20 there, and a + as %2B.
        yield name + equals + _step(plain_name(name), value, leaf, unquote(value.replace("+", " ")))


def _step(name: str, text: str, leaf: Leaf, plain: str | None = None) -> str:
    if not text:
        return text
    plain = unquote(text) if plain is None else plain
    other = quote(LEFT_OUT) if is_secret(name) else leaf(name, plain)
    return text if other == plain else quote(other, safe="")
