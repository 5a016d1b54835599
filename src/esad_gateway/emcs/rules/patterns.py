"""Rules that many messages share, made for one message and its paths.

Most conditions of the rulebook have one of a few forms: an item is required, optional or does not apply, as its group
says (:func:`needed`); a code is one of a list (:func:`listed`). Each function here returns one rule.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import fields
from enum import Enum, auto
from operator import attrgetter
from re import Pattern
from typing import TYPE_CHECKING, Any, Final, TypeAlias, TypeVar

from esad_gateway.emcs.authorisations import TEMPORARY_TYPES
from esad_gateway.emcs.codes import FunctionalErrorCodes, TransportArrangement
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS, Malformed, OfficeReference
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.rules.code_lists import LANGUAGES, OTHER
from esad_gateway.emcs.rules.mechanism import Case, Context, Finding, Rule, content, on_movement, stateful, together
from esad_gateway.emcs.rules.places import Item, M, class_at, languages, nodes, places, steps, with_language
from esad_gateway.faults import Said, said
from esad_gateway.place import Place, at

if TYPE_CHECKING:
    from esad_gateway.emcs.messages import IE818, IE819

G = TypeVar("G")

LEAVE_OUT: Final = Said("hint.leave_out")
_LANGUAGES_OR_NONE: Final = LANGUAGES | {None}
TEXTS_OF_GROUP: Final = frozenset(
    {"trader_name", "control_office_name", "street_name", "street_number", "postcode", "city"}
)
"""Fields of a group whose language is said for the group (C002)."""
_NOT_SUPPORTED: Final = FunctionalErrorCodes.NOT_SUPPORTED_IN_THIS_POSITION
_ARRANGED_BY_OTHERS: Final = frozenset({TransportArrangement.OWNER_OF_GOODS, TransportArrangement.OTHER})
_OF_NORTHERN_IRELAND: Final = "NDEA.XI"
_NORTHERN_IRELAND: Final = "XI"


class Need(Enum):
    """What a condition says of an item: it must be there, it may be, it must not."""

    REQUIRED = auto()
    OPTIONAL = auto()
    ABSENT = auto()


# A member of an enumeration is slow to reach in Python 3.11, and these are reached hundreds of times a message.
REQUIRED: Final = Need.REQUIRED
OPTIONAL: Final = Need.OPTIONAL
ABSENT: Final = Need.ABSENT

Needed: TypeAlias = Callable[[Any, M], Need]
"""What an item's group (first argument) and the whole message (second) say of the item."""


def required_if(condition: Callable[[G], object]) -> Callable[[G, object], Need]:
    """Required when ``condition`` holds for the group, optional otherwise."""
    return lambda group, _message: REQUIRED if condition(group) else OPTIONAL


def required_only_if(condition: Callable[[G], object]) -> Callable[[G, object], Need]:
    """Required when ``condition`` holds for the group, out of place otherwise."""
    return lambda group, _message: REQUIRED if condition(group) else ABSENT


def is_other(field: str) -> Callable[[object], bool]:
    """Whether the code in ``field`` of a group is 0, other: the usual reason to ask for a text."""
    return lambda group: bool(getattr(group, field) == OTHER)


def always(need: Need) -> Callable[[object, object], Need]:
    """The same need whatever the message says."""
    return lambda _group, _message: need


def needed(number: str, message: type[M], paths: str | tuple[str, ...], need: Needed[M]) -> Rule:
    """A condition on whether the items at ``paths``, of one and the same group, are there.

    What is missing has the code of the catalogue, what must not be there has code 15. Where the group itself is absent
    nothing is asked.
    """
    items = (paths,) if isinstance(paths, str) else paths
    group_path = items[0].rpartition("/")[0]
    groups, group_places = nodes(message, group_path), places(message, group_path)
    last = tuple(steps(message, item)[-1] for item in items)
    getters = tuple(_getter(step) for step in last)

    def check(one: M, _context: Context) -> Iterable[Finding]:
        """Whether the items are there as the condition wants."""
        for group in groups(one):
            wanted = need(group, one)
            if wanted is OPTIONAL:
                continue
            for get in getters:
                if (get(group) is None) is (wanted is REQUIRED):
                    return _needs(one, group_places(one), last, need)
        return ()

    check.__name__ = number.lower()
    return content(number, message, items[0], check)


def listed(
    number: str,
    message: type[M],
    paths: str | tuple[str, ...],
    codes: Collection[str],
    *,
    besides: Pattern[str] | None = None,
    hint: Callable[[str], Said | None] = lambda _code: None,
) -> Rule:
    """The codes at ``paths`` are in the list ``codes``, or have the form ``besides``.

    ``hint`` says what may be meant by a code that is not, where that is more than the catalogue's hint.
    """
    items = (paths,) if isinstance(paths, str) else paths
    values = tuple(nodes(message, item) for item in items)
    values_and_places = tuple(places(message, item) for item in items)
    known = frozenset(codes)

    def check(one: M, _context: Context) -> Iterable[Finding]:
        """Whether every code is in the list."""
        for of in values:
            if not known.issuperset(of(one)):
                unlisted = _unlisted(one, values_and_places, known, besides)
                return (Finding(place, code, hint(code)) for place, code in unlisted)
        return ()

    check.__name__ = number.lower()
    return content(number, message, items[0], check)


def language(message: type[M], first: str) -> Rule:
    """BC12: every language is an official one of the Union; ``first`` is the first element that has one."""
    present = with_language(message)

    def bc12(one: M, _context: Context) -> Iterator[Finding]:
        """Every language named is in the list; the schema holds the form, two small letters."""
        if all(node.language in _LANGUAGES_OR_NONE for of in present for node in of(one)):
            return
        for place, code in languages(one):
            if code not in LANGUAGES:
                yield Finding(place, code)

    return content("BC12", message, first, bc12)


def texts_with_language(message: type[M], *groups: str) -> Rule:
    """C002 for address groups whose language the schema leaves optional; that of a single text it requires itself."""
    return together(*(_text_with_language(message, group) for group in groups))


def _text_with_language(message: type[M], path: str) -> Rule:
    present, found = nodes(message, path), places(message, path)
    texts = [field.name for field in fields(class_at(message, path)) if field.name in TEXTS_OF_GROUP]
    texts_of, none = attrgetter(*texts), (None,) * len(texts)

    def c002(one: M, _context: Context) -> Iterator[Finding]:
        """A group with a text in it says its language, and one without does not."""
        if all((texts_of(group) == none) is (group.language is None) for group in present(one)):
            return
        for place, group in found(one):
            written = texts_of(group) != none
            if written and group.language is None:
                yield Finding(place)
            if not written and group.language is not None:
                yield Finding(place, group.language, Said("hint.language_without_text"), _NOT_SUPPORTED)

    return content("C002", message, path, c002)


def office(message: type[M], path: str) -> Rule:
    """R032 for the one office at ``path``: its reference is formed as the rule says."""
    present = nodes(message, path)

    def r032(one: M, _context: Context) -> Iterator[Finding]:
        """The reference is a member state and 6 digits or capitals; the schema holds the rest of its form."""
        for reference in present(one):
            if reference[:2] not in NATIONAL_ADMINISTRATIONS or not reference.isupper():
                yield Finding(at(path), reference, _office_problem(reference))

    return content("R032", message, path, r032)


def known_office(message: type[M], path: str) -> Rule:
    """R236 for the office at ``path``: it is in the list of offices, where that is kept."""
    found = places(message, path)

    def r236(one: M, case: Case) -> Iterator[Finding]:
        """The office exists. Not asked when the list of offices is not kept here, nor of a reference R032 refuses."""
        offices = case.facts.offices
        if offices is None:
            return
        for place, reference in found(one):
            if _office_problem(reference) is None and reference not in offices:
                yield Finding(place, reference)

    return stateful("R236", message, path, r236)


def unvalidated(message: type[M], *paths: str) -> tuple[Rule, ...]:
    """C149 for what only the validated copy carries, at ``paths``: one item each."""
    found = tuple(places(message, path) for path in paths)

    def given(one: M) -> list[tuple[Place, object]]:
        return [item for of in found for item in of(one)]

    def whole(one: M, _case: Case) -> Iterator[Finding]:
        """A trader's message has neither a time of validation nor what else is given only then.

        The validated copy has all of it, and the document itself does not say which of the two it is. So this is asked
        with the case, which only a message that a trader submits has.
        """
        items = given(one)
        if len(items) == len(found):
            yield from (Finding(place, value) for place, value in items)

    def half(one: M, _context: Context) -> Iterator[Finding]:
        """What validation adds stands together: a part of it alone is in no validated copy, nor in a submission."""
        items = given(one)
        if len(items) < len(found):
            yield from (Finding(place, value) for place, value in items)

    whole.__name__ = half.__name__ = "c149"
    asked = stateful("C149", message, paths[0], whole)
    return (content("C149", message, paths[0], half), asked) if len(paths) > 1 else (asked,)


def no_eori(message: type[M], group: str, need: Needed[M] = always(ABSENT)) -> Rule:  # noqa: B008 - never changed
    """C180 for the consignee at ``group``; ``need`` where the message itself names a destination."""
    return needed("C180", message, f"{group}/EoriNumber", need)


def place_of_delivery(message: type[M], group: str, applies: Callable[[M], bool]) -> tuple[Rule, ...]:
    """C074, C079 and C078 for the place of delivery at ``group``: identification, name and address are given.

    ``applies`` says whether the message is one with a place of delivery, which is so for destinations 9 and 10; where
    it is not, C164, C165 or C118 say that the place itself does not belong there.
    """

    def need(_group: object, one: M) -> Need:
        return REQUIRED if applies(one) else OPTIONAL

    address = (f"{group}/StreetName", f"{group}/Postcode", f"{group}/City")
    return (
        needed("C074", message, f"{group}/Traderid", need),
        needed("C079", message, f"{group}/TraderName", need),
        needed("C078", message, address, need),
    )


def office_in_charge(number: str, message: "type[IE818 | IE819]", *, temporary: bool) -> Rule:
    """BR026, or BR027 for temporary authorisations: the destination office is the one in charge of the consignee.

    The rulebook hangs both on alerts and rejections. A report of receipt names the same office of the same consignee.
    """
    path = "DestinationOffice/ReferenceNumber"

    def check(one: "IE818 | IE819", case: Case) -> Iterator[Finding]:
        """The office is the consignee's in SEED. Not asked of an office that does not exist (R032, R236)."""
        named = one.consignee_trader.traderid if one.consignee_trader else None
        consignee = case.facts.operators.get(named) if named else None
        reference = one.destination_office.reference_number if one.destination_office else None
        if consignee is None or reference is None or not _may_exist(reference, case.facts.offices):
            return
        if (consignee.operator_type in TEMPORARY_TYPES) is temporary and reference != consignee.office:
            yield Finding(at(path), reference, said("hint.office", number=consignee.seed, office=consignee.office))

    check.__name__ = number.lower()
    return stateful(number, message, path, check)


def same_consignee(message: type[M]) -> Rule:
    """BR021 for the consignee that reports on a movement, or rejects it."""
    path = "ConsigneeTrader/Traderid"
    named = nodes(message, path)

    def br021(one: M, movement: Movement) -> Iterator[Finding]:
        """The consignee is the one of the e-SAD, or of its last change of destination."""
        for number in named(one):
            if number != movement.consignee:
                yield Finding(at(path), number, said("hint.consignee", number=movement.consignee))

    return on_movement("BR021", message, path, br021)


def new_arranger(number: str, message: type[M], arrangement: str) -> Rule:
    """C103 or C120: a new arranger of the transport is described when it is neither party of the movement.

    ``arrangement`` is where the message says who arranges it (``event_report.changed_transport_arrangement``).
    """
    arranger = attrgetter(arrangement)
    by_others = required_only_if(lambda one: arranger(one) in _ARRANGED_BY_OTHERS)
    return needed(number, message, "NewTransportArrangerTrader", by_others)


def identity_of_units(message: type[M], group: str = "TransportDetails") -> Rule:
    """C156 for the transport units at ``group``."""
    fixed_installation = "5"
    return needed(
        "C156",
        message,
        f"{group}/IdentityOfTransportUnits",
        lambda unit, _message: ABSENT if unit.transport_unit_code == fixed_installation else REQUIRED,
    )


def northern_ireland(number: str, message: type[M], *paths: str) -> Rule:
    """R271 to R276, which stand together: what Northern Ireland sends concerns Northern Ireland by one item at least.

    ``number`` is the one of them that the first of ``paths`` has in the rulebook.
    """
    found = tuple(places(message, path) for path in paths)

    def check(one: M, _context: Context) -> Iterator[Finding]:
        """Of the excise numbers, references and ARCs in a message of Northern Ireland one at least is its own."""
        if one.header.message_sender != _OF_NORTHERN_IRELAND:
            return
        values = [(place, value) for of in found for place, value in of(one)]
        if values and not any(_state_of(value) == _NORTHERN_IRELAND for _place, value in values):
            yield Finding(*values[0])

    check.__name__ = number.lower()
    return content(number, message, paths[0], check)


def _may_exist(reference: str, offices: frozenset[str] | None) -> bool:
    return _office_problem(reference) is None and (offices is None or reference in offices)


def _office_problem(reference: str) -> Said | None:
    try:
        OfficeReference(reference)
    except Malformed as refusal:
        return said("hint.sentence", what=refusal.why)
    return None


def _state_of(identifier: str) -> str:
    """The member state in an excise number (first), or in an ARC (after the year)."""
    return identifier[2:4] if identifier[:2].isdigit() else identifier[:2]


def _needs(
    one: M, groups: Iterable[tuple[Place, object]], items: tuple[Item, ...], need: Needed[M]
) -> Iterator[Finding]:
    for place, group in groups:
        wanted = need(group, one)
        for item in items:
            value = _getter(item)(group)
            if value is None and wanted is REQUIRED:
                yield Finding(place / item.name)
            if value is not None and wanted is ABSENT:
                yield from _needless(place / item.name, value)


def _getter(item: Item) -> Callable[[object], object]:
    """What gives an item of a group, and ``None`` where it is missing, or none of several is there."""
    get = attrgetter(item.field)
    return (lambda group: get(group) or None) if item.repeated else get


def _unlisted(
    one: M,
    codes: Iterable[Callable[[M], Iterable[tuple[Place, str]]]],
    known: frozenset[str],
    besides: Pattern[str] | None,
) -> Iterator[tuple[Place, str]]:
    for of in codes:
        for place, code in of(one):
            if code not in known and not (besides and besides.fullmatch(code)):
                yield place, code


def _needless(place: Place, value: object) -> Iterator[Finding]:
    if isinstance(value, tuple):
        for position, _member in enumerate(value, 1):
            yield Finding(place.numbered(position), None, LEAVE_OUT, _NOT_SUPPORTED)
        return
    text = value.value if isinstance(value, Text) else value
    shown = None if hasattr(text, "__dataclass_fields__") else text
    yield Finding(place, shown, LEAVE_OUT, _NOT_SUPPORTED)
