"""Movements that a script begins by itself, one after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from random import Random
from typing import TYPE_CHECKING, Self

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.ports.reading import Outcome
from esad_gateway.simulator.goods import BY_PRODUCT, line
from esad_gateway.simulator.scripts.matching import Played
from esad_gateway.simulator.scripts.model import Traffic
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
    consignee: Consignee | Operator
    """Of a gateway elsewhere, which nobody simulates, there is the record only."""
    random: Random
    _next: Iterator[Departure]

    @classmethod
    def of(cls, emcs: "Emcs", played: Played, place: int, random: Random) -> Self:
        """The traffic at a place of a script, from now on.

        Raises UnreadableInput where a trader is of another kind, and where nobody elsewhere may receive the goods.
        """
        traffic = played.script.traffic[place]
        consignee = _receiver(emcs, traffic)
        consignor = emcs.consignor(traffic.origin, number=traffic.consignor or "")
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
        elif isinstance(self.consignee, Consignee):
            self.emcs.follow(SimulatedMovement(self.emcs, receipt.arc, self.consignor, self.consignee))

    def _draft(self, departure: Departure) -> IE815:
        traffic = self.played.script.traffic[self.place]
        to, by = self.consignee, self.consignor
        goods, days = (line(BY_PRODUCT[traffic.product], departure.quantity),), traffic.journey_days
        draft = by.draft(to, goods, days) if isinstance(to, Consignee) else by.draft_to(to, goods, days)
        number = f"{traffic.origin}-{self.random.getrandbits(_BITS):012X}"
        return replace(draft, ead_esad_draft=replace(draft.ead_esad_draft, local_reference_number=number))


def _receiver(emcs: "Emcs", traffic: Traffic) -> Consignee | Operator:
    """Who receives the goods of a traffic; of a gateway elsewhere the one that is named, or the first that may.

    Raises UnreadableInput when there is none, or the one that is named is another kind of trader.
    """
    to, state = traffic.consignee, traffic.destination
    outside = emcs.world.outside.get(f"NDEA.{state}")
    if outside is None:
        return emcs.consignee(state, number=to or "")
    known = [held[0] for number, held in sorted(emcs.world.operators.items()) if number[:2] == state]
    day = emcs.clock.now.date()
    able = (one for one in known if (one.seed == to if to else _may_receive(one, traffic.product, day)))
    if found := next(able, None):
        return found
    what = said("sim.script_stranger", number=to) if to else said("sim.script_no_receiver", product=traffic.product)
    raise UnreadableInput(said("sim.script_outside", what=what, state=state, url=outside.url))


def _may_receive(operator: Operator, product: str, day: date) -> bool:
    certified = operator.operator_type is OperatorType.CERTIFIED_CONSIGNEE
    return certified and operator.valid_on(day) and operator.covers(product)
