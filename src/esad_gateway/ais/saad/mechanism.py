"""How rules of the SAAD list are written and run. Which there are stands in :mod:`esad_gateway.ais.saad.rules`.

A check says what is amiss, or ``None``. It sees the entry, or one of its lines, and with it the :class:`SaadContext`,
which is known offline, or the :class:`SaadFacts`, which ask the register and the store.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, fields
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Final, TypeAlias

from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.emcs.codes import FunctionalErrorCodes
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.rules.mechanism import written
from esad_gateway.faults import Fault, Said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place, PlaceStep

INCORRECT: Final = FunctionalErrorCodes.INCORRECT_CODE_VALUE
NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
OUT_OF_SEQUENCE: Final = FunctionalErrorCodes.MESSAGE_OUT_OF_SEQUENCE

LINES: Final = "lines"
VERSION: Final = "version"
"""The version of its record that an entry was made from: no field of it, and told beside it."""


@frozen
class Amiss:
    """What breaks a rule: the ``value`` that stands in ``item``, ``None`` when it is missing.

    ``hint`` and ``code`` replace the rule's own where the check knows more.
    """

    item: str
    value: object = None
    hint: Said | None = None
    code: FunctionalErrorCodes | None = None


@frozen
class SaadContext:
    """What is known of an entry without register and store: the law of the state, and the day there."""

    law: SaadLaw
    today: date


@frozen(kw_only=True)
class SaadFacts:
    """What the register and the store know that a rule may ask.

    ``trader`` is the number of who enters, ``operators`` are all records of the consignee's number, over time. Of a
    number that is a temporary authorisation: ``receipts`` is how many other documents it has received, e-SADs and
    records that are not withdrawn, and ``used`` what they have taken of every excise product.
    """

    law: SaadLaw
    trader: str
    operators: tuple[Operator, ...] = ()
    receipts: int = 0
    used: Mapping[str, Decimal] = field(default_factory=dict)


EntryCheck: TypeAlias = Callable[[SaadEntry, SaadContext], Amiss | None]
LineCheck: TypeAlias = Callable[[SaadLine, SaadEntry, SaadContext], Amiss | None]
CaseCheck: TypeAlias = Callable[[SaadEntry, SaadFacts], Amiss | None]
CaseLineCheck: TypeAlias = Callable[[SaadLine, SaadEntry, SaadFacts], Amiss | None]


def _asked_elsewhere(*_: object) -> None:
    """The check of a rule that only a decision can ask, since it is about what stands already."""


@frozen(kw_only=True)
class SaadRule:
    """One rule by its number; made by :func:`of_entry` and its like, which hold the check to what it is given.

    ``item`` is the field that it is about, ``source`` says where it is written. ``per_line`` rules are asked of every
    line, ``stateful`` ones are given the facts.
    """

    number: str
    item: str
    source: str
    code: FunctionalErrorCodes = INCORRECT
    check: Callable[..., Amiss | None] = _asked_elsewhere
    per_line: bool = False
    stateful: bool = False

    @property
    def path(self) -> str:
        """The place of the item, without positions (``lines.cn_code``)."""
        return f"{LINES}.{self.item}" if self.per_line else self.item

    def fault(self, amiss: Amiss, line: int | None = None) -> Fault:
        """The fault of what is amiss in the entry, or in one of its lines, which count from 1."""
        return Fault(
            code=amiss.code or self.code,
            rule=self.number,
            place=place(amiss.item, line),
            value=written(amiss.value),
            text=Said(f"{self.number}.text"),
            hint=amiss.hint or Said(f"{self.number}.hint"),
        )


def of_entry(
    number: str, item: str, source: str, check: EntryCheck, code: FunctionalErrorCodes = INCORRECT
) -> SaadRule:
    """A rule on the entry as a whole."""
    return SaadRule(number=number, item=item, source=source, check=check, code=code)


def of_lines(number: str, item: str, source: str, check: LineCheck) -> SaadRule:
    """A rule on every line."""
    return SaadRule(number=number, item=item, source=source, check=check, per_line=True)


def of_case(number: str, item: str, source: str, check: CaseCheck, code: FunctionalErrorCodes = INCORRECT) -> SaadRule:
    """A rule that asks the register or the store about the entry as a whole."""
    return SaadRule(number=number, item=item, source=source, check=check, code=code, stateful=True)


def of_case_lines(number: str, item: str, source: str, check: CaseLineCheck) -> SaadRule:
    """A rule that asks the register or the store about every line."""
    return SaadRule(number=number, item=item, source=source, check=check, per_line=True, stateful=True)


def run(rules: Sequence[SaadRule], entry: SaadEntry, given: SaadContext | SaadFacts) -> list[Fault]:
    """Every fault that ``rules`` find in ``entry``; ``given`` must be what all of these rules need."""
    found = []
    for rule in rules:
        if not rule.per_line:
            if amiss := rule.check(entry, given):
                found.append(rule.fault(amiss))
            continue
        for position, line in enumerate(entry.lines, 1):
            if amiss := rule.check(line, entry, given):
                found.append(rule.fault(amiss, position))
    return found


@lru_cache(maxsize=4096)
def place(item: str, line: int | None = None) -> Place:
    """The place of a field of an entry, or of one of its lines (``lines[2].cn_code``)."""
    steps = (PlaceStep(item),) if line is None else (PlaceStep(LINES, line), PlaceStep(item))
    return Place(steps, in_data=True)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """``faults`` as a reader of an entry meets their places; at one place, in the order given."""
    return tuple(sorted(faults, key=lambda one: [(_RANK[step.name], step.position or 0) for step in one.place.steps]))


_RANK: Final[Mapping[str, int]] = MappingProxyType(
    {one.name: rank for rank, one in enumerate((*fields(SaadEntry), *fields(SaadLine)))} | {VERSION: -1}
)
