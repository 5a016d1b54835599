"""Faults of the register and of the movement stand among the others: in document order, each with its line."""

from decimal import Decimal

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.xml.release import current
from helpers.gateway import CONSIGNOR, new_draft
from helpers.protocol import change
from helpers.samples import evolve
from helpers.served import Served

BODY = "/IE815/Body/SubmittedDraftOfEADESAD"


def signed(fresh: Served, message: Message) -> bytes:
    """The consignor's document of a message, with one element a line."""
    root = current().write(message)
    etree.indent(root)
    return fresh.box.traders[CONSIGNOR].signer.sign(root)


def line_of(document: bytes, path: str) -> int:
    """In which line of a document a place is, found by libxml2's own XPath."""
    steps = (step.partition("[") for step in path.strip("/").split("/"))
    query = "/".join(f"*[local-name() = '{name}'][{rest.rstrip(']') or 1}]" for name, _, rest in steps)
    (element,) = etree.fromstring(document).xpath(f"/{query}")
    return int(element.sourceline)


def test_faults_of_every_kind_stand_in_document_order(fresh: Served) -> None:
    """A wrong header, an unknown consignee, a used LRN and a wrong mass: as a reader of the document meets them."""
    first = new_draft()
    fresh.submit(fresh.box.signed(CONSIGNOR, first))
    number = first.ead_esad_draft.local_reference_number
    wrong = {
        "header.message_recipient": "NDEA.PL",
        "consignee_trader.traderid": "PL00000000999",
        "ead_esad_draft.local_reference_number": number,
        "body_ead_esad.0.gross_mass": Decimal(1),
    }
    document = signed(fresh, evolve(new_draft(), wrong))

    answer = fresh.submit(document)

    faults = answer.json["faults"]
    assert [(fault["rule"], fault["path"]) for fault in faults] == [
        ("GW-005", "/IE815/Header/MessageRecipient"),
        ("R045", f"{BODY}/ConsigneeTrader/Traderid"),
        ("R219", f"{BODY}/BodyEadEsad[1]/GrossMass"),
        ("BR001", f"{BODY}/EadEsadDraft/LocalReferenceNumber"),
    ]
    assert [fault["line"] for fault in faults] == [line_of(document, fault["path"]) for fault in faults]
    assert [fault["line"] for fault in faults] == sorted({fault["line"] for fault in faults})
    refusal = fresh.station.last(CONSIGNOR)
    assert [error.error_location for error in refusal.functional_error] == [fault["path"] for fault in faults]
    assert fresh.submit(document).json["faults"] == faults


def test_fault_of_a_movement_has_its_line(fresh: Served) -> None:
    """A change of destination of a movement that does not exist: the ARC is marked in the document."""
    document = signed(fresh, change())

    answer = fresh.submit(document)

    (fault,) = answer.json["faults"]
    assert fault["rule"] == "BR020"
    assert fault["line"] == line_of(document, fault["path"]) > 1
