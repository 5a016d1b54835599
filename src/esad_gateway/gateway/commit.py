"""Rooms 7 and 8 of the walk: a group of judged messages, answered in order, written in one transaction.

Every message of a group is answered from what the store knows *and* what the group decided before it. When all of a
group is decided, all of it is signed. Where that fails, the group is decided anew, and what follows from a message
joins it only when that is signed, so a message that fails takes nothing of the others with it.

All of that is done before the write lock is taken, so that several processes on one store sign beside each other. Under
the lock the store says whether everything that was looked up is still so, and if it is not, all is decided again: so
nothing is ever written that would not have been decided at that moment. Then places are counted, and all of it is
written at once, or, when the store fails, nothing of it is and nobody is answered.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import TypeVar

import structlog

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure import Answer, Incoming, Known, answer_to, clock_ended
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import IdentifierReused, NotDecided, OverQuota, OwnError, SenderError, SignerNotAllowed
from esad_gateway.faults import said
from esad_gateway.gateway.answers import AnyAnswer, Placed, again, placed, told
from esad_gateway.gateway.filing import Filing
from esad_gateway.gateway.group import Group
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.publishing import Publication, Publisher
from esad_gateway.gateway.quotas import Quotas
from esad_gateway.gateway.undecided import (
    keep,
    kept_before,
    of_all,
    passes,
    passing,
    stop,
    told_of,
    what_waits,
)
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Ended, Records, Store, Transaction, Waiting
from esad_gateway.xml.binding import read, release_in
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.readers import Readers

log = structlog.get_logger(__name__)

_T = TypeVar("_T")

BATCH = 200
"""How many ended clocks and overdue messages one transaction looks at."""


@dataclass(frozen=True, slots=True)
class Committer:
    """Answers and writes groups of messages for one administration.

    ``signer`` is what signs at this moment; ``new_arc`` reserves an ARC at a moment; ``identifiers`` is an endless
    supply of fresh message identifiers; ``offices`` says which offices there are, ``None`` while no list of them
    is kept; a tick looks at ``batch`` ended clocks and overdue messages in one transaction.
    """

    store: Store
    signer: Callable[[], Signer]
    readers: Readers
    profile: NationalProfile
    new_arc: Callable[[datetime], str]
    identifiers: Iterator[str]
    offices: Callable[[], frozenset[str] | None]
    quotas: Quotas = field(default_factory=Quotas)
    batch: int = BATCH

    def commit(self, items: Sequence[Accepted], now: datetime) -> list[Receipt | SenderError | OwnError]:
        """Answer and write a group in the order it has; returns one answer a message, in the same order.

        A message that was taken before, also one that comes signed anew, gets its first receipt, with ``repeated``.
        Other content under an identifier that was used before gets IdentifierReused, a sender over its quota gets
        OverQuota. A message that runs into a defect of ours is kept and gets NotDecided; the others go on, and when it
        comes again nobody tries to decide it. Raises StoreUnavailable, and then nothing was written.
        """
        try:
            return self._together(items, now)
        except Exception as defect:
            if passes(defect):
                raise
            log.exception("a group runs into a defect; each message goes by itself", messages=len(items))
            if len(items) == 1:
                return [self._keep_alone(items[0], defect, now)]
        return [answer for item in items for answer in self.commit([item], now)]

    def decide_again(self, item: Accepted, reference: str, by: str, now: datetime) -> Receipt | SenderError | OwnError:
        """Answer and write a message that was kept under ``reference``, as ``by`` has asked; it may be kept again.

        One whose identifier was used for other content meanwhile stays, with that as its reason: its bytes stand
        nowhere else. Raises StoreUnavailable, and whatever the defect raises.
        """
        if item.defect:
            return NotDecided(reference, item.incoming.identifier, repeated=True)

        def decide(asked: Transaction) -> tuple[Group, AnyAnswer]:
            group = self.opened(asked, [item], now)
            answer = self.answer(group, group.items[0])
            if isinstance(answer, Receipt | Placed):
                group.records.decided[reference] = by
            elif isinstance(answer, IdentifierReused | SignerNotAllowed):
                group.records.reasons[reference] = str(answer)
            return group, answer

        return placed(*self._written(decide))

    def tick(self, now: datetime) -> int:
        """Let every ended clock fire, and refuse what waited for too long; returns how many did.

        They act in the order in which they ended, however long nobody looked. What fails by a defect of ours hurts
        nothing else: it is kept as undecided, and no tick of this build looks at it again. Every clock fires once, also
        when several processes look: it is looked at again under the lock, and what it did is written in the same
        transaction as that it did. Without an ended clock this only reads. Raises StoreUnavailable; what was done until
        then is written.
        """
        done, last = 0, None
        while ended := self.store.ended(now, self.batch, last):
            done += self._end_together(ended, now)
            last = ended[-1]
        return done

    def end_again(self, stopped: Ended, by: str, now: datetime) -> OwnError | None:
        """Let a clock fire that a defect has stopped, or decide such a parked message, as ``by`` has asked.

        What runs into a defect again stays stopped, and that is the answer. ``None`` when it did not: it has acted, or,
        if its time has not come, waits as before. Raises StoreUnavailable.
        """

        def decide(asked: Transaction) -> tuple[Group, bool]:
            group = Group.about(asked, {stopped.arc}, self.known(asked, now), stopped=True)
            group.writing = self.readers.at(now)
            group.records.resumed[stopped] = by
            return group, self._act(group, stopped)

        try:
            self._written(decide)
        except Exception as defect:
            if passing(defect):
                raise
            self._stop(stopped, defect, now)
            return OwnError(said("detail.stopped", what=stopped.called, words=told_of(defect)))
        return None

    def known(self, transaction: Transaction, now: datetime, offices: frozenset[str] | None = None) -> Known:
        """What is known at the beginning of a group, before anything is looked up for it."""
        return Known(now=now, profile=self.profile, identifiers=self.identifiers, register=transaction, offices=offices)

    def opened(self, asked: Transaction, items: Sequence[Accepted], now: datetime) -> Group:
        """A group with everything looked up that its messages need."""
        group = Group.open(asked, items, self.known(asked, now, self.offices()))
        group.writing = self.readers.at(now)
        return group

    def answer(self, group: Group, item: Accepted) -> AnyAnswer:
        """The answer to a message of a group, which reckons with it from then on.

        Under the write lock it is certain that an agent may still sign.
        """
        if (doubt := item.incoming.doubt(group.agreed, group.known.now)) is not None:
            return doubt
        if (first := group.taken.get(item.identity)) is not None:
            return Placed(first, again=item)
        earlier = group.earlier.get(item.identity)
        if earlier is None:
            return self._settle(group, item)
        return again(item, earlier, lambda: group.asked.document(earlier.sha256))

    def published(self, group: Group, answer: Answer) -> list[Publication]:
        """What an answer issues, signed."""
        publisher = Publisher(self.signer, group.writing)
        return [publisher.publish(issue) for issue in answer.issues]

    def _written(self, decide: Callable[[Transaction], tuple[Group, _T]]) -> tuple[Records, _T]:
        """What a group comes to, decided before the write lock is taken, and again when that would differ now."""
        with self.store.transaction() as transaction:
            group, decided = decide(transaction)
            transaction.prepare(group.documents())
            if not transaction.lock():
                group, decided = decide(transaction)
            records = Filing.of(group, transaction).records
            transaction.write(records)
        return records, decided

    def _end(self, ended: Sequence[Ended], now: datetime) -> int:
        def decide(asked: Transaction) -> tuple[Group, int]:
            group = Group.about(asked, {one.arc for one in ended}, self.known(asked, now))
            group.writing = self.readers.at(now)
            return group, sum([_undisturbed(group, one, partial(self._act, group, one)) for one in ended])

        _, done = self._written(decide)
        return done

    def _end_together(self, ended: Sequence[Ended], now: datetime) -> int:
        """Let what has ended act; what only as a whole runs into a defect goes one by one."""
        try:
            return self._end(ended, now)
        except Exception as defect:
            if passing(defect):
                raise
            log.exception("what has ended runs into a defect as a whole", count=len(ended))
            if len(ended) == 1:
                self._stop(ended[0], defect, now)
                return 0
        return sum(self._end_together([one], now) for one in ended)

    def _stop(self, ended: Ended, defect: Exception, now: datetime) -> None:
        """Keep a clock or a parked message as undecided, where nothing of its movement can be looked up."""

        def decide(asked: Transaction) -> tuple[Group, str]:
            group = Group.about(asked, (), self.known(asked, now))
            return group, stop(group.records, ended, defect)

        self._written(decide)

    def _act(self, group: Group, ended: Ended) -> bool:
        """Let the clock of a movement fire, or decide what waited for it; returns whether that did anything."""
        if not ended.mailbox:
            return self._fire(group, ended)
        found = [one for one in group.waiting if (one.parked.mailbox, one.parked.seq) == (ended.mailbox, ended.seq)]
        return bool(found) and self._resume(group, found[0])

    def _together(self, items: Sequence[Accepted], now: datetime) -> list[Receipt | SenderError | OwnError]:
        records, answers = self._written(partial(self._decided, items, now))
        return [placed(records, answer) for answer in answers]

    def _decided(self, items: Sequence[Accepted], now: datetime, asked: Transaction) -> tuple[Group, list[AnyAnswer]]:
        """The answers to a group. As documents walk abreast, all of it is decided, and then all of it is signed."""
        if len(items) > 1:
            group, answers = self._decide(items, now, asked, sign=False)
            try:
                group.sign(partial(self.published, group))
            except Exception as defect:
                if of_all(defect):
                    raise
                log.exception("not all of a group can be signed; each message is signed as it is decided")
            else:
                return group, answers
        return self._decide(items, now, asked, sign=True)

    def _decide(
        self, items: Sequence[Accepted], now: datetime, asked: Transaction, *, sign: bool
    ) -> tuple[Group, list[AnyAnswer]]:
        undecided = asked.undecided({item.signed_as for item in items})
        before = [kept_before(item, undecided) for item in items]
        rest = [item for item, kept in zip(items, before, strict=True) if not (kept or item.defect)]
        group = self.opened(asked, rest, now)
        group.signs_at_once = sign
        answers = iter([self.answer(group, item) for item in group.items])
        return group, [
            kept or (told(group, item, item.defect) if item.defect else next(answers))
            for item, kept in zip(items, before, strict=True)
        ]

    def _keep_alone(self, item: Accepted, defect: Exception, now: datetime) -> Receipt | NotDecided:
        def decide(asked: Transaction) -> tuple[Group, Receipt | NotDecided]:
            group = Group.about(asked, (), self.known(asked, now))
            return group, told(group, item, told_of(defect))

        return self._written(decide)[1]

    def _settle(self, group: Group, item: Accepted) -> AnyAnswer:
        incoming = item.incoming
        try:
            answer, publications = self._answered(group, item)
        except OverQuota as error:
            log.warning("a sender is over its quota", sender=incoming.sender, setting=error.setting, limit=error.limit)
            return error
        except Exception as defect:
            if of_all(defect) or not group.keeps:
                raise
            if passing(defect):
                log.exception("a message could not be decided now", type=incoming.type, sender=incoming.sender)
                return OwnError(said("detail.internal", name=type(defect).__name__))
            log.exception("a message cannot be decided by a defect", sha256=item.sha256.hex())
            return keep(group.records, item, told_of(defect))
        group.settle(item, answer, publications)
        if answer.until is None:
            self._look_again(group, answer.arc)
        return Placed(item)

    def _answered(self, group: Group, item: Accepted) -> tuple[Answer, list[Publication]]:
        """Answer and sign: everything that can fail, before anything is recorded."""
        self._look_up_exchanged(group, item.incoming)
        answer = answer_to(item.incoming, group.known, self.new_arc(group.known.now))
        if group.keeps:
            self.quotas.check(group, item, answer)
        return answer, self.published(group, answer) if group.signs_at_once else []

    def _look_up_exchanged(self, group: Group, incoming: Incoming) -> None:
        exchanged, known, sent = group.exchanged(incoming), group.known, incoming.asked.sent_again
        known.exchanged = [(one.type, one.body) for one in exchanged]
        known.sent = [self._read(one.body) for one in exchanged if one.direction == "out" and one.type in sent]

    def _look_again(self, group: Group, arc: str | None) -> None:
        """Answer what waited for this movement, in the order in which it came, until nothing moves on."""
        moved = True
        while moved:
            moved = False
            for waiting in [item for item in group.waiting if item.parked.arc == arc]:
                # What fails by a defect may not take the message with it that it waited for.
                moved = _undisturbed(group, what_waits(waiting), partial(self._resume, group, waiting)) or moved

    def _resume(self, group: Group, waiting: Waiting) -> bool:
        """Answer a parked message; returns whether it waits no more."""
        item = self._again(waiting)
        answer, publications = self._answered(group, item)
        if answer.until is not None:
            return False
        group.wait_no_more(waiting)
        group.settle(item, answer, publications)
        return True

    def _again(self, waiting: Waiting) -> Accepted:
        """A parked message as it was when it came; its signature was verified then."""
        parked, payload = waiting.parked, without_signature(parse(waiting.body.body))
        incoming = Incoming.read(
            read(payload),
            (),
            release=release_in(payload)[1:],
            door=Origin.ADMINISTRATION,
            holders=frozenset({parked.mailbox}),
            own=self.profile.address,
        )
        return Accepted(
            raw=waiting.body.body,
            sha256=parked.document,
            fingerprint=waiting.body.fingerprint,
            incoming=replace(incoming, until=parked.until),
            place=parked.seq,
        )

    def _fire(self, group: Group, ended: Ended) -> bool:
        """Let the clock of a movement fire; returns whether it had ended by that moment."""
        answer = clock_ended(ended.arc, group.known, self.new_arc(group.known.now), ended.at)
        if answer is None:
            return False
        group.settle(None, answer, self.published(group, answer))
        return True

    def _read(self, document: bytes) -> Message:
        """A document that was verified when it came, or that we signed."""
        return read(without_signature(parse(document)))


def _undisturbed(group: Group, what: Ended, action: Callable[[], bool]) -> bool:
    """Whether an action did something; one that runs into a defect is kept as undecided, and others go on."""
    try:
        return action()
    except Exception as defect:
        if of_all(defect):
            raise
        if passing(defect):
            log.exception("something could not be decided now", what=str(what))
        else:
            stop(group.records, what, defect)
        return False
