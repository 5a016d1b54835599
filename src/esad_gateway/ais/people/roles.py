"""Roles in AIS, and who has been granted which, for which number, from when until when (ROL-1 to ROL-4).

A role is granted for one number: a person may report receipts for one number of an entity and nothing for another. Who
manages roles, and who is an official, is that for the whole entity.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from esad_gateway.emcs.registry import OperatorType
from esad_gateway.frozen import frozen


class AisRole(StrEnum):
    """What a person may be in AIS; the roles of traders are spelled as the statuses that they match (ROL-4)."""

    CERTIFIED_CONSIGNEE = "certified_consignee"
    CERTIFIED_CONSIGNOR = "certified_consignor"
    TEMPORARY_CERTIFIED_CONSIGNEE = "temporary_certified_consignee"
    TEMPORARY_CERTIFIED_CONSIGNOR = "temporary_certified_consignor"
    OTHER_PERSON = "other_person"
    """Enters receipts into the SAAD list, for a number of any status (ROL-3)."""
    ROLE_MANAGER = "role_manager"
    """Grants and ends the roles of an entity (ACC-1)."""
    EXCISE_OFFICER = "excise_officer"
    """Does the acts of the administration."""

    @property
    def status(self) -> OperatorType | None:
        """The status that the number has to have (ROL-4); ``None`` where any will do, or there is no number."""
        return OperatorType(self.value) if self in MATCHING else None

    @property
    def is_for_number(self) -> bool:
        """Whether it is granted for a number, and not for the whole entity."""
        return self not in OF_ENTITY


MATCHING: Final = frozenset(
    {
        AisRole.CERTIFIED_CONSIGNEE,
        AisRole.CERTIFIED_CONSIGNOR,
        AisRole.TEMPORARY_CERTIFIED_CONSIGNEE,
        AisRole.TEMPORARY_CERTIFIED_CONSIGNOR,
    }
)
"""The roles that have to match the status of their number (ROL-4)."""

OF_ENTITY: Final = frozenset({AisRole.ROLE_MANAGER, AisRole.EXCISE_OFFICER})
"""The roles that are granted for no number."""

TEMPORARY: Final = frozenset({AisRole.TEMPORARY_CERTIFIED_CONSIGNEE, AisRole.TEMPORARY_CERTIFIED_CONSIGNOR})
"""The roles that have to be granted anew for every number that an entity gets (ROL-2)."""


@frozen(kw_only=True)
class Grant:
    """That ``person`` has ``role`` for ``entity`` under the number ``seed`` (empty for a role of the whole entity).

    It was saved in Mano VMI at ``saved_at``, counts from ``effective_at`` on (ACC-3) and before ``ended_at`` (``None``:
    not ended). Moments are aware. ``number`` names the row, 0 before it has one.
    """

    person: str
    entity: str
    role: AisRole
    seed: str = ""
    saved_at: datetime
    effective_at: datetime
    ended_at: datetime | None = None
    number: int = 0

    @property
    def key(self) -> tuple[str, str, AisRole, str]:
        """What it is about (ROL-2): a grant with another key says nothing of this one."""
        return self.person, self.entity, self.role, self.seed

    def counts(self, at: datetime) -> bool:
        """Whether it is in force at a moment."""
        return self.effective_at <= at and not self.has_ended(at)

    def comes(self, at: datetime) -> bool:
        """Whether it is saved and AIS does not know it yet at a moment, by its own moments only (ACC-3)."""
        return at < self.effective_at and not self.has_ended(at)

    def has_ended(self, at: datetime) -> bool:
        """Whether it was taken back by a moment."""
        return self.ended_at is not None and self.ended_at <= at


def lag_of(key: Iterable[str], *, seed: int, longest: timedelta) -> timedelta:
    """How long AIS takes to learn of a grant with this key: between nothing and ``longest``, both included (ACC-3).

    It depends on nothing but ``seed`` and the key, so that a test, or a simulation, can foretell it; whole
    milliseconds. With a ``longest`` of nothing or less it is nothing.
    """
    span = max(longest // _MILLISECOND, 0)
    return (_spread("\n".join((str(seed), *key))) % (span + 1)) * _MILLISECOND


def _spread(text: str) -> int:
    """A number of 64 bits that a text leads to, spread evenly (FNV-1a)."""
    found = _FNV_BASIS
    for byte in text.encode():
        found = ((found ^ byte) * _FNV_PRIME) & _FNV_MASK
    return found


_MILLISECOND: Final = timedelta(milliseconds=1)
_FNV_BASIS: Final = 0xCBF29CE484222325
_FNV_PRIME: Final = 0x100000001B3
_FNV_MASK: Final = 0xFFFFFFFFFFFFFFFF
