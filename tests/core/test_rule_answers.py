"""What the table of rules says of every row that no rule answers is so: one proof a row, by its reason.

Each test here is run for every row of its reason (``helpers.rulebook.PROOFS``), so that a row that is untrue fails.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cache
from typing import Any, Final

import pytest

from esad_gateway.emcs.codes import DestinationTypeCode, OriginTypeCode, StatusType, SubmissionType
from esad_gateway.emcs.documents import control_report, event_report, validated_document
from esad_gateway.emcs.identifiers import ARC, MemberState, check_digit, weighted_digit
from esad_gateway.emcs.messages import IE717, IE801, IE803, IE815, IE840, MESSAGES, Message
from esad_gateway.emcs.messages.fields import Text
from esad_gateway.emcs.movement import SENT_AGAIN, Side, sent_again
from esad_gateway.emcs.rules import RULES, content_faults
from esad_gateway.emcs.rules.lines import current_quantities
from esad_gateway.emcs.rules.mechanism import run
from esad_gateway.emcs.rules.places import class_at, nodes, steps
from esad_gateway.xml.binding import Binder
from helpers.case import FIXTURES, setting
from helpers.filled import filled
from helpers.fixtures import accepts, load
from helpers.playbook import Administration, stamp
from helpers.protocol import change, receipt, status_answer, status_question, way_back
from helpers.rulebook import PROOFS, UNASKED, Row, registered, rows
from helpers.samples import draft, evolve, report

CLASSES: Final = {message.__name__: message for message in MESSAGES}
NORTHERN_IRELAND: Final = frozenset(f"R27{number}" for number in range(1, 7))
XI_NUMBER, XI_ARC = "XI00000000101", "26XI000000000000001P9"

_DESTINATION: Final = "header_ead_esad.destination_type_code"
_ORIGIN: Final = "ead_esad_draft.origin_type_code"
_CHANGED: Final = "destination_changed.destination_type_code"

Proof = Callable[..., None]


def proves(reason: str) -> Callable[[Proof], Proof]:
    """Run a test for every row that has ``reason``."""
    chosen = [row for row in rows() if row.reason == reason]
    names = [f"{row.message}-{row.item}-{row.rule}" for row in chosen]
    return pytest.mark.parametrize("row", chosen, ids=names)


def test_every_answer_has_its_proof() -> None:
    """Whatever is not asked has a reason whose test is here, and is run for exactly the rows of that reason."""
    reasons = {row.reason for row in rows() if row.status in UNASKED}
    assert reasons == set(PROOFS)
    for reason, name in PROOFS.items():
        marks = globals()[name].pytestmark
        assert [row for mark in marks for row in mark.args[1]] == [row for row in rows() if row.reason == reason]


WRONG: Final[Mapping[str, str]] = {
    **{f"BC{number:02}": "77" for number in range(1, 110)},
    "BC11": "GR",
    "R218": "GR",
    "R030": "26LT000000000000003P7",
    "R032": "ZZ009999",
    "R236": "LT009999",
    "R232": "00000000",
}
"""What no list has, or no identifier looks like, for the rules that ask the same of every item they stand at."""

LISTED: Final = [row for row in rows() if row.status == "implemented" and row.rule in WRONG]


@pytest.mark.parametrize("row", LISTED, ids=lambda row: f"{row.message}-{row.item}-{row.rule}")
def test_list_is_asked_at_every_item(row: Row) -> None:
    """A code, language, office or ARC is judged at each item that the table calls implemented, and told its place."""
    message, place = _with_everything_on_the_way(row), row.item.removesuffix("@language").rstrip("/")
    kind, dotted = type(message), _dotted(type(message), place)
    changes: Mapping[str, Any] = {dotted: WRONG[row.rule]}
    if row.item.endswith("@language"):
        changes = {dotted: Text("x", "xx")} if class_at(kind, place) is Text else {f"{dotted}.language": "xx"}

    faults = setting().faults_of(evolve(message, changes))

    assert (row.rule, place) in {(fault.rule, _below_body(fault.path)) for fault in faults}


@proves("schema")
def test_schema_refuses_what_breaks_the_rule(row: Row) -> None:
    """A text without its language, a zero, and a code that no list has: none of them passes the schema."""
    document = Binder("V3.23").write(_with_everything_on_the_way(row))
    place = row.item.removesuffix("@language").rstrip("/")
    element = document.find("/".join(f"{{*}}{name}" for name in _names(row.message, place)))
    assert element is not None
    assert accepts(document)

    if row.item.endswith("@language"):
        del element.attrib["language"]
    else:
        element.text = "0" if row.rule == "R232" else "99"

    assert not accepts(document)


@proves("any-text")
def test_any_identification_is_taken(row: Row) -> None:
    """Whatever text stands there, the document has no fault at this item."""
    message = _with_everything_on_the_way(row)
    named = evolve(message, {_dotted(type(message), row.item): "Nr. 7/ž (be registro)"})
    assert row.item not in {_below_body(fault.path) for fault in content_faults(named, setting().context)}


@proves("one-of-group")
def test_number_of_northern_ireland_is_looked_for_at_every_item(row: Row) -> None:
    """R271 to R276 are asked as one: no item of Northern Ireland at all is the fault, one at this item is enough."""
    kind = CLASSES[row.message]
    [rule] = [one for one in RULES if one.message is kind and one.number in NORTHERN_IRELAND]
    message = evolve(filled(kind), {"header.message_sender": "NDEA.XI"})
    assert len(run((rule,), message, setting().context)) == 1

    value = XI_ARC if row.item.endswith("AdministrativeReferenceCode") else XI_NUMBER
    assert run((rule,), evolve(message, {_dotted(kind, row.item): value}), setting().context) == []


@proves("draft")
def test_e_sad_has_what_its_draft_was_judged_by(row: Row) -> None:
    """The draft has the same item and the same rule there, and the e-SAD issued from it the same value."""
    item = row.item.replace("EadEsad/", "EadEsadDraft/", 1) if row.item.startswith("EadEsad/") else row.item
    number = {"C013": "C164", "C096": "C097"}.get(row.rule, row.rule)
    asked = [one for one in rows() if (one.message, one.item, one.rule) == ("IE815", item, number)]
    assert [one.status for one in asked] != []

    message = filled(IE815)
    e_sad = validated_document(message, stamp("LT"))
    there = _values(IE815, item, message)
    assert there
    assert _values(IE801, row.item, e_sad) == there


@proves("same-question")
def test_another_rule_asks_the_same(row: Row) -> None:
    """What breaks the rule breaks the one that is asked, at the same item or the one it depends on."""
    base, changes, expected = SAME[row.message, row.rule]
    assert setting().faults_of(base) == ()
    for item in changes:
        assert expected in _broken(evolve(base, {item: changes[item]} if row.rule != "C152" else changes))


@proves("change")
def test_change_of_destination_is_what_is_judged(row: Row) -> None:
    """No new e-SAD comes of a change; what is left to be received after a partial refusal is what was refused."""
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    lithuania.hears(poland.takes(receipt()).sends[0].message)

    sends = lithuania.takes(change()).sends

    assert "IE801" not in {type(send.message).__name__ for send in sends}
    assert lithuania.movement is not None
    assert [str(one) for one in current_quantities(lithuania.movement).values()] == ["90", "0"]
    asked_instead = {"BR043": ("IE818", "BR025"), "BR053": ("IE813", "BR053")}[row.rule]
    assert asked_instead in registered()


@proves("stamp")
def test_validated_copy_is_stamped(row: Row) -> None:
    """The gateway writes the item itself, whatever stood there."""
    e_sad = validated_document(draft(), stamp("LT"))
    validated_at = e_sad.excise_movement.date_and_time_of_validation_of_ead_esad
    copy = control_report(filled(IE717), stamp("LT"), "NDEA.PL").attributes
    assert validated_at == stamp("LT").moment != filled(IE717).attributes.date_and_time_of_validation_of_control_report
    found = {
        ("IE801", "R059"): (e_sad.header_ead_esad.sequence_number, 1),
        ("IE801", "BR057"): (e_sad.header_ead_esad.date_and_time_of_update_validation, validated_at),
        ("IE717", "C149"): (copy.date_and_time_of_validation_of_control_report, validated_at),
    }
    written, expected = found[row.message, row.rule]
    assert written == expected


@proves("issue")
def test_number_that_is_made_ends_with_its_check_digit(row: Row) -> None:
    """The check digit is computed where an ARC or a report's number is made."""
    report_number = event_report(filled(IE840), stamp("LT"), "NDEA.PL").header_event_report.event_report_number
    made = {
        "IE801": (ARC.issue(2026, MemberState("LT"), "000000000000042").value, check_digit),
        "IE840": (report_number or "", weighted_digit),
    }
    number, digit_of = made[row.message]
    assert number[-1] == digit_of(number[:-1])


@proves("made-elsewhere")
def test_number_of_an_office_is_taken_as_it_is(row: Row) -> None:
    """An office's own number is not computed again: each last digit is taken, and stays in the validated copy."""
    message = load(FIXTURES / row.message.lower() / "valid" / "on-the-road.xml")
    assert isinstance(message, IE717)
    for digit in "0123456789":
        numbered = evolve(message, {_dotted(IE717, row.item): f"LT0000000000002{digit}"})
        assert content_faults(numbered, setting().context) == ()
        assert control_report(numbered, stamp("LT"), "NDEA.PL").header_control_report == numbered.header_control_report


@proves("resent")
def test_message_that_is_sent_again_names_the_question(row: Row) -> None:
    """What was lost goes out once more, correlated with the status request; the first time it names nothing."""
    lithuania = Administration("LT", Side.DISPATCH)
    [first] = lithuania.takes(draft()).sends
    question = evolve(status_question(), {"header.message_identifier": "asked"})
    decision = lithuania.hears(status_answer(StatusType.NONE))

    [again] = sent_again([first.message], decision, question, stamp("LT"), "NDEA.PL")

    assert row.message in SENT_AGAIN
    assert type(again).__name__ == type(first.message).__name__ == row.message
    assert first.message.header.correlation_identifier is None
    assert again.header.correlation_identifier == "asked"


@proves("never-resent")
def test_message_that_is_never_sent_again_names_nothing(row: Row) -> None:
    """A notice of diversion goes out with the change that it tells of, and never as an answer."""
    assert row.message not in SENT_AGAIN
    notices = [send.message for send in _returned().sends if isinstance(send.message, IE803)]
    assert [one.header.correlation_identifier for one in notices] == [None]


@proves("group-absent")
def test_group_is_kept_out_by_another_rule(row: Row) -> None:
    """Put into a clean message, the item is refused there, or with its whole group, by a rule that is asked."""
    item = GUARANTEE_OF_THE_MODE if row.rule == "C182" else row.item
    kind = CLASSES[row.message]
    message = draft() if kind is IE815 else load(FIXTURES / "ie813" / "valid" / "other-place.xml")
    assert setting().faults_of(message) == ()

    faults = setting().faults_of(_with_item(message, item))

    kept_out = [_below_body(fault.path) for fault in faults if fault.rule != row.rule and fault.code == "15"]
    assert any(f"{item}/".startswith(f"{place}/") for place in kept_out)


def _suspended(row: Row) -> None:
    base, changes, expected = SUSPENDED[row.message, row.rule]
    assert setting().faults_of(base) == () or row.message == "IE801"
    for change_of_base in changes:
        assert expected in _broken(evolve(base, change_of_base))


@proves("suspension")
def test_case_of_duty_suspension_is_refused(row: Row) -> None:
    """The rule speaks of a case that a duty-paid message cannot have: another rule refuses it as such."""
    _suspended(row)


@proves("export")
def test_case_of_export_is_refused(row: Row) -> None:
    """The rule speaks of goods that leave the Union, a destination that no duty-paid message has."""
    _suspended(row)


@proves("import")
def test_case_of_import_is_refused(row: Row) -> None:
    """The rule speaks of goods released for free circulation, an origin that no duty-paid message has."""
    _suspended(row)


GUARANTEE_OF_THE_MODE: Final = "DestinationChanged/MovementGuarantee/GuarantorTypeCode"
"""What C182 asks a transport mode for."""


def _destined(*codes: DestinationTypeCode) -> tuple[Mapping[str, Any], ...]:
    return tuple({_DESTINATION: code} for code in codes)


def _from(origin: OriginTypeCode) -> tuple[Mapping[str, Any], ...]:
    return ({_ORIGIN: origin},)


def _changed_to(*codes: DestinationTypeCode) -> tuple[Mapping[str, Any], ...]:
    return tuple({_CHANGED: code} for code in codes)


def _a_change() -> Message:
    return load(FIXTURES / "ie813" / "valid" / "other-place.xml")


_DIRECT, _EXPORT = DestinationTypeCode.DIRECT_DELIVERY, DestinationTypeCode.EXPORT
_REGISTERED, _TEMPORARY = (
    DestinationTypeCode.REGISTERED_CONSIGNEE,
    DestinationTypeCode.TEMPORARY_REGISTERED_CONSIGNEE,
)
_WAREHOUSE, _UNKNOWN = DestinationTypeCode.TAX_WAREHOUSE, DestinationTypeCode.UNKNOWN_DESTINATION
_ONLY_WITH: Final[Mapping[str, tuple[DestinationTypeCode, ...]]] = {
    **dict.fromkeys(("BR008", "BR009", "BR010"), (_UNKNOWN,)),
    "BR011": (_REGISTERED, _DIRECT),
    **dict.fromkeys(("BR012", "BR013"), (_WAREHOUSE,)),
    "BR014": (_DIRECT,),
    **dict.fromkeys(("BR015", "BR016"), (_TEMPORARY,)),
    "BR017": (_EXPORT,),
}
"""The destinations that a rule of duty suspension speaks of."""

SUSPENDED: Final[Mapping[tuple[str, str], tuple[Any, tuple[Mapping[str, Any], ...], str]]] = {
    **{("IE815", rule): (draft(), _destined(*codes), "R196") for rule, codes in _ONLY_WITH.items()},
    **{("IE813", rule): (_a_change(), _changed_to(*codes), "R259") for rule, codes in _ONLY_WITH.items()},
    # A registered consignor, or goods from a tax warehouse or from import.
    ("IE815", "BR002"): (draft(), ({"consignor_trader.trader_excise_number": "LT00000000107"},), "R044"),
    **{("IE815", rule): (draft(), _from(OriginTypeCode.TAX_WAREHOUSE), "R260") for rule in ("BR003", "BR004")},
    **{("IE815", rule): (draft(), _from(OriginTypeCode.IMPORT), "R260") for rule in ("BR005", "BR006")},
    # The type of submission that meant local clearance for export.
    ("IE815", "BR036"): (draft(), ({"attributes.submission_message_type": SubmissionType.RESERVED},), "R261"),
    # Under duty suspension a change may send goods to the consignor as to any consignee.
    ("IE813", "BR029"): (
        _a_change(),
        ({"update_ead_esad.administrative_reference_code": "26LT00000000000000358"},),
        "R259",
    ),
    **{
        ("IE801", rule): (load(FIXTURES / "ie801" / "valid" / "wine-and-beer.xml"), _destined(_EXPORT), "R258")
        for rule in ("BR037", "BR038", "BR039", "BR040")
    },
}
"""For every rule of duty suspension, export or import a clean message, its cases, and the rule that refuses them."""

SAME: Final[Mapping[tuple[str, str], tuple[Any, Mapping[str, Any], str]]] = {
    ("IE815", "BR018"): (
        draft(),
        {"body_ead_esad.0.cn_code": "22030009", "body_ead_esad.1.cn_code": "22042138"},
        "R211",
    ),
    ("IE815", "R263"): (draft(), {"body_ead_esad.0.excise_product_code": "W999"}, "BC36"),
    ("IE815", "C152"): (
        draft(),
        {
            "body_ead_esad.1.degree_plato": None,
            "body_ead_esad.1.alcoholic_strength_by_volume_in_percentage": None,
        },
        "C047",
    ),
    ("IE704", "C150"): (
        load(FIXTURES / "ie704" / "valid" / "draft.xml"),
        {"attributes.administrative_reference_code": "26LT000000000000003P8"},
        "C151",
    ),
    ("IE818", "R263"): (report(), {"body_report_of_receipt_export.0.excise_product_code": "W999"}, "BC36"),
}
"""For every rule that another one asks a clean message, what breaks it, and that other rule."""


def _returned() -> Any:
    lithuania, poland = Administration("LT", Side.DISPATCH), Administration("PL", Side.DESTINATION)
    poland.hears(lithuania.takes(draft()).sends[0].message)
    lithuania.hears(poland.takes(receipt()).sends[0].message)
    return poland.hears(lithuania.takes(way_back()).sends[0].message)


def _with_everything_on_the_way(row: Row) -> Any:
    """A message of the fixtures with the row's item in it, put there if none has it, but a fixture its group."""
    kind, place = CLASSES[row.message], row.item.removesuffix("@language").rstrip("/")
    group = place.rpartition("/")[0]
    every = _fixtures(row.message)
    chosen = next((one for one in every if list(nodes(kind, place)(one))[:1]), None)
    if chosen is not None:
        return chosen
    chosen = next(one for one in every if list(nodes(kind, group)(one)))
    name = steps(kind, place)[-1].field
    item = getattr(filled(class_at(kind, group)), name)
    value = replace(item, language="lt") if isinstance(item, Text) else item
    return evolve(chosen, {_dotted(kind, place): value})


@cache
def _fixtures(message: str) -> tuple[Message, ...]:
    return tuple(load(path) for path in sorted((FIXTURES / message.lower()).glob("*/*.xml")))


def _names(message: str, place: str) -> list[str]:
    """The elements from the root of a document to ``place``."""
    body = [] if place.startswith("Header/") else ["Body", CLASSES[message].BODY]
    return [*body, *place.split("/")]


def _broken(message: Message) -> list[str]:
    return [fault.rule for fault in setting().faults_of(message)]


def _below_body(path: str) -> str:
    return path.split("/", 4)[4].replace("[1]", "")


def _dotted(kind: type[Any], item: str) -> str:
    """The place of the first ``item`` as :func:`helpers.samples.evolve` takes it."""
    return ".".join(f"{step.field}.0" if step.repeated else step.field for step in steps(kind, item))


def _values(kind: type[Any], item: str, message: Any) -> list[Any]:
    """What a message has at an item; the languages of an element for ``@language``."""
    place, is_language, _ = item.partition("@language")
    found = list(nodes(kind, place.rstrip("/"))(message))
    return [one.language for one in found] if is_language else found


def _with_item(message: Any, item: str) -> Any:
    """``message`` with the item's group in it, which it does not have."""
    path = item.removesuffix("/@language")
    way = steps(type(message), path)
    for length in range(1, len(way) + 1):
        names = [step.name for step in way[:length]]
        dotted = ".".join(step.field for step in way[:length])
        value: Any = message
        for step in way[:length]:
            value = getattr(value, step.field)
        if value is None:
            kind = class_at(type(message), "/".join(names))
            return evolve(message, {dotted: filled(kind) if hasattr(kind, "__dataclass_fields__") else "LT00000000999"})
    raise AssertionError(f"{item} is there already")
