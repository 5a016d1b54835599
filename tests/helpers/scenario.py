"""A movement from Lithuania to Poland in two gateways of this process, and what the parties write about it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.movement import Origin
from esad_gateway.identities import header
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.reading import Receipt
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, HandClock, Station, new_draft, new_report
from helpers.samples import evolve

_PLACES = ("excise_movement", "update_ead_esad", "attributes")


@dataclass(frozen=True)
class Scenario:
    """Two gateways, and the e-SAD that is on its way between them."""

    box: Box
    lt: Station
    pl: Station
    e_sad: IE801

    @classmethod
    def begin(cls, box: Box, lt: Station, pl: Station) -> "Scenario":
        """S1: the draft is accepted and the e-SAD arrives."""
        receipt = lt.take(box.signed(CONSIGNOR, new_draft()))
        assert not receipt.faults
        scenario = cls(box, lt, pl, lt.last(CONSIGNOR))
        scenario.deliver()
        return scenario

    @property
    def arc(self) -> str:
        """The ARC of the movement."""
        return self.e_sad.excise_movement.administrative_reference_code

    def consignor(self, message: Message) -> Receipt:
        """The Lithuanian consignor submits."""
        return self.lt.take(self.box.signed(CONSIGNOR, self.about(message, "LT")))

    def consignee(self, message: Message) -> Receipt:
        """The Polish consignee submits."""
        return self.pl.take(self.box.signed(FOREIGN_CONSIGNEE, self.about(message, "PL")))

    def office(self, state: str, message: Message) -> Receipt:
        """An excise office submits, with a certificate of its own, to the other administration."""
        station, other = {"LT": (self.lt, "PL"), "PL": (self.pl, "LT")}[state]
        fresh = self.about(message, state)
        addressed = replace(fresh, header=replace(fresh.header, message_recipient=f"NDEA.{other}"))
        return station.take(self.box.office(state).sign(Binder("V3.23").write(addressed)))

    def peer(self, state: str, message: Message, changes: Mapping[str, Any] | None = None) -> Receipt:
        """A message as the other administration sends it, straight to the door."""
        station, other = {"LT": (self.pl, "PL"), "PL": (self.lt, "LT")}[state]
        fresh = self.about(message, state)
        addressed = replace(fresh, header=replace(fresh.header, message_recipient=f"NDEA.{other}"))
        document = self.box.administration(state).sign(Binder("V3.23").write(evolve(addressed, changes or {})))
        return station.take(document, Origin.ADMINISTRATION)

    def report(self, changes: Mapping[str, Any] | None = None) -> Receipt:
        """The consignee reports the receipt: all of it, unless changed."""
        return self.consignee(evolve(new_report(self.e_sad), changes or {}))

    def deliver(self) -> list[DeliveryOutcome]:
        """Hand over what is due, both ways, until nothing is."""
        outcomes: list[DeliveryOutcome] = []
        while moved := [*self.lt.deliver_to(self.pl), *self.pl.deliver_to(self.lt)]:
            outcomes += moved
        return outcomes

    def tick(self) -> None:
        """Let ended clocks fire on both sides."""
        for station in (self.lt, self.pl):
            station.runtime.committer.tick(station.clock.at)

    def states(self) -> tuple[str, str]:
        """The state at dispatch and at destination."""
        lithuania = [row["state"] for row in self.lt.rows("movement") if row["side"] == "dispatch"]
        poland = [row["state"] for row in self.pl.rows("movement") if row["side"] == "destination"]
        return lithuania[0], poland[0]

    def boxes(self) -> tuple[list[str], list[str]]:
        """What the consignor and the consignee got since the e-SAD."""
        consignor = [kind for direction, kind in self.lt.types(CONSIGNOR) if direction == "out"]
        consignee = [kind for direction, kind in self.pl.types(FOREIGN_CONSIGNEE) if direction == "out"]
        return consignor[1:], consignee[1:]

    def about(self, message: Any, state: str) -> Any:
        """The message about this movement, with a fresh header."""
        named = movement_of(message)
        place = next(name for name in _PLACES if _names_arc(message, name)) if named else None
        changes = {f"{place}.administrative_reference_code": self.arc} if place else {}
        return replace(evolve(message, changes), header=header(state, self.lt.clock.at))


@contextmanager
def held_report(
    box: Box, clock: HandClock, days: int = 30, shortages: Mapping[int, Decimal] | None = None
) -> Iterator[Scenario]:
    """A consignment that has arrived in Poland, where its report of receipt is held for so many days."""
    box.set("PL", formalities_days=days)
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        scenario = Scenario.begin(box, lt, pl)
        receipt = scenario.consignee(report(scenario.e_sad, clock.at, "PL001000", shortages))
        assert (receipt.faults, receipt.replies) == ((), ())
        yield scenario


def _names_arc(message: Any, place: str) -> bool:
    return getattr(getattr(message, place, None), "administrative_reference_code", None) is not None
