"""Our path, through the objects of a running gateway: the same wiring, the same store, every commit on disk."""

from collections.abc import Sequence
from datetime import datetime

from esad_gateway.bootstrap import Runtime
from esad_gateway.emcs.procedure import Answer
from esad_gateway.errors import OwnError
from esad_gateway.gateway.abreast import abreast
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.filing import Filing
from esad_gateway.gateway.group import Group
from esad_gateway.gateway.intake import Accepted, Submission
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.xml.parse import parse


class NotTaken(OwnError):
    """A document that is in order was refused, so what was measured is not the work that was meant."""


class Ours:
    """The paths of ``runtime``, a gateway that was built and is not running: the caller's thread does all the work.

    Left out of a message's way are the front door, the queue between the threads, and the delivery.
    """

    def __init__(self, runtime: Runtime) -> None:
        self._gateway = runtime.gateway
        self._store = runtime.store
        self._committer = runtime.committer

    def validate(self, drafts: Sequence[bytes]) -> None:
        """Limits, parse, and the schemas' verdict; as the floor, without binding and rules."""
        accepts = self._gateway.validator.releases.accepts
        for draft in drafts:
            _expect(taken=accepts(parse(draft)))

    def judge(self, drafts: Sequence[bytes]) -> None:
        """The same, and the binding and every rule on the content: the whole of ``esad validate``."""
        judge, now = self._gateway.validator.validate, self._now()
        for draft in drafts:
            _expect(taken=not judge(parse(draft), A_TRADER.origin, now).faults)

    def store(self, documents: Sequence[bytes]) -> None:
        """Verify and judge a group, look for duplicates, and write documents, mailboxes and identities; one commit."""
        now = self._now()
        group = self._taken(documents, now)
        with self._store.transaction() as transaction:
            kept = Group.open(transaction, group, self._committer.known(transaction, now))
            _expect(taken=not kept.earlier)
            for item in group:
                kept.settle(item, Answer(), ())
            _expect(taken=transaction.lock())
            transaction.write(Filing.of(kept, transaction).records)

    def round_trip(self, documents: Sequence[bytes]) -> None:
        """All of a draft's way: rules, ARC, movement, the signed e-SAD in mailbox and outbox; one commit a group."""
        now = self._now()
        receipts = self._committer.commit(self._taken(documents, now), now)
        _expect(taken=all(isinstance(one, Receipt) and one.outcome is Outcome.ACCEPTED for one in receipts))

    def _taken(self, documents: Sequence[bytes], now: datetime) -> list[Accepted]:
        submissions = [Submission(raw=document, principal=A_TRADER, channel="bench") for document in documents]
        group = []
        for taken in abreast(self._gateway.intake.walk(submission, now) for submission in submissions):
            if isinstance(taken, Exception):
                raise taken
            group.append(taken)
        _expect(taken=not any(item.incoming.faults for item in group))
        return group

    def _now(self) -> datetime:
        return self._gateway.clock.now()


def _expect(*, taken: bool) -> None:
    if not taken:
        raise NotTaken("a document that is in order was refused")
