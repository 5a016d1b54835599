"""The gateway as the front doors see it: take a document, judge a document."""

import asyncio
import hashlib
from collections.abc import Sequence
from concurrent.futures import Future
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

import structlog

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import (
    EsadError,
    IdentifierReused,
    OverQuota,
    OwnError,
    SenderError,
    SignatureRefused,
    SignerNotAllowed,
)
from esad_gateway.gateway.abreast import abreast, alone
from esad_gateway.gateway.access import hears_of
from esad_gateway.gateway.intake import Accepted, Intake, Submission
from esad_gateway.gateway.tally import Counters
from esad_gateway.gateway.together import Judged, Numbered, Rehearsal, take_together
from esad_gateway.gateway.turns import LARGE, Turns
from esad_gateway.gateway.validator import Validation, Validator
from esad_gateway.gateway.writer import Writer
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Receipt, Receipts
from esad_gateway.ports.tracing import NoTracing, Tracing
from esad_gateway.ports.writing import SecurityLog, Unattributed
from esad_gateway.xml.parse import TRADERS, parse
from esad_gateway.xml.payload import without_signature

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gateway:
    """One administration's gateway; documents of more than ``beside`` bytes are taken in beside the others."""

    intake: Intake
    validator: Validator
    writer: Writer
    security_log: SecurityLog
    receipts: Receipts
    clock: Clock
    turns: Turns = field(default_factory=Turns)
    beside: int = LARGE
    tally: Counters = field(default_factory=Counters)
    tracing: Tracing = field(default_factory=NoTracing)

    async def take(self, submission: Submission) -> Receipt:
        """Walk a document through all rooms; returns after its commit.

        Raises a SenderError when it cannot be attributed (noted in the security log, no mailbox is touched) or its
        identifier was used for other content, and an OwnError when nothing was committed. What was committed before is
        answered with its first receipt, also when its signer's certificate has ended meanwhile.
        """
        began = self.clock.elapsed()
        try:
            receipt = await self._answered(submission)
        except EsadError as error:
            self.tally.answered(submission.channel, error, self.clock.elapsed() - began)
            raise
        self.tally.answered(submission.channel, receipt, self.clock.elapsed() - began)
        return receipt

    async def _answered(self, submission: Submission) -> Receipt:
        try:
            return await self._taken(submission)
        except SenderError as error:
            receipt = await self._first_receipt(submission, error)
            if receipt is None:
                raise
            return receipt

    async def take_together(self, submissions: Sequence[Numbered], before: Rehearsal | None = None) -> Sequence[Judged]:
        """Walk documents through all rooms, and commit all of them or none; what became, or would become, of each.

        All are committed when every one is accepted: then each has its receipt. With ``before`` none is committed in
        any case: they are judged as if they were taken, and so were those that were rehearsed before them.
        Each has a number, by which another one is told that it uses the same. What is refused stands in no mailbox.
        Raises an OwnError when they could not be judged. Not checked: quotas, which count what is kept.
        """
        now, size = self.clock.now(), sum(len(one.raw) for _, one in submissions)
        work = partial(_walked, self.intake, [one for _, one in submissions], now)
        client = submissions[0][1].client if submissions else ""
        found = await self.turns.run(work, size=size, client=client)
        walked = [(one[0], await self._attributed(one[1], what)) for one, what in zip(submissions, found, strict=True)]
        return await self.writer.write(take_together, self.writer.committer, walked, before, now)  # type: ignore[no-any-return]

    async def _attributed(
        self, submission: Submission, walked: Accepted | Exception
    ) -> Accepted | Receipt | SenderError:
        """A document as it was taken in; or its receipt from before, or why it cannot be attributed."""
        if isinstance(walked, SenderError):
            return await self._first_receipt(submission, walked) or walked
        if isinstance(walked, Exception):
            raise walked
        return walked

    async def _first_receipt(self, submission: Submission, error: SenderError) -> Receipt | None:
        """The receipt of what was committed before; where there is none, what cannot be attributed is noted."""
        if isinstance(error, IdentifierReused | OverQuota):
            return None
        receipt = await self._committed_before(submission, error)
        if receipt is None:
            await self.note(submission, error)
        return receipt

    async def _taken(self, submission: Submission) -> Receipt:
        """The receipt after the commit. A large document is taken in beside ordinary ones, which go on meanwhile."""
        now, size, client = self.clock.now(), len(submission.raw), submission.client
        with self.tracing.message(submission.channel) as followed:
            walk = followed(self.intake.walk(submission, now))
            if size > self.beside:
                accepted = await self.turns.run(partial(alone, walk), size=size, client=client)
                return await _awaited(self.writer.submit(accepted))
            return await _awaited(self.writer.take(walk, size=size, client=client))

    async def _committed_before(self, submission: Submission, error: SenderError) -> Receipt | None:
        """The receipt of exactly these bytes, where their signer is not believed any more but was when they came.

        Anybody who has the bytes can ask for it, and is told nothing else.
        """
        if not isinstance(error, SignatureRefused | SignerNotAllowed):
            return None
        digest = hashlib.sha256(submission.raw).digest()
        receipt = await asyncio.to_thread(self.receipts.receipt_for, digest)
        if receipt is None:
            return None
        told = hears_of(submission.principal, receipt.mailbox, self.validator.profile.address)
        return replace(receipt, repeated=True) if told else None

    async def note(self, submission: Submission, error: SenderError) -> None:
        """Note in the security log what cannot be attributed. A store that fails changes nothing: the answer stands."""
        log.warning(
            "not attributed",
            channel=submission.channel,
            client=submission.client,
            reason=str(error),
            size=len(submission.raw),
        )
        refusal = Unattributed(
            at=self.clock.now(),
            channel=submission.channel,
            client=submission.client[:64],
            reason=f"{type(error).__name__}: {error}"[:500],
            sha256=hashlib.sha256(submission.raw).digest(),
            size=len(submission.raw),
        )
        try:
            await asyncio.to_thread(self.security_log.refuse, refusal)
        except OwnError as failure:
            log.warning("the security log cannot be written", reason=str(failure))

    async def dry_run(self, raw: bytes, client: str = "") -> Validation:
        """Judge a trader's document, signed or not: every fault of schema and content, nothing stored.

        It takes turns with what the same client submits. Raises MalformedXml or TooLarge. Not checked: the signature,
        and rules that ask the registry or the movement.
        """
        return await self.turns.run(partial(self._judge, raw), size=len(raw), client=f"{client}?")

    def _judge(self, raw: bytes) -> Validation:
        return self.validator.validate(without_signature(parse(raw, TRADERS)), Origin.TRADER, self.clock.now())


def _walked(intake: Intake, submissions: Sequence[Submission], now: datetime) -> Sequence[Accepted | Exception]:
    return abreast(intake.walk(one, now) for one in submissions)


async def _awaited(receipt: "Future[Receipt]") -> Receipt:
    """What the writer answers. ``asyncio.wrap_future`` would wake the event loop once for each who waits in a group."""
    loop = asyncio.get_running_loop()
    waiting: asyncio.Future[Receipt] = loop.create_future()

    def tell(_: "Future[Receipt]") -> None:
        if _is_here(loop):
            _pass_on(receipt, waiting)
        else:
            loop.call_soon_threadsafe(_pass_on, receipt, waiting)

    receipt.add_done_callback(tell)
    try:
        return await waiting
    finally:
        # Whoever has gone is not answered.
        receipt.cancel()


def _pass_on(receipt: "Future[Receipt]", waiting: "asyncio.Future[Receipt]") -> None:
    if waiting.done():
        return
    if (error := receipt.exception()) is not None:
        waiting.set_exception(error)
    else:
        waiting.set_result(receipt.result())


def _is_here(loop: asyncio.AbstractEventLoop) -> bool:
    """Whether this is the thread of an event loop."""
    try:
        return asyncio.get_running_loop() is loop
    except RuntimeError:
        return False
