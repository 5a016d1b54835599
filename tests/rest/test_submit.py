"""Submitting: what a trader is answered, and what the other doors show of it."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal

from esad_gateway.transport.envelope import Acknowledgement, answer_of, deliver
from esad_gateway.xml.release import current
from helpers.gateway import CONSIGNEE, CONSIGNOR, FOREIGN_CONSIGNOR, SECOND_CONSIGNOR, new_draft, new_report
from helpers.samples import evolve
from helpers.served import JSON, Served


def test_accepted_draft_is_answered_with_its_arc(fresh: Served) -> None:
    """201, the ARC, and where the IE801 stands in the mailbox."""
    draft = new_draft()

    answer = fresh.submit(fresh.box.signed(CONSIGNOR, draft))

    arc = fresh.station.rows("movement")[0]["arc"]
    e_sad = fresh.station.last(CONSIGNOR)
    assert (answer.status, answer.headers["content-type"]) == (201, JSON)
    assert answer.json == {
        "outcome": "accepted",
        "repeated": False,
        "message": "IE815",
        "messageIdentifier": draft.header.message_identifier,
        "mailbox": CONSIGNOR,
        "seq": 1,
        "arc": arc,
        "heldUntil": None,
        "faults": [],
        "replies": [{"seq": 2, "message": "IE801", "messageIdentifier": e_sad.header.message_identifier}],
    }


def test_replay_is_answered_with_the_same_receipt(fresh: Served) -> None:
    """200 and the first receipt, however often; only ``repeated`` differs."""
    document = fresh.box.signed(CONSIGNOR, new_draft())

    first, *others = (fresh.submit(document) for _ in range(3))

    assert [first.status, *(answer.status for answer in others)] == [201, 200, 200]
    assert [answer.json for answer in others] == [{**first.json, "repeated": True}] * 2
    assert len(fresh.station.mailbox(CONSIGNOR)) == 2


def test_replay_of_a_refused_document_is_refused_again(fresh: Served) -> None:
    """The status says the outcome, not that it was heard before."""
    document = fresh.box.signed(CONSIGNOR, evolve(new_draft(), {"body_ead_esad.0.gross_mass": Decimal(1)}))

    first, again = fresh.submit(document), fresh.submit(document)

    assert (first.status, again.status) == (422, 422)
    assert again.json == {**first.json, "repeated": True}
    assert len(fresh.station.mailbox(CONSIGNOR)) == 2


def test_submitting_needs_no_token(fresh: Served) -> None:
    """The signature says who it is; a token in the request changes nothing."""
    document = fresh.box.signed(CONSIGNOR, new_draft())
    headers = {"Content-Type": "application/xml", "Authorization": "Bearer nonsense"}

    assert fresh.ask("POST", "/v1/messages", document, headers).status == 201


def test_many_at_once_are_all_answered(fresh: Served) -> None:
    """Concurrent submissions, a third of them twice: each is taken once, and the numbers of a mailbox have no gap."""
    drafts = [new_draft(seed) for seed in (CONSIGNOR, SECOND_CONSIGNOR) for _ in range(12)]
    documents = [fresh.box.signed(one.consignor_trader.trader_excise_number, one) for one in drafts]

    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(fresh.submit, [*documents, *documents[::3]]))

    assert sorted(answer.status for answer in answers) == [200] * 8 + [201] * 24
    assert len({answer.json["arc"] for answer in answers}) == 24
    for seed in (CONSIGNOR, SECOND_CONSIGNOR):
        assert [listed.seq for listed in fresh.station.mailbox(seed)] == list(range(1, 25))
    assert len(fresh.station.mailbox("NDEA.PL")) == 24


def test_movement_comes_in_and_its_report_goes_out(fresh: Served) -> None:
    """A delivery is acknowledged after its commit, once; the consignee reports through its own door."""
    with fresh.box.open("PL") as pl:
        pl.take(fresh.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        e_sad = pl.last(FOREIGN_CONSIGNOR)
        ((destination, document),) = pl.due()
    headers = {"Content-Type": "text/xml"}

    delivered = [fresh.ask("POST", "/ndea", deliver(document), headers) for _ in range(2)]
    report = fresh.submit(fresh.box.signed(CONSIGNEE, new_report(e_sad)))

    answers = [answer_of(answer.body) for answer in delivered]
    acknowledgements = [one for one in answers if isinstance(one, Acknowledgement)]
    assert destination == "NDEA.LT"
    assert [answer.status for answer in delivered] == [200, 200]
    assert [one.outcome.value for one in acknowledgements] == ["accepted", "duplicate"]
    assert {one.message_identifier for one in acknowledgements} == {e_sad.header.message_identifier}
    assert report.status == 201
    assert report.json["arc"] == e_sad.excise_movement.administrative_reference_code
    assert fresh.station.types(CONSIGNEE) == [("out", "IE801"), ("in", "IE818"), ("out", "IE818")]


def test_delivery_with_a_used_identifier_is_a_fault(fresh: Served) -> None:
    """An administration that uses an identifier for two contents is told so."""
    with fresh.box.open("PL") as pl:
        pl.take(fresh.box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
        e_sad = pl.last(FOREIGN_CONSIGNOR)
        ((_, document),) = pl.due()
    other = replace(e_sad, header=e_sad.header, ead_esad=replace(e_sad.ead_esad, local_reference_number="OTHER"))
    signer = fresh.box.administration("PL")

    first = fresh.ask("POST", "/ndea", deliver(document))
    second = fresh.ask("POST", "/ndea", deliver(signer.sign(current().write(other))))

    assert (first.status, second.status) == (200, 500)
    assert b"s:Client" in second.body
    assert b"already used" in second.body
