"""Reservations as notes of national law: what messages about a movement do to the ledger of its consignee."""

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Final

from esad_gateway.ais.guarantees.guarantee import EntryKind, GuaranteeEntry
from esad_gateway.emcs.effects import Note

RESERVATION: Final = "duty reserved"
"""Notes of this kind are about the SEED number whose security they bear on."""


def reserved_note(seed: str, arc: str, amount: Decimal, day: str) -> Note:
    """So much (EUR) is reserved for a movement, by the tariffs of a day."""
    return _note(EntryKind.RESERVED, seed, arc, {"amount": f"{amount:f}", "why": day})


def again_note(seed: str, arc: str, why: str) -> Note:
    """As much as before is reserved for a movement again; ``why`` is the message that has brought it back."""
    return _note(EntryKind.RESERVED, seed, arc, {"why": why})


def unassessed_note(seed: str, arc: str, why: str) -> Note:
    """The duty of a movement is to be computed by somebody; ``why`` has what kept the gateway from it."""
    return _note(EntryKind.UNASSESSED, seed, arc, {"why": why})


def released_note(seed: str, arc: str, why: str) -> Note:
    """Whatever is reserved for a movement is free; ``why`` is the message that has ended it."""
    return _note(EntryKind.RELEASED, seed, arc, {"why": why})


def entry_of_note(arc: str, values: Mapping[str, str], at: datetime, number: int) -> GuaranteeEntry:
    """The entry that a note is, which was made at a moment (aware) as the one of that number."""
    amount = Decimal(values["amount"]) if "amount" in values else None
    kind = EntryKind(values["kind"])
    return GuaranteeEntry(kind=kind, amount=amount, at=at, subject=arc, why=values["why"], number=number)


def _note(kind: EntryKind, seed: str, arc: str, values: Mapping[str, str]) -> Note:
    return Note(kind=RESERVATION, subject=seed, arc=arc, values={"kind": kind.value, **values})
