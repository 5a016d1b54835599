"""Simulated traders: registered, with a key of their own, and with hands to do what the protocol lets them do."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from random import Random
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar, Final, TypeVar

from esad_gateway.drafting.reports import as_it_stands, receiver
from esad_gateway.emcs.codes import DestinationTypeCode, SubmitterType
from esad_gateway.emcs.messages import IE801, IE815, Message
from esad_gateway.emcs.messages.groups import BodyEadEsad
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import SenderError
from esad_gateway.faults import Fault, Said
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.signing.pem import write_certificate, write_key
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.simulator.goods import Goods, exact, line
from esad_gateway.simulator.making.variants import broken
from esad_gateway.simulator.scripts.model import Actor, Do, Then
from esad_gateway.simulator.world.acting import Arrival, written
from esad_gateway.simulator.world.judging import case_in
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.temporary import check, naming
from esad_gateway.simulator.world.wishes import lines_of, unfit
from esad_gateway.simulator.world.world import signed
from esad_gateway.texts import say

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs

M = TypeVar("M", bound=Message)

Quantities = Mapping[int, Decimal | float]
"""Quantities by the number of a line, in the unit of its product."""


class SubmissionRefused(SenderError):
    """A gateway has refused what a simulated trader submitted; ``receipt`` has every fault."""

    def __init__(self, receipt: Receipt) -> None:
        super().__init__("\n".join((f"the {receipt.type} was refused:", *map(_told, receipt.faults))))
        self.receipt = receipt


@dataclass(frozen=True, slots=True)
class TraderFiles:
    """What a system needs to act for a trader: its private key and its certificate (PEM), and a token."""

    key: Path
    certificate: Path
    token: Path


@dataclass(slots=True, eq=False, repr=False)
class SimulatedTrader:
    """A trader of a simulated state; ``operator`` is its record as it is registered now."""

    party: ClassVar[Actor]
    """What it is to its movements."""

    emcs: "Emcs"
    operator: Operator
    signer: XmlSigner

    @property
    def seed(self) -> str:
        """Its excise number."""
        return self.operator.seed

    def __repr__(self) -> str:
        return f"<{type(self).__name__.lower()} {self.seed}>"

    @property
    def home(self) -> SimulatedState:
        """The state that it belongs to."""
        return self.emcs.world.states[self.seed[:2]]

    @property
    def today(self) -> date:
        """The day by the calendar of its state."""
        return self.home.runtime.profile.local_date(self.emcs.clock.now)

    def files(self, folder: Path) -> TraderFiles:
        """Its key, its certificate and a token of its mailbox as files in ``folder``, for a system that acts for it.

        The key is readable by its owner only. Raises OSError.
        """
        identity = self.emcs.run(self.emcs.world.identity(self.seed))
        found = TraderFiles(*(folder / f"{self.seed}.{ending}" for ending in ("key", "pem", "token")))
        write_key(found.key, identity.key)
        write_certificate(found.certificate, identity.certificate)
        found.token.touch(0o600)
        found.token.write_text(self.token(), encoding="ascii")
        return found

    def token(self) -> str:
        """A new token that opens its mailbox over HTTP."""
        return self.home.runtime.registry.issue_token(self.seed, self.emcs.clock.now)

    def register(self, operator: Operator) -> None:
        """Enter a record of this trader into the register of every state. Raises UnreadableInput with broken rules."""
        check(operator, self.emcs.world.operators)
        self.operator = operator
        self.emcs.run(self.emcs.world.register(operator))

    def deal_with(self, other: "SimulatedTrader") -> None:
        """Let a temporary authorisation name somebody that names nobody yet. Raises UnreadableInput."""
        if (named := naming(self.operator, other.operator)) != self.operator:
            self.register(named)

    def inbox(self, arc: str | None = None) -> list[Message]:
        """What its gateway gave to it, oldest first; of one movement, if an ARC is given."""
        return [self.home.message(one) for one in self.home.entries(self.seed, arc) if one.direction == "out"]

    def submit(self, message: Message | bytes) -> Receipt:
        """Sign a message and submit it; bytes are submitted as they are. Returns the receipt, whatever it says."""
        document = message if isinstance(message, bytes) else signed(self.signer, message)
        return self.emcs.run(self.emcs.world.take(self.home.code, document))

    def send(self, message: Message) -> Receipt:
        """As :meth:`submit`, of a message that must be taken. Raises SubmissionRefused with every fault."""
        receipt = self.submit(message)
        if receipt.outcome is Outcome.REFUSED:
            raise SubmissionRefused(receipt)
        return receipt

    def broken(self, message: M, rule: str, seed: int = 0) -> M:
        """A message of this trader that breaks one rule, and no other: one item of it is broken, and ``seed`` chooses.

        Raises UnreadableInput when no single item of it can break that rule alone.
        """
        case = case_in(self.emcs.world, self.home, self.seed, message)
        chance = Random(f"{seed}/{rule}/{message.header.message_identifier}")  # noqa: S311 - repeatable, and no secret
        return broken(message, rule, case, chance)

    def e_sad(self, arc: str) -> IE801:
        """The e-SAD of a movement as it stands now, as far as this trader knows. Raises LookupError for none."""
        known = self.home.movement(self.seed, arc)
        found = [one for one in self.inbox(arc) if isinstance(one, IE801)]
        if not known or not found:
            raise LookupError(f"{self.seed} has no e-SAD {arc}")
        returning = known.destination_type is DestinationTypeCode.RETURN_TO_PLACE_OF_DISPATCH
        return as_it_stands(found[-1], known.sequence, returning=returning)

    def answer(self, arc: str, then: Then) -> Message | None:
        """What this trader writes now to do what a step of a script says about a movement; ``None`` for nothing.

        Raises LookupError for a movement that it has no part in, or whose goods do not come to it any more.
        """
        now, office = self.emcs.clock.now, self.operator.office
        e_sad, author = self.e_sad(arc), _AUTHORS[self.party]
        if self.party is Actor.CONSIGNEE and receiver(e_sad).traderid != self.seed:
            raise LookupError(f"the goods of {arc} do not come to {self.seed} any more")
        language = self.home.runtime.profile.language
        return written(
            then, Arrival(e_sad=e_sad, now=now, today=self.today, office=office, author=author, language=language)
        )

    def do(self, arc: str, then: Then) -> None:
        """Do now what a step of a script says about a movement. Raises SubmissionRefused."""
        if (message := self.answer(arc, then)) is not None:
            self.send(message)


class Consignor(SimulatedTrader):
    """A certified consignor, or one with a temporary authorisation."""

    party = Actor.CONSIGNOR

    def draft(self, to: "Consignee", lines: Sequence[BodyEadEsad] = (), journey_days: int = 5) -> IE815:
        """A draft of an e-SAD of today, with some wine unless ``lines`` say what, as it can be submitted.

        A temporary authorisation of either that names nobody yet names the other from now on. Raises UnreadableInput
        for somebody who is no consignee, and for lines that are none.
        """
        if not isinstance(to, Consignee):
            raise unfit("to", Said("sim.to_whom"), to)
        named = lines_of(lines)
        self.deal_with(to)
        to.deal_with(self)
        return self.draft_to(to.operator, named, journey_days)

    def draft_to(self, to: Operator, lines: Sequence[BodyEadEsad] = (), journey_days: int = 5) -> IE815:
        """The same to a consignee of which there is the record only: its state may be simulated by nobody."""
        made = draft(Parties(self.operator, to), self.emcs.clock.now, self.today)
        goods = lines or (line(Goods.WINE),)
        numbered = tuple(replace(one, body_record_unique_reference=at) for at, one in enumerate(goods, 1))
        journey = replace(
            made.header_ead_esad, journey_time=f"D{journey_days:02}", destination_type_code=_destination_type(to)
        )
        return replace(made, header_ead_esad=journey, body_ead_esad=numbered)

    def dispatch(self, to: "Consignee", lines: Sequence[BodyEadEsad] = (), journey_days: int = 5) -> SimulatedMovement:
        """Dispatch goods under an e-SAD. Raises SubmissionRefused."""
        receipt = self.send(self.draft(to, lines, journey_days))
        return self.emcs.follow(SimulatedMovement(self.emcs, receipt.arc or "", self, to))

    def send_to_other_place(self, movement: SimulatedMovement, place: str) -> None:
        """Change the place of delivery (IE813). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.SEND_ELSEWHERE, place=place))

    def take_back(self, movement: SimulatedMovement) -> None:
        """Change the destination: the goods are to return (IE813). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.TAKE_BACK))

    def return_to_dispatch(self, movement: SimulatedMovement) -> None:
        """Take the goods back (IE813), and report that they have returned (IE818). Raises SubmissionRefused."""
        self.take_back(movement)
        self.do(movement.arc, Then(do=Do.REPORT_RETURN))

    def explain(self, movement: SimulatedMovement, reason: str) -> None:
        """Explain a shortage or an excess (IE871). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.EXPLAIN_SHORTAGE, reason=reason))


class Consignee(SimulatedTrader):
    """A certified consignee, or one with a temporary authorisation."""

    party = Actor.CONSIGNEE

    def accept(
        self, movement: SimulatedMovement, shortages: Quantities | None = None, excesses: Quantities | None = None
    ) -> None:
        """Report that the goods have arrived, with what is short or too much (IE818). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.ACCEPT, shortages=_exact(shortages), excesses=_exact(excesses)))

    def refuse(self, movement: SimulatedMovement, reason: str = "") -> None:
        """Refuse all of the goods (IE818). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.REFUSE, reason=reason))

    def partially_refuse(self, movement: SimulatedMovement, refused: Quantities, reason: str = "") -> None:
        """Refuse a part of the goods (IE818). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.PARTIALLY_REFUSE, refused=_exact(refused), reason=reason))

    def alert(self, movement: SimulatedMovement, reason: str = "") -> None:
        """Alert: the e-SAD is not as agreed (IE819). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.ALERT, reason=reason))

    def reject(self, movement: SimulatedMovement, reason: str = "") -> None:
        """Reject the e-SAD before the goods arrive (IE819). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.REJECT, reason=reason))

    def explain_delay(self, movement: SimulatedMovement, reason: str = "") -> None:
        """Explain why there is no report of receipt yet (IE837). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.EXPLAIN_DELAY, reason=reason))

    def explain(self, movement: SimulatedMovement, reason: str) -> None:
        """Explain a shortage or an excess (IE871). Raises SubmissionRefused."""
        self.do(movement.arc, Then(do=Do.EXPLAIN_SHORTAGE, reason=reason))


_AUTHORS: Final[Mapping[Actor, SubmitterType]] = MappingProxyType(
    {Actor.CONSIGNEE: SubmitterType.CONSIGNEE, Actor.CONSIGNOR: SubmitterType.CONSIGNOR}
)


def _destination_type(to: Operator) -> DestinationTypeCode:
    """What a draft calls the destination when the goods go to a consignee (R045)."""
    temporary = to.operator_type is OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    kinds = DestinationTypeCode
    return kinds.TEMPORARY_CERTIFIED_CONSIGNEE if temporary else kinds.CERTIFIED_CONSIGNEE


def _exact(quantities: Quantities | None) -> dict[int, Decimal]:
    return {number: exact(quantity) for number, quantity in (quantities or {}).items()}


def _told(fault: Fault) -> str:
    text = say(fault.text).removesuffix(".")
    return f"  {fault.rule} at {fault.path}: {fault.value!r}. {text}. {say(fault.hint)}"
