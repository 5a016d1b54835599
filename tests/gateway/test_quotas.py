"""Quotas: how much of one sender is kept that was refused, or that waits."""

from collections.abc import Iterator
from dataclasses import replace
from http.client import HTTPConnection

import pytest

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import OverQuota
from esad_gateway.identities import header
from esad_gateway.ports.reading import Outcome
from esad_gateway.transport.envelope import CONTENT_TYPE, deliver
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, NOW, PATIENCE, SECOND_CONSIGNOR, Box, Station, new_draft
from helpers.protocol import change
from helpers.served import served


@pytest.fixture
def strict(box: Box) -> Iterator[Station]:
    """The gateway of Lithuania, which keeps two refused messages of a sender a day."""
    box.set("LT", refused_a_day=2)
    with box.open("LT") as station:
        yield station


def wrong() -> IE815:
    """A draft that breaks one rule, another one every time."""
    return replace(new_draft(), transport_mode=replace(new_draft().transport_mode, transport_mode_code="6"))


def test_refused_messages_beyond_the_quota_are_not_kept(box: Box, strict: Station) -> None:
    """The third within a day gets the quota and a time, leaves no trace, and may be sent again when that has come."""
    documents = [box.signed(CONSIGNOR, wrong()) for _ in range(3)]
    assert strict.take(documents[0]).outcome is Outcome.REFUSED
    strict.clock.move(hours=1)
    assert strict.take(documents[1]).outcome is Outcome.REFUSED
    kept = strict.rows("message"), strict.rows("document"), strict.rows("inbox_identity")

    [answer] = strict.commit(documents[2])

    assert isinstance(answer, OverQuota)
    assert (answer.limit, answer.setting, answer.pause) == (2, "refused_a_day", 23 * 3600)
    assert "2 messages of LT00000000101 were refused within a day" in str(answer)
    assert (strict.rows("message"), strict.rows("document"), strict.rows("inbox_identity")) == kept
    strict.clock.move(hours=23)
    assert strict.take(documents[2]).outcome is Outcome.REFUSED


def test_quota_counts_within_one_group(box: Box, strict: Station) -> None:
    """What is committed together counts together."""
    answers = strict.commit(*(box.signed(CONSIGNOR, wrong()) for _ in range(4)))
    assert [type(answer).__name__ for answer in answers] == ["Receipt", "Receipt", "OverQuota", "OverQuota"]


def test_sender_over_its_quota_goes_on_with_what_is_right(box: Box, strict: Station) -> None:
    """Accepted messages have no quota, repeated ones get their receipt, and nobody pays for somebody else."""
    first = box.signed(CONSIGNOR, wrong())
    strict.commit(first, *(box.signed(CONSIGNOR, wrong()) for _ in range(2)))

    assert strict.take(box.signed(CONSIGNOR, new_draft())).outcome is Outcome.ACCEPTED
    assert strict.take(first).repeated
    theirs = wrong()
    trader = replace(theirs.consignor_trader, trader_excise_number=SECOND_CONSIGNOR)
    assert strict.take(box.signed(SECOND_CONSIGNOR, replace(theirs, consignor_trader=trader))).faults


def early(box: Box) -> bytes:
    """Lithuania's change of a movement that Poland has not heard of: it has to wait for the e-SAD."""
    message = change(sequence=2)
    fresh = replace(header("LT", NOW), message_recipient="NDEA.PL")
    return box.administration("LT").sign(Binder("V3.23").write(replace(message, header=fresh)))


def test_waiting_messages_beyond_the_quota_are_not_kept(box: Box) -> None:
    """An administration may let two messages wait; the next one it keeps itself, until there is room."""
    box.set("PL", parked_at_once=2)
    documents = [early(box) for _ in range(3)]
    with box.open("PL") as pl:
        assert pl.take(documents[0], Origin.ADMINISTRATION).outcome is Outcome.PARKED
        assert pl.take(documents[1], Origin.ADMINISTRATION).outcome is Outcome.PARKED

        [answer] = pl.commit(documents[2], origin=Origin.ADMINISTRATION)

        assert isinstance(answer, OverQuota)
        assert (answer.limit, answer.setting) == (2, "parked_at_once")
        assert len(pl.rows("parked")) == len(pl.rows("message")) == 2
        pl.clock.move(days=2)
        pl.runtime.committer.tick(pl.clock.at)
        assert pl.take(documents[2], Origin.ADMINISTRATION).outcome is Outcome.PARKED


def test_trader_is_told_the_quota_and_the_time(box: Box) -> None:
    """429 with the limit, the setting and Retry-After."""
    box.set("LT", refused_a_day=1)
    with served(box) as gateway:
        assert gateway.submit(box.signed(CONSIGNOR, wrong())).status == 422
        answer = gateway.submit(box.signed(CONSIGNOR, wrong()))

    assert (answer.status, answer.headers["retry-after"]) == (429, str(24 * 3600))
    assert answer.json["type"] == "/problems/over-quota"
    assert (answer.json["limit"], answer.json["setting"]) == (1, "refused_a_day")


def test_quota_of_an_administration_is_about_the_one_document(box: Box) -> None:
    """429 with a Client fault and a time: that document waits on its side, and no other of its documents does."""
    box.set("PL", parked_at_once=1)
    answers = []
    with served(box, "PL") as gateway:
        for document in (early(box), early(box)):
            connection = HTTPConnection("127.0.0.1", gateway.port, timeout=PATIENCE)
            connection.request("POST", "/ndea", deliver(document), {"Content-Type": CONTENT_TYPE})
            response = connection.getresponse()
            answers.append((response.status, response.headers["Retry-After"], b"Client</faultcode>" in response.read()))
            connection.close()

    assert answers == [(200, None, False), (429, "60", True)]
