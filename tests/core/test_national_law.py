"""National law in the verdict: what it asks to see, what it refuses, and what follows from what was accepted."""

from dataclasses import replace

from esad_gateway.emcs.effects import Note, NoteKey
from esad_gateway.emcs.messages import IE704
from helpers.national_law import DISPATCH, MOST, OftenIsPermanent, quarter
from helpers.playbook import ARC
from helpers.protocol import CONSIGNOR, receipt
from helpers.samples import draft
from helpers.state import State

QUARTER = NoteKey(DISPATCH, quarter(draft()))


def strict(earlier: int) -> State:
    """Lithuania under a law that counts dispatches, after so many in this quarter."""
    lt = State("LT")
    lt.known.profile = replace(lt.known.profile, law=OftenIsPermanent())
    lt.known.note(Note(kind=QUARTER.kind, subject=QUARTER.subject, arc=f"ARC {one}") for one in range(earlier))
    return lt


def test_law_asks_for_what_it_has_to_see() -> None:
    """The notes of the messages that it knows; nothing for others, and nothing where a state has no law."""
    assert strict(0).known.notes_asked([draft(), receipt(), None]) == {QUARTER}
    assert strict(0).known.notes_asked([receipt()]) == frozenset()
    assert State("LT").known.notes_asked([draft()]) == frozenset()


def test_what_follows_from_an_accepted_draft_is_known_to_the_next() -> None:
    """The last one that is allowed is noted, and counts from then on."""
    lt = strict(MOST - 1)

    answer = lt.trader(draft())

    assert answer.faults == ()
    assert [(note.key, note.arc) for note in answer.effects] == [(QUARTER, ARC)]
    assert len(lt.known.notes[QUARTER]) == MOST


def test_law_refuses_with_a_fault_of_its_own() -> None:
    """An IE704 says it, and nothing follows from what was refused."""
    lt = strict(MOST)

    answer = lt.trader(draft())

    assert [(fault.rule, fault.value) for fault in answer.faults] == [("LT-CCR-1", CONSIGNOR)]
    assert (answer.effects, answer.movement) == ((), None)
    [issue] = answer.issues
    assert isinstance(issue.message, IE704)
