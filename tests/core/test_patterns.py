"""The forms that rules share: where they draw their line, and which places they name."""

from dataclasses import replace
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import IE704, IE807, IE815, MESSAGES, Message
from esad_gateway.emcs.messages.groups import Office
from esad_gateway.emcs.rules import case_faults, content_faults
from esad_gateway.emcs.rules.places import languages, nodes, places, with_language
from esad_gateway.place import at
from helpers.case import FIXTURES, setting
from helpers.filled import filled
from helpers.fixtures import load
from helpers.samples import draft, evolve, report

DELIVERY = "delivery_place_trader"
GUARANTOR = "movement_guarantee.guarantor_trader"


def valid(message: str, name: str) -> Path:
    """A valid fixture."""
    return FIXTURES / message / "valid" / f"{name}.xml"


def test_path_that_a_message_does_not_have() -> None:
    """A rule on an element that does not exist is a mistake of its author, found when it is made."""
    with pytest.raises(LookupError, match="IE815 has no Attribute"):
        places(IE815, "Attribute/SubmissionMessageType")


def test_places_of_a_repeated_group() -> None:
    """Positions count from 1 and stand on what repeats; absent groups have no place."""
    found = places(IE815, "BodyEadEsad/Package/KindOfPackages")
    assert list(found(draft())) == [
        (at("BodyEadEsad", 1, "Package", 1, "KindOfPackages"), "BX"),
        (at("BodyEadEsad", 2, "Package", 1, "KindOfPackages"), "PX"),
    ]
    assert list(places(IE815, "TransportArrangerTrader/VatNumber")(draft())) == []


@pytest.mark.parametrize(
    "path", ["", "BodyEadEsad", "BodyEadEsad/Package", "TransportMode/TransportModeCode", DELIVERY]
)
def test_nodes_and_places_agree(path: str) -> None:
    """What a rule asks is what it can name."""
    way = "DeliveryPlaceTrader" if path == DELIVERY else path
    assert list(nodes(IE815, way)(draft())) == [node for _place, node in places(IE815, way)(draft())]


def test_language_without_text() -> None:
    """A group without any text has no language to name; code 15 says that it does not belong there."""
    message = load(valid("ie815", "full"))
    bare = {
        f"{GUARANTOR}.0.{item}": None for item in ("trader_name", "street_name", "street_number", "postcode", "city")
    }
    numbered = evolve(message, bare | {f"{GUARANTOR}.0.trader_excise_number": "LT00000000101"})
    (fault,) = setting().faults_of(numbered)
    assert (fault.rule, fault.code, fault.value) == ("C002", "15", "lt")
    assert setting().faults_of(evolve(numbered, {f"{GUARANTOR}.0.language": None})) == ()


def test_offices_that_are_not_kept() -> None:
    """Where no list of offices is kept, every office that is well formed may exist."""
    message = draft({"competent_authority_dispatch_office": Office(reference_number="LT009999")})
    case = setting().case_of(message)
    assert [fault.rule for fault in case_faults(message, case)] == ["R236"]
    assert case_faults(message, replace(case, facts=replace(case.facts, offices=None))) == ()


def test_reports_that_are_not_kept() -> None:
    """Where event and control reports are not kept, no reference to one can be wrong."""
    message = load(FIXTURES / "ie807" / "invalid" / "R098-unknown-event-report.xml")
    assert isinstance(message, IE807)
    case = setting().case_of(message)
    assert case_faults(message, replace(case, facts=replace(case.facts, reports=None))) == ()


def test_refusal_that_names_nothing() -> None:
    """A refusal may leave out the whole group that names what it refuses."""
    message = load(valid("ie704", "draft"))
    assert isinstance(message, IE704)
    assert content_faults(replace(message, attributes=None), setting().context) == ()


@pytest.mark.parametrize(("document_type", "expected"), [("0", []), ("19", []), ("C658", []), ("20", ["BC106"])])
def test_type_of_a_document(document_type: str, expected: list[str]) -> None:
    """A document type is in the list, or has the form of a TARIC code."""
    message = evolve(load(valid("ie815", "full")), {"document_certificate.0.document_type": document_type})
    assert [fault.rule for fault in setting().faults_of(message)] == expected


@pytest.mark.parametrize(
    ("sender", "consignee", "expected"),
    [
        ("NDEA.XI", "XIPB000000201", []),
        ("NDEA.XI", "PL00000000201", ["R271"]),
        ("NDEA.LT", "PL00000000201", []),
    ],
)
def test_messages_of_northern_ireland(sender: str, consignee: str, expected: list[str]) -> None:
    """What Northern Ireland sends names one of its own; other states may send what they like."""
    message = draft({"header.message_sender": sender, "consignee_trader.traderid": consignee})
    assert [fault.rule for fault in content_faults(message, setting().context)] == expected


def test_needless_group_has_no_value() -> None:
    """A group that does not belong there is named by its place; it has no text of its own to show."""
    (fault,) = setting().faults_of(load(FIXTURES / "ie815" / "invalid" / "C102-needless-arranger.xml"))
    assert (fault.code, fault.value, fault.path.rpartition("/")[2]) == ("15", None, "TransportArrangerTrader")


def test_correlation_of_a_copy_that_is_sent_again() -> None:
    """A validated copy may answer a status request (TR9121); what a trader submits, without the stamp, may not."""
    answering = {"header.correlation_identifier": "asked"}
    copy = {
        "attributes.date_and_time_of_validation_of_report_of_receipt_export": setting().context.now.replace(tzinfo=None)
    }
    assert content_faults(report(answering | copy), setting().context) == ()
    (fault,) = content_faults(report(answering), setting().context)
    assert (fault.rule, fault.code, fault.path) == ("TR9121", "15", "/IE818/Header/CorrelationIdentifier")


@pytest.mark.parametrize("kind", MESSAGES, ids=lambda kind: kind.__name__)
def test_languages_that_are_asked_are_those_that_are_named(kind: type[Message]) -> None:
    """What a healthy message is asked quickly is what a faulty one is searched for."""
    message = filled(kind)
    asked = [node.language for of in with_language(kind) for node in of(message)]
    assert sorted(asked) == sorted(code for _place, code in languages(message))
