"""Our own register changes: every other administration that we know is told so, by an IE713 of its own (SEED)."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from esad_gateway.emcs.documents import Stamp
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.procedure import Answer, Issue
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.seed import Change, update_of
from esad_gateway.gateway.filing import Filing
from esad_gateway.gateway.publishing import Publication, Publisher
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.writing import REGISTER_LINE, Records, Transaction
from esad_gateway.xml.readers import Readers


@dataclass(frozen=True, slots=True)
class SeedNotices:
    """Signs what tells others of changes of our register, and files it with them in one transaction.

    What is filed goes through the outbox as everything does: the same bytes on every try, in order for each
    administration, and not at all where the changes are not written.
    """

    signer: Callable[[], Signer]
    readers: Readers
    profile: NationalProfile
    identifiers: Iterator[str]

    def signed(self, changes: Sequence[Change], peers: Iterable[str], now: datetime) -> Sequence[Publication]:
        """One message for each of ``peers`` (``NDEA.PL``), by address; none where nothing changes.

        Raises NotConfigured where there is nothing to sign with. Not checked: whether the changes may be made, and
        that they are about operators of ours.
        """
        if not changes:
            return ()
        publisher = Publisher(self.signer, self.readers.at(now))
        stamp = Stamp(now=now, profile=self.profile, arc="", identifiers=self.identifiers)
        return [publisher.publish(_issue(update_of(changes, stamp.header(peer)), peer)) for peer in sorted(set(peers))]

    @staticmethod
    def records(
        transaction: Transaction, changes: Sequence[Change], told: Sequence[Publication], now: datetime
    ) -> Records:
        """What is to be written: the changes, and what tells of them. Under the write lock."""
        filing = Filing(transaction=transaction, records=Records(at=now))
        issues = tuple(_issue(one.message, one.message.header.message_recipient) for one in told)
        filing.send(Answer(issues=issues, changes=tuple(changes)), told)
        filing.records.dispatches = [replace(one, arc=REGISTER_LINE) for one in filing.records.dispatches]
        return filing.records


def _issue(message: Message, peer: str) -> Issue:
    return Issue(message=message, to=peer, arc=None, sequence=None)
