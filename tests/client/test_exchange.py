"""What an integrator does with a client that waits or is awaited: typed values come back, refusals are exceptions."""

from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from secrets import token_hex
from typing import Any

import pytest

from esad_gateway.client import DocumentRefused, ProblemAnswered, Retry, TooLate
from esad_gateway.emcs.codes import SubmitterType
from esad_gateway.emcs.messages import IE801, IE818, IE819, IE837, IE871
from esad_gateway.emcs.messages.groups import Office
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.errors import NotConfigured, PeerError, UnreadableInput
from esad_gateway.rest.examples_batches import ROWS
from esad_gateway.simulator.box import free_ports
from esad_gateway.simulator.drafts import read
from esad_gateway.xml.plain import message_to_plain
from helpers.batch_door import today
from helpers.cutting import LOST, cutting
from helpers.gateway import CONSIGNEE, CONSIGNOR, new_draft
from helpers.served import Served

ClientOf = Callable[..., Any]
ONCE = Retry(times=2, first=0)


def draft() -> dict[str, Any]:
    """The fields of a draft of now, without its header."""
    return {name: one for name, one in message_to_plain(new_draft(at=datetime.now(UTC))).items() if name != "header"}


def test_draft_becomes_an_e_sad(client_of: ClientOf) -> None:
    """Composed of fields, judged, signed, submitted; the e-SAD is read back and acknowledged, its movement is there."""
    client = client_of(CONSIGNOR)

    composed = client.compose(draft())
    verdict = client.validate(composed)
    receipt = client.submit(client.sign(composed)).expect_accepted()
    (reply,) = receipt.replies
    page = client.messages(after=receipt.seq - 1, limit=2)
    noted = client.acknowledge(reply.seq)
    movement = client.movement(receipt.arc)

    assert (verdict.ok, verdict.message, verdict.faults) == (True, "IE815", ())
    assert (receipt.message, receipt.mailbox, receipt.repeated) == ("IE815", CONSIGNOR, False)
    assert [entry.message for entry in page.messages] == ["IE815", "IE801"]
    assert page.complete_through == reply.seq
    assert isinstance(read(client.message(reply.seq)), IE801)
    assert client.fields(reply.seq)["message"] == "IE801"
    assert noted.acknowledged_at is not None
    assert noted.acknowledged_at.tzinfo is not None
    assert (movement.state, movement.state_name) == ("X01", "accepted")
    assert isinstance(movement.lines[0].quantity, Decimal)
    assert receipt.arc in {one.arc for one in client.movements(role="consignor")}


def test_message_is_composed_as_a_value(client_of: ClientOf) -> None:
    """A message of the package is taken as well, with the header that it has."""
    message = new_draft(at=datetime.now(UTC))
    assert read(client_of(CONSIGNOR).compose(message)) == message


def test_refused_document_tells_every_fault(client_of: ClientOf) -> None:
    """The receipt has code, rule, path, value and texts in both languages; as an exception if that is wanted."""
    client = client_of(CONSIGNOR)
    fields = draft()
    fields["consignee_trader"]["traderid"] = "PL00000099999"

    receipt = client.submit(client.sign(client.compose(fields)))
    with pytest.raises(DocumentRefused, match=r"R045 /IE815/.* 'PL00000099999'") as refused:
        receipt.expect_accepted()

    fault = refused.value.faults[0]
    assert (fault.code, fault.rule, fault.value) == ("12", "R045", "PL00000099999")
    assert fault.path == "/IE815/Body/SubmittedDraftOfEADESAD/ConsigneeTrader/Traderid"
    assert fault.text.keys() == fault.hints.keys() == {"en", "lt"}
    assert fault.text["lt"] in fault.say("lt")
    assert [reply.message for reply in receipt.replies] == ["IE704"]


def test_problem_is_an_exception_with_its_reason(client_of: ClientOf) -> None:
    """What cannot be attributed, read or composed: status, kind, texts in both languages, and every fault."""
    client = client_of(CONSIGNOR)
    signed = client.sign(client.compose(draft()))

    with pytest.raises(ProblemAnswered, match="HTTP 403") as altered:
        client.submit(signed.replace(b"GrossMass>", b"GrossMass >", 1).replace(b"</ie:Header>", b" </ie:Header>", 1))
    with pytest.raises(ProblemAnswered) as absent:
        client.message(10_000)
    with pytest.raises(ProblemAnswered) as uncomposed:
        client.compose({"message": "IE815", "colour": "red"})

    assert (altered.value.kind, altered.value.more["step"]) == ("signature-refused", 20)
    assert altered.value.details.keys() == {"en", "lt"}
    assert (absent.value.status, absent.value.kind) == (404, "not-found")
    assert "PLAIN-UNKNOWN" in {fault.rule for fault in uncomposed.value.faults}


def test_lost_answer_leads_to_the_same_receipt(client_of: ClientOf, gateway: Served) -> None:
    """The connection is cut after the commit: the same bytes are sent again, and one document was taken."""
    draft_there = client_of(CONSIGNOR)
    signed = draft_there.sign(draft_there.compose(draft()))
    with cutting(gateway.url, [LOST]) as way:
        receipt = client_of(CONSIGNOR, way.url, retry=ONCE).submit(signed)

    assert (receipt.accepted, receipt.repeated) == (True, True)
    assert way.asked == [signed, signed]
    entered = draft_there.messages(arc=receipt.arc).messages
    assert [entry.message for entry in entered] == ["IE815", "IE801"]


def test_gateway_that_is_busy_is_asked_when_it_says(client_of: ClientOf, gateway: Served) -> None:
    """503 with Retry-After: the same comes again, and a request that is wrong does not."""
    busy = b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 2\r\n\r\n{}"
    with cutting(gateway.url, [busy]) as way:
        client = client_of(CONSIGNOR, way.url, retry=Retry(times=2, first=60))
        assert client.operator(CONSIGNEE).registered is True
        assert len(way.asked) == 2
        with pytest.raises(ProblemAnswered):
            client.message(10_000)
        assert len(way.asked) == 3


def test_gateway_that_stays_away_is_told(client_of: ClientOf, gateway: Served) -> None:
    """After the last try: nobody listens there, or answers get lost again and again."""
    with pytest.raises(PeerError, match="nobody listens there"):
        client_of(CONSIGNOR, f"http://127.0.0.1:{free_ports(1)[0]}", retry=ONCE).operator(CONSIGNEE)
    with cutting(gateway.url, [LOST, LOST]) as way:
        with pytest.raises(PeerError, match="closed the connection"):
            client_of(CONSIGNOR, way.url, retry=ONCE).validate(b"<a/>")
        assert len(way.asked) == 2


def test_e_sad_is_reported_on_in_one_call(client_of: ClientOf, e_sad: bytes) -> None:
    """An IE818 for all of it: composed by the gateway's clock, for the office of the register, signed, submitted."""
    client = client_of(CONSIGNEE)
    movement = movement_of(read(e_sad))
    assert movement is not None
    arc = movement.administrative_reference_code

    receipt = client.report(e_sad, arrived=today()).expect_accepted()
    state = client.wait_for_state(arc, "delivered", "X03")
    sent = read(client.message(receipt.seq))

    assert receipt.arc == arc
    assert isinstance(sent, IE818)
    assert sent.destination_office == Office(reference_number="LT001000")
    assert (state.report.arrived, state.report.late) == (today(), False)


def test_what_was_found_is_reported(client_of: ClientOf, e_sad: bytes) -> None:
    """A shortage makes the receipt unsatisfactory, with its reason; and is explained (IE871)."""
    client = client_of(CONSIGNEE)

    receipt = client.report(e_sad, arrived=today(), shortages={1: "10"}).expect_accepted()
    explained = client.explain(e_sad, "bottles broke", on=today())
    sent = read(client.message(receipt.seq))

    assert isinstance(sent, IE818)
    assert sent.report_of_receipt_export.global_conclusion_of_receipt == "2"
    assert sent.body_report_of_receipt_export[0].observed_shortage_or_excess == Decimal(10)
    assert isinstance(read(client.message(explained.seq)), IE871)


def test_delay_is_explained(client_of: ClientOf, e_sad: bytes) -> None:
    """Whoever still waits for the goods says why there is no report of receipt (IE837), in the own capacity."""
    client = client_of(CONSIGNEE)

    told = client.explain_delay(e_sad, "the lorry broke down").expect_accepted()
    sent = read(client.message(told.seq))

    assert isinstance(sent, IE837)
    assert sent.attributes.submitter_type == SubmitterType.CONSIGNEE


def test_consignee_rejects_and_consignor_takes_back(client_of: ClientOf, e_sad: bytes) -> None:
    """An IE819 of the consignee; an IE813 of a consignor about its own e-SAD; other documents are no e-SADs."""
    rejected = client_of(CONSIGNEE).alert(e_sad, "not ordered", on=today(), rejected=True).expect_accepted()
    assert isinstance(read(client_of(CONSIGNEE).message(rejected.seq)), IE819)

    consignor = client_of(CONSIGNOR)
    receipt = consignor.submit(consignor.sign(consignor.compose(draft()))).expect_accepted()
    own = consignor.message(receipt.replies[0].seq)
    changed = consignor.change_destination(own, None).expect_accepted()
    assert consignor.movement(receipt.arc).destination_type == "11"
    assert changed.arc == receipt.arc
    with pytest.raises(UnreadableInput, match="no e-SAD"):
        consignor.change_destination(consignor.message(receipt.seq), None)


def test_message_is_waited_for(client_of: ClientOf) -> None:
    """The e-SAD after a number; and what does not come is told when the time is over."""
    client = client_of(CONSIGNOR)
    receipt = client.submit(client.sign(client.compose(draft())))

    came = client.wait_for_message(type="IE801", after=receipt.seq, within=60)
    with pytest.raises(TooLate, match="within 0 s"):
        client.wait_for_message(type="IE818", arc=receipt.arc, within=0)
    with pytest.raises(TooLate, match=f"{receipt.arc} in X03; it is in X01"):
        client.wait_for_state(receipt.arc, "X03", within=0)

    assert (came.entry.arc, came.entry.direction) == (receipt.arc, "out")
    assert isinstance(read(came.document), IE801)


def test_gateway_waits_for_news_where_it_can(client_of: ClientOf, gateway: Served) -> None:
    """The request says how long; a gateway that does not know that is asked again and again instead."""
    older = b'{"type": "urn:esad-gateway:problem:invalid-parameter", "detail": "query.wait: unknown"}'
    refusal = b"HTTP/1.1 422 Unknown\r\nContent-Length: %d\r\n\r\n%s" % (len(older), older)
    with cutting(gateway.url, []) as way:
        with pytest.raises(TooLate):
            client_of(CONSIGNOR, way.url).wait_for_message(type="IE818", within=2.5)
        assert "wait=" in way.paths[0]
    with cutting(gateway.url, [refusal]) as way:
        with pytest.raises(TooLate):
            client_of(CONSIGNOR, way.url).wait_for_message(type="IE818", within=2)
        assert "wait=" in way.paths[0]
        assert len(way.paths) > 1
        assert not any("wait=" in path for path in way.paths[1:])


def test_table_is_handed_in_and_mended(client_of: ClientOf, tmp_path: Path) -> None:
    """Uploaded once, waited for, its faults told by row, and the rows to mend fetched as a table."""
    client, table = client_of(CONSIGNEE), tmp_path / 'rows "1".csv'
    rows = ROWS.replace("2026-02-26;2026-02-27", f"{today()};{today()}").replace("SAAD-", f"{token_hex(4)}-")
    table.write_text(rows, encoding="utf-8")

    begun = client.upload(table, "saad")
    ended = client.wait_for_batch(begun.id)
    (refused,) = client.batch_documents(begun.id, "refused")
    client.corrections(begun.id, tmp_path / "mend.csv")

    assert (ended.name, ended.state, ended.documents) == (table.name, "ended", 2)
    assert (ended.counts["taken"], ended.counts["refused"]) == (1, 1)
    assert (refused.rows, refused.faults[0].code, refused.faults[0].column) == ((3,), "CELL-AMBIGUOUS", 11)
    assert "1.000" in (tmp_path / "mend.csv").read_text(encoding="utf-8-sig")
    assert client.upload(table, "saad").id == begun.id
    assert client.withdraw_batch(begun.id).id == begun.id


def test_what_was_not_given_is_asked_for(client_of: ClientOf) -> None:
    """Without a SEED number no mailbox is read, without a signer nothing is signed."""
    client = client_of(CONSIGNOR, seed=None, signer=None)
    with pytest.raises(NotConfigured, match="SEED number"):
        client.messages()
    with pytest.raises(NotConfigured, match="nobody signs"):
        client.sign(b"<a/>")
