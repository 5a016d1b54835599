"""Agents: a broker signs for traders with a certificate of its own, as far and as long as they let it."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from esad_gateway.emcs.identifiers import ARC, MemberState
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotFound, SignerNotAllowed
from esad_gateway.gateway.access import A_TRADER, Principal
from esad_gateway.gateway.intake import Submission
from esad_gateway.ports.reading import MailboxQuery, MovementQuery, Outcome, Receipt
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.xml.binding import Binder
from helpers.agents import BROKER, agent, let, revoke
from helpers.gateway import (
    CONSIGNEE,
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    FOREIGN_CONSIGNOR,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    Station,
    edited,
    new_draft,
    new_report,
)
from helpers.overlapping import commit, while_signing
from helpers.protocol import change
from helpers.samples import evolve
from helpers.scenario import Scenario

LT = MemberState("LT")


@pytest.fixture
def broker(lt: Station) -> XmlSigner:
    """Signs as a broker that Lithuania knows."""
    return agent(lt)


@pytest.fixture
def other(box: Box, lt: Station, clock: HandClock) -> Iterator[Station]:
    """A second gateway on the store of Lithuania."""
    with box.open("LT", clock) as station:
        assert station.member is lt.member
        yield station


def by(signer: XmlSigner, message: Message) -> bytes:
    """A message as a document of a signer."""
    return signer.sign(Binder("V3.23").write(message))


def why(lt: Station, document: bytes) -> str:
    """Why a document is refused at the door."""
    with pytest.raises(SignerNotAllowed) as raised:
        lt.commit(document)
    return str(raised.value)


def sent(lt: Station, document: bytes) -> Receipt:
    """The answer to a document that comes through a door."""
    assert callable(lt.door)
    return asyncio.run(lt.runtime.gateway.take(Submission(raw=document, principal=A_TRADER, channel="test")))


def not_there(read: Callable[[], object]) -> str:
    """What is said of something that does not exist for who reads."""
    with pytest.raises(NotFound) as raised:
        read()
    return str(raised.value)


def signed_for(lt: Station) -> list[tuple[str, int, int]]:
    """What stands in the store as signed by agents: mailbox, number, delegation."""
    return [(row["mailbox"], row["seq"], row["delegation"]) for row in lt.rows("signed_for")]


def arrived(box: Box, lt: Station, pl: Station) -> IE801:
    """An e-SAD that a consignor in Poland has sent to the consignee in Lithuania."""
    pl.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE)))
    pl.deliver_to(lt)
    e_sad: IE801 = lt.last(CONSIGNEE, "IE801")
    return e_sad


def test_broker_signs_a_draft_for_a_consignor(lt: Station, broker: XmlSigner) -> None:
    """The movement is the consignor's, as if it had signed itself; who has signed for it stands beside the message."""
    given = let(lt, CONSIGNOR, "IE815")

    receipt = lt.take(by(broker, new_draft()))

    assert (receipt.outcome, receipt.mailbox) == (Outcome.ACCEPTED, CONSIGNOR)
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE801")]
    assert [(listed.signed_by, listed.delegation) for listed in lt.mailbox(CONSIGNOR)] == [
        (BROKER, given.number),
        (None, None),
    ]
    assert lt.mailbox(BROKER) == ()
    assert lt.checked().problems == ()


def test_broker_signs_a_report_for_a_consignee(box: Box, lt: Station, pl: Station, broker: XmlSigner) -> None:
    """The report goes to the state of dispatch as the consignee's own would."""
    e_sad = arrived(box, lt, pl)
    given = let(lt, CONSIGNEE, "IE818")

    receipt = lt.take(by(broker, new_report(e_sad)))
    lt.deliver_to(pl)

    assert receipt.outcome is Outcome.ACCEPTED
    assert pl.types(FOREIGN_CONSIGNOR)[-1] == ("out", "IE818")
    assert signed_for(lt) == [(CONSIGNEE, receipt.seq, given.number)]
    assert lt.checked().problems == ()


@pytest.mark.usefixtures("broker")
def test_trader_signs_for_itself_as_before(box: Box, lt: Station) -> None:
    """Whoever lets another act goes on signing with its own certificate, and nothing is noted of that."""
    let(lt, CONSIGNOR, "IE815")

    assert lt.take(box.signed(CONSIGNOR, new_draft())).outcome is Outcome.ACCEPTED
    assert signed_for(lt) == []
    assert lt.checked().problems == ()


def test_change_that_names_nobody_is_that_of_the_consignor_of_the_movement(
    box: Box, lt: Station, broker: XmlSigner
) -> None:
    """An IE813 names no author: of all for whom the broker may sign it, it is the one who takes part."""
    for trader in (CONSIGNEE, SECOND_CONSIGNOR, CONSIGNOR):
        let(lt, trader, "IE813")
    lt.take(box.signed(CONSIGNOR, new_draft()))

    receipt = lt.take(by(broker, Scenario(box, lt, lt, lt.last(CONSIGNOR)).about(change(), "LT")))

    assert (receipt.outcome, receipt.mailbox) == (Outcome.ACCEPTED, CONSIGNOR)
    assert signed_for(lt) == [(CONSIGNOR, receipt.seq, 3)]
    assert lt.checked().problems == ()


def test_change_of_a_movement_of_nobody_who_agreed_is_refused_as_if_there_were_none(
    box: Box, lt: Station, broker: XmlSigner
) -> None:
    """That of a stranger and that which does not exist are refused in the same words, and stand in no mailbox."""
    let(lt, CONSIGNEE, "IE813")
    let(lt, SECOND_CONSIGNOR, "IE813")
    lt.take(box.signed(CONSIGNOR, new_draft()))
    changed = Scenario(box, lt, lt, lt.last(CONSIGNOR)).about(change(), "LT")
    missing = evolve(changed, {"update_ead_esad.administrative_reference_code": str(ARC.issue(2026, LT, "0" * 15))})
    before = lt.rows("message")

    answers = [lt.commit(by(broker, one))[0] for one in (changed, missing)]

    assert [type(one) for one in answers] == [SignerNotAllowed, SignerNotAllowed]
    assert str(answers[0]) == str(answers[1])
    assert lt.rows("message") == before


@pytest.mark.parametrize(
    ("signs", "since", "until", "cause"),
    [
        ("IE818", -1, None, "does not let it sign IE815"),
        ("IE815", +1, None, "begins at"),
        ("IE815", -2, -1, "ended at"),
    ],
)
def test_broker_is_refused_for_the_true_cause(
    lt: Station, broker: XmlSigner, signs: str, since: int, until: int | None, cause: str
) -> None:
    """Another kind of messages, too early, too late: the delegation is named, and nothing stands in any mailbox."""
    now = lt.clock.at
    ends = None if until is None else now + timedelta(days=until)
    let(lt, CONSIGNOR, signs, since=now + timedelta(days=since), until=ends)

    told = why(lt, by(broker, new_draft()))

    assert cause in told
    assert f"delegation 1 of {CONSIGNOR} to {BROKER}" in told
    assert lt.rows("message") == []


def test_broker_of_another_trader_is_refused_whether_that_one_exists_or_not(lt: Station, broker: XmlSigner) -> None:
    """It learns nothing of traders who have not agreed."""
    let(lt, CONSIGNOR, "IE815")
    draft = by(broker, new_draft(SECOND_CONSIGNOR))
    nobody = edited(draft, broker, (SECOND_CONSIGNOR.encode(), b"LT99999999999"))

    told = [why(lt, draft).replace(SECOND_CONSIGNOR, "?"), why(lt, nobody).replace("LT99999999999", "?")]

    assert told[0] == told[1]
    assert f"no delegation lets {BROKER} sign for ?" in told[0]


@pytest.mark.usefixtures("broker")
def test_stranger_is_refused_as_before(box: Box, lt: Station) -> None:
    """Somebody to whom nobody has given anything is told nothing of agents."""
    let(lt, CONSIGNOR, "IE815")

    assert why(lt, box.signed(SECOND_CONSIGNOR, new_draft())) == (
        f"the signing certificate is not registered for {CONSIGNOR}"
    )


def test_agent_lets_nobody_act_in_turn(lt: Station, broker: XmlSigner) -> None:
    """What the broker may do for the consignor, its own agent may not."""
    let(lt, CONSIGNOR, "IE815", name=SECOND_CONSIGNOR)
    let(lt, SECOND_CONSIGNOR, "*")

    assert "no delegation lets" in why(lt, by(broker, new_draft()))


def test_what_is_given_counts_at_once(lt: Station, broker: XmlSigner) -> None:
    """The first message after it is taken, though the gateway has not looked into the register since."""
    document = by(broker, new_draft())
    assert "not registered" in why(lt, document)

    let(lt, CONSIGNOR, "IE815")

    assert lt.take(document).outcome is Outcome.ACCEPTED


def test_what_is_taken_back_counts_no_more_at_once(lt: Station, broker: XmlSigner) -> None:
    """The gateway has not looked into the register since, and refuses; what was signed before stays proved."""
    given = let(lt, CONSIGNOR, "IE815")
    lt.take(by(broker, new_draft()))

    revoke(lt, given)
    (answer,) = lt.commit(by(broker, new_draft()))

    assert isinstance(answer, SignerNotAllowed)
    assert "was revoked at" in str(answer)
    assert len(lt.mailbox(CONSIGNOR)) == 2
    assert lt.checked().problems == ()


def test_revoked_in_the_middle_of_its_decision(lt: Station, other: Station, broker: XmlSigner) -> None:
    """Another process takes it back while the answer is being signed: under the write lock the message is refused."""
    given = let(lt, CONSIGNOR, "IE815")

    committer = while_signing(lt.runtime.committer, lambda: revoke(other, given))
    (answer,) = commit(committer, lt, lt.intake(by(broker, new_draft())))

    assert isinstance(answer, SignerNotAllowed)
    assert "was revoked at" in str(answer)
    assert lt.rows("message") == lt.rows("movement") == []
    assert lt.checked().problems == ()


def test_others_of_a_group_go_on_when_one_of_them_is_refused(box: Box, lt: Station, broker: XmlSigner) -> None:
    """A delegation that was taken back in between costs only its own message."""
    given = let(lt, CONSIGNOR, "IE815")
    let(lt, SECOND_CONSIGNOR, "IE815")
    items = [
        lt.intake(by(broker, new_draft())),
        lt.intake(by(broker, new_draft(SECOND_CONSIGNOR))),
        lt.intake(box.signed(CONSIGNOR, new_draft())),
    ]

    revoke(lt, given)
    answers = lt.runtime.committer.commit(items, lt.clock.at)

    assert [type(one) for one in answers] == [SignerNotAllowed, Receipt, Receipt]
    assert [one[0] for one in signed_for(lt)] == [SECOND_CONSIGNOR]
    assert lt.checked().problems == ()


def test_revoked_by_a_clock_that_is_ahead(lt: Station, broker: XmlSigner) -> None:
    """Whoever took it back lives a minute later: it counts no more all the same."""
    given = let(lt, CONSIGNOR, "IE815")
    item = lt.intake(by(broker, new_draft()))
    lt.clock.at += timedelta(minutes=1)
    revoke(lt, given)

    (answer,) = lt.runtime.committer.commit([item], lt.clock.at - timedelta(minutes=1))

    assert isinstance(answer, SignerNotAllowed)


def test_what_was_committed_is_answered_again_after_it_was_taken_back(lt: Station, broker: XmlSigner) -> None:
    """A broker that lost the answer sends the same bytes again, and the trader has it in its mailbox once."""
    given = let(lt, CONSIGNOR, "IE815")
    document = by(broker, new_draft())
    first = sent(lt, document)
    lt.clock.at += timedelta(minutes=1)
    revoke(lt, given)

    assert sent(lt, document) == replace(first, repeated=True)
    with pytest.raises(SignerNotAllowed):
        sent(lt, by(broker, new_draft()))
    assert [row["reason"].split(":")[0] for row in lt.rows("security_log")] == ["SignerNotAllowed"]


def test_refused_message_stands_in_the_mailbox_of_the_trader(lt: Station, broker: XmlSigner) -> None:
    """The trader sees what was sent for it and what was wrong, also where the schema refuses the document."""
    given = let(lt, CONSIGNOR, "IE815")
    unreadable = edited(by(broker, new_draft()), broker, (b"GuarantorTypeCode", b"GuarantorType"))
    wrong = edited(by(broker, new_draft()), broker, (FOREIGN_CONSIGNEE.encode(), b"PL99999999999"))

    receipts = [lt.take(unreadable), lt.take(wrong)]

    assert [(one.outcome, one.mailbox) for one in receipts] == [(Outcome.REFUSED, CONSIGNOR)] * 2
    assert lt.types(CONSIGNOR) == [("in", "IE815"), ("out", "IE917"), ("in", "IE815"), ("out", "IE704")]
    assert signed_for(lt) == [(CONSIGNOR, 1, given.number), (CONSIGNOR, 3, given.number)]
    assert lt.checked().problems == ()


def test_reads_what_it_was_given_and_nothing_else(lt: Station, broker: XmlSigner) -> None:
    """Kinds that were not given are as missing as mailboxes that were not."""
    let(lt, CONSIGNOR, "IE815", reads=["IE801"])
    lt.take(by(broker, new_draft()))
    reading, who = lt.runtime.reading, Principal(Origin.TRADER, BROKER)

    assert [one.type for one in reading.page(who, CONSIGNOR, MailboxQuery()).messages] == ["IE801"]
    assert reading.page(who, CONSIGNOR, MailboxQuery()).complete_through == 2
    assert b"IE801" in reading.body(who, CONSIGNOR, 2)
    assert reading.acknowledge(who, CONSIGNOR, 2).acknowledged_at
    for seq in (1, 3):
        with pytest.raises(NotFound, match="no message"):
            reading.body(who, CONSIGNOR, seq)
        with pytest.raises(NotFound, match="no message"):
            reading.acknowledge(who, CONSIGNOR, seq)
    missing = [not_there(partial(reading.page, who, one, MailboxQuery())) for one in (SECOND_CONSIGNOR, "LT9")]
    assert missing[0].replace(SECOND_CONSIGNOR, "LT9") == missing[1]


def test_reads_movements_only_where_it_reads_everything(lt: Station, broker: XmlSigner) -> None:
    """A movement tells of messages of every kind; whoever may read them all sees who has signed what for whom."""
    given = let(lt, CONSIGNOR, "IE815", reads=["IE801"])
    let(lt, SECOND_CONSIGNOR, "IE815", reads=["*"])
    arcs = [lt.take(by(broker, new_draft(one))).arc or "" for one in (CONSIGNOR, SECOND_CONSIGNOR)]
    reading, who = lt.runtime.reading, Principal(Origin.TRADER, BROKER)

    with pytest.raises(NotFound):
        reading.movements(who, CONSIGNOR, MovementQuery())
    with pytest.raises(NotFound):
        reading.movement(who, CONSIGNOR, arcs[0])
    assert [one.arc for one in reading.movements(who, SECOND_CONSIGNOR, MovementQuery()).movements] == [arcs[1]]
    (signed,) = reading.movement(Principal(Origin.TRADER, CONSIGNOR), CONSIGNOR, arcs[0]).signed_for
    assert (signed.type, signed.signed_by, signed.delegation) == ("IE815", BROKER, given.number)


def test_reading_ends_at_once(lt: Station, broker: XmlSigner) -> None:
    """After it was taken back the mailbox is as missing as that of a stranger, and before it begins as well."""
    given = let(lt, CONSIGNOR, reads=["*"])
    let(lt, SECOND_CONSIGNOR, reads=["*"], since=lt.clock.at + timedelta(days=1))
    reading, who = lt.runtime.reading, Principal(Origin.TRADER, BROKER)
    assert reading.page(who, CONSIGNOR, MailboxQuery()).messages == ()

    revoke(lt, given)

    for name in (CONSIGNOR, SECOND_CONSIGNOR):
        with pytest.raises(NotFound):
            reading.page(who, name, MailboxQuery())
    assert "does not let it sign IE815" in why(lt, by(broker, new_draft()))


@pytest.mark.parametrize(
    ("lie", "told"),
    [
        ("DELETE FROM signed_for", "no delegation stands beside the message"),
        ("UPDATE signed_for SET delegation = 2", "which does not let its signer do that"),
        ("UPDATE signed_for SET delegation = 9", "there is no delegation 9"),
        ("UPDATE signed_for SET seq = 2", "there is no such message"),
        ("UPDATE delegation SET signs = 'IE818' WHERE number = 1", "is not registered for"),
        ("UPDATE delegation SET until = '2026-01-01T00:00:00.000000+00:00' WHERE number = 1", "is not registered for"),
        ("INSERT INTO signed_for VALUES ('LT00000000103', 1, 2)", "LT00000000103 signed it itself"),
    ],
)
def test_check_tells_when_it_is_not_said_who_signed_for_whom(
    box: Box, lt: Station, broker: XmlSigner, lie: str, told: str
) -> None:
    """Whoever changes a row of the evidence contradicts the signature, or another row."""
    let(lt, CONSIGNOR, "IE815")
    let(lt, SECOND_CONSIGNOR, "IE815")
    lt.take(by(broker, new_draft()))
    lt.take(box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR)))
    assert lt.checked().problems == ()

    lt.run_sql(lie)

    assert any(told in problem for problem in lt.checked().problems), lt.checked().problems
