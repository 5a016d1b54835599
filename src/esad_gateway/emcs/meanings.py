"""What codes mean, in words: functional errors in both languages, and the states by their names and neighbours."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.movement import TABLES, Side, Trigger

_C = FunctionalErrorCodes

ERROR_MEANINGS: Final[Mapping[FunctionalErrorCodes, tuple[str, str]]] = MappingProxyType(
    {
        _C.OTHER: ("Other", "Kita"),
        _C.INCORRECT_CODE_VALUE: ("Incorrect (code) value", "Neteisinga (kodo) reikšmė"),
        _C.NOT_SUPPORTED_IN_THIS_POSITION: ("Not supported in this position", "Šioje vietoje nepalaikoma"),
        _C.DUPLICATE_DETECTED: ("Duplicate detected", "Aptiktas dublikatas"),
        _C.UNKNOWN_ARC: ("Unknown ARC", "Nežinomas ARC"),
        _C.DUPLICATE_LRN: ("Duplicate LRN", "Pasikartojantis LRN"),
        _C.MESSAGE_OUT_OF_SEQUENCE: ("Message out of sequence", "Pranešimas pateiktas ne eilės tvarka"),
        _C.INVALID_ARC: ("Invalid ARC", "Netinkamas ARC"),
        _C.INVALID_FOLLOW_UP_CORRELATION_ID: (
            "Invalid follow-up correlation identifier",
            "Netinkamas tolesnių veiksmų sąsajos identifikatorius",
        ),
        _C.UNKNOWN_FOLLOW_UP_CORRELATION_ID: (
            "Unknown follow-up correlation identifier",
            "Nežinomas tolesnių veiksmų sąsajos identifikatorius",
        ),
    }
)
"""TC49 in English and Lithuanian."""


@dataclass(frozen=True, slots=True)
class Step:
    """One row of a transition table."""

    before: StatusType
    trigger: Trigger
    after: StatusType


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbours:
    """What leads into a state on one side, out of it, and what is taken there without leaving it."""

    into: tuple[Step, ...]
    out_of: tuple[Step, ...]
    staying: tuple[Trigger, ...]


def neighbours(state: StatusType, side: Side) -> Neighbours:
    """The rows of a side's transition table that touch ``state``; nothing when the side never is in it."""
    steps = tuple(Step(before, trigger, after) for (before, trigger), after in TABLES[side].items())
    return Neighbours(
        into=tuple(step for step in steps if step.after is state is not step.before),
        out_of=tuple(step for step in steps if step.before is state is not step.after),
        staying=tuple(step.trigger for step in steps if step.before is step.after is state),
    )


def state_name(state: StatusType) -> str:
    """The name of a state in English, such as ``Partially refused``."""
    return state.name.replace("_", " ").capitalize()
