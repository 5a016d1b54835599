"""What somebody wants to do for a number, and which roles may (ROL-1 to ROL-4): one table for every door."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from esad_gateway.ais.people.roles import MATCHING, AisRole


class Doing(StrEnum):
    """What is done for a number."""

    READ = "read"
    """Read its mailbox and its movements, and acknowledge what came."""
    DISPATCH = "dispatch"
    """Write e-SADs, and change where they go."""
    REPORT = "report"
    """Write reports of receipt, alerts and rejections."""
    EXPLAIN = "explain"
    """Explain a delay or a shortage."""
    ENTER = "enter"
    """Read, enter, correct and withdraw records of the SAAD list (ROL-3)."""
    HAND_IN = "hand_in"
    """Hand in tables, of SAAD documents or of e-SADs."""
    DECLARE = "declare"
    """File declarations of what was received."""
    CLAIM = "claim"
    """Take out what is needed to claim duty back for what was sent."""
    MANAGE = "manage"
    """Grant and end roles, and take back what agents may do."""
    OFFICIATE = "officiate"
    """Do the acts of the administration."""


_CONSIGNORS: Final = frozenset({AisRole.CERTIFIED_CONSIGNOR, AisRole.TEMPORARY_CERTIFIED_CONSIGNOR})
_CONSIGNEES: Final = frozenset({AisRole.CERTIFIED_CONSIGNEE, AisRole.TEMPORARY_CERTIFIED_CONSIGNEE})
_OTHER: Final = frozenset({AisRole.OTHER_PERSON})

ROLES: Final[Mapping[Doing, frozenset[AisRole]]] = MappingProxyType(
    {
        Doing.READ: MATCHING,
        Doing.DISPATCH: _CONSIGNORS,
        # A consignor reports the receipt of what came back to it.
        Doing.REPORT: MATCHING,
        Doing.EXPLAIN: MATCHING,
        Doing.ENTER: _OTHER,
        Doing.HAND_IN: _OTHER | _CONSIGNORS,
        Doing.DECLARE: _CONSIGNEES,
        Doing.CLAIM: _CONSIGNORS,
        Doing.MANAGE: frozenset({AisRole.ROLE_MANAGER}),
        Doing.OFFICIATE: frozenset({AisRole.EXCISE_OFFICER}),
    }
)
"""Which roles may do what, each for its own number."""

FOR_NUMBERS: Final = tuple(doing for doing, roles in ROLES.items() if any(role.is_for_number for role in roles))
"""What is done for one number."""

WRITING: Final[Mapping[str, Doing]] = MappingProxyType(
    {
        "IE815": Doing.DISPATCH,
        "IE813": Doing.DISPATCH,
        "IE818": Doing.REPORT,
        "IE819": Doing.REPORT,
        "IE837": Doing.EXPLAIN,
        "IE871": Doing.EXPLAIN,
    }
)
"""What it is to write each message of a trader."""

HANDING_IN: Final[Mapping[str, Doing]] = MappingProxyType(
    {"saad": Doing.ENTER, "mvv": Doing.ENTER, "dispatch": Doing.DISPATCH}
)
"""What it is to hand in a table, by the kind of its rows."""

RULES: Final[Mapping[Doing, str]] = MappingProxyType({Doing.ENTER: "ROL-3", Doing.MANAGE: "ACC-1"})
"""The requirement by which something is refused; ``ROL-1`` for all else."""
