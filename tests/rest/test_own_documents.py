"""Over real connections: what this administration signed is refused at both of its doors, with the true reason."""

from pathlib import Path

from lxml import etree

from esad_gateway.transport.envelope import deliver
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.served import Answer, Served, served

ADMINISTRATIONS = {"Content-Type": "text/xml; charset=utf-8"}


def e_sad(gateway: Served) -> bytes:
    """The IE801 that a trader finds in its mailbox."""
    receipt = gateway.submit(gateway.box.signed(CONSIGNOR, new_draft())).json
    return gateway.station.document(CONSIGNOR, receipt["replies"][0]["seq"])


def delivered(gateway: Served, document: bytes) -> Answer:
    """What the administrations' door answers."""
    return gateway.ask("POST", "/ndea", deliver(document), ADMINISTRATIONS)


def test_traders_door_refuses_our_own_document(fresh: Served) -> None:
    """403, a kind of its own, and what was expected; nothing is filed, and the security log has it."""
    document = e_sad(fresh)
    before = fresh.station.rows("message")

    answer = fresh.submit(document)

    assert (answer.status, answer.json["type"]) == (403, "/problems/issued-here")
    assert answer.json["detail"].startswith("NDEA.LT signed this IE801 itself")
    assert fresh.station.rows("message") == before
    assert fresh.station.rows("security_log")[-1]["reason"].startswith("IssuedHere: NDEA.LT signed this IE801 itself")


def test_administrations_door_refuses_our_own_document(fresh: Served) -> None:
    """A fault of the client: the destination side does not open, whoever posts the e-SAD of a trader."""
    document = e_sad(fresh)
    before = (fresh.station.rows("message"), fresh.station.rows("movement"))

    answer = delivered(fresh, document)

    fault = etree.fromstring(answer.body)
    assert [element.text for element in fault.iter("faultcode")] == ["s:Client"]
    assert "NDEA.LT signed this IE801 itself" in (fault.findtext(".//faultstring") or "")
    assert (fresh.station.rows("message"), fresh.station.rows("movement")) == before


def test_other_administration_takes_what_ours_refuses(fresh: Served, tmp_path: Path) -> None:
    """The same bytes are news where they were sent to."""
    document = e_sad(fresh)
    with served(copy_of_box(tmp_path / "other"), "PL") as poland:
        assert delivered(poland, document).status == 200
