"""A message that runs into a defect of ours is kept, told once, and decided when the defect is mended."""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from typing import Any, ClassVar

import pytest
from lxml import etree

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import IdentifierReused, NotDecided
from esad_gateway.gateway.abreast import Walk
from esad_gateway.gateway.validator import Validation, Validator
from esad_gateway.ports.outbox import Reception
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.simulator.drafts import read
from esad_gateway.store.undecided import UndecidedMessages, drop
from esad_gateway.transport.answers import HttpAnswer, tried
from esad_gateway.transport.envelope import deliver
from helpers.gateway import (
    CONSIGNOR,
    FOREIGN_CONSIGNEE,
    NOW,
    SECOND_CONSIGNOR,
    Box,
    HandClock,
    Station,
    new_draft,
    new_report,
)
from helpers.protocol import change
from helpers.samples import evolve
from helpers.scenario import Scenario
from helpers.served import Served, served, serving
from helpers.undecided import again, waiting

WRONG = {"body_ead_esad.0.gross_mass": 4321}
DAMAGE = "UPDATE movement SET lines = 'what nobody wrote' || lines"
MENDED = "UPDATE movement SET lines = substr(lines, length('what nobody wrote') + 1)"


class Defective(Validator):
    """A validator with a rule that fails on one weight, as often as it is asked."""

    __slots__ = ()
    asked: ClassVar[Counter[str]] = Counter()
    mended: ClassVar[bool] = False

    def walk(self, payload: etree._Element, origin: Origin, now: datetime) -> Walk[Validation]:
        """Validate as ever, or fail."""
        if float(payload.findtext(".//{*}GrossMass") or 0) == 4321 and not self.mended:
            self.asked[payload.findtext(".//{*}MessageIdentifier") or ""] += 1
            raise ZeroDivisionError("a rule")
        return (yield from super().walk(payload, origin, now))


@pytest.fixture(autouse=True)
def _broken() -> Iterator[None]:
    """Every test begins with the defect."""
    yield
    Defective.mended = False
    Defective.asked.clear()


@contextmanager
def with_a_rule_that_fails(box: Box, station: Station) -> Iterator[Served]:
    """The gateway, served with a validator that has a defect."""
    gateway = station.runtime.gateway
    validator = Defective(gateway.validator.releases, gateway.validator.profile)
    intake = replace(gateway.intake, validator=validator)
    runtime = replace(station.runtime, gateway=replace(gateway, intake=intake, validator=validator))
    with serving(box, replace(station, runtime=runtime)) as one:
        yield one


def poison(seed: str = CONSIGNOR) -> Any:
    """A draft on which that rule fails."""
    return evolve(new_draft(seed), WRONG)


def only(station: Station) -> dict[str, Any]:
    """The one message that is or was undecided."""
    [row] = station.rows("undecided")
    return row


def test_rule_that_fails_costs_one_message(box: Box, lt: Station) -> None:
    """It is kept with its reason and answered 500, with a reference; then the same without a try; others go on."""
    bad, good = box.signed(CONSIGNOR, poison()), box.signed(SECOND_CONSIGNOR, new_draft(SECOND_CONSIGNOR))
    with with_a_rule_that_fails(box, lt) as gateway:
        answers = [gateway.submit(document) for document in (bad, good, bad, bad)]
        health = gateway.get("/health").json

    assert [answer.status for answer in answers] == [500, 201, 500, 500]
    first, _, *repeated = [answer.json for answer in answers]
    assert first["type"] == "/problems/undecided"
    assert "do not send it again" in first["detail"]
    assert "a rule" not in first["detail"]
    assert repeated == [first, first]
    assert health["undecided"] == 1
    assert set(Defective.asked.values()) == {1}
    row = only(lt)
    assert (row["reference"], row["sender"], row["type"]) == (first["reference"], CONSIGNOR, "IE815")
    assert (row["at"][:19], row["reason"]) == (NOW.isoformat()[:19], "ZeroDivisionError: a rule")


def test_message_signed_anew_gets_the_same_answer(box: Box, lt: Station) -> None:
    """With an elliptic key the bytes are others each time; the content tells, and other content is another message."""
    right = new_draft()
    draft = evolve(right, WRONG)
    with with_a_rule_that_fails(box, lt) as gateway:
        first, anew = (gateway.submit(box.signed(CONSIGNOR, draft)).json for _ in range(2))
        accepted = gateway.submit(box.signed(CONSIGNOR, right))

    assert (anew["reference"], anew["identifier"]) == (first["reference"], draft.header.message_identifier)
    assert accepted.status == 201
    assert len(lt.rows("undecided")) == 1


def test_what_is_mended_is_decided_and_stands_in_the_mailbox(box: Box, lt: Station) -> None:
    """Then the sender finds the answer, the same bytes get that receipt, and the store is whole."""
    bad = box.signed(CONSIGNOR, poison())
    with with_a_rule_that_fails(box, lt) as gateway:
        reference = gateway.submit(bad).json["reference"]
        one = replace(again(lt), intake=gateway.station.runtime.gateway.intake)
        assert isinstance(one.decide(reference, "account me"), NotDecided)
        assert len(lt.checked().undecided) == 1
        Defective.mended = True
        decided = one.decide(reference, "account me")
        repeated = gateway.submit(bad)

    assert isinstance(decided, Receipt)
    assert (decided.outcome, decided.mailbox, decided.seq) == (Outcome.ACCEPTED, CONSIGNOR, 1)
    assert (repeated.status, repeated.json["arc"]) == (200, decided.arc)
    row = only(lt)
    assert (row["body"], row["decided_by"]) == (None, "account me")


def test_what_another_process_has_decided_gets_its_receipt(box: Box, lt: Station) -> None:
    """A gateway that remembers the defect tells what came of the message, also when it comes signed anew."""
    draft = poison()
    bad = box.signed(CONSIGNOR, draft)
    with with_a_rule_that_fails(box, lt) as gateway:
        reference = gateway.submit(bad).json["reference"]
        Defective.mended = True
        elsewhere = replace(again(lt), intake=replace(lt.runtime.gateway.intake, failed={}))
        decided = elsewhere.decide(reference, "account me")
        Defective.mended = False
        answers = [gateway.submit(document) for document in (bad, box.signed(CONSIGNOR, draft))]

    assert isinstance(decided, Receipt)
    assert [(answer.status, answer.json["arc"]) for answer in answers] == [(200, decided.arc)] * 2
    assert UndecidedMessages(lt.runtime.store.reader).waiting() == []
    assert lt.checked().problems == ()


@pytest.fixture
def under_way(box: Box, lt: Station, pl: Station) -> Scenario:
    """A movement that has arrived in Poland, where its row is damaged."""
    scenario = Scenario.begin(box, lt, pl)
    pl.run_sql(DAMAGE)
    return scenario


def test_row_that_cannot_be_read_costs_the_messages_about_it(box: Box, lt: Station, pl: Station) -> None:
    """What a whole group looks up fails for one message only: the others of its group are committed, without gaps."""
    scenario, other = Scenario.begin(box, lt, pl), Scenario.begin(box, lt, pl)
    pl.run_sql(f"{DAMAGE} WHERE arc = '{scenario.arc}'")
    reports = [box.signed(FOREIGN_CONSIGNEE, new_report(one.e_sad)) for one in (other, scenario)]

    answers = [*pl.commit(*reports), *pl.commit(*reports)]

    assert [type(answer) for answer in answers] == [Receipt, NotDecided] * 2
    assert [listed.seq for listed in pl.mailbox(FOREIGN_CONSIGNEE)] == [1, 2, 3, 4]
    pl.run_sql(f"{MENDED} WHERE arc = '{scenario.arc}'")
    assert isinstance(again(pl).decide(only(pl)["reference"], "me"), Receipt)
    assert pl.checked().problems == ()


def test_peer_is_told_that_its_message_has_arrived(
    under_way: Scenario, box: Box, pl: Station, clock: HandClock
) -> None:
    """It is on disk and ours to decide: acknowledged, a duplicate when it comes again, and decided after the mend."""
    assert under_way.consignor(change()).faults == ()
    document = under_way.lt.due()[-1][1]
    envelope, identifier = deliver(document), read(document).header.message_identifier
    with served(box, "PL", clock) as gateway:
        answers = [gateway.ask("POST", "/ndea", envelope, {"Content-Type": "text/xml"}) for _ in range(2)]
        found = [tried(HttpAnswer(one.status, {}, one.body), identifier) for one in answers]
        pl.run_sql(MENDED)
        decided = again(pl).decide(only(pl)["reference"], "me")

    assert [one.reception for one in found] == [Reception.ACKNOWLEDGED] * 2
    assert [one.outcome for one in found] == ["accepted", "duplicate"]
    assert isinstance(decided, Receipt)
    assert decided.outcome is Outcome.ACCEPTED


def test_what_is_undecided_does_not_use_its_identifier(under_way: Scenario, box: Box, pl: Station) -> None:
    """Other content under the same identifier may be decided meanwhile; the bytes stay, with what is true of them."""
    report = new_report(under_way.e_sad)
    [kept] = pl.commit(box.signed(FOREIGN_CONSIGNEE, report))
    assert isinstance(kept, NotDecided)
    pl.run_sql(MENDED)
    other = evolve(report, {"destination_office.reference_number": "PL002000"})
    assert pl.take(box.signed(FOREIGN_CONSIGNEE, other)).identifier == kept.identifier

    answers = [again(pl).decide(kept.reference, "me") for _ in range(2)]

    assert [type(answer) for answer in answers] == [IdentifierReused] * 2
    [left] = UndecidedMessages(pl.runtime.store.reader).waiting()
    assert left.reason == str(answers[0])
    assert only(pl)["body"] is not None
    assert pl.checked().problems == ()


def test_what_nobody_can_decide_is_dropped_by_a_person(under_way: Scenario, box: Box, pl: Station) -> None:
    """It is undecided no more, its bytes stay with who gave it up and why, and the store is whole."""
    report = new_report(under_way.e_sad)
    [kept] = pl.commit(box.signed(FOREIGN_CONSIGNEE, report))
    assert isinstance(kept, NotDecided)
    pl.run_sql(MENDED)
    pl.take(box.signed(FOREIGN_CONSIGNEE, evolve(report, {"destination_office.reference_number": "PL002000"})))
    assert isinstance(again(pl).decide(kept.reference, "me"), IdentifierReused)
    store = pl.runtime.store

    dropped = [drop(store.writer, [kept.reference, "x"], NOW, "account me", "settled") for _ in range(2)]

    assert dropped == [[kept.reference], []]
    assert waiting(pl) == []
    [one] = UndecidedMessages(store.reader).every()
    assert (one.decided_by, one.dropped) == ("account me", "settled")
    assert only(pl)["body"] is not None
    assert pl.checked().ok
    [repeated] = pl.commit(box.signed(FOREIGN_CONSIGNEE, report))
    assert isinstance(repeated, IdentifierReused)


def test_what_was_dropped_and_comes_again_is_undecided_again(under_way: Scenario, box: Box, pl: Station) -> None:
    """As long as the defect is there, nobody is told that a message is kept which stands in no list."""
    report = box.signed(FOREIGN_CONSIGNEE, new_report(under_way.e_sad))
    [kept] = pl.commit(report)
    assert isinstance(kept, NotDecided)
    drop(pl.runtime.store.writer, [kept.reference], NOW, "account me", "by mistake")

    [repeated] = pl.commit(report)

    assert isinstance(repeated, NotDecided)
    [one] = UndecidedMessages(pl.runtime.store.reader).waiting()
    assert (one.reference, one.dropped) == (repeated.reference, None)


def test_what_was_dropped_is_decided_all_the_same_when_somebody_asks(
    under_way: Scenario, box: Box, pl: Station
) -> None:
    """A person may change their mind; then it stands in the mailbox, as every message does."""
    [kept] = pl.commit(box.signed(FOREIGN_CONSIGNEE, new_report(under_way.e_sad)))
    assert isinstance(kept, NotDecided)
    drop(pl.runtime.store.writer, [kept.reference], NOW, "account me", "by mistake")
    pl.run_sql(MENDED)

    assert isinstance(again(pl).decide(kept.reference, "account me"), Receipt)

    [one] = UndecidedMessages(pl.runtime.store.reader).every()
    assert (one.dropped, only(pl)["body"]) == (None, None)
    assert pl.checked().ok


def test_what_comes_twice_in_one_group_is_kept_once(under_way: Scenario, box: Box, pl: Station) -> None:
    """The same bytes have the same reference."""
    report = box.signed(FOREIGN_CONSIGNEE, new_report(under_way.e_sad))

    answers = pl.commit(report, report)

    assert [answer.reference for answer in answers if isinstance(answer, NotDecided)] == [only(pl)["reference"]] * 2


LIES: dict[str, tuple[Callable[[Station], str], str]] = {
    "other bytes": (lambda _: "UPDATE undecided SET body = (SELECT body FROM document)", "are not those that came"),
    "bytes that were dropped and are gone": (
        lambda _: "UPDATE undecided SET body = NULL, decided_at = at, dropped = 'so'",
        "as long as it is undecided",
    ),
    "no bytes": (lambda _: "UPDATE undecided SET body = NULL", "as long as it is undecided"),
    "bytes that were decided": (lambda _: "UPDATE undecided SET decided_at = at", "as long as it is undecided"),
    "a reference of its own": (lambda _: "UPDATE undecided SET reference = 'made up'", "that is not its own"),
    "a moment that is none": (lambda _: "UPDATE undecided SET at = 'yesterday'", "is no moment"),
}


@pytest.mark.parametrize("lie", LIES)
def test_check_knows_what_is_undecided(under_way: Scenario, box: Box, pl: Station, lie: str) -> None:
    """A message that is undecided is named with its command; one that was tampered with is a problem."""
    pl.commit(box.signed(FOREIGN_CONSIGNEE, new_report(under_way.e_sad)))
    pl.run_sql(MENDED)
    whole = pl.checked()
    assert (whole.problems, whole.ok) == ((), False)
    assert f"esad undecided retry {only(pl)['reference']} decides it" in whole.undecided[0]

    make, told = LIES[lie]
    pl.run_sql(make(pl))

    assert told in " ".join(pl.checked().problems)


def test_health_counts_clocks_that_are_stopped(box: Box, lt: Station, pl: Station, clock: HandClock) -> None:
    """Whoever watches a gateway sees them beside messages."""
    Scenario.begin(box, lt, pl)
    lt.clock.move(days=30)
    lt.run_sql(DAMAGE)
    lt.runtime.committer.tick(lt.clock.at)
    with served(box, "LT", clock) as gateway:
        assert gateway.get("/health").json["undecided"] == 1


def test_undecided_message_outlives_a_restart(box: Box, lt: Station, clock: HandClock) -> None:
    """Another process knows it, and answers the same."""
    bad = box.signed(CONSIGNOR, poison())
    with with_a_rule_that_fails(box, lt) as gateway:
        before = gateway.submit(bad).json
    with served(box, "LT", clock) as gateway:
        after = gateway.submit(bad)

    assert (after.status, after.json) == (500, before)
