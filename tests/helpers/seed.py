"""Operators, changes and IE713 documents for the tests of the register."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st
from lxml import etree

from esad_gateway import resources
from esad_gateway.emcs.administration_codes import ModificationType, SeedMessageType
from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.registry import CATEGORIES, LinkedTrader, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.seed import Change, RegisterEntry, extract_of
from esad_gateway.emcs.seed.codes import TEMPORARY
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.write import document_bytes

EXTRACT = resources.fixtures() / "messages" / "ie713" / "valid" / "extract.xml"

SENT_ON = date(2026, 3, 2)
HEADER = Header(
    message_sender="SEED.EC",
    message_recipient="NDEA.LT",
    date_of_preparation=SENT_ON,
    time_of_preparation=time(2),
    message_identifier="seed-1",
)
ADDRESS = {"street": "Gatvė", "number": "1", "postcode": "01100", "city": "Vilnius", "language": "lt", "country": "LT"}

CONSIGNEE = Operator(
    seed="PL00000000201",
    name="Przykład Sp. z o.o.",
    operator_type=OperatorType.CERTIFIED_CONSIGNEE,
    office="PL002000",
    valid_from=date(2023, 2, 13),
    products=frozenset({"B000"}),
)
TEMPORARY_CONSIGNOR = Operator(
    seed="LT00000000111",
    name="Jonas Pavyzdys",
    operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
    office="LT001000",
    valid_from=date(2026, 3, 1),
    valid_to=date(2026, 3, 31),
    products=frozenset({"W200"}),
    temporary=TemporaryAuthorisation(
        counterparty="PL00000000201",
        quantities={"W200": Decimal(18)},
        linked=LinkedTrader(name="Przykład", street="Ulica", postcode="00-001", city="Warszawa", language="pl"),
    ),
)


@dataclass(frozen=True)
class Known:
    """A register of these records."""

    operators: tuple[Operator, ...] = ()

    def records(self, seed: str) -> tuple[Operator, ...]:
        """Those of a number."""
        return tuple(one for one in self.operators if one.seed == seed)

    def consignors_linked_to(self, seed: str) -> frozenset[str]:
        """Those that name a number."""
        return frozenset(one.seed for one in self.operators if one.temporary and one.temporary.counterparty == seed)


def change(operator: Operator, operation: str = "C", activation: date = SENT_ON, **more: Any) -> Change:
    """A change of one record, by default its creation on the day the message is sent."""
    values = {"place": "TraderAuthorisation[1]", "action": "action-1", "address": ADDRESS, **more}
    return Change(operator=operator, operation=ModificationType(operation), activation=activation, **values)


def limited(operator: Operator, **limits: Any) -> Operator:
    """A temporary operator with other limits."""
    assert operator.temporary is not None
    return replace(operator, temporary=replace(operator.temporary, **limits))


def extract(operators: Iterable[Operator]) -> IE713:
    """The extract that holds these operators, all at one address."""
    return extract_of([RegisterEntry(operator, ADDRESS) for operator in operators], HEADER)


def update(operators: Iterable[Operator], operation: str = "C", activation: date = SENT_ON) -> IE713:
    """The notification of one operation on each of these operators."""
    message = extract(operators)
    return replace(
        message,
        attributes=replace(message.attributes, incremental_message_type=SeedMessageType.UPDATE_OF_ECONOMIC_OPERATORS),
        trader_authorisation=tuple(_acted(one, operation, activation) for one in message.trader_authorisation),
        temporary_authorisation=tuple(_acted(one, operation, activation) for one in message.temporary_authorisation),
    )


def _acted(record: Any, operation: str, activation: date) -> Any:
    action = replace(record.action, operation=ModificationType(operation), activation_date=activation)
    return replace(record, action=action)


def document(message: IE713) -> bytes:
    """The bytes of an IE713."""
    return document_bytes(Binder("V3.23").write(message))


def tree(message: IE713) -> etree._Element:
    """The tree of an IE713."""
    return Binder("V3.23").write(message)


_WORDS = st.text("aąbcčdeé žŽ&<\"'", min_size=1, max_size=12).map(lambda text: " ".join(text.split()) or "x")
_DAYS = st.dates(date(2023, 1, 1), date(2030, 12, 31))
_CODES = st.sampled_from(["B000", "W200", "W300", "S200", "E470", "T200"])
_QUANTITIES = st.integers(1, 10**9).map(lambda number: Decimal(number) / 1000)
_LINKED = st.builds(
    LinkedTrader,
    name=_WORDS,
    street=_WORDS,
    number=st.none() | st.just("7a"),
    postcode=st.just("00-001"),
    city=_WORDS,
    language=st.sampled_from(["lt", "pl", "en"]),
)


@st.composite
def operators(draw: st.DrawFn) -> Operator:
    """Any operator that an extract has room for."""
    kind = draw(st.sampled_from(OperatorType))
    begins, days = draw(_DAYS), draw(st.integers(0, 400))
    state, number = draw(st.sampled_from(["LT", "PL", "XI", "EL"])), draw(st.integers(1, 99999))
    common = {
        "seed": f"{state}{number:011}",
        "name": draw(_WORDS),
        "operator_type": kind,
        "office": f"{state}001000",
        "valid_from": begins,
    }
    last = date.fromordinal(begins.toordinal() + days)
    if kind not in TEMPORARY:
        return Operator(
            **common,
            valid_to=draw(st.sampled_from([None, last])),
            products=draw(st.frozensets(_CODES)),
            categories=draw(st.frozensets(st.sampled_from(sorted(CATEGORIES)))),
        )
    quantities = draw(st.dictionaries(_CODES, _QUANTITIES, min_size=1))
    limits = TemporaryAuthorisation(
        counterparty=draw(st.sampled_from(["DE00000000301", "FR00000000401"])),
        reusable=draw(st.booleans()),
        quantities=quantities,
        small_wine_producer=draw(st.booleans()),
        linked=draw(_LINKED),
    )
    return Operator(**common, valid_to=last, products=frozenset(quantities), temporary=limits)
