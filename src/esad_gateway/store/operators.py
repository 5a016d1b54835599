"""The operators of the register, read and changed within a transaction."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select

from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.emcs.seed import Change, RegisterEntry, applied
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, among, as_keys
from esad_gateway.store.rows import operator_of_row, operator_row
from esad_gateway.store.seal import note_change
from esad_gateway.store.stored import ADDRESS, read

_operator = tables.operator.c

_RECORDS = select(tables.operator).where(_operator.seed == bindparam("wanted")).order_by(_operator.valid_from)
_RECORDS_OF = select(tables.operator).where(among(_operator.seed)).order_by(_operator.seed, _operator.valid_from)
_CONSIGNORS = select(_operator.seed).where(
    _operator.counterparty == bindparam("named"), _operator.operator_type == OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR
)
_FORGET = delete(tables.operator).where(among(_operator.seed))
_ADD = insert(tables.operator)


def records_of(driver: Driver, seed: str) -> tuple[Operator, ...]:
    """All records of a SEED number, the earliest first; empty for a number that is not registered."""
    return tuple(operator_of_row(row) for row in driver.rows(_RECORDS, {"wanted": seed}))


def consignors_linked_to(driver: Driver, seed: str) -> frozenset[str]:
    """The temporary certified consignors' authorisations that name ``seed`` as their counterparty (BR051)."""
    return frozenset(row["seed"] for row in driver.rows(_CONSIGNORS, {"named": seed}))


def make_changes(connection: Connection, changes: Sequence[Change]) -> None:
    """Make changes in their order. Not checked: whether they may be made."""
    seeds = sorted({change.operator.seed for change in changes})
    entries: dict[str, tuple[RegisterEntry, ...]] = dict.fromkeys(seeds, ())
    for row in connection.execute(_RECORDS_OF, as_keys(seeds)).mappings():
        entries[row["seed"]] = (*entries[row["seed"]], entry_of_row(row))
    for change in changes:
        entries[change.operator.seed] = applied(entries[change.operator.seed], change)
    connection.execute(_FORGET, as_keys(seeds))
    if rows := [operator_row(*entry) for seed in seeds for entry in entries[seed]]:
        connection.execute(_ADD, rows)
    note_change(connection, of_directory=False)


def entry_of_row(row: Any) -> RegisterEntry:
    """A record with its address."""
    return RegisterEntry(operator_of_row(row), read(ADDRESS, row["address"]))
