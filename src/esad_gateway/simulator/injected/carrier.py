"""The way from a state to the others: what it sends is carried as it should be, unless a fault strikes it."""

import re
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Final, TypeAlias

from esad_gateway.bootstrap import Carrier
from esad_gateway.ports.outbox import DeliveryOutcome, Reception, Tried
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.injected.injections import Injections, Struck
from esad_gateway.simulator.injected.journal import Journal
from esad_gateway.simulator.injected.model import Carried, Forged, Original, Parcel, Way
from esad_gateway.simulator.injected.parcels import parcel_of

Later: TypeAlias = Callable[[datetime, Callable[[], Awaitable[None]]], None]
"""Has something done at a moment."""

LONGEST_BEHIND: Final = timedelta(days=1)
"""How long a document waits for one that it can go behind; then it goes by itself."""

AGAIN: Final = timedelta(minutes=10)
"""How long what was held up waits for its next try, when its receiver has not answered."""

_IDENTIFIER: Final = re.compile(rb"MessageIdentifier[^<>]*>([^<]*)</")
"""What a forged document says of itself, if anything in it can be read."""

_UNANSWERED: Final = frozenset({Reception.FAILED, Reception.UNREACHABLE})
_TAKEN: Final = Tried(Reception.ACKNOWLEDGED, outcome=DeliveryOutcome.ACCEPTED)
"""What the sender is told of a document that went astray."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Hand:
    """What the one who commits faults has at hand: time, a way to come back to it later, and the journal.

    ``signer`` is what a state signs with, by its code; with a name, with its other certificate of that name.
    """

    injections: Injections
    journal: Journal
    now: Callable[[], datetime]
    later: Later
    signer: Callable[[str, str | None], XmlSigner]

    def note(self, struck: Struck, parcel: Parcel, outcome: str) -> None:
        """Write down what came of a strike."""
        self.journal.note(self.now(), struck, parcel, outcome)

    def original(self, struck: Struck, parcel: Parcel) -> Original:
        """A document that is to be sent otherwise."""
        return Original(
            parcel=parcel,
            chance=struck.chance,
            signer=self.signer(parcel.sender, None),
            others=lambda name: self.signer(parcel.sender, name),
            rule=struck.injection.rule,
        )


@dataclass(slots=True)
class FaultyCarrier:
    """Carries what ``state`` sends by another transport, which does as it is told."""

    state: str
    inner: Carrier
    hand: Hand
    _again: dict[tuple[str, str], Parcel] = field(default_factory=dict)
    _behind: defaultdict[str, list[tuple[Struck, Parcel]]] = field(default_factory=lambda: defaultdict(list))

    async def deliver(self, destination: str, document: bytes, identifier: str) -> Tried:
        """Hand over a document, or what a fault makes of it; the outcome is what the sender is to believe."""
        if not (self.hand.injections.concern(self.state) or self._behind[destination] or self._again):
            return await self.inner.deliver(destination, document, identifier)
        parcel = parcel_of(self.state, destination, document)
        waiting, self._behind[destination] = self._behind[destination], []
        tried = await self._carried(destination, parcel)
        for struck, before in waiting:
            await self._late(struck, destination, before)
        return tried

    async def close(self) -> None:
        """Close what is open."""
        await self.inner.close()

    async def _carried(self, destination: str, parcel: Parcel) -> Tried:
        if before := self._again.pop((destination, parcel.identifier), None):
            return await self._repeated(destination, parcel.identifier, before)
        struck = self.hand.injections.sent(parcel)
        match struck.fault.act if struck else None:
            case Forged() as act if struck:
                return await self._forged(struck, act, destination, parcel)
            case Carried(way=way) if struck:
                return await self._astray(struck, way, destination, parcel)
            case _:
                return await self._original(destination, parcel)

    async def _repeated(self, destination: str, identifier: str, before: Parcel) -> Tried:
        """Send what has had no answer once more: whoever writes something wrong sends the same on every try."""
        tried = await self._original(destination, before)
        if tried.reception in _UNANSWERED:
            self._again[destination, identifier] = before
        return tried

    async def _forged(self, struck: Struck, act: Forged, destination: str, parcel: Parcel) -> Tried:
        forged = act.make(self.hand.original(struck, parcel))
        first = await self._original(destination, parcel) if act.besides or forged is None else None
        if forged is None or (first and first.reception is not Reception.ACKNOWLEDGED):
            self.hand.injections.spare(struck)
            return first or await self._original(destination, parcel)
        named = _IDENTIFIER.search(forged)
        sent = replace(parcel, document=forged, identifier=named[1].decode() if named else parcel.identifier)
        tried = await self._original(destination, sent)
        self.hand.note(struck, sent, told(tried))
        if first is None and tried.reception in _UNANSWERED:
            self._again[destination, parcel.identifier] = sent
        return first or tried

    async def _original(self, destination: str, parcel: Parcel) -> Tried:
        """Send a document as it is."""
        return await self.inner.deliver(destination, parcel.document, parcel.identifier)

    async def _astray(self, struck: Struck, way: Way, destination: str, parcel: Parcel) -> Tried:
        self.hand.note(struck, parcel, way)
        if way is Way.BEHIND:
            self._behind[destination].append((struck, parcel))
            self.hand.later(self.hand.now() + LONGEST_BEHIND, lambda: self._alone(struck, destination, parcel))
        if way in {Way.LATER, Way.AGAIN}:
            after = self.hand.now() + struck.injection.after
            self.hand.later(after, lambda: self._late(struck, destination, parcel))
        if way is Way.AGAIN:
            return await self._original(destination, parcel)
        return _TAKEN

    async def _alone(self, struck: Struck, destination: str, parcel: Parcel) -> None:
        """Send what waited for one to go behind, if none has come."""
        if (struck, parcel) in self._behind[destination]:
            self._behind[destination].remove((struck, parcel))
            await self._late(struck, destination, parcel)

    async def _late(self, struck: Struck, destination: str, parcel: Parcel) -> None:
        """Send what the sender believes to have arrived: whoever holds it up tries again until there is an answer."""
        tried = await self._original(destination, parcel)
        self.hand.note(struck, parcel, told(tried))
        if tried.reception in _UNANSWERED:
            self.hand.later(self.hand.now() + AGAIN, lambda: self._late(struck, destination, parcel))


def told(tried: Tried) -> str:
    """What came of a try, in words."""
    outcome = f" ({tried.outcome})" if tried.outcome else ""
    return f"{tried.reception}{outcome}{f': {tried.why}' if tried.why else ''}"
