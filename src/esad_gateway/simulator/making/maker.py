"""Makes messages to test with: of any type, small and large, of any goods, between any states, by any transport."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import lru_cache
from random import Random
from typing import Any, Final

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.messages.groups import TransportDetails, TransportMode
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS, TRANSPORT_MODES
from esad_gateway.errors import MalformedXml, UnreadableInput
from esad_gateway.faults import Faults, said
from esad_gateway.frozen import frozen
from esad_gateway.simulator.making.case import MadeCase, shipped_case
from esad_gateway.simulator.making.goods_lines import USUAL, case_in_goods, in_goods
from esad_gateway.simulator.making.places import OTHER, OWN, TOWNS, Move
from esad_gateway.simulator.making.sizes import MOST_LINES, fullest, largest, smallest
from esad_gateway.simulator.making.typical import samples, typical, usual
from esad_gateway.simulator.making.variants import broken, broken_samples, named, rule_of, rules_of
from esad_gateway.xml.release import current, shipped

DAY: Final = date(2026, 3, 2)
"""The day of messages for which nobody says another one."""


class Size(StrEnum):
    """How much a message has in it."""

    SMALLEST = "smallest"
    TYPICAL = "typical"
    LARGEST = "largest"


@frozen(kw_only=True)
class Wanted:
    """What a message is to be.

    ``message`` is a type (IE815), ``sample`` one of those that ship (``deferred``); without one it is the first that
    fits, beginning with the usual one. ``product`` is an excise product code (BC36), ``transport`` a mode (BC67); as
    the sample has them, where they are left out. Messages that name neither are not changed by them.
    ``own`` is the member state whose trader or office writes it, or to which it comes; ``other`` is that on the other
    side of the movement.
    """

    message: str = "IE815"
    size: Size = Size.TYPICAL
    sample: str | None = None
    product: str | None = None
    transport: str | None = None
    own: str = OWN
    other: str = OTHER
    day: date = DAY

    def check(self) -> None:
        """Raise UnreadableInput for what there is not, with what there is."""
        for what, one, known in (
            ("product", self.product, EXCISE_PRODUCTS),
            ("transport", self.transport, TRANSPORT_MODES),
            ("state", self.own, TOWNS),
            ("state", self.other, TOWNS),
        ):
            if one is not None and one not in known:
                raise UnreadableInput(said("making.no_value", field=what, name=one, known=", ".join(sorted(known))))
        if self.own == self.other:
            raise UnreadableInput(said("making.one_state", state=self.own))
        typical(self.message, self.sample)

    @property
    def name(self) -> str:
        """What tells it from others, as a name of a file."""
        parts = (self.message.lower(), self.sample, self.size, self.product, self.own, self.other, self.transport)
        return "-".join(str(part) for part in parts if part)


@frozen(kw_only=True)
class Made:
    """A message that was made, what it is judged against, and the faults that it has on purpose."""

    name: str
    message: Message
    case: MadeCase
    faults: Faults = ()

    def document(self) -> bytes:
        """It as a document of the current release, without a signature."""
        return etree.tostring(current().write(self.message), xml_declaration=True, encoding="UTF-8")


@frozen
class Maker:
    """Makes messages; what it makes is decided by the ``seed`` and by what is wanted, and by nothing else."""

    seed: int = 0

    def make(self, wanted: Wanted | None = None) -> Made:
        """A valid message, by its schema and by every rule. Raises UnreadableInput for what there is not."""
        wanted = wanted or Wanted()
        wanted.check()
        for sample in _candidates(wanted):
            template = _template(replace(wanted, sample=sample, own=OWN, other=OTHER, day=min(wanted.day, DAY)))
            if template is not None:
                message, case = template
                made = self._moved(wanted.name, wanted, _varied(message, self._chance(wanted.name)), case)
                if is_clean(made.message, made.case):
                    return made
        raise UnreadableInput(said("making.nothing_valid", name=wanted.name))

    def rules(self, message: str) -> tuple[str, ...]:
        """The rules of a type that :meth:`broken` can break. Raises UnreadableInput for no type."""
        return rules_of(message)

    def broken(self, wanted: Wanted, rule: str) -> Made:
        """A message that follows its schema and breaks one rule: a sample that ships, in other states, of another day.

        ``rule`` is a number, of which the ``seed`` chooses a sample, or the name of one (``R219-gross-below-net``). The
        faults are those of the rule; of some samples the movement says something besides. Size, goods and transport are
        those of the sample; :meth:`spoilt` breaks any message. Raises UnreadableInput for a rule that no sample breaks
        between the states that are wanted: those of Northern Ireland, say, where it takes part anyway.
        """
        wanted.check()
        names = named(wanted.message, rule)
        number = rule_of(names[0])
        made = [self.broken_sample(wanted, name) for name in names]
        breaking = [one for one in made if number in {fault.rule for fault in one.faults}]
        if not breaking:
            raise UnreadableInput(said("making.not_there", rule=rule, own=wanted.own, other=wanted.other))
        alone = [one for one in breaking if {fault.rule for fault in one.faults} == {number}]
        return self._chance(f"{wanted.message}/{rule}").choice(alone or breaking)

    def broken_sample(self, wanted: Wanted, name: str) -> Made:
        """A sample that breaks a rule, by its name; it may have no fault between states that the rule is not about."""
        whole = f"{wanted.message.lower()}-{name}-{wanted.own}-{wanted.other}"
        made = self._moved(whole, wanted, broken_samples(wanted.message)[name], shipped_case())
        return replace(made, faults=made.case.faults_of(made.message))

    def spoilt(self, made: Made, rule: str) -> Made:
        """A message that was made, with one item broken so that it breaks one rule and no other.

        Raises UnreadableInput when no single item of it can do that: another sample may have the item that can.
        """
        message = broken(made.message, rule, made.case, self._chance(f"{made.name}/{rule}"))
        return replace(made, name=f"{made.name}-{rule}", message=message, faults=made.case.faults_of(message))

    def _moved(self, name: str, wanted: Wanted, message: Message, case: MadeCase) -> Made:
        """A message of the day and the states that ship, put into those that are wanted, with identities of its own."""
        move = Move(own=wanted.own, other=wanted.other, day=wanted.day, seed=self.seed, name=name)
        return Made(name=name, message=move.message(message, case), case=move.case(case))

    def _chance(self, what: str) -> Random:
        return Random(f"{self.seed}/{what}")  # noqa: S311 - repeatable, and no secret


def is_clean(message: Message, case: MadeCase) -> bool:
    """Whether nothing is wrong with a message, by its schema, by every rule, and by what a document may have in all."""
    try:
        return not case.faults_of(message) and shipped().accepts(current().write(message))
    except MalformedXml:
        return False


def _candidates(wanted: Wanted) -> Sequence[str]:
    """The samples to begin with, in turn: the usual one, the shortest to become small, the longest to become large."""
    known = samples(wanted.message)
    if wanted.sample is not None:
        return (wanted.sample,)
    if wanted.size is Size.TYPICAL:
        first = usual(wanted.message)
        return (first, *(name for name in known if name != first))
    by_length = sorted(known, key=lambda name: len(repr(known[name])), reverse=wanted.size is Size.LARGEST)
    return tuple(by_length)


@lru_cache(maxsize=256)
def _template(wanted: Wanted) -> tuple[Message, MadeCase] | None:
    """A valid message as it ships, in the goods, by the transport and of the size that are wanted, if there is one."""
    product = wanted.product or USUAL
    case = case_in_goods(shipped_case(), product)
    message = _by(in_goods(typical(wanted.message, wanted.sample), product, wanted.day), wanted.transport, case)
    if message is None or not _has(message, wanted.product):
        return None
    if wanted.size is Size.SMALLEST:
        return smallest(message, lambda one: is_clean(one, case)), case
    return (message, case) if wanted.size is Size.TYPICAL else _largest(message, case, _grown(product))


@lru_cache(maxsize=4)
def _grown(product: str) -> MadeCase:
    """What messages of these goods are judged against, with as many lines in every movement as there may be."""
    return case_in_goods(shipped_case(), product).with_lines(MOST_LINES)


def _largest(message: Message, case: MadeCase, grown: MadeCase) -> tuple[Message, MadeCase]:
    full = fullest(message, lambda one: is_clean(one, case))
    movement = grown.movement_of(full)
    products = [line.product for line in movement.lines] if movement else []
    return largest(full, lambda one: is_clean(one, grown), products), grown


def _has(message: Message, product: str | None) -> bool:
    """Whether goods are in the lines of a document; in one that has no lines, or where nobody asks, they are."""
    lines = getattr(message, "body_ead_esad", ())
    return product is None or not lines or any(line.excise_product_code == product for line in lines)


def _by(message: Message, transport: str | None, case: MadeCase) -> Message | None:
    """The message of goods that travel by a mode of transport, ``None`` where that is not valid.

    One that says nothing of transport stays as it is.
    """
    mode = getattr(message, "transport_mode", None)
    as_it_is = transport is None or mode is None or mode.transport_mode_code == transport
    others = (message,) if as_it_is else (replace(message, **way) for way in _ways(transport or ""))
    return next((other for other in others if is_clean(other, case)), None)


def _ways(transport: str) -> Iterator[dict[str, Any]]:
    text = Text("By road and ferry", "en") if transport == "0" else None
    mode = TransportMode(transport_mode_code=transport, complementary_information=text)
    unit = {"3": "2"}.get(transport, "1")
    movable = TransportDetails(transport_unit_code=unit, identity_of_transport_units="EXMU 000001 0")
    for details in (movable, TransportDetails(transport_unit_code="5")):
        yield {"transport_mode": mode, "transport_details": (details,)}


def _varied(message: Message, chance: Random) -> Message:
    """The message with other quantities in its lines, never larger ones: what authorisations allow stays enough."""
    lines = getattr(message, "body_ead_esad", ())
    if not lines:
        return message
    part = Decimal(chance.randrange(50, 101)) / 100
    changes: dict[str, Any] = {"body_ead_esad": tuple(_less(line, part) for line in lines)}
    return replace(message, **changes)


def _less(line: Any, part: Decimal) -> Any:
    amounts = {name: round(getattr(line, name) * part, 3) for name in ("quantity", "gross_mass", "net_mass")}
    return replace(line, **{name: amount.normalize() + 0 for name, amount in amounts.items()})
