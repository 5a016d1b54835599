"""What national law makes of a message besides its effect in EMCS, as values; the store writes each kind by its writer.

A new kind is a value here, a name in :data:`LegalEffect`, and its writer in :mod:`esad_gateway.store.effects`.
"""

from collections.abc import Mapping
from dataclasses import field
from typing import NamedTuple, TypeAlias

from esad_gateway.frozen import frozen

__all__ = ["LegalEffect", "Note", "NoteKey"]


class NoteKey(NamedTuple):
    """Notes of one ``kind`` about one ``subject``: a SEED number, or whatever else the law counts by."""

    kind: str
    subject: str


@frozen(kw_only=True)
class Note:
    """Something that national law keeps: of which kind, about whom, from which movement, and what by name."""

    kind: str
    subject: str
    arc: str
    values: Mapping[str, str] = field(default_factory=dict)

    @property
    def key(self) -> NoteKey:
        """What it is looked up by."""
        return NoteKey(self.kind, self.subject)


LegalEffect: TypeAlias = Note
