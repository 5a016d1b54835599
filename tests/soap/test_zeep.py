"""A SOAP client that we did not write uses every operation, over both ports, by nothing but the WSDL."""

from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
import zeep
import zeep.exceptions
from zeep.transports import Transport

from esad_gateway.soap.envelope import NS
from esad_gateway.soap.operations import OPERATIONS
from helpers.gateway import CONSIGNEE, CONSIGNOR, PATIENCE, new_draft
from helpers.served import Served


@pytest.fixture(params=["GatewaySoap", "GatewaySoap12"])
def service(request: pytest.FixtureRequest, gateway: Served) -> Iterator[zeep.proxy.ServiceProxy]:
    """The gateway as zeep sees it, with the consignor's token."""
    transport = Transport(timeout=PATIENCE, operation_timeout=PATIENCE)
    transport.session.headers["Authorization"] = f"Bearer {gateway.box.traders[CONSIGNOR].token}"
    with zeep.Client(f"{gateway.url}/soap/gateway?wsdl", transport=transport) as client:
        yield client.bind("Gateway", request.param)


def test_zeep_knows_every_operation(service: zeep.proxy.ServiceProxy) -> None:
    """None is left out or called otherwise."""
    assert {name for name in dir(service) if name[:1].isupper()} == set(OPERATIONS)


def test_zeep_submits_and_reads_an_e_sad(gateway: Served, service: zeep.proxy.ServiceProxy) -> None:
    """The whole exchange of a consignor, with positional arguments and with named ones."""
    draft = gateway.box.signed(CONSIGNOR, new_draft())

    assert service.ValidateMessage(draft).ok is True
    receipt = service.SubmitMessage(draft)
    page = service.ListMessages(CONSIGNOR, type="IE801", unread=True)
    last = page.message[-1]
    e_sad = service.FetchMessage(CONSIGNOR, last.seq)
    noted = service.AcknowledgeMessage(trader=CONSIGNOR, seq=last.seq)
    found = service.ListMovements(CONSIGNOR, since=date(2026, 3, 2), dueBefore=datetime(2027, 1, 1, tzinfo=UTC))
    movement = service.GetMovement(CONSIGNOR, receipt.arc)
    operator = service.CheckOperator(CONSIGNEE)

    assert (receipt.outcome, receipt.repeated) == ("accepted", False)
    assert [reply.message for reply in receipt.reply] == ["IE801"]
    assert last.messageIdentifier == receipt.reply[0].messageIdentifier
    assert receipt.arc.encode() in e_sad
    assert gateway.station.runtime.reading.fields(e_sad)
    assert noted.acknowledgedAt.tzinfo is not None
    assert receipt.arc in {one.arc for one in found.movement}
    assert movement.line[0].quantity
    assert operator.registered is True


def test_zeep_reads_a_refusal(gateway: Served, service: zeep.proxy.ServiceProxy) -> None:
    """Every fault of a message, with its texts in both languages."""
    verdict = service.ValidateMessage(gateway.box.signed(CONSIGNOR, new_draft()).replace(b">D05<", b">soon<"))

    assert verdict.ok is False
    assert [text.language for text in verdict.fault[0].text] == ["en", "lt"]


def test_zeep_reads_the_fault_and_its_problem(service: zeep.proxy.ServiceProxy) -> None:
    """What was sent is no XML: reason, code, and the detail as the schema has it."""
    with pytest.raises(zeep.exceptions.Fault, match="does not begin with '<'") as caught:
        service.SubmitMessage(b"no XML")

    assert caught.value.code.rpartition(":")[2] in {"Client", "Sender"}
    assert caught.value.detail[0].findtext(f"{{{NS}}}status") == "400"


def test_zeep_reads_that_a_mailbox_is_not_there(service: zeep.proxy.ServiceProxy) -> None:
    """Another trader's."""
    with pytest.raises(zeep.exceptions.Fault, match=CONSIGNEE):
        service.ListMessages(CONSIGNEE)
