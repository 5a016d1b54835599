"""Rules that event reports (IE840) and control reports (IE717) share.

A report has a number and comes from an office. It is about an e-SAD, or about goods that move under another document,
which it describes. :func:`report_rules` makes the rules on that for one of the two messages, and puts those in between
that only this one has.
"""

from collections.abc import Iterator
from re import compile as pattern
from typing import TYPE_CHECKING, Final, Generic, TypeVar

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.emcs.messages.groups import GoodsItem, OtherAccompanyingDocument, PersonInvolvedInMovementTrader
from esad_gateway.emcs.rules import lines
from esad_gateway.emcs.rules.arcs import arc
from esad_gateway.emcs.rules.code_lists import (
    COUNTRIES,
    EVIDENCE_TYPES,
    TRANSPORT_MODES,
    TRANSPORT_UNITS,
    UNITS_OF_MEASURE,
)
from esad_gateway.emcs.rules.correlations import uncorrelated
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, stateful
from esad_gateway.emcs.rules.numbers import formed, number_problem
from esad_gateway.emcs.rules.patterns import (
    ABSENT,
    OPTIONAL,
    REQUIRED,
    Need,
    identity_of_units,
    is_other,
    known_office,
    language,
    listed,
    needed,
    northern_ireland,
    office,
    required_only_if,
    texts_with_language,
)
from esad_gateway.emcs.rules.places import places, rank
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.place import at

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE717, IE840

R = TypeVar("R", bound="IE717 | IE840")

_ARC: Final = "ExciseMovement/AdministrativeReferenceCode"
_DOCUMENT: Final = "OtherAccompanyingDocument"
_PERSON: Final = f"{_DOCUMENT}/PersonInvolvedInMovementTrader"
_GOODS: Final = f"{_DOCUMENT}/GoodsItem"
_MEANS: Final = f"{_DOCUMENT}/MeansOfTransport"
_STATES: Final = (
    f"{_DOCUMENT}/MemberStateOfDispatch",
    f"{_DOCUMENT}/MemberStateOfDestination",
    f"{_PERSON}/MemberStateCode",
)
_ALL_ZEROS: Final = "00000000"
_REPORT_NUMBER: Final = pattern("[A-Z]{2}[A-Z0-9]{13}[0-9]")


@frozen(kw_only=True)
class ReportPlaces(Generic[R]):
    """Where one of the two messages has what both have; places are paths from the body element.

    The rulebook numbers two rules by message: ``number_rule`` is R071 or R109, on the form of the number;
    ``subject_rule`` is C191 or C196, that the report is about something. ``state`` is the member state that stands
    outside the other document, ``place`` is where it happened, ``goods`` are the report's own lines. ``addresses`` are
    the groups with an address, without the persons of the other document.
    """

    message: type[R]
    number_rule: str
    subject_rule: str
    number: str
    office: str
    state: str
    place: str
    evidence: str
    units: str
    goods: str
    addresses: tuple[str, ...] = ()


def report_rules(report: ReportPlaces[R], *own: Rule) -> tuple[Rule, ...]:
    """The rules of ``report`` in the order of the document: its ``own``, and those that the other report has as well.

    At one and the same element its own stand first: whether it belongs there is said before what is wrong in it.
    """
    rules = (*own, *_shared_rules(report))
    return tuple(sorted(rules, key=lambda rule: rank(report.message, rule.path)))


def _shared_rules(report: ReportPlaces[R]) -> tuple[Rule, ...]:
    message = report.message
    return (
        uncorrelated(message),
        _report_number(report.number_rule, message, report.number),
        northern_ireland("R274", message, report.number, _ARC, f"{_PERSON}/TraderExciseNumber", f"{_PERSON}/Traderid"),
        office(message, report.office),
        known_office(message, report.office),
        listed("BC11", message, (report.state, *_STATES), NATIONAL_ADMINISTRATIONS),
        _about_something(report.subject_rule, message),
        *arc(message, _ARC),
        texts_with_language(message, *report.addresses, _PERSON),
        *_accompanied_goods(message, f"{report.goods}/CnCode"),
        language(message, report.place),
        *_evidence(message, report.evidence),
        listed("BC35", message, f"{report.units}/TransportUnitCode", TRANSPORT_UNITS),
        identity_of_units(message, report.units),
        *lines.references(message, report.goods),
    )


def _report_number(number: str, message: type[R], path: str) -> Rule:
    """R071 or R109 for the number of a report at ``path``: a member state, 13 digits or capitals, a check digit."""
    found = places(message, path)

    def check(one: R, _context: Context) -> Iterator[Finding]:
        """The number begins with the state that validated the report, and has no small letters.

        Its check digit is verified where the number is made (R235), and how it is computed is published nowhere.
        """
        for place, value in found(one):
            if value[:2] not in NATIONAL_ADMINISTRATIONS:
                yield Finding(place, value, said("hint.no_administration", code=value[:2]))
            elif not _REPORT_NUMBER.fullmatch(value):
                yield Finding(place, value, Said("hint.report_number"))

    check.__name__ = number.lower()
    return content(number, message, path, check)


def _about_something(number: str, message: type[R]) -> Rule:
    """C191 or C196: a report is about something."""

    def check(one: R, _context: Context) -> Iterator[Finding]:
        """The report is about an e-SAD, or about goods under another document."""
        if one.excise_movement is None and one.other_accompanying_document is None:
            yield Finding(at("ExciseMovement"))

    check.__name__ = number.lower()
    return content(number, message, "ExciseMovement", check)


def _accompanied_goods(message: type[R], cn_codes_besides: str) -> tuple[Rule, ...]:
    """The rules on the other document, and on its persons, goods and means of transport.

    ``cn_codes_besides`` is the other place where the message has CN codes, which R232 judges as well.
    """
    other_type = required_only_if(is_other("other_accompanying_document_type"))
    return (
        needed("C190", message, f"{_DOCUMENT}/ShortDescriptionOfOtherAccompanyingDocument", other_type),
        *_persons(message),
        needed(
            "C201", message, (f"{_GOODS}/CnCode", f"{_GOODS}/Quantity", f"{_GOODS}/UnitOfMeasureCode"), _goods_needed
        ),
        _not_zero(message, f"{_GOODS}/CnCode", cn_codes_besides),
        listed("BC52", message, f"{_GOODS}/UnitOfMeasureCode", UNITS_OF_MEASURE),
        _masses(message),
        needed("C200", message, _MEANS, _means_needed),
        listed("R218", message, (f"{_MEANS}/TransporterCountry", f"{_MEANS}/CountryOfRegistration"), COUNTRIES),
        listed("BC67", message, f"{_MEANS}/TransportModeCode", TRANSPORT_MODES),
        needed(
            "C127", message, f"{_MEANS}/AcoComplementaryInformation", required_only_if(is_other("transport_mode_code"))
        ),
    )


def _evidence(message: type[R], group: str) -> tuple[Rule, Rule]:
    """The rules on the pieces of evidence at ``group``."""
    other = required_only_if(is_other("evidence_type_code"))
    return (
        listed("BC01", message, f"{group}/EvidenceTypeCode", EVIDENCE_TYPES),
        needed("C132", message, f"{group}/EvidenceTypeComplement", other),
    )


def _persons(message: type[R]) -> tuple[Rule, ...]:
    found = places(message, _PERSON)

    def c198(one: R, _context: Context) -> Iterator[Finding]:
        """A person involved is given by an excise number, another identification or a name."""
        for place, person in found(one):
            if (person.trader_excise_number, person.traderid, person.trader_name) == (None, None, None):
                yield Finding(place)

    def r038(one: R, case: Case) -> Iterator[Finding]:
        """An excise number or temporary authorisation reference of a person involved is registered."""
        for place, person in found(one):
            number = person.trader_excise_number
            if number is not None and number not in case.facts.operators and number_problem(number) is None:
                yield Finding(place / "TraderExciseNumber", number)

    return (
        content("C198", message, _PERSON, c198),
        formed("R070", message, f"{_PERSON}/TraderExciseNumber"),
        stateful("R038", message, f"{_PERSON}/TraderExciseNumber", r038),
        needed("C199", message, f"{_PERSON}/MemberStateCode", _person_state_needed),
    )


def _not_zero(message: type[R], *paths: str) -> Rule:
    cn_codes = tuple(places(message, path) for path in paths)

    def r232(one: R, _context: Context) -> Iterator[Finding]:
        """What must be greater than zero is; the schema holds everything but CN codes to it."""
        for found in cn_codes:
            yield from (Finding(place, code) for place, code in found(one) if code == _ALL_ZEROS)

    return content("R232", message, paths[0], r232)


def _masses(message: type[R]) -> Rule:
    found = places(message, _GOODS)

    def r219(one: R, _context: Context) -> Iterator[Finding]:
        """The gross mass of goods is not below their net mass, if both are given."""
        for place, item in found(one):
            if item.gross_mass is not None and item.net_mass is not None and item.gross_mass < item.net_mass:
                hint = said("hint.net_mass", net=str(item.net_mass))
                yield Finding(place / "GrossMass", item.gross_mass, hint)

    return content("R219", message, f"{_GOODS}/GrossMass", r219)


def _means_needed(document: OtherAccompanyingDocument, _message: object) -> Need:
    """C200: without an image of the document the means of transport are described."""
    return REQUIRED if document.image_of_other_accompanying_document is None else OPTIONAL


def _goods_needed(_item: GoodsItem, message: "IE717 | IE840") -> Need:
    """C201: goods have code, quantity and unit where no image of the document shows them."""
    document = message.other_accompanying_document
    shown = document is not None and document.image_of_other_accompanying_document is not None
    return ABSENT if shown else REQUIRED


def _person_state_needed(person: PersonInvolvedInMovementTrader, _message: object) -> Need:
    """C199: who is known by name alone has a member state."""
    by_name = person.trader_name is not None and person.trader_excise_number is None and person.traderid is None
    return REQUIRED if by_name else ABSENT
