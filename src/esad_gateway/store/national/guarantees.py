"""Guarantees in the store: added, never changed. What messages reserve and release is read from their notes."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from typing import Any, Final

from sqlalchemy import Connection, bindparam, insert, select

from esad_gateway.ais.guarantees.checking import (
    GuaranteeStanding,
    conflict,
    faults_of_entry,
    faults_of_guarantee,
    written_before,
)
from esad_gateway.ais.guarantees.guarantee import (
    AmountAct,
    AmountActKind,
    EntryKind,
    Guarantee,
    GuaranteeEntry,
    GuaranteeKind,
    Guarantor,
    SecuredShare,
)
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.guarantees.ledger import ledger, lines_until, open_reservations
from esad_gateway.ais.guarantees.noted import RESERVATION, entry_of_note
from esad_gateway.errors import NationalRefused
from esad_gateway.store import tables
from esad_gateway.store.database import Driver, Row
from esad_gateway.store.national.guarantee_tables import guarantee, guarantee_amount, guarantee_entry
from esad_gateway.store.rows import as_written, moment
from esad_gateway.store.seal import note_change
from esad_gateway.store.stored import NOTE, read

_SEED: Final = "whose"
_OF: Final = tuple(
    select(table).where(table.c.seed == bindparam(_SEED)).order_by(table.c.number)
    for table in (guarantee, guarantee_entry, guarantee_amount)
)
_note: Final = tables.note.c
_NOTED: Final = (
    select(_note.id, _note.arc, _note.noted_at, _note.content)
    .where(_note.kind == RESERVATION, _note.subject == bindparam(_SEED))
    .order_by(_note.id)
)
_GUARANTEES, _ENTRIES, _AMOUNTS = _OF
_HOLDERS: Final = select(guarantee.c.seed).union(select(guarantee_amount.c.seed)).order_by("seed")
_ADD: Final = insert(guarantee).returning(guarantee.c.number)
_ADD_ENTRY: Final = insert(guarantee_entry).returning(guarantee_entry.c.number)
_ADD_AMOUNT: Final = insert(guarantee_amount).returning(guarantee_amount.c.number)


def add_guarantee(connection: Connection, new: Guarantee, law: GuaranteeLaw, at: datetime) -> Guarantee:
    """Add a guarantee in the transaction of ``connection``; returns it with its number.

    One that is there already, word for word, is not added again. ``at`` is aware. Raises NationalRefused with
    everything that is wrong with it. Not checked: whether its number is registered.
    """
    before = guarantees_of(Driver(connection), new.seed)
    for one in before:
        if one.content == new.content:
            return one
    if faults := faults_of_guarantee(new, before, law):
        raise NationalRefused(faults)
    number = connection.execute(_ADD, {**_row_of(new), "added_at": moment(at)}).scalar_one()
    note_change(connection, of_directory=False)
    return replace(new, number=number)


def add_entry(
    connection: Connection, seed: str, new: GuaranteeEntry, standing: GuaranteeStanding, law: GuaranteeLaw
) -> GuaranteeEntry:
    """Add an entry to the ledger of a number, in the transaction in which its ``standing`` was read.

    One that answers to the same document and says the same is not added again. Raises NationalRefused with everything
    that is wrong with it.
    """
    known = written_before(new, standing)
    if known is not None:
        if known.amount != new.amount:
            raise NationalRefused(conflict(new, known))
        return known
    if faults := faults_of_entry(new, standing, law):
        raise NationalRefused(faults)
    return _added(connection, seed, new, standing.now)


def settle(connection: Connection, seed: str, documents: Collection[str], at: datetime, why: str) -> Sequence[str]:
    """Release what is reserved for movements (ARCs) whose duty is settled; returns those that had any.

    ``at`` is the moment (aware) as of which it is, ``why`` names what settles it, such as a declaration. Done once
    more, nothing is left to release.
    """
    lines = ledger((), entries_of(Driver(connection), seed), UTC)
    found = [one for one in documents if one in open_reservations(lines_until(lines, at))]
    for subject in found:
        entry = GuaranteeEntry(kind=EntryKind.RELEASED, amount=None, at=at, subject=subject, why=why)
        _added(connection, seed, entry, at)
    return found


def add_amount_act(connection: Connection, new: AmountAct) -> AmountAct:
    """Add what was asked or decided about the amount to be secured; returns it with its number."""
    number = connection.execute(_ADD_AMOUNT, _row_of_amount(new)).scalar_one()
    note_change(connection, of_directory=False)
    return replace(new, number=number)


def guarantees_of(driver: Driver, seed: str) -> tuple[Guarantee, ...]:
    """The guarantees of a number, ended ones too."""
    return tuple(map(_guarantee_of_row, driver.rows(_GUARANTEES, {_SEED: seed})))


def entries_of(driver: Driver, seed: str) -> tuple[GuaranteeEntry, ...]:
    """The entries of a number: those by hand, and behind them those that messages have made."""
    by_hand = map(_entry_of_row, driver.rows(_ENTRIES, {_SEED: seed}))
    return (*by_hand, *map(_entry_of_note, driver.rows(_NOTED, {_SEED: seed})))


def amount_acts_of(driver: Driver, seed: str) -> tuple[AmountAct, ...]:
    """What was asked and decided about the amount that a number has to secure."""
    return tuple(map(_amount_of_row, driver.rows(_AMOUNTS, {_SEED: seed})))


def holders(driver: Driver) -> Sequence[str]:
    """The numbers that have a guarantee, or for which an amount was asked or set."""
    return [row["seed"] for row in driver.rows(_HOLDERS)]


def standing_of(driver: Driver, seed: str, zone: tzinfo, now: Callable[[], datetime]) -> GuaranteeStanding:
    """All that the ledger of a number is made of, as of now."""
    return GuaranteeStanding(
        guarantees=guarantees_of(driver, seed), entries=entries_of(driver, seed), zone=zone, now=now()
    )


def _added(connection: Connection, seed: str, new: GuaranteeEntry, at: datetime) -> GuaranteeEntry:
    number = connection.execute(_ADD_ENTRY, {**_row_of_entry(seed, new), "noted_at": moment(at)}).scalar_one()
    note_change(connection, of_directory=False)
    return replace(new, number=number)


@as_written
def _guarantee_of_row(row: Row) -> Guarantee:
    return Guarantee(
        number=row["number"],
        seed=row["seed"],
        kind=GuaranteeKind(row["kind"]),
        amount=Decimal(row["amount"]),
        currency=row["currency"],
        reference=row["reference"],
        guarantors=frozenset(map(Guarantor, row["guarantors"].split())),
        since=date.fromisoformat(row["since"]),
        until=date.fromisoformat(row["until"]) if row["until"] else None,
    )


@as_written
def _entry_of_row(row: Row) -> GuaranteeEntry:
    return GuaranteeEntry(
        number=row["number"],
        kind=EntryKind(row["kind"]),
        amount=_amount_in(row["amount"]),
        at=datetime.fromisoformat(row["at"]),
        guarantee=row["guarantee"] or 0,
        subject=row["subject"],
        why=row["why"],
    )


@as_written
def _entry_of_note(row: Row) -> GuaranteeEntry:
    values, at = read(NOTE, row["content"]), datetime.fromisoformat(row["noted_at"])
    return entry_of_note(row["arc"], values, at, row["id"])


@as_written
def _amount_of_row(row: Row) -> AmountAct:
    return AmountAct(
        number=row["number"],
        seed=row["seed"],
        kind=AmountActKind(row["kind"]),
        at=datetime.fromisoformat(row["at"]),
        basis=_amount_in(row["basis"]),
        amount=_amount_in(row["amount"]),
        share=SecuredShare(row["share"]),
        forecast=row["forecast"],
        why=row["why"],
    )


def _amount_in(text: str | None) -> Decimal | None:
    return None if text is None else Decimal(text)


def _text_of(amount: Decimal | None) -> str | None:
    return None if amount is None else f"{amount:f}"


def _row_of(one: Guarantee) -> dict[str, Any]:
    return {
        "seed": one.seed,
        "kind": one.kind.value,
        "reference": one.reference,
        "amount": _text_of(one.amount),
        "currency": one.currency,
        "guarantors": " ".join(sorted(one.guarantors)),
        "since": one.since.isoformat(),
        "until": one.until.isoformat() if one.until else None,
    }


def _row_of_entry(seed: str, one: GuaranteeEntry) -> dict[str, Any]:
    return {
        "seed": seed,
        "kind": one.kind.value,
        "amount": _text_of(one.amount),
        "guarantee": one.guarantee or None,
        "subject": one.subject,
        "at": moment(one.at),
        "why": one.why,
    }


def _row_of_amount(one: AmountAct) -> dict[str, Any]:
    return {
        "seed": one.seed,
        "kind": one.kind.value,
        "at": moment(one.at),
        "share": one.share.value,
        "basis": _text_of(one.basis),
        "amount": _text_of(one.amount),
        "forecast": one.forecast,
        "why": one.why,
    }
