"""What a change of the register does to the records of a number, and IE713 as registry values and back."""

from dataclasses import replace
from datetime import date, timedelta
from typing import cast

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.registry import Operator, as_of
from esad_gateway.emcs.seed import Change, RegisterEntry, applied, changes_of, extract_of, fits_extract, update_of
from helpers.fixtures import load
from helpers.seed import ADDRESS, CONSIGNEE, EXTRACT, HEADER, SENT_ON, TEMPORARY_CONSIGNOR, change, extract, operators

DAY = timedelta(days=1)


def after(*changes: Change, before: tuple[Operator, ...] = ()) -> list[Operator]:
    """The records after changes."""
    entries = tuple(RegisterEntry(record, {}) for record in before)
    for one in changes:
        entries = applied(entries, one)
    return [entry.operator for entry in entries]


def test_creation_counts_from_the_beginning_of_the_authorisation() -> None:
    """An authorisation that begins later than the message is active begins when it says."""
    later = replace(CONSIGNEE, valid_from=date(2026, 4, 1))
    assert after(change(later)) == [later]


def test_creation_counts_from_its_activation() -> None:
    """A record never counts before its activation."""
    assert after(change(CONSIGNEE)) == [replace(CONSIGNEE, valid_from=SENT_ON)]


def test_update_counts_from_its_activation() -> None:
    """The history stays: the old values count until the day before, the new ones from the activation on."""
    wider = replace(CONSIGNEE, products=frozenset({"B000", "W200"}))
    records = after(change(wider, "U"), before=(CONSIGNEE,))

    assert records == [CONSIGNEE, replace(wider, valid_from=SENT_ON)]
    assert as_of(records, SENT_ON - DAY) == records[0]
    assert as_of(records, SENT_ON) == records[1]


def test_update_keeps_what_begins_later() -> None:
    """An update that waits for its day is not lost."""
    waiting = replace(CONSIGNEE, valid_from=date(2027, 1, 1), name="Later")
    records = after(change(CONSIGNEE, "U"), before=(waiting,))
    assert records == [replace(CONSIGNEE, valid_from=SENT_ON), waiting]


def test_update_on_the_same_day_replaces() -> None:
    """Two updates for one day leave the later one."""
    first, second = change(CONSIGNEE, "U"), change(replace(CONSIGNEE, name="Other"), "U")
    assert [record.name for record in after(first, second)] == ["Other"]


def test_invalidation_ends_on_the_day_before() -> None:
    """What began before is over with the activation, what would have begun later never does."""
    waiting = replace(CONSIGNEE, valid_from=date(2027, 1, 1))
    records = after(change(CONSIGNEE, "I"), before=(CONSIGNEE, waiting))
    assert records == [replace(CONSIGNEE, valid_to=SENT_ON - DAY)]


def test_invalidation_in_an_extract_needs_no_record() -> None:
    """An extract that states an invalidated authorisation leaves it in the register with its end."""
    assert after(change(CONSIGNEE, "I", extract=True)) == [replace(CONSIGNEE, valid_to=SENT_ON - DAY)]


def test_deletion_leaves_nothing() -> None:
    """After a deletion the number is unknown."""
    assert after(change(CONSIGNEE, "D"), before=(CONSIGNEE,)) == []


DAYS = st.dates(date(2023, 1, 1), date(2023, 1, 20))


@given(st.lists(DAYS, min_size=1, max_size=8), DAYS)
@settings(max_examples=100, deadline=None)
def test_latest_word_counts_on_every_day(activations: list[date], asked: date) -> None:
    """In whatever order updates come, that one counts on a day which began last; of two for one day the later one."""
    updates = [
        change(replace(CONSIGNEE, valid_from=date.min, name=str(number)), "U", day)
        for number, day in enumerate(activations)
    ]
    begun = [day for day in activations if day <= asked] or activations
    expected = max(number for number, day in enumerate(activations) if day == max(begun))

    found = as_of(after(*updates), asked)
    assert found is not None
    assert found.name == str(expected)


@given(st.lists(DAYS, max_size=8), DAYS)
@settings(max_examples=100, deadline=None)
def test_nothing_is_valid_after_an_invalidation(activations: list[date], ended: date) -> None:
    """Whatever was updated for whatever day: from the activation of an invalidation on, no record is valid."""
    updates = [change(CONSIGNEE, "U", day) for day in activations]
    records = after(*updates, change(CONSIGNEE, "I", ended))
    assert not any(record.valid_on(ended + number * DAY) for record in records for number in range(30))


@pytest.mark.parametrize(
    ("day", "name"),
    [
        (date(2023, 1, 1), "second"),
        (date(2024, 1, 1), "first"),
        (date(2025, 6, 1), "second"),
        (date(2030, 1, 1), "second"),
    ],
    ids=["before all", "in the first", "in the second", "after all"],
)
def test_record_as_of_a_day(day: date, name: str) -> None:
    """The record that began last counts, even when it has ended; before all of them, the latest."""
    first = replace(CONSIGNEE, name="first", valid_to=date(2024, 12, 31))
    second = replace(CONSIGNEE, name="second", valid_from=date(2025, 1, 1), valid_to=date(2025, 12, 31))
    found = as_of((second, first), day)
    assert found is not None
    assert found.name == name
    assert as_of((), day) is None


def test_category_covers_its_products() -> None:
    """A product is covered by its own code or by the letter of its category."""
    operator = replace(CONSIGNEE, categories=frozenset("W"))
    assert [operator.covers(code) for code in ("B000", "W200", "W300", "S200")] == [True, True, True, False]


@given(st.lists(operators(), max_size=5))
@settings(max_examples=60, deadline=None)
def test_operators_survive_an_extract(some: list[Operator]) -> None:
    """Every operator that an extract has room for is read from it as it was, with its address."""
    changes = list(changes_of(extract(some)))

    assert all(fits_extract(operator) for operator in some)
    found = [one.operator for one in changes]
    assert len(found) == len(some)
    assert all(one in found for one in some)
    assert all(applied((), one) == (RegisterEntry(one.operator, ADDRESS),) for one in changes)


def test_fixture_is_the_extract_of_its_changes() -> None:
    """Reading the fixture and writing what it says gives the fixture."""
    message = cast("IE713", load(EXTRACT))
    entries = [RegisterEntry(one.operator, one.address) for one in changes_of(message)]
    assert extract_of(entries, message.header) == message


@given(st.lists(st.tuples(operators(), st.sampled_from("CUID")), max_size=3))
def test_changes_survive_their_message(some: list[tuple[Operator, str]]) -> None:
    """Whoever is told of changes reads them as they were made: each with its operation and its day."""
    made = [change(one, operation, action=f"action-{number}") for number, (one, operation) in enumerate(some)]

    found = {one.action: one for one in changes_of(update_of(made, HEADER))}

    assert found.keys() == {one.action for one in made}
    assert all(replace(found[one.action], place=one.place) == one for one in made)


def test_unknown_address_is_written_as_a_dash() -> None:
    """What the schema asks for and the register does not know is a dash; Greece has another country code than state."""
    greek = replace(CONSIGNEE, seed="EL00000000201", office="EL001000")
    named = extract_of([RegisterEntry(greek, {})], HEADER).trader_authorisation[0].name_and_address[0]
    assert (named.address.country_code, named.address.city, named.language) == ("GR", "-", "en")


def test_counterparty_without_address_is_written_with_dashes() -> None:
    """A counterparty of which only the number is known can be written, and a missing one is left out."""
    assert TEMPORARY_CONSIGNOR.temporary is not None
    numbered = replace(TEMPORARY_CONSIGNOR, temporary=replace(TEMPORARY_CONSIGNOR.temporary, linked=None))
    nobody = replace(TEMPORARY_CONSIGNOR, temporary=None)
    first, second = extract([numbered, nobody]).temporary_authorisation
    assert first.linked_to_temporary_authorisation_trader is not None
    assert first.linked_to_temporary_authorisation_trader.trader_name == "-"
    assert second.linked_to_temporary_authorisation_trader is None
    assert not fits_extract(nobody)


def test_record_with_an_excise_number_always_fits() -> None:
    """Only a temporary authorisation must have an end and a quantity."""
    assert fits_extract(replace(CONSIGNEE, valid_to=None))


def test_quantities_of_one_product_are_added() -> None:
    """A product that is listed twice is allowed in the sum of both quantities."""
    message = extract([TEMPORARY_CONSIGNOR])
    (record,) = message.temporary_authorisation
    twice = replace(record, temporary_authorisation_details=record.temporary_authorisation_details * 2)
    (one,) = changes_of(replace(message, temporary_authorisation=(twice,)))
    assert one.operator.temporary is not None
    assert one.operator.temporary.quantities == {"W200": 36}
