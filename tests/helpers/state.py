"""One administration as the verdict knows it, which is asked about one message after the other."""

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from zoneinfo import ZoneInfo

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.movement import Movement, Origin, Side
from esad_gateway.emcs.procedure import Answer, Incoming, Known, answer_to, content
from esad_gateway.emcs.profile import NationalProfile
from helpers.playbook import ARC, NOW, ZONES
from helpers.protocol import CONSIGNEE, CONSIGNOR
from helpers.samples import evolve
from helpers.traders import REGISTER

SIDES_OF = {"LT": Side.DISPATCH, "PL": Side.DESTINATION}
HOLDERS = {"LT": frozenset({CONSIGNOR, "LT001000"}), "PL": frozenset({CONSIGNEE, "PL001000"})}


@dataclass
class State:
    """One administration that is asked, and learns from what it answers."""

    state: str
    formalities: timedelta = timedelta(0)
    known: Known = field(init=False)

    def __post_init__(self) -> None:
        self.known = Known(
            now=NOW,
            profile=NationalProfile(
                state=self.state, time_zone=ZoneInfo(ZONES[self.state]), formalities=self.formalities
            ),
            identifiers=(f"{self.state}-{number}" for number in count(1)),
            operators={seed: (operator,) for seed, operator in REGISTER.items()},
        )

    @property
    def own(self) -> str:
        """Its address."""
        return f"NDEA.{self.state}"

    @property
    def other(self) -> str:
        """The address of the other one."""
        return "NDEA.PL" if self.state == "LT" else "NDEA.LT"

    @property
    def movement(self) -> Movement:
        """Its view of the movement."""
        return self.known.movements[ARC, SIDES_OF[self.state]]

    def trader(self, message: Message) -> Answer:
        """The answer to a trader of its own."""
        return self.asked(self.incoming(message, Origin.TRADER, holders=HOLDERS[self.state]))

    def office(self, message: Message) -> Answer:
        """The answer to its office."""
        return self.asked(self.incoming(message, Origin.OFFICE, holders=frozenset({f"{self.state}001000"})))

    def peer(self, message: Message) -> Answer:
        """The answer to the other administration."""
        return self.asked(self.incoming(message, Origin.ADMINISTRATION, holders=frozenset({self.other})))

    def incoming(self, message: Message, origin: Origin, holders: frozenset[str]) -> Incoming:
        """A message, addressed as it should be, whose content has been judged."""
        away = origin is Origin.ADMINISTRATION
        sender, recipient = (self.other, self.own) if away else (self.own, self.own)
        if origin is Origin.OFFICE:
            recipient = self.other
        addressed = evolve(message, {"header.message_sender": sender, "header.message_recipient": recipient})
        faults = content(type(message).__name__, addressed, origin, self.known.now, self.known.profile)
        door = Origin.ADMINISTRATION if away else Origin.TRADER
        return Incoming.read(addressed, faults, door=door, holders=holders, own=self.own)

    def asked(self, incoming: Incoming) -> Answer:
        """The answer, learned."""
        answer = answer_to(incoming.attributed(self.known.movements), self.known, ARC)
        self.known.learn(answer)
        return answer
