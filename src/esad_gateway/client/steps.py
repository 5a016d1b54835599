"""What a client does, step by step, without doing it: requests, pauses and calls go out, their outcomes come in.

Each function here is a generator that a driver runs: :class:`esad_gateway.client.GatewayClient` by waiting,
:class:`esad_gateway.client.AsyncGatewayClient` beside other things. So every decision, what is sent again, what
is noted down first, stands once.
"""

from collections.abc import Callable, Collection, Generator, Mapping, Sequence
from typing import Any, Final, TypeAlias, TypeVar

from esad_gateway.client import operations
from esad_gateway.client.cursor import Cursor
from esad_gateway.client.reading import list_of, value_of
from esad_gateway.client.refused import NotProven, ProblemAnswered, TooLate, checked, receipt_of
from esad_gateway.client.request import GatewayAnswer, Request
from esad_gateway.client.values import (
    AcknowledgedMessages,
    Batch,
    BatchDocument,
    MailboxEntry,
    MailboxPage,
    MovementView,
    Receipt,
)
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

T = TypeVar("T")

LONGEST_WAIT: Final = 25.0
"""Seconds that one request waits at the gateway for news."""

MOST_NUMBERS: Final = 1000
"""How many messages one request acknowledges by their numbers."""

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks where the gateway does not wait itself."""

STATE_AGAIN: Final = 5.0
"""Seconds after which a state is looked at without news: a clock may have changed it."""

_NOT_KNOWN: Final = "invalid-parameter"
"""How a gateway answers that does not know ``wait``."""


@frozen
class Pause:
    """Nothing is done for so many seconds."""

    seconds: float


@frozen
class Called:
    """Something of the user is called, with these arguments; what it returns comes in."""

    function: Callable[..., Any]
    arguments: tuple[Any, ...] = ()


@frozen
class Clock:
    """Asks for the seconds that have passed since some moment."""


Step: TypeAlias = Request | Pause | Called | Clock
Steps: TypeAlias = Generator[Step, Any, T]


@frozen(kw_only=True)
class Retry:
    """How often a request is sent in all while its answer is lost or the gateway is busy, and seconds in between.

    Each pause is twice as long as the one before, up to ``longest``; a gateway that says when to come back is obeyed.
    With ``times`` of ``None`` it is sent for ever.
    """

    times: int | None = 6
    first: float = 0.5
    longest: float = 30.0

    def after(self, number: int, lost: PeerError) -> float:
        """Seconds until the next try, after the so-many-eth one. Raises ``lost`` when there is none."""
        passes = lost.passes if isinstance(lost, ProblemAnswered) else not isinstance(lost, NotProven)
        if not passes or (self.times is not None and number >= self.times):
            raise lost
        told = lost.retry_after if isinstance(lost, ProblemAnswered) else None
        return min(self.longest, self.first * 2.0 ** min(number - 1, 30)) if told is None else told


@frozen(kw_only=True)
class ReceivedMessage:
    """A message of a mailbox: its line, and its exact bytes, as they were signed."""

    entry: MailboxEntry
    document: bytes


def asked(request: Request, read: Callable[[GatewayAnswer], T], retry: Retry) -> Steps[T]:
    """Send a request until it is answered; whatever is asked here may be sent twice."""
    number = 1
    while True:
        try:
            return read((yield request))
        except PeerError as lost:
            pause = retry.after(number, lost)
        yield Pause(pause)
        number += 1


def value(request: Request, kind: type[T], retry: Retry) -> Steps[T]:
    """The value that is answered. Raises ProblemAnswered."""
    return asked(request, lambda answer: value_of(checked(answer), kind), retry)


def submitted(document: bytes, retry: Retry) -> Steps[Receipt]:
    """Submit a document, the same bytes on every try: by its identifier it is taken once."""
    return asked(operations.submit(document), receipt_of, retry)


def all_acknowledged(
    seed: str, numbers: Sequence[int], through: int | None, retry: Retry
) -> Steps[AcknowledgedMessages]:
    """Acknowledge messages by their numbers, and all up to one, in as many requests as that takes."""
    few = [{"messages": numbers[at : at + MOST_NUMBERS]} for at in range(0, len(numbers), MOST_NUMBERS)]
    asked_for: list[dict[str, Any]] = [*few, *([] if through is None else [{"through": through}])]
    changed: list[int] = []
    missing: list[int] = []
    while asked_for:
        done = yield from value(operations.acknowledge_all(seed, asked_for[0]), AcknowledgedMessages, retry)
        changed += done.changed
        missing += done.missing
        if done.complete:
            del asked_for[0]
    return AcknowledgedMessages(changed=tuple(changed), missing=tuple(missing))


def every_movement(seed: str, query: Mapping[str, Any], retry: Retry) -> Steps[tuple[MovementView, ...]]:
    """Every movement that the query asks for, page by page."""
    found: list[MovementView] = []
    while True:
        after = found[-1].arc if found else None
        answer = yield from asked(operations.movements(seed, **query, after=after), checked, retry)
        page = list_of(answer, "movements", MovementView)
        found += page
        if not page or answer.json().get("complete", True):
            return tuple(found)


def every_document(seed: str, batch: str, query: Mapping[str, Any], retry: Retry) -> Steps[tuple[BatchDocument, ...]]:
    """Every document of a batch that the query asks for, page by page."""
    found: list[BatchDocument] = []
    while True:
        after = found[-1].number if found else 0
        answer = yield from asked(operations.batch_rows(seed, batch, **query, after=after), checked, retry)
        page = list_of(answer, "documents", BatchDocument)
        found += page
        if not page or answer.json().get("complete", True):
            return tuple(found)


class Watch:
    """One look at a mailbox after the other, which waits for news: at the gateway if that can, else here."""

    def __init__(self, seed: str, query: Mapping[str, Any], retry: Retry) -> None:
        self._seed = seed
        self._query = query
        self._retry = retry
        self._waits = True

    def page(self, after: int, seconds: float) -> Steps[MailboxPage]:
        """The page after a number, as soon as there is something in it, and empty when that takes too long."""
        end = (yield Clock()) + seconds
        while True:
            left = max(0.0, end - (yield Clock()))
            page = yield from self._look(after, min(left, LONGEST_WAIT))
            if page.messages or (left := end - (yield Clock())) <= 0:
                return page
            after = page.complete_through
            if not self._waits:
                yield Pause(min(left, LOOK_AGAIN))

    def _look(self, after: int, seconds: float) -> Steps[MailboxPage]:
        wait = seconds if self._waits and seconds >= 1 else None
        try:
            return (yield from value(self._request(after, wait), MailboxPage, self._retry))
        except ProblemAnswered as problem:
            if wait is None or problem.kind != _NOT_KNOWN:
                raise
        self._waits = False
        return (yield from value(self._request(after, None), MailboxPage, self._retry))

    def _request(self, after: int, wait: float | None) -> Request:
        return operations.messages(self._seed, after=after, wait=wait, **self._query)


def followed(
    seed: str,
    handle: Callable[[ReceivedMessage], Any],
    cursor: Cursor,
    query: Mapping[str, Any],
    seconds: float | None,
    retry: Retry,
) -> Steps[int]:
    """Hand each message after the cursor to ``handle``, then acknowledge it, then move the cursor; how many it were.

    Whatever ends this in between, the message is handed over once more: at least once, and none is left out.
    """
    watch = Watch(seed, query, retry)
    after, end, count = (yield Called(cursor.read)), (yield Clock()) + (seconds or 0), 0
    while True:
        left = LONGEST_WAIT if seconds is None else max(0.0, end - (yield Clock()))
        page = yield from watch.page(after, left)
        for entry in page.messages:
            if entry.direction == "out":
                yield from _handled(seed, entry, handle, retry)
                count += 1
            yield Called(cursor.write, (entry.seq,))
        after = yield from _moved(page, after, cursor)
        if not page.messages and seconds is not None and end - (yield Clock()) <= 0:
            return count


def _handled(seed: str, entry: MailboxEntry, handle: Callable[[ReceivedMessage], Any], retry: Retry) -> Steps[None]:
    document = (yield from asked(operations.message(seed, entry.seq), checked, retry)).body
    yield Called(handle, (ReceivedMessage(entry=entry, document=document),))
    yield from asked(operations.acknowledge(seed, entry.seq), checked, retry)


def _moved(page: MailboxPage, after: int, cursor: Cursor) -> Steps[int]:
    """Move the cursor behind what the query leaves out."""
    last = page.messages[-1].seq if page.messages else after
    if page.complete_through > last:
        yield Called(cursor.write, (page.complete_through,))
    return max(page.complete_through, last)


def awaited_message(
    seed: str, query: Mapping[str, Any], after: int, within: float, retry: Retry
) -> Steps[ReceivedMessage]:
    """The first message after a number that the trader was sent and the query asks for. Raises TooLate."""
    watch, end = Watch(seed, query, retry), (yield Clock()) + within
    while True:
        page = yield from watch.page(after, max(0.0, end - (yield Clock())))
        for entry in page.messages:
            if entry.direction == "out":
                document = yield from asked(operations.message(seed, entry.seq), checked, retry)
                return ReceivedMessage(entry=entry, document=document.body)
        after = page.complete_through
        if not page.messages and end - (yield Clock()) <= 0:
            raise TooLate(_late(within, said("client.message", seed=seed)))


def awaited_state(seed: str, arc: str, states: Collection[str], within: float, retry: Retry) -> Steps[MovementView]:
    """A movement as soon as it is in one of these states, by code or name. Raises TooLate."""
    watch, after, end = Watch(seed, {"arc": arc}, retry), 0, (yield Clock()) + within
    while True:
        found = yield from value(operations.movement(seed, arc), MovementView, retry)
        if {found.state, found.state_name} & {*states}:
            return found
        if (left := end - (yield Clock())) <= 0:
            wanted = said("client.state", arc=arc, states=", ".join(states), state=found.state)
            raise TooLate(_late(within, wanted))
        after = (yield from watch.page(after, min(left, STATE_AGAIN))).complete_through


def awaited_batch(seed: str, batch: str, within: float, retry: Retry) -> Steps[Batch]:
    """A batch when its last row is done. Raises TooLate."""
    end = (yield Clock()) + within
    while True:
        found = yield from value(operations.batch(seed, batch), Batch, retry)
        if not found.goes_on:
            return found
        if (left := end - (yield Clock())) <= 0:
            raise TooLate(_late(within, said("client.batch", batch=batch, state=found.state)))
        yield Pause(min(left, LOOK_AGAIN))


def plain(request: Request) -> Steps[tuple[int, dict[str, Any]]]:
    """The status and the JSON object that is answered, whatever it is; the object is empty where a file was written."""
    answer: GatewayAnswer = yield request
    written = request.to is not None and answer.status == 200  # noqa: PLR2004  one status means success
    return answer.status, {} if written else answer.json()


def _late(within: float, what: Said) -> Said:
    return said("client.late", seconds=f"{within:g}", what=what)
