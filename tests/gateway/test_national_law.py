"""National law takes part at the gateway: what it looks up, what it refuses, and what it keeps of what was accepted."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime

import pytest

from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.law import LegalCase
from esad_gateway.emcs.messages import IE704, IE815, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.rules.places import place_in
from esad_gateway.faults import Fault, said
from esad_gateway.place import at
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.gateway import CONSIGNOR, SECOND_CONSIGNOR, Box, HandClock, Station, new_draft

MOST = 3
DISPATCH = "dispatch of a quarter"
NEXT_QUARTER = datetime(2026, 4, 1, 8, 0, tzinfo=UTC)


def quarter(message: IE815) -> str:
    """Whose dispatch a draft is, and in which quarter of the calendar."""
    day = message.ead_esad_draft.date_of_dispatch
    return f"{message.consignor_trader.trader_excise_number} {day.year} {(day.month + 2) // 3}"


@dataclass(frozen=True)
class OftenIsPermanent:
    """Who sends more than three times a quarter needs a permanent status, as Lithuania asks of certified traders."""

    def asks(self, message: Message) -> Collection[NoteKey]:
        """Earlier dispatches of the consignor."""
        return (NoteKey(DISPATCH, quarter(message)),) if isinstance(message, IE815) else ()

    def faults(self, message: Message, case: LegalCase) -> Iterator[Fault]:
        """One too many."""
        if isinstance(message, IE815) and len(case.notes) >= MOST:
            number = message.consignor_trader.trader_excise_number
            place = place_in(message, at("ConsignorTrader/TraderExciseNumber"))
            reason = said("said.reason", reason="More than three dispatches a quarter take a permanent status.")
            hint = said("said.reason", reason=f"There are {', '.join(note.arc for note in case.notes)} already.")
            yield Fault(code="15", rule="LT-CCR-1", place=place, value=number, text=reason, hint=hint)

    def effects(self, message: Message, after: Movement, case: LegalCase) -> Iterator[Note]:
        """The dispatch counts from now on."""
        if isinstance(message, IE815) and case.movement is None:
            yield Note(kind=DISPATCH, subject=quarter(message), arc=after.arc, values={"lrn": after.lrn})


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
    assert (refusal.functional_error[0].error_reason or "").startswith("LT-CCR-1: More than three dispatches")
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
