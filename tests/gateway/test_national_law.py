"""National law takes part at the gateway: what it looks up, what it refuses, and what it keeps of what was accepted."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from esad_gateway.emcs.messages import IE704
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, Box, HandClock, Station, new_draft
from helpers.national_law import DISPATCH, MOST, OftenIsPermanent

NEXT_QUARTER = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def under(profile: NationalProfile, station: Station) -> Station:
    """The same gateway under another national profile."""
    committer = replace(station.runtime.committer, profile=profile)
    return replace(station, runtime=replace(station.runtime, committer=committer))


@pytest.fixture
def strict(lt: Station) -> Station:
    """The gateway of Lithuania with that law."""
    return under(replace(lt.runtime.profile, law=OftenIsPermanent()), lt)


def group(station: Station, box: Box, *seeds: str) -> list[Receipt]:
    """Drafts of these consignors, committed together."""
    drafts = [box.signed(seed, new_draft(seed, at=station.clock.at)) for seed in seeds]
    answers = station.commit(*drafts)
    assert all(isinstance(answer, Receipt) for answer in answers)
    return [answer for answer in answers if isinstance(answer, Receipt)]


def test_law_counts_what_its_own_group_brought(strict: Station, box: Box) -> None:
    """The fourth dispatch of one group is refused, and other consignors are not concerned."""
    answers = group(strict, box, CONSIGNOR, CONSIGNOR, SECOND_CONSIGNOR, CONSIGNOR, CONSIGNOR)

    accepted, refused = Outcome.ACCEPTED, Outcome.REFUSED
    assert [answer.outcome for answer in answers] == [accepted, accepted, accepted, accepted, refused]
    arcs = [answer.arc for answer in answers[:4]]
    assert [row["arc"] for row in strict.rows("note")] == arcs


def test_law_finds_in_the_store_what_it_kept(strict: Station, box: Box) -> None:
    """A later group is refused for what earlier ones have noted: with a national fault, its line, and an IE704."""
    group(strict, box, CONSIGNOR, CONSIGNOR)
    third, fourth = (group(strict, box, CONSIGNOR)[0] for _ in range(2))

    assert third.outcome is Outcome.ACCEPTED
    (fault,) = fourth.faults
    assert (fault.rule, fault.code, fault.value) == ("LT-CCR-1", "15", CONSIGNOR)
    assert fault.line is not None
    refusal = strict.last(CONSIGNOR)
    assert isinstance(refusal, IE704)
    reason = refusal.functional_error[0].error_reason or ""
    assert reason.startswith("LT-CCR-1: ")
    assert "More than three dispatches" in reason
    assert len(strict.rows("note")) == MOST
    assert len(strict.rows("movement")) == MOST


def test_next_quarter_begins_anew(strict: Station, box: Box) -> None:
    """What the law asks for is all that it sees."""
    group(strict, box, CONSIGNOR, CONSIGNOR, CONSIGNOR)
    strict.clock.at = NEXT_QUARTER

    assert group(strict, box, CONSIGNOR)[0].outcome is Outcome.ACCEPTED


def test_law_begins_on_a_day(lt: Station, box: Box) -> None:
    """A law that comes into force in the next quarter notes nothing before."""
    usual = lt.runtime.profile
    later = under(replace(usual, changes=((date(2026, 4, 1), replace(usual, law=OftenIsPermanent())),)), lt)

    group(later, box, *[CONSIGNOR] * (MOST + 1))
    assert later.rows("note") == []
    later.clock.at = NEXT_QUARTER
    group(later, box, CONSIGNOR)

    assert [row["kind"] for row in later.rows("note")] == [DISPATCH]


def test_state_without_a_law_notes_nothing(lt: Station, box: Box, clock: HandClock) -> None:
    """Nobody counts where nothing is asked."""
    answers = group(lt, box, *[CONSIGNOR] * (MOST + 1))

    assert clock.at == lt.clock.at
    assert {answer.outcome for answer in answers} == {Outcome.ACCEPTED}
    assert lt.rows("note") == []
