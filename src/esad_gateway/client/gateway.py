"""A client of one gateway that waits for each answer."""

import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from esad_gateway.client.cursor import Cursor
from esad_gateway.client.plan import ClientPlan, Signer
from esad_gateway.client.request import GatewayAnswer, Request, RequestWire, bearer
from esad_gateway.client.steps import Called, Clock, Pause, ReceivedMessage, Retry, Step, Steps, plain
from esad_gateway.client.values import (
    AcknowledgedMessages,
    Batch,
    BatchDocument,
    MailboxEntry,
    MailboxPage,
    MovementView,
    OperatorView,
    Receipt,
    Verdict,
)
from esad_gateway.client.wire import Wire
from esad_gateway.errors import EsadError

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE801, Message

T = TypeVar("T")


class GatewayClient:
    """Talks to one gateway for one trader; a context manager, which may be used by several threads.

    ``seed`` is the SEED number whose mailbox is read, ``token`` opens it, ``signer`` signs for it
    (:func:`esad_gateway.client.load_signer`); submitting needs none of them. ``retry`` says how often a request is sent
    while its answer is lost. ``timeout`` is how many seconds an answer may take. ``tls`` trusts a CA of your own.

    Methods raise PeerError when the gateway cannot be reached or answers as no gateway does, ProblemAnswered when it
    refuses a request, and NotConfigured where ``seed`` or ``signer`` is needed and was not given.
    """

    def __init__(
        self,
        url: str,
        *,
        seed: str | None = None,
        token: str | None = None,
        signer: Signer | None = None,
        retry: Retry | None = None,
        timeout: float | None = None,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._plan = ClientPlan(seed=seed, signer=signer, retry=retry or Retry())
        self._timeout = timeout
        self._wire: RequestWire = Wire(url, bearer(token), tls)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections that are kept."""
        self._wire.close()

    def compose(self, fields: "Mapping[str, Any] | Message") -> bytes:
        """Have an unsigned document made of typed fields; what the header leaves out the gateway fills in."""
        return self._run(self._plan.compose(fields))

    def validate(self, document: bytes) -> Verdict:
        """Have a document judged, signed or not: every fault, and nothing is stored."""
        return self._run(self._plan.validate(document))

    def sign(self, document: bytes) -> bytes:
        """Sign a document here; nothing is sent."""
        return self._plan.sign(document)

    def submit(self, document: bytes) -> Receipt:
        """Submit a signed document: its receipt, also when it is refused (``expect_accepted`` raises then).

        After a lost answer the same bytes are sent again, and have the same receipt. Keep them until you have it.
        """
        return self._run(self._plan.submit(document))

    def report(
        self,
        e_sad: "bytes | IE801",
        *,
        arrived: date,
        shortages: Mapping[int, Decimal | str] | None = None,
        excesses: Mapping[int, Decimal | str] | None = None,
        refused: Mapping[int, Decimal | str] | None = None,
        reason: str = "",
        conclusion: str | None = None,
        office: str | None = None,
    ) -> Receipt:
        """Report the receipt of the goods of an e-SAD (IE818): compose, sign, submit.

        ``arrived`` is the day of arrival. Quantities are by the number of the line, in the unit of its product.
        ``conclusion`` is ``accepted``, ``unsatisfactory``, ``refused`` or ``partially refused``; by default what the
        quantities and the ``reason`` (in English) say. ``office`` is by default the one that the register has for the
        trader. Not checked: that the signed e-SAD is genuine.
        """
        from esad_gateway.client import about  # noqa: PLC0415 - who only submits does without messages

        found = about.found_of(shortages, excesses, refused, reason)
        return self._run(self._plan.about(about.report(e_sad, arrived, found, conclusion), office))

    def alert(
        self, e_sad: "bytes | IE801", reason: str, *, on: date, rejected: bool = False, office: str | None = None
    ) -> Receipt:
        """Alert, as the consignee, that an e-SAD is not as agreed (IE819); ``rejected``, the goods are not taken."""
        from esad_gateway.client import about  # noqa: PLC0415

        return self._run(self._plan.about(about.alert(e_sad, reason, on, rejected=rejected), office))

    def explain(self, e_sad: "bytes | IE801", reason: str, *, on: date) -> Receipt:
        """Explain a shortage or an excess (IE871), as of a day of analysis."""
        from esad_gateway.client import about  # noqa: PLC0415

        return self._run(self._plan.hand_over(about.explanation(e_sad, self._plan.own, reason, on)))

    def explain_delay(self, e_sad: "bytes | IE801", reason: str) -> Receipt:
        """Explain why there is no report of receipt yet (IE837)."""
        from esad_gateway.client import about  # noqa: PLC0415

        return self._run(self._plan.hand_over(about.delay(e_sad, self._plan.own, reason)))

    def change_destination(self, e_sad: "bytes | IE801", place: str | None) -> Receipt:
        """Send the goods to another place of the same consignee, or with ``None`` back to the consignor (IE813)."""
        from esad_gateway.client import about  # noqa: PLC0415

        return self._run(self._plan.hand_over(about.change(e_sad, place)))

    def messages(self, **query: Any) -> MailboxPage:
        """A page of the mailbox, oldest first; ``after``, ``type``, ``arc``, ``unread``, ``limit`` as in REST."""
        return self._run(self._plan.messages(query))

    def message(self, seq: int) -> bytes:
        """The exact bytes of a message, as they were signed."""
        return self._run(self._plan.message(seq))

    def fields(self, seq: int) -> Mapping[str, Any]:
        """The fields of a message as plain data."""
        return self._run(self._plan.fields(seq))

    def acknowledge(self, seq: int) -> MailboxEntry:
        """Note that a message was read; the first time counts."""
        return self._run(self._plan.acknowledge(seq))

    def acknowledge_all(self, numbers: Sequence[int] = (), *, through: int | None = None) -> AcknowledgedMessages:
        """Note that many messages were read: those with these ``numbers``, and all that was sent ``through`` one.

        The first time of each counts. What a request has changed whose answer was lost is not told as changed.
        """
        return self._run(self._plan.acknowledge_all(numbers, through))

    def follow(
        self,
        handle: Callable[[ReceivedMessage], object],
        cursor: Cursor,
        *,
        seconds: float | None = None,
        **query: Any,
    ) -> int:
        """Hand each message that the trader is sent to ``handle``, acknowledge it, and move the ``cursor`` behind it.

        Goes on for ``seconds``, with 0 to the end of what is there, with ``None`` for ever; returns how many it were.
        What ``handle`` raises ends it, and the message comes again next time: each at least once, and none is left
        out, whenever the process is killed. ``query`` has ``type`` and ``arc``.
        """
        return self._run(self._plan.follow(handle, cursor, query, seconds))

    def wait_for_message(self, *, after: int = 0, within: float = 60, **query: Any) -> ReceivedMessage:
        """The first message after a number that the trader was sent, of a ``type`` and ``arc`` if these are given.

        Raises TooLate after ``within`` seconds.
        """
        return self._run(self._plan.wait_for_message(query, after, within))

    def wait_for_state(self, arc: str, *states: str, within: float = 60) -> MovementView:
        """A movement as soon as it is in one of these states, by code (``X01``) or name (``accepted``).

        Raises TooLate after ``within`` seconds.
        """
        return self._run(self._plan.wait_for_state(arc, states, within))

    def movements(self, **query: Any) -> tuple[MovementView, ...]:
        """All movements that the query asks for, by ARC; ``role``, ``state``, ``lrn``, ``since`` as in REST."""
        return self._run(self._plan.movements(query))

    def movement(self, arc: str) -> MovementView:
        """One movement."""
        return self._run(self._plan.movement(arc))

    def operator(self, seed: str, on: date | None = None) -> OperatorView:
        """What the register says of a SEED number on a day, by default today."""
        return self._run(self._plan.operator(seed, on))

    def administration(self) -> Mapping[str, Any]:
        """What the administration says of itself: address, release, certificates in PEM. It is a stranger's word."""
        return self._run(self._plan.administration())

    def upload(
        self, file: Path | str, kind: str, *, mode: str = "row-wise", key: str | None = None, **fields: str
    ) -> Batch:
        """Hand in a file of rows; the same file is the same batch, unless ``key`` (Idempotency-Key) is another.

        ``kind`` is what its rows are, ``mode`` may be ``all-or-nothing``; ``fields`` are those of REST. Raises OSError.
        """
        return self._run(self._plan.upload(Path(file), kind, mode, fields, key))

    def batch(self, batch: str) -> Batch:
        """How far a batch has come."""
        return self._run(self._plan.batch(batch))

    def wait_for_batch(self, batch: str, *, within: float = 600) -> Batch:
        """A batch when its last row is done. Raises TooLate after ``within`` seconds."""
        return self._run(self._plan.wait_for_batch(batch, within))

    def batch_documents(self, batch: str, outcome: str | None = None) -> tuple[BatchDocument, ...]:
        """The documents of a batch with their rows; ``outcome`` is ``refused``, say."""
        return self._run(self._plan.batch_documents(batch, outcome))

    def corrections(self, batch: str, file: Path | str) -> None:
        """Write the rows of a batch that are to be mended, as a table, with what is wrong. Raises OSError."""
        self._run(self._plan.corrections(batch, Path(file)))

    def resume_batch(self, batch: str) -> Batch:
        """Let a batch go on that was stopped."""
        return self._run(self._plan.change_batch(batch, "resumption"))

    def withdraw_batch(self, batch: str) -> Batch:
        """Have everything withdrawn that a batch has entered; what has an ARC stays."""
        return self._run(self._plan.change_batch(batch, "withdrawal"))

    def send(self, request: Request) -> GatewayAnswer:
        """The answer to any request, as it comes: once, and a problem is an answer as well."""
        return self._wire.send(request.within(self._timeout))

    def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of such an answer. Raises PeerError when it has none."""
        return self._run(plain(request))

    def _run(self, steps: Steps[T]) -> T:
        """Do what the steps ask for, one after the other."""
        came: Any = None
        try:
            step = next(steps)
            while True:
                try:
                    came = self._done(step)
                except EsadError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    def _done(self, step: Step) -> Any:
        match step:
            case Request():
                return self.send(step)
            case Called():
                return step.function(*step.arguments)
            case Pause():
                return time.sleep(step.seconds)
            case Clock():
                return time.monotonic()
