"""A recording played again: its requests are sent anew, signed anew, and the answers held against those recorded."""

import asyncio
import json
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from typing import Final

import aiohttp
from lxml import etree
from yarl import URL

from esad_gateway.errors import PeerError, SenderError, UnreadableInput
from esad_gateway.faults import Said, listed, said
from esad_gateway.frozen import frozen
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.recording.comparing import AnswerDifference, Comparing, Pairs
from esad_gateway.simulator.recording.model import Ended, RecordedAnswer, RecordedExchange, Recording
from esad_gateway.simulator.recording.naming import Replacing, tells
from esad_gateway.simulator.recording.passing import LARGEST_BODY, body_of, target_with, written
from esad_gateway.simulator.recording.walking import SIGNED, NotLookedInto, Walk

MOST: Final = 50
"""Differences that are told."""

PAUSE: Final = 0.2
"""Seconds between two looks at an answer that may still become the one that was recorded."""

WITHIN: Final = 60.0
"""Seconds that an answer may take."""

_OF_ITSELF: Final = re.compile(r"/(?:sim|test-clock)(?:[/?].*)?")
"""What was said to a simulator, or to a clock for tests: that is no request of a system."""

_DAY: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?=$|T)")
_TRADER: Final = re.compile(r"[A-Z]{2}[A-Za-z0-9]{11}")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReplayTarget:
    """Where the requests are sent: the gateway at ``url``, and who can act there.

    ``signer`` and ``token`` are those of somebody as now; ``None`` for nobody's. ``traders`` are who somebody of the
    recording is now, where that is another one. ``move`` moves the clock to a moment; ``None`` where it goes by
    itself. ``shift`` is how many days later everything happens. An answer to a reading that is not the one recorded is
    awaited for ``patience`` seconds.
    """

    url: str
    signer: Callable[[str], XmlSigner | None]
    token: Callable[[str], str | None]
    traders: Mapping[str, str] = field(default_factory=dict)
    move: Callable[[datetime], Awaitable[None]] | None = None
    shift: timedelta = timedelta(0)
    patience: float = 0


@frozen
class StepDiffers:
    """A request that was answered in another way."""

    number: int
    asked: str
    difference: AnswerDifference

    def told(self) -> Said:
        """It in a sentence."""
        one = self.difference
        return said(
            "replay.differs",
            number=self.number,
            asked=self.asked,
            where=one.where or "/",
            recorded=one.recorded or Said("replay.nothing"),
            came=one.came or Said("replay.nothing"),
        )


@frozen(kw_only=True)
class Replayed:
    """What came of it: how many requests were sent, how many could not be, and the differences."""

    sent: int
    left_out: int
    differences: tuple[StepDiffers, ...] = ()


class RecordingDiffers(SenderError):
    """What was answered is not what a recording says; ``found`` is everything."""

    def __init__(self, found: Sequence[StepDiffers]) -> None:
        self.found = tuple(found)
        super().__init__(said("said.as_it_is", text=listed((one.told() for one in found), "\n")))


def signers_of(recording: Recording) -> frozenset[str]:
    """Who has signed in requests of a recording."""
    found: set[str] = set()

    def note(root: etree._Element) -> bytes:
        found.update(one.get("by", "") for one in root.iter(SIGNED))
        return written(root)

    walk = Walk(lambda _, text: text, note)
    for exchange in sendable(recording):
        if exchange.request.body.xml is not None:
            walk.xml(exchange.request.body.xml.encode())
    return frozenset(found - {""})


def sendable(recording: Recording) -> list[RecordedExchange]:
    """The requests that can be sent again: they were answered, and kept."""
    return [
        one
        for one in recording.exchanges
        if one.ended is Ended.ANSWERED
        and one.answer is not None
        and one.request.body.left_out is None
        and not _OF_ITSELF.fullmatch(one.request.target)
    ]


async def replayed(recording: Recording, target: ReplayTarget) -> Replayed:
    """Play a recording against a gateway. Raises PeerError when it cannot be reached."""
    exchanges, found = sendable(recording), list[StepDiffers]()
    timeout = aiohttp.ClientTimeout(total=WITHIN)
    async with aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar()) as session:
        playing = _Playing(recording, target, session)
        for exchange in exchanges:
            found += [StepDiffers(exchange.number, _asked(exchange), one) for one in await playing.step(exchange)]
    return Replayed(
        sent=len(exchanges), left_out=len(recording.exchanges) - len(exchanges), differences=tuple(found[:MOST])
    )


class _Playing:
    """A recording that is being played."""

    def __init__(self, recording: Recording, target: ReplayTarget, session: aiohttp.ClientSession) -> None:
        self._recording, self._target, self._session = recording, target, session
        self._pairs = Pairs(dict(target.traders))

    async def step(self, exchange: RecordedExchange) -> list[AnswerDifference]:
        """Send a request, and tell where its answer differs; one that only reads is asked again for a while."""
        if self._target.move is not None:
            await self._target.move(self._recording.began + self._target.shift + timedelta(seconds=exchange.at))
        until = asyncio.get_running_loop().time() + self._target.patience
        while True:
            came = await self._answer(exchange)
            pairs = self._pairs.copy()
            found = list(Comparing(pairs).answers(exchange.answer, came)) if exchange.answer else []
            late = asyncio.get_running_loop().time() >= until
            if not found or exchange.request.method != "GET" or late:
                self._pairs = pairs
                return found
            await asyncio.sleep(PAUSE)

    async def _answer(self, exchange: RecordedExchange) -> RecordedAnswer:
        request = exchange.request
        path, body = self._anew(exchange)
        headers = dict(request.headers)
        if request.token and (token := self._token(path)):
            headers["authorization"] = f"Bearer {token}"
        try:
            async with self._session.request(
                request.method,
                URL(self._target.url.rstrip("/") + path, encoded=True),
                headers=headers,
                data=body,
                allow_redirects=False,
            ) as response:
                content = await response.content.read(LARGEST_BODY + 1)
                while len(content) <= LARGEST_BODY and (more := await response.content.read(LARGEST_BODY)):
                    content += more
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            raise unreached(self._target.url, error) from error
        named = {name.lower(): value for name, value in response.headers.items()}
        read = body_of(content, lambda _, text: text, named.get("content-type", ""))
        return RecordedAnswer.model_construct(status=response.status, headers=named, body=read)

    def _anew(self, exchange: RecordedExchange) -> tuple[str, bytes | None]:
        """Where a request goes, and its body. Raises UnreadableInput for what cannot be read."""
        try:
            return target_with(exchange.request.target, self._leaf()), self._body(exchange)
        except NotLookedInto as error:
            raise UnreadableInput(said("replay.unreadable", number=exchange.number, why=error.why)) from error

    def _body(self, exchange: RecordedExchange) -> bytes | None:
        body, walk = exchange.request.body, Walk(self._leaf(), self._signed)
        if body.xml is not None:
            return walk.xml(body.xml.encode())
        return json.dumps(walk.json(body.value), ensure_ascii=False).encode() if body.size else None

    def _leaf(self) -> Callable[[str, str], str]:
        """How a text is sent; who somebody is who is named in a request need not be found out from its answer."""
        replacing, later = Replacing(dict(self._pairs.now), hosts=False), partial(_later, self._target.shift)

        def sent(name: str, text: str) -> str:
            other = _DAY.sub(later, replacing.leaf(name, text))
            if tells(name, text.strip()):
                self._pairs.pair(text.strip(), other.strip())
            return other

        return sent

    def _signed(self, root: etree._Element) -> bytes:
        """A document, signed anew where it was signed as a whole."""
        notes = [one for one in root if one.tag == SIGNED]
        signer = self._target.signer(notes[0].get("by", "")) if notes else None
        for note in notes:
            root.remove(note)
        return written(root) if signer is None else signer.sign(root)

    def _token(self, path: str) -> str | None:
        named = (self._target.token(one) for one in _TRADER.findall(path))
        return next(filter(None, named), None)


def unreached(url: str, error: Exception) -> PeerError:
    """What is to be raised when a gateway gives no answer."""
    why = said("said.library", words=f"{type(error).__name__} {error}".strip())
    return PeerError(said("gateway.unreached", url=url, why=why))


def _later(shift: timedelta, found: re.Match[str]) -> str:
    try:
        return (date.fromisoformat(found[0]) + shift).isoformat()
    except (ValueError, OverflowError):
        return found[0]


def _asked(exchange: RecordedExchange) -> str:
    return f"{exchange.request.method} {exchange.request.target}"
