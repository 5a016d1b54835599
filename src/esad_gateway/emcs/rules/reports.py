"""Rules that event reports (IE840) and control reports (IE717) share: who reports, and on goods under which document.

A report is about an e-SAD, or about goods that move under another document, which it describes. Each function makes the
rules for one of the two messages.
"""

from collections.abc import Iterator
from re import compile as pattern
from typing import Any, Final

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages.groups import GoodsItem, OtherAccompanyingDocument, PersonInvolvedInMovementTrader
from esad_gateway.emcs.rules.code_lists import COUNTRIES, EVIDENCE_TYPES, TRANSPORT_MODES, UNITS_OF_MEASURE
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, stateful
from esad_gateway.emcs.rules.numbers import formed, number_problem
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    OPTIONAL,
    REQUIRED,
    Need,
    is_other,
    listed,
    needed,
    required_only_if,
)
from esad_gateway.emcs.rules.places import places

DOCUMENT: Final = "OtherAccompanyingDocument"
PERSON: Final = f"{DOCUMENT}/PersonInvolvedInMovementTrader"
GOODS: Final = f"{DOCUMENT}/GoodsItem"
_MEANS: Final = f"{DOCUMENT}/MeansOfTransport"
_ALL_ZEROS: Final = "00000000"
_REPORT_NUMBER: Final = pattern("[A-Z]{2}[A-Z0-9]{13}[0-9]")

STATES: Final = (
    f"{DOCUMENT}/MemberStateOfDispatch",
    f"{DOCUMENT}/MemberStateOfDestination",
    f"{PERSON}/MemberStateCode",
)
"""Where a document that is no e-SAD names member states (BC11)."""


def report_number(number: str, message: type[Any], path: str) -> Rule:
    """R071 or R109 for the number of a report at ``path``: a member state, 13 digits or capitals, a check digit."""
    found = places(message, path)

    def check(one: Any, _context: Context) -> Iterator[Finding]:
        """The number begins with the state that validated the report, and has no small letters.

        Its check digit is verified where the number is made (R235), and how it is computed is published nowhere.
        """
        for place, value in found(one):
            if value[:2] not in NATIONAL_ADMINISTRATIONS:
                yield Finding(place, value, f"{value[:2]} is no national administration.")
            elif not _REPORT_NUMBER.fullmatch(value):
                yield Finding(place, value, "Expected 2 letters of the state, 13 digits or capitals, 1 digit.")

    check.__name__ = number.lower()
    return content(number, message, path, check)


def about_something(number: str, message: type[Any]) -> Rule:
    """C191 or C196: a report is about something."""

    def check(one: Any, _context: Context) -> Iterator[Finding]:
        """The report is about an e-SAD, or about goods under another document."""
        if one.excise_movement is None and one.other_accompanying_document is None:
            yield Finding("ExciseMovement")

    check.__name__ = number.lower()
    return content(number, message, "ExciseMovement", check)


def other_document(message: type[Any]) -> Rule:
    """C190: a document of another type than those of the list is described."""
    other = required_only_if(is_other("other_accompanying_document_type"))
    return needed("C190", message, f"{DOCUMENT}/ShortDescriptionOfOtherAccompanyingDocument", other)


def accompanied_goods(message: type[Any], cn_codes_besides: str) -> tuple[Rule, ...]:
    """The rules on the persons, goods and means of transport of the other document.

    ``cn_codes_besides`` is the other place where the message has CN codes, which R232 judges as well.
    """
    return (
        *_persons(message),
        needed("C201", message, (f"{GOODS}/CnCode", f"{GOODS}/Quantity", f"{GOODS}/UnitOfMeasureCode"), _goods_needed),
        _not_zero(message, f"{GOODS}/CnCode", cn_codes_besides),
        listed("BC52", message, f"{GOODS}/UnitOfMeasureCode", UNITS_OF_MEASURE),
        _masses(message),
        needed("C200", message, _MEANS, _means_needed),
        listed("R218", message, (f"{_MEANS}/TransporterCountry", f"{_MEANS}/CountryOfRegistration"), COUNTRIES),
        listed("BC67", message, f"{_MEANS}/TransportModeCode", TRANSPORT_MODES),
        needed(
            "C127", message, f"{_MEANS}/AcoComplementaryInformation", required_only_if(is_other("transport_mode_code"))
        ),
    )


def evidence(message: type[Any], group: str) -> tuple[Rule, Rule]:
    """The rules on the pieces of evidence at ``group``."""
    other = required_only_if(is_other("evidence_type_code"))
    return (
        listed("BC01", message, f"{group}/EvidenceTypeCode", EVIDENCE_TYPES),
        needed("C132", message, f"{group}/EvidenceTypeComplement", other),
    )


def _persons(message: type[Any]) -> tuple[Rule, ...]:
    found = places(message, PERSON)

    def c198(one: Any, _context: Context) -> Iterator[Finding]:
        """A person involved is given by an excise number, another identification or a name."""
        for place, person in found(one):
            if (person.trader_excise_number, person.traderid, person.trader_name) == (None, None, None):
                yield Finding(place)

    def r038(one: Any, case: Case) -> Iterator[Finding]:
        """An excise number or temporary authorisation reference of a person involved is registered."""
        for place, person in found(one):
            number = person.trader_excise_number
            if number is not None and number not in case.facts.operators and number_problem(number) is None:
                yield Finding(f"{place}/TraderExciseNumber", number)

    return (
        content("C198", message, PERSON, c198),
        formed("R070", message, f"{PERSON}/TraderExciseNumber"),
        stateful("R038", message, f"{PERSON}/TraderExciseNumber", r038),
        needed("C199", message, f"{PERSON}/MemberStateCode", _person_state_needed),
    )


def _not_zero(message: type[Any], *paths: str) -> Rule:
    cn_codes = tuple(places(message, path) for path in paths)

    def r232(one: Any, _context: Context) -> Iterator[Finding]:
        """What must be greater than zero is; the schema holds everything but CN codes to it."""
        for found in cn_codes:
            yield from (Finding(place, code) for place, code in found(one) if code == _ALL_ZEROS)

    return content("R232", message, paths[0], r232)


def _masses(message: type[Any]) -> Rule:
    found = places(message, GOODS)

    def r219(one: Any, _context: Context) -> Iterator[Finding]:
        """The gross mass of goods is not below their net mass, if both are given."""
        for place, item in found(one):
            if item.gross_mass is not None and item.net_mass is not None and item.gross_mass < item.net_mass:
                hint = f"Give at least the net mass, {item.net_mass} kg, or correct that."
                yield Finding(f"{place}/GrossMass", item.gross_mass, hint)

    return content("R219", message, f"{GOODS}/GrossMass", r219)


def _means_needed(document: OtherAccompanyingDocument, _message: Any) -> Need:
    """C200: without an image of the document the means of transport are described."""
    return REQUIRED if document.image_of_other_accompanying_document is None else OPTIONAL


def _goods_needed(_item: GoodsItem, message: Any) -> Need:
    """C201: goods have code, quantity and unit where no image of the document shows them."""
    document = message.other_accompanying_document
    shown = document is not None and document.image_of_other_accompanying_document is not None
    return ABSENT if shown else REQUIRED


def _person_state_needed(person: PersonInvolvedInMovementTrader, _message: Any) -> Need:
    """C199: who is known by name alone has a member state."""
    by_name = person.trader_name is not None and person.trader_excise_number is None and person.traderid is None
    return REQUIRED if by_name else ABSENT
