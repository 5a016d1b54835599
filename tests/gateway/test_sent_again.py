"""What was committed is answered again, whatever became of its signer; who sends other bytes reads what was done."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from cryptography import x509

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import IdentifierReused, SignatureRefused, SignerNotAllowed
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.writer import Writer
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.texts import fault_json, say
from esad_gateway.xml.payload import same_content
from esad_gateway.xml.release import current
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, SECOND_CONSIGNOR, Box, Station, new_draft, new_report


def sent(station: Station, document: bytes, origin: Origin = Origin.TRADER) -> Receipt:
    """What a door answers to a document, with a writer that runs meanwhile."""
    submission = Submission(raw=document, principal=Principal(origin), channel="test")
    gateway = station.runtime.gateway
    running = replace(gateway, writer=Writer(gateway.writer.committer, station.clock))
    running.writer.start()
    try:
        return asyncio.run(running.take(submission))
    finally:
        running.writer.stop()


def ended(station: Station) -> None:
    """Every certificate and CA has ended."""
    station.clock.move(days=4000)


def unregistered(station: Station) -> None:
    """The trader has another certificate now."""
    station.runtime.registry.add_certificates(CONSIGNOR, ())


def of_somebody_else(station: Station) -> None:
    """The certificate is another trader's now."""
    pem = next(row["pem"] for row in station.rows("certificate") if row["holder"] == CONSIGNOR)
    station.runtime.registry.add_certificates(CONSIGNOR, ())
    station.runtime.registry.add_certificates(SECOND_CONSIGNOR, (x509.load_pem_x509_certificate(pem.encode()),))


def untrusted(station: Station) -> None:
    """The CA is not trusted any more."""
    for file in station.member.data.trust.glob("*.pem"):
        file.unlink()
    station.runtime.registry.changed()


BELIEVED_NO_MORE = [ended, unregistered, of_somebody_else, untrusted]


@pytest.mark.parametrize("happens", BELIEVED_NO_MORE, ids=lambda step: step.__name__)
@pytest.mark.parametrize("outcome", [Outcome.ACCEPTED, Outcome.REFUSED])
def test_same_bytes_get_their_receipt_when_the_signer_is_believed_no_more(
    box: Box, outcome: Outcome, happens: Callable[[Station], None]
) -> None:
    """The first receipt again, and nothing is noted: the bytes were verified when they came."""
    draft = new_draft()
    lines = (
        draft.body_ead_esad
        if outcome is Outcome.ACCEPTED
        else (replace(draft.body_ead_esad[0], gross_mass=Decimal(1)),)
    )
    document = box.signed(CONSIGNOR, replace(draft, body_ead_esad=lines))
    with box.open("LT") as lt:
        first = lt.take(document)
        happens(lt)
    with box.open("LT", lt.clock) as later:
        again = sent(later, document)

        assert first.outcome is outcome
        assert again == replace(first, repeated=True)
        assert later.rows("security_log") == []


@pytest.mark.parametrize("happens", BELIEVED_NO_MORE, ids=lambda step: step.__name__)
def test_other_bytes_of_such_a_signer_are_refused(box: Box, happens: Callable[[Station], None]) -> None:
    """Also the same message, signed anew: only what was committed was ever verified."""
    draft = new_draft()
    with box.open("LT") as lt:
        lt.take(box.signed(CONSIGNOR, draft))
        happens(lt)
    with box.open("LT", lt.clock) as later:
        for document in (box.signed(CONSIGNOR, draft), box.signed(CONSIGNOR, new_draft())):
            with pytest.raises((SignatureRefused, SignerNotAllowed)):
                sent(later, document)
        assert len(later.rows("security_log")) == 2


def test_door_answers_for_what_came_through_it(box: Box, lt: Station) -> None:
    """A trader's document is nobody's at the administrations' door, and the other way round."""
    with box.open("PL") as pl:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        lt.deliver_to(pl)
        document = lt.document(CONSIGNOR, 1)
        with pytest.raises(SignerNotAllowed):
            sent(lt, document, Origin.ADMINISTRATION)
        with pytest.raises(SignerNotAllowed):
            sent(pl, lt.document("NDEA.PL", 1))


def test_peer_gets_its_duplicate_after_its_certificate_has_ended(box: Box) -> None:
    """An outbox is emptied after a long outage: what had arrived is acknowledged as such."""
    with box.open("LT") as lt, box.open("PL") as pl:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        lt.deliver_to(pl)
        e_sad = lt.document("NDEA.PL", 1)
        pl.clock.move(days=4000)

        assert sent(pl, e_sad, Origin.ADMINISTRATION).repeated


@pytest.mark.parametrize("together", [True, False], ids=["one group", "two groups"])
def test_message_signed_anew_gets_its_receipt(box: Box, lt: Station, *, together: bool) -> None:
    """With an EC key every signature is another one; identifier and content say that it is the same message."""
    draft = new_draft()
    documents = [box.signed(CONSIGNOR, draft) for _ in range(2)]

    answers = lt.commit(*documents) if together else [answer for one in documents for answer in lt.commit(one)]

    first, again = answers
    assert documents[0] != documents[1]
    assert isinstance(first, Receipt)
    assert again == replace(first, repeated=True)
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]


def test_other_content_under_the_identifier_names_what_was_done(box: Box, lt: Station) -> None:
    """The refusal has the ARC and the place in the mailbox."""
    draft = new_draft()
    first = lt.take(box.signed(CONSIGNOR, draft))

    (answer,) = lt.commit(box.signed(CONSIGNOR, replace(new_draft(), header=draft.header)))

    assert isinstance(answer, IdentifierReused)
    assert (answer.mailbox, answer.seq, answer.arc) == (CONSIGNOR, 1, first.arc)
    assert f"message 1 of {CONSIGNOR}, about {first.arc}" in str(answer)


def test_number_that_is_taken_is_told_with_its_e_sad(box: Box, lt: Station) -> None:
    """BR001 names the ARC in the hint, in a field of its own, and in the IE704; advice comes after it."""
    draft = new_draft()
    first = lt.take(box.signed(CONSIGNOR, draft))
    again = _with_identifier_of(new_draft(), draft)

    second = lt.take(box.signed(CONSIGNOR, again))

    (fault,) = second.faults
    assert (fault.rule, fault.arc) == ("BR001", first.arc)
    assert say(fault.hint).index(str(first.arc)) < say(fault.hint).index("new number")
    assert fault_json(fault)["arc"] == first.arc
    (error,) = lt.last(CONSIGNOR).functional_error
    assert str(first.arc) in error.error_reason


def _with_identifier_of(other: IE815, draft: IE815) -> IE815:
    """The same draft under the identifier of another message."""
    return replace(draft, header=other.header)


def test_report_signed_anew_by_a_peer_is_a_duplicate(box: Box) -> None:
    """Between administrations as well: the report does not wait in the outbox for ever."""
    with box.open("LT") as lt, box.open("PL") as pl:
        lt.take(box.signed(CONSIGNOR, new_draft()))
        lt.deliver_to(pl)
        pl.take(box.signed(FOREIGN_CONSIGNEE, new_report(pl.last(FOREIGN_CONSIGNEE))))
        report = pl.message("NDEA.LT", 2)
        pl.deliver_to(lt)
        anew = box.administration("PL").sign(current().write(report))

        assert anew != pl.document("NDEA.LT", 2)
        assert lt.take(anew, Origin.ADMINISTRATION).repeated


@pytest.mark.parametrize(
    ("first", "second", "same"),
    [
        (b"<a><b/></a>", b"<a ><b></b></a>", True),
        (b"<a><b>1</b></a>", b"<a><b>2</b></a>", False),
        (b"<a><b/><c/></a>", b"<a><b><c/></b></a>", False),
        (b"<a><b/></a>", b"<a/>", False),
        (b"<a/>", b"<a>" + b" " * 300_000 + b"</a>", False),
    ],
    ids=["written otherwise", "another value", "another tree", "less", "of another size"],
)
def test_content_is_compared_as_it_is_read(first: bytes, second: bytes, *, same: bool) -> None:
    """How the XML is written does not count."""
    assert same_content(first, second) is same
