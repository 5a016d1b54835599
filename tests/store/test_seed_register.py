"""The register over time: several records a number, changes of SEED, and the whole of it as a stream."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.seed import RegisterEntry
from esad_gateway.errors import StoreUnavailable
from esad_gateway.store.opening import store_in_memory
from esad_gateway.store.registry import Registry
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore
from helpers.certificates import some_certificate
from helpers.seed import ADDRESS, CONSIGNEE, SENT_ON, TEMPORARY_CONSIGNOR, change, limited

EARLIER = replace(CONSIGNEE, valid_to=date(2025, 12, 31))
LATER = replace(CONSIGNEE, valid_from=date(2026, 1, 1), categories=frozenset("WS"), products=frozenset())


@pytest.fixture
def store() -> Iterator[SqlStore]:
    """An empty store."""
    opened = store_in_memory("NDEA.LT")
    yield opened
    opened.close()


def test_number_has_a_record_for_every_beginning(store: SqlStore) -> None:
    """Two records of one number stand beside each other; importing one again replaces that one only."""
    registry, register = Registry(store), SeedRegister(store)
    registry.add_operators([(EARLIER, {}, ()), (LATER, {}, ())])
    registry.add_operators([(replace(EARLIER, name="Renamed"), {"city": "Gdynia"}, ())])

    assert register.records(CONSIGNEE.seed) == (replace(EARLIER, name="Renamed"), LATER)
    assert register.records("PL00000000999") == ()


@pytest.mark.parametrize(
    ("day", "expected"),
    [(date(2025, 6, 1), EARLIER), (date(2026, 1, 1), LATER), (date(2020, 1, 1), LATER)],
    ids=["first", "second", "before both"],
)
def test_record_of_a_day(store: SqlStore, day: date, expected: Operator) -> None:
    """The record that counts on a day is found with its own address."""
    registry = Registry(store)
    registry.add_operators([(LATER, {"city": "2026"}, ()), (EARLIER, {"city": "2023"}, ())])

    assert registry.operator(CONSIGNEE.seed, day) == (expected, {"city": f"{expected.valid_from.year}"})
    assert registry.operator(CONSIGNEE.seed) == (LATER, {"city": "2026"})
    assert registry.operator("PL00000000999", day) is None


def test_group_of_messages_gets_all_records(store: SqlStore) -> None:
    """What rules are given is chosen by their day, so the transaction hands over every record."""
    Registry(store).add_operators([(EARLIER, {}, ()), (LATER, {}, ())])
    with store.transaction() as transaction:
        facts = transaction.facts({CONSIGNEE.seed, "PL00000000999"}, set())
    assert facts.operators == {CONSIGNEE.seed: (EARLIER, LATER)}


def test_certificates_belong_to_the_number(store: SqlStore) -> None:
    """Certificates given with any record of a number are all kept, and a later import without them takes them away."""
    registry, register = Registry(store), SeedRegister(store)
    first, second = some_certificate("first"), some_certificate("second")
    registry.add_operators([(EARLIER, {}, (first, second)), (LATER, {}, (second,))])
    assert set(register.certificates(datetime.now(UTC))[CONSIGNEE.seed]) == {first, second}

    registry.add_operators([(LATER, {}, ())])
    assert register.certificates(datetime.now(UTC)) == {}


def test_temporary_authorisation_survives_the_store(store: SqlStore) -> None:
    """Counterparty, its name and address, quantities and flags come back as they were."""
    small = limited(TEMPORARY_CONSIGNOR, small_wine_producer=True, reusable=True)
    Registry(store).add_operators([(small, {}, ())])
    assert SeedRegister(store).records(small.seed) == (small,)


def test_changes_are_made_in_their_order(store: SqlStore) -> None:
    """Creation, update and invalidation of one number in one go leave its history, with the address of each record."""
    register = SeedRegister(store)
    moved = {**ADDRESS, "city": "Kaunas"}
    update = change(LATER, "U", address=moved)

    assert (
        register.apply([change(EARLIER, activation=EARLIER.valid_from), update, change(LATER, "I", date(2027, 1, 1))])
        == 3
    )

    assert list(register.entries()) == [
        RegisterEntry(EARLIER, ADDRESS),
        RegisterEntry(replace(LATER, valid_from=SENT_ON, valid_to=date(2026, 12, 31)), moved),
    ]
    register.apply([change(LATER, "D")])
    assert register.records(CONSIGNEE.seed) == ()


def test_change_leaves_other_numbers_alone(store: SqlStore) -> None:
    """A deletion deletes one number."""
    register = SeedRegister(store)
    other = replace(CONSIGNEE, seed="PL00000000202")
    register.apply([change(CONSIGNEE), change(other)])
    register.apply([change(CONSIGNEE, "D")])
    assert [entry.operator.seed for entry in register.entries()] == [other.seed]


def test_linked_consignors_are_found(store: SqlStore) -> None:
    """Who names a temporary certified consignee is known for BR051."""
    register = SeedRegister(store)
    another = replace(
        TEMPORARY_CONSIGNOR, seed="LT00000000112", operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE
    )
    register.apply([change(TEMPORARY_CONSIGNOR), change(CONSIGNEE), change(another)])
    assert register.consignors_linked_to(CONSIGNEE.seed) == {TEMPORARY_CONSIGNOR.seed}
    assert register.consignors_linked_to("PL00000000999") == frozenset()


def test_stream_has_traders_before_temporary_authorisations(store: SqlStore) -> None:
    """The stream comes in the order of an IE713, each kind by number and beginning."""
    register = SeedRegister(store)
    registry = Registry(store)
    registry.add_operators([(one, {}, ()) for one in (TEMPORARY_CONSIGNOR, LATER, EARLIER)])
    assert [entry.operator for entry in register.entries()] == [EARLIER, LATER, TEMPORARY_CONSIGNOR]
    assert EARLIER.valid_from + timedelta(days=1) < LATER.valid_from


@pytest.mark.parametrize(
    ("table", "ask"),
    [
        ("operator", lambda register: register.records(CONSIGNEE.seed)),
        ("operator", lambda register: register.consignors_linked_to(CONSIGNEE.seed)),
        ("operator", lambda register: list(register.entries())),
        ("office", lambda register: register.offices()),
        ("certificate", lambda register: register.certificates(datetime(2026, 3, 2, tzinfo=UTC))),
    ],
    ids=["records", "links", "entries", "offices", "certificates"],
)
def test_register_that_cannot_be_read_says_so(
    store: SqlStore, table: str, ask: Callable[[SeedRegister], object]
) -> None:
    """Every question to a damaged register ends as any other to the store does, never as the database's own error."""
    with store.writer.connect() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {table} RENAME TO lost")
        connection.commit()

    with pytest.raises(StoreUnavailable, match="cannot be read"):
        ask(SeedRegister(store))
