"""Movements that a script begins by itself, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random
from typing import TYPE_CHECKING, Self

from esad_gateway.emcs.messages import IE815
from esad_gateway.ports.reading import Outcome
from esad_gateway.simulator.goods import BY_PRODUCT, line
from esad_gateway.simulator.scripts.matching import Played
from esad_gateway.simulator.scripts.traffic import Departure, departures
from esad_gateway.simulator.scripts.unmet import in_words
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.traders import Consignee, Consignor
from esad_gateway.simulator.world.world import signed

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs

_BITS = 48
"""Of a local reference number at random: 12 digits to the base 16."""


@dataclass(slots=True)
class Departing:
    """One traffic of a script that is being played: what begins next, from whom to whom."""

    emcs: "Emcs"
    played: Played
    place: int
    consignor: Consignor
    consignee: Consignee
    random: Random
    _next: Iterator[Departure]

    @classmethod
    def of(cls, emcs: "Emcs", played: Played, place: int, random: Random) -> Self:
        """The traffic at a place of a script, from now on. Raises UnreadableInput where a trader is of another kind."""
        traffic = played.script.traffic[place]
        to, by = traffic.consignee, traffic.consignor
        consignor = emcs.trader(Consignor, by) if by else emcs.consignor(traffic.origin)
        consignee = emcs.trader(Consignee, to) if to else emcs.consignee(traffic.destination)
        calendar = consignor.home.runtime.profile.calendar_of(traffic.origin)
        following = departures(traffic, emcs.clock.now, calendar, random)
        return cls(emcs, played, place, consignor, consignee, random, following)

    def enter(self) -> None:
        """Enter the next movement into what falls due, if there is one."""
        departure = next(self._next, None)
        if departure is None:
            return

        async def act() -> None:
            await self._begin(departure)
            self.enter()

        self.emcs.world.agenda.enter(max(departure.at, self.emcs.clock.now), act)

    async def _begin(self, departure: Departure) -> None:
        document = signed(self.consignor.signer, self._draft(departure))
        receipt = await self.emcs.world.submit(self.consignor.home.code, document)
        if receipt.outcome is Outcome.REFUSED or receipt.arc is None:
            self.played.was_refused(self.place, None, in_words(receipt.faults))
        else:
            self.emcs.follow(SimulatedMovement(self.emcs, receipt.arc, self.consignor, self.consignee))

    def _draft(self, departure: Departure) -> IE815:
        traffic = self.played.script.traffic[self.place]
        goods = line(BY_PRODUCT[traffic.product], departure.quantity)
        draft = self.consignor.draft(self.consignee, (goods,), traffic.journey_days)
        number = f"{traffic.origin}-{self.random.getrandbits(_BITS):012X}"
        return replace(draft, ead_esad_draft=replace(draft.ead_esad_draft, local_reference_number=number))
