"""An incoming message: whose it is, and on which side of which movement it acts.

Whose it is follows from three things: the door that it came through, the holders of the certificate that signed it,
and the author that it names.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import ClassVar, Final, TypeAlias

from esad_gateway.emcs.delegation import Agency, Delegation
from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.groups import ExciseMovement
from esad_gateway.emcs.messages.kinds import trader_of, written_by_trader
from esad_gateway.emcs.messages.subject import movement_named, movement_of
from esad_gateway.emcs.movement import (
    SIDES,
    Movement,
    Origin,
    Role,
    Side,
    may_write,
    parties_in,
    role_in,
)
from esad_gateway.emcs.procedure.asked import NOTHING, Asked, asked_by
from esad_gateway.emcs.procedure.authority import names_trader, origin_of, voice_in, voice_unread
from esad_gateway.errors import SignerNotAllowed
from esad_gateway.faults import Faults, Said
from esad_gateway.frozen import frozen

LONGEST_IDENTIFIER: Final = 44
"""How many characters a message identifier has at most (TMS)."""

_AUTHOR: Final = ("TraderExciseNumber", "Traderid", "MessageSender")
_IDENTIFIER: Final = "MessageIdentifier"
_MOVEMENT: Final = ("AdministrativeReferenceCode", "SequenceNumber")

Views: TypeAlias = Mapping[tuple[str, Side], Movement]
"""The views that our administration has of movements, by ARC and side."""


@frozen(kw_only=True)
class Incoming:
    """A message whose sender is known, ready to be answered, and every fault found so far.

    ``sender`` is a SEED number or an administration: one of the ``holders`` of the signing certificate for whom a
    message of this ``origin`` may be. ``message`` is ``None`` when the schema refused the document; then
    ``identifier`` is what stands where a message identifier should, or a substitute for it, and ``about`` is the
    movement that its refusal has to name (TR0104). ``arc`` and ``sequence`` are what a message is about, ``asked`` is
    what has to be looked up for it apart from its movement. ``until`` is how long a message waits that was parked,
    ``None`` for one that was not. ``release`` is the release in which a message was written (``3.23``), ``None`` when
    nobody knows. ``under`` are the delegations by which an agent has signed it, of which that of the sender counts.
    """

    TELLING: ClassVar[tuple[str, ...]] = (*_AUTHOR, _IDENTIFIER, *_MOVEMENT)
    """The elements of a refused document that tell whose it is, and what it is about."""

    origin: Origin
    sender: str
    holders: frozenset[str]
    type: str
    identifier: str
    message: Message | None
    faults: Faults = ()
    arc: str | None = None
    sequence: int | None = None
    about: ExciseMovement | None = None
    asked: Asked = NOTHING
    until: datetime | None = None
    release: str | None = None
    under: tuple[Delegation, ...] = ()

    @classmethod
    def read(
        cls,
        message: Message,
        faults: Faults,
        *,
        door: Origin,
        holders: frozenset[str],
        own: str,
        release: str | None = None,
        agency: Agency | None = None,
    ) -> "Incoming":
        """A message that its schema accepts, in a release, through a door, of a certificate with these holders.

        ``own`` is the address of our administration, ``agency`` what traders let the holders do. Raises
        SignerNotAllowed when no holder may send anything through this door, or when the message names another author
        than its signer.
        """
        origin = origin_of(door, holders, by_trader=written_by_trader(type(message)))
        voice = voice_in(message, origin, holders, own, agency)
        named = movement_of(message)
        return cls(
            origin=origin,
            sender=voice.sender,
            holders=voice.acting,
            type=type(message).__name__,
            identifier=message.header.message_identifier,
            message=message,
            faults=faults,
            arc=named.administrative_reference_code if named else None,
            sequence=named.sequence_number if named else None,
            asked=asked_by(message, origin),
            release=release,
            under=voice.under,
        )

    @classmethod
    def unread(
        cls,
        name: str,
        faults: Faults,
        texts: Mapping[str, str],
        substitute: str,
        *,
        door: Origin,
        holders: frozenset[str],
        own: str,
        agency: Agency | None = None,
    ) -> "Incoming":
        """A document called ``name`` that its schema refuses; raises as :meth:`read` does.

        ``texts`` is what stands at the first element of each name in ``TELLING``, as far as there is one. Its
        refusal goes to a holder whom the document names, or else to the first; ``substitute`` is its identifier where
        it has none.
        """
        # Nobody can say what an office wanted: with a trader's number in the certificate it is taken for a trader.
        origin = origin_of(door, holders, by_trader=names_trader(holders))
        named = filter(None, map(texts.get, _AUTHOR))
        voice = voice_unread(name, named, origin, holders, own, agency)
        identifier = texts.get(_IDENTIFIER, "")
        return cls(
            origin=origin,
            sender=voice.sender,
            holders=voice.acting,
            type=name,
            identifier=identifier if 0 < len(identifier) <= LONGEST_IDENTIFIER else substitute[:LONGEST_IDENTIFIER],
            message=None,
            faults=faults,
            about=movement_named(name, *(texts.get(place) for place in _MOVEMENT)),
            under=voice.under,
        )

    @property
    def delegation(self) -> Delegation | None:
        """The delegation under which an agent has signed it for the sender; ``None`` for the sender itself."""
        return next((one for one in self.under if one.trader == self.sender), None)

    @property
    def writers(self) -> frozenset[str]:
        """Whose message it may be: the trader that it names, or else all for whom its certificate is registered."""
        named = self.message is not None and trader_of(self.message) is not None
        return frozenset({self.sender}) if named else self.holders

    def doubt(self, rows: Mapping[int, Delegation], at: datetime) -> SignerNotAllowed | None:
        """Why an agent may not have signed it after all; ``None`` when it may, and for what the sender signed itself.

        ``rows`` are delegations by number as they stand now. One that was taken back meanwhile counts no more, however
        the clocks of those who took it back and of those who ask stand to each other.
        """
        if not self.under:
            return None
        found = self.delegation
        if found is None:
            return None if self.sender else SignerNotAllowed("", self.holders, Said("agent.of_whom"))
        row = rows.get(found.number, found)
        why = row.why_not(self.type, max(at, row.revoked_at or at))
        return None if why is None else SignerNotAllowed(self.sender, self.holders, why)

    def attributed(self, movements: Views) -> "Incoming":
        """The message with its sender: where it names none (IE813), the trader of the movement it is about."""
        if self.origin is not Origin.TRADER or self.message is None or trader_of(self.message) is not None:
            return self
        _, movement = self.acts_on(movements, SIDES.get((self.origin, type(self.message).__name__), (Side.DISPATCH,)))
        seen = self._seen(movements)
        if not seen:
            return self
        parties = {movement.party} if movement else self.holders.intersection(*map(parties_in, seen))
        return replace(self, sender=min(parties)) if parties else self

    def acts_on(self, movements: Views, sides: Sequence[Side]) -> tuple[Side, Movement | None]:
        """The side on which the message acts, and our view of the movement there; ``None`` when there is none for it.

        To a trader, a movement in which its certificate's holders have no part on that side does not exist.
        """
        for side in sides:
            movement = movements.get((self.arc, side)) if self.arc else None
            if movement and self.message and may_write(movement, self.message, self.origin, self._names):
                return side, movement
        return self._written_to(sides), None

    def role(self, movements: Views) -> Role | None:
        """In which role the signer takes part in the movement that the message is about; ``None`` when in none."""
        roles = (role_in(movement, self.origin, self._names) for movement in self._seen(movements))
        return next((role for role in roles if role is not None), None)

    @property
    def _names(self) -> frozenset[str]:
        """Under which names the signer takes part in movements."""
        return self.holders if self.origin is Origin.TRADER else frozenset({self.sender})

    def _seen(self, movements: Views) -> tuple[Movement, ...]:
        """Our views of the movement that the message is about: of either side, of both, or of none."""
        arc = self.arc
        return tuple(movements[arc, side] for side in Side if (arc, side) in movements) if arc else ()

    def _written_to(self, sides: Sequence[Side]) -> Side:
        """The side for which a message about an unknown movement is.

        The administration that issued an ARC is on the side of dispatch.
        """
        issued = self.arc is not None and self.sender == f"NDEA.{self.arc[2:4]}"
        return Side.DESTINATION if issued and Side.DESTINATION in sides else sides[0]
