"""What a principal may read: its mailbox, its movements, the register. What belongs to others does not exist for it."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Final

from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import NotFound
from esad_gateway.faults import said
from esad_gateway.gateway.access import Principal, check_reads, reads_in_full
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import (
    LARGEST_PAGE,
    Acknowledged,
    AgentRows,
    Listed,
    MailboxQuery,
    MailboxReader,
    MovementPage,
    MovementQuery,
    Page,
    Reads,
    RegisteredOperator,
    RegisterReader,
)
from esad_gateway.xml.binding import read
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from esad_gateway.xml.plain import message_to_plain
from esad_gateway.xml.release import Releases

_E_SAD: Final = "IE801"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """Reads for principals.

    Every method raises NotFound when there is no such thing or it is somebody else's, and StoreUnavailable when the
    store cannot be read.
    """

    mailboxes: MailboxReader
    register: RegisterReader
    agents: AgentRows
    releases: Releases
    profile: NationalProfile
    clock: Clock

    def check_reader(self, who: Principal, mailbox: str) -> None:
        """Raise NotFound unless a principal may read in a mailbox: its own, or as an agent some kind of messages."""
        self._kinds(who, mailbox)

    def page(self, who: Principal, mailbox: str, query: MailboxQuery) -> Page:
        """The messages of a mailbox, oldest first."""
        return self.mailboxes.page(mailbox, replace(query, kinds=self._kinds(who, mailbox)))

    def body(self, who: Principal, mailbox: str, seq: int) -> bytes:
        """The exact bytes of a message, as received or sent."""
        self._check_shown(who, mailbox, seq)
        body = self.mailboxes.body(mailbox, seq)
        if body is None:
            raise _no_message(mailbox, seq)
        return body

    def fields(self, body: bytes) -> dict[str, Any] | None:
        """The fields of the message in a document; ``None`` when the schema of its release refuses it."""
        payload = without_signature(parse(body))
        return message_to_plain(read(payload)) if self.releases.accepts(payload) else None

    def e_sad(self, who: Principal, seed: str, arc: str) -> bytes:
        """The newest e-SAD (IE801) of a movement in the mailbox of a trader who takes part in it."""
        kinds = self._kinds(who, seed)
        if kinds is not None and _E_SAD not in kinds:
            raise NotFound(said("detail.no_e_sad", arc=arc, seed=seed))
        found: tuple[Listed, ...] = ()
        while page := self._e_sads(seed, arc, found[-1].seq if found else 0):
            found = page
        if not found:
            raise NotFound(said("detail.no_e_sad", arc=arc, seed=seed))
        return self.body(who, seed, found[-1].seq)

    def _e_sads(self, seed: str, arc: str, after: int) -> tuple[Listed, ...]:
        query = MailboxQuery(after=after, type=_E_SAD, arc=arc, limit=LARGEST_PAGE)
        return self.mailboxes.page(seed, query).messages

    def acknowledge(self, who: Principal, mailbox: str, seq: int) -> Listed:
        """Note that the owner has read a message; the first time counts."""
        self._check_shown(who, mailbox, seq)
        listed = self.mailboxes.acknowledge(mailbox, seq, self.clock.now())
        if listed is None:
            raise _no_message(mailbox, seq)
        return listed

    def acknowledge_all(self, who: Principal, mailbox: str, reads: Reads) -> Acknowledged:
        """Note that the owner has read many messages; the first time of each counts."""
        self._check_whole(who, mailbox)
        return self.mailboxes.acknowledge_all(mailbox, reads, self.clock.now())

    def movements(self, who: Principal, seed: str, query: MovementQuery) -> MovementPage:
        """The movements that a trader takes part in, as its own side knows them, by ARC."""
        self._check_whole(who, seed)
        found = self.mailboxes.movements(seed, query)
        return MovementPage(found, complete=len(found) < query.limit)

    def movement(self, who: Principal, seed: str, arc: str) -> MovementPage:
        """One movement with its notes, as the trader's side knows it; both sides for a trader on both."""
        self._check_whole(who, seed)
        found = self.mailboxes.movement(seed, arc)
        if not found:
            raise NotFound(said("detail.no_movement", arc=arc, seed=seed))
        notes = self.mailboxes.notes(arc, {one.side for one in found})
        return MovementPage(found, notes=notes, signed_for=self.mailboxes.signed_about(seed, arc))

    def operator(self, who: Principal, seed: str, on: date | None) -> RegisteredOperator:
        """What is registered of a SEED number on a day of the member state, today when ``on`` is ``None``.

        Anybody with a name reads it. What limits a temporary authorisation is told in full to its holder only.
        """
        day = on or self.profile.local_date(self.clock.now())
        found = self.register.operator(seed, day)
        if found is None:
            raise NotFound(said("detail.no_operator", seed=seed))
        return RegisteredOperator(found[0], day, in_full=reads_in_full(who, seed))

    def _kinds(self, who: Principal, mailbox: str) -> frozenset[str] | None:
        """The kinds of messages that a principal may read in a mailbox, ``None`` for all; raises NotFound for none.

        Its own it reads in full, and as an agent what the owner lets it read at this moment.
        """
        if reads_in_full(who, mailbox):
            return None
        readable = self.agents.readable(who.name, self.clock.now())
        if mailbox not in readable:
            check_reads(who, mailbox)
        return readable.get(mailbox)

    def _check_shown(self, who: Principal, mailbox: str, seq: int) -> None:
        """Raise NotFound for a message that a principal may not read, as for one that is missing."""
        kinds = self._kinds(who, mailbox)
        if kinds is None:
            return
        listed = self.mailboxes.entry(mailbox, seq)
        if listed is None or listed.type not in kinds:
            raise _no_message(mailbox, seq)

    def _check_whole(self, who: Principal, mailbox: str) -> None:
        """Raise NotFound unless a principal may read all of a mailbox: a movement tells of all its messages."""
        if self._kinds(who, mailbox) is not None:
            raise NotFound(said("detail.no_mailbox", mailbox=mailbox))


def _no_message(mailbox: str, seq: int) -> NotFound:
    return NotFound(said("detail.no_message", seq=seq, mailbox=mailbox))
