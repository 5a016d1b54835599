"""Periods of certificates: who signs with what at a moment, replacing, and taking that back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.certificates import (
    Party,
    Registered,
    current,
    held_only,
    party_of,
    renewed,
    restored,
    why_not,
)
from esad_gateway.texts import say

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
WEEK = timedelta(days=7)
MOMENT = timedelta(microseconds=1)
HOLDER = "LT00000000101"
OLD, NEW, NEWER = "0a", "0b", "0c"
REPLACED = "the certificate 0a was replaced by 0b, and is no longer believed since 2026-03-02T10:00:00Z"


def believed(records: tuple[Registered, ...], at: datetime) -> set[str]:
    """The certificates that count at a moment."""
    return {one.fingerprint for one in records if one.counts(at)}


FIRST = held_only((), HOLDER, [OLD], NOW - WEEK)


@pytest.mark.parametrize(
    ("holder", "party"),
    [("NDEA.LT", Party.ADMINISTRATION), ("LT001000", Party.OFFICE), (HOLDER, Party.TRADER)],
)
def test_holders_are_of_three_kinds(holder: str, party: Party) -> None:
    """Their form tells which."""
    assert party_of(holder) is party


def test_renewal_overlaps_for_the_time_that_was_stated() -> None:
    """Old and new count in the overlap, its end not included; before, only the old one did."""
    records = renewed(FIRST, HOLDER, NEW, NOW, WEEK)

    assert believed(records, NOW - MOMENT) == {OLD}
    assert believed(records, NOW) == believed(records, NOW + WEEK - MOMENT) == {OLD, NEW}
    assert believed(records, NOW + WEEK) == {NEW}


def test_renewal_without_an_overlap_ends_the_old_one_at_once() -> None:
    """For a key that was stolen."""
    assert believed(renewed(FIRST, HOLDER, NEW, NOW, timedelta()), NOW) == {NEW}


def test_renewal_does_not_prolong_an_earlier_end() -> None:
    """A third certificate comes while the first one ends: that end stays as it was stated."""
    records = renewed(renewed(FIRST, HOLDER, NEW, NOW, WEEK), HOLDER, NEWER, NOW + timedelta(days=1), 4 * WEEK)

    assert believed(records, NOW + WEEK) == {NEW, NEWER}


def test_renewal_may_bring_an_end_forward() -> None:
    """In the overlap the old key turns out to be stolen: the next renewal without an overlap ends it as well."""
    records = renewed(renewed(FIRST, HOLDER, NEW, NOW, WEEK), HOLDER, NEWER, NOW + timedelta(days=1), timedelta())

    assert believed(records, NOW + timedelta(days=1)) == {NEWER}


def test_renewal_with_the_same_certificate_is_refused() -> None:
    """It would replace itself."""
    with pytest.raises(ValueError, match="already"):
        renewed(FIRST, HOLDER, OLD, NOW, WEEK)


def test_renewal_before_one_that_has_not_begun_is_refused() -> None:
    """The one that signs now would keep the end of the first renewal, and one that never signed would get the new."""
    pending = renewed(FIRST, HOLDER, NEW, NOW + WEEK, WEEK)

    with pytest.raises(ValueError, match="from 2026-03-09T10:00:00Z on, and that has not begun"):
        renewed(pending, HOLDER, NEWER, NOW, WEEK)
    assert believed(renewed(restored(pending, NOW, timedelta()), HOLDER, NEWER, NOW, WEEK), NOW) == {OLD, NEWER}


def test_restoring_brings_the_old_one_back() -> None:
    """The replacement ends, the old one has no end, and what was believed in between stays so."""
    records = restored(renewed(FIRST, HOLDER, NEW, NOW, WEEK), NOW + timedelta(days=1), timedelta())

    assert believed(records, NOW + timedelta(days=1) - MOMENT) == {OLD, NEW}
    assert believed(records, NOW + timedelta(days=1)) == believed(records, NOW + 52 * WEEK) == {OLD}


def test_restoring_can_be_taken_back_itself() -> None:
    """As long as its own overlap lasts."""
    back = restored(renewed(FIRST, HOLDER, NEW, NOW, WEEK), NOW, WEEK)
    again = restored(back, NOW + timedelta(days=1), timedelta())

    assert believed(again, NOW + timedelta(days=1)) == {NEW}


def test_replacement_that_has_not_begun_is_never_believed_once_it_is_taken_back() -> None:
    """An overlap is for what was signed with it, and nothing was."""
    records = restored(renewed(FIRST, HOLDER, NEW, NOW + WEEK, WEEK), NOW, 2 * WEEK)

    assert [believed(records, at) for at in (NOW, NOW + WEEK, NOW + 52 * WEEK)] == [{OLD}] * 3


@pytest.mark.parametrize(
    "records",
    [(), FIRST, renewed(FIRST, HOLDER, NEW, NOW - WEEK, timedelta(days=1))],
    ids=["nothing", "never replaced", "overlap over"],
)
def test_restoring_what_is_gone_is_refused(records: tuple[Registered, ...]) -> None:
    """There is nothing to bring back."""
    with pytest.raises(ValueError, match="no certificate that was replaced"):
        restored(records, NOW, timedelta())


def test_certificate_that_signs_is_the_one_that_began_last() -> None:
    """In an overlap the holder itself signs with the new one; from a stated moment on, not before."""
    records = renewed(FIRST, HOLDER, NEW, NOW + WEEK, WEEK)

    assert [one.fingerprint for at in (NOW, NOW + WEEK) if (one := current(records, at))] == [OLD, NEW]
    assert current((), NOW) is None


def test_reason_names_what_took_the_place_and_when() -> None:
    """Replaced, taken away and not yet begun are three reasons; none says whose certificate it was."""
    replaced = renewed(FIRST, HOLDER, NEW, NOW, timedelta())
    taken = held_only(FIRST, HOLDER, [], NOW)
    reasons = [
        say(why_not([replaced[0]], NOW)[0]),
        say(why_not(taken, NOW)[0]),
        say(why_not([Registered(holder=HOLDER, fingerprint=NEW, since=NOW + WEEK)], NOW)[0]),
    ]

    assert reasons == [
        f"{REPLACED}; a document counts as of when it is received",
        "the certificate 0a is no longer believed since 2026-03-02T10:00:00Z",
        "the certificate 0b is believed from 2026-03-09T10:00:00Z on only",
    ]
    assert not any(HOLDER in reason for reason in reasons)


def test_restoring_brings_back_what_the_last_renewal_ended_and_nothing_older() -> None:
    """The first certificate's end was stated by an earlier renewal, and the last one brought it forward: it stays."""
    once = renewed(FIRST, HOLDER, NEW, NOW, 2 * WEEK)
    twice = renewed(once, HOLDER, NEWER, NOW + MOMENT, WEEK)

    records = restored(twice, NOW + 2 * MOMENT, timedelta())

    assert believed(records, NOW + 2 * MOMENT) == {OLD, NEW}
    assert believed(records, NOW + MOMENT + WEEK) == {NEW}


def test_import_believes_again_what_it_names() -> None:
    """An import that lists a replaced certificate opens it, and ends what it does not list."""
    records = held_only(renewed(FIRST, HOLDER, NEW, NOW, 2 * WEEK), HOLDER, [OLD], NOW + WEEK)
    assert believed(records, NOW + WEEK) == {OLD}
    assert [one.replaced_by for one in records if one.fingerprint == OLD] == [None]


@given(
    steps=st.lists(
        st.tuples(st.sampled_from([OLD, NEW, NEWER]), st.integers(0, 40), st.integers(0, 20), st.booleans()),
        max_size=12,
    )
)
def test_past_is_never_rewritten(steps: list[tuple[str, int, int, bool]]) -> None:
    """Whatever is renewed, restored or imported, what was believed at a moment before stays so."""
    records, at = FIRST, NOW
    seen: list[tuple[datetime, set[str]]] = []
    for fingerprint, pause, overlap, restore in steps:
        at += timedelta(days=pause, microseconds=1)
        seen.append((at - MOMENT, believed(records, at - MOMENT)))
        try:
            records = (
                restored(records, at, timedelta(days=overlap))
                if restore
                else renewed(records, HOLDER, fingerprint, at, timedelta(days=overlap))
            )
        except ValueError:
            records = held_only(records, HOLDER, [fingerprint], at)
        assert sum(one.until is None for one in records) == 1
    assert all(believed(records, moment) == before for moment, before in seen)
