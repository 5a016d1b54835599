"""A client of one gateway in an event loop."""

import asyncio
import ssl
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from inspect import isawaitable
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from esad_gateway.client.cursor import Cursor
from esad_gateway.client.plan import ClientPlan, Signer
from esad_gateway.client.request import AsyncRequestWire, GatewayAnswer, Request, bearer
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
from esad_gateway.errors import EsadError

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE801, Message

T = TypeVar("T")


class AsyncGatewayClient:
    """The same as :class:`esad_gateway.client.GatewayClient`, with methods that are awaited; an async context manager.

    What ``follow`` hands messages to, and the methods of its cursor, may be coroutines.
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
        self._url = url
        self._headers = bearer(token)
        self._tls = tls
        self._wire: AsyncRequestWire | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that are kept."""
        if self._wire is not None:
            await self._wire.close()
            self._wire = None

    async def compose(self, fields: "Mapping[str, Any] | Message") -> bytes:
        """Have an unsigned document made of typed fields; what the header leaves out the gateway fills in."""
        return await self._run(self._plan.compose(fields))

    async def validate(self, document: bytes) -> Verdict:
        """Have a document judged, signed or not: every fault, and nothing is stored."""
        return await self._run(self._plan.validate(document))

    def sign(self, document: bytes) -> bytes:
        """Sign a document here; nothing is sent."""
        return self._plan.sign(document)

    async def submit(self, document: bytes) -> Receipt:
        """See :meth:`GatewayClient.submit`."""
        return await self._run(self._plan.submit(document))

    async def report(
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
        """See :meth:`GatewayClient.report`."""
        from esad_gateway.client import about  # noqa: PLC0415 - who only submits does without messages

        found = about.found_of(shortages, excesses, refused, reason)
        return await self._run(self._plan.about(about.report(e_sad, arrived, found, conclusion), office))

    async def alert(
        self, e_sad: "bytes | IE801", reason: str, *, on: date, rejected: bool = False, office: str | None = None
    ) -> Receipt:
        """Alert, as the consignee, that an e-SAD is not as agreed (IE819); ``rejected``, the goods are not taken."""
        from esad_gateway.client import about  # noqa: PLC0415

        return await self._run(self._plan.about(about.alert(e_sad, reason, on, rejected=rejected), office))

    async def explain(self, e_sad: "bytes | IE801", reason: str, *, on: date) -> Receipt:
        """Explain a shortage or an excess (IE871), as of a day of analysis."""
        from esad_gateway.client import about  # noqa: PLC0415

        return await self._run(self._plan.hand_over(about.explanation(e_sad, self._plan.own, reason, on)))

    async def explain_delay(self, e_sad: "bytes | IE801", reason: str) -> Receipt:
        """Explain why there is no report of receipt yet (IE837)."""
        from esad_gateway.client import about  # noqa: PLC0415

        return await self._run(self._plan.hand_over(about.delay(e_sad, self._plan.own, reason)))

    async def change_destination(self, e_sad: "bytes | IE801", place: str | None) -> Receipt:
        """Send the goods to another place of the same consignee, or with ``None`` back to the consignor (IE813)."""
        from esad_gateway.client import about  # noqa: PLC0415

        return await self._run(self._plan.hand_over(about.change(e_sad, place)))

    async def messages(self, **query: Any) -> MailboxPage:
        """A page of the mailbox, oldest first; ``after``, ``type``, ``arc``, ``unread``, ``limit`` as in REST."""
        return await self._run(self._plan.messages(query))

    async def message(self, seq: int) -> bytes:
        """The exact bytes of a message, as they were signed."""
        return await self._run(self._plan.message(seq))

    async def fields(self, seq: int) -> Mapping[str, Any]:
        """The fields of a message as plain data."""
        return await self._run(self._plan.fields(seq))

    async def acknowledge(self, seq: int) -> MailboxEntry:
        """Note that a message was read; the first time counts."""
        return await self._run(self._plan.acknowledge(seq))

    async def acknowledge_all(self, numbers: Sequence[int] = (), *, through: int | None = None) -> AcknowledgedMessages:
        """Note that many messages were read: those with these ``numbers``, and all that was sent ``through`` one.

        The first time of each counts. What a request has changed whose answer was lost is not told as changed.
        """
        return await self._run(self._plan.acknowledge_all(numbers, through))

    async def follow(
        self,
        handle: Callable[[ReceivedMessage], object],
        cursor: Cursor,
        *,
        seconds: float | None = None,
        **query: Any,
    ) -> int:
        """See :meth:`GatewayClient.follow`."""
        return await self._run(self._plan.follow(handle, cursor, query, seconds))

    async def wait_for_message(self, *, after: int = 0, within: float = 60, **query: Any) -> ReceivedMessage:
        """See :meth:`GatewayClient.wait_for_message`."""
        return await self._run(self._plan.wait_for_message(query, after, within))

    async def wait_for_state(self, arc: str, *states: str, within: float = 60) -> MovementView:
        """See :meth:`GatewayClient.wait_for_state`."""
        return await self._run(self._plan.wait_for_state(arc, states, within))

    async def movements(self, **query: Any) -> tuple[MovementView, ...]:
        """All movements that the query asks for, by ARC; ``role``, ``state``, ``lrn``, ``since`` as in REST."""
        return await self._run(self._plan.movements(query))

    async def movement(self, arc: str) -> MovementView:
        """One movement."""
        return await self._run(self._plan.movement(arc))

    async def operator(self, seed: str, on: date | None = None) -> OperatorView:
        """What the register says of a SEED number on a day, by default today."""
        return await self._run(self._plan.operator(seed, on))

    async def administration(self) -> Mapping[str, Any]:
        """See :meth:`GatewayClient.administration`."""
        return await self._run(self._plan.administration())

    async def upload(
        self, file: Path | str, kind: str, *, mode: str = "row-wise", key: str | None = None, **fields: str
    ) -> Batch:
        """See :meth:`GatewayClient.upload`."""
        return await self._run(self._plan.upload(Path(file), kind, mode, fields, key))

    async def batch(self, batch: str) -> Batch:
        """How far a batch has come."""
        return await self._run(self._plan.batch(batch))

    async def wait_for_batch(self, batch: str, *, within: float = 600) -> Batch:
        """A batch when its last row is done. Raises TooLate after ``within`` seconds."""
        return await self._run(self._plan.wait_for_batch(batch, within))

    async def batch_documents(self, batch: str, outcome: str | None = None) -> tuple[BatchDocument, ...]:
        """The documents of a batch with their rows; ``outcome`` is ``refused``, say."""
        return await self._run(self._plan.batch_documents(batch, outcome))

    async def corrections(self, batch: str, file: Path | str) -> None:
        """Write the rows of a batch that are to be mended, as a table, with what is wrong. Raises OSError."""
        await self._run(self._plan.corrections(batch, Path(file)))

    async def resume_batch(self, batch: str) -> Batch:
        """Let a batch go on that was stopped."""
        return await self._run(self._plan.change_batch(batch, "resumption"))

    async def withdraw_batch(self, batch: str) -> Batch:
        """Have everything withdrawn that a batch has entered; what has an ARC stays."""
        return await self._run(self._plan.change_batch(batch, "withdrawal"))

    async def send(self, request: Request) -> GatewayAnswer:
        """See :meth:`GatewayClient.send`."""
        return await self._opened().send(request.within(self._timeout))

    async def answer(self, request: Request) -> tuple[int, dict[str, Any]]:
        """The status and the JSON object of such an answer. Raises PeerError when it has none."""
        return await self._run(plain(request))

    async def _run(self, steps: Steps[T]) -> T:
        """Do what the steps ask for, one after the other."""
        came: Any = None
        try:
            step = next(steps)
            while True:
                try:
                    came = await self._done(step)
                except EsadError as error:
                    step = steps.throw(error)
                else:
                    step = steps.send(came)
        except StopIteration as end:
            result: T = end.value
            return result

    async def _done(self, step: Step) -> Any:
        match step:
            case Request():
                return await self.send(step)
            case Called():
                came = step.function(*step.arguments)
                return await came if isawaitable(came) else came
            case Pause():
                return await asyncio.sleep(step.seconds)
            case Clock():
                return time.monotonic()

    def _opened(self) -> AsyncRequestWire:
        # Loaded when it is needed: who waits for answers does without it.
        from esad_gateway.client.aio_wire import AsyncWire  # noqa: PLC0415

        if self._wire is None:
            self._wire = AsyncWire(self._url, self._headers, self._tls)
        return self._wire
