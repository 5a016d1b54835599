"""What codes mean, in words: functional errors, and the states by their names and neighbours."""

from esad_gateway.emcs.codes import FunctionalErrorCodes, StatusType
from esad_gateway.emcs.movement import TABLES, Side, Trigger
from esad_gateway.faults import Said
from esad_gateway.frozen import frozen


@frozen
class Transition:
    """One row of a transition table."""

    before: StatusType
    trigger: Trigger
    after: StatusType


@frozen(kw_only=True)
class Neighbours:
    """What leads into a state on one side, out of it, and what is taken there without leaving it."""

    into: tuple[Transition, ...]
    out_of: tuple[Transition, ...]
    staying: tuple[Trigger, ...]


def neighbours(state: StatusType, side: Side) -> Neighbours:
    """The rows of a side's transition table that touch ``state``; nothing when the side never is in it."""
    steps = tuple(Transition(before, trigger, after) for (before, trigger), after in TABLES[side].items())
    return Neighbours(
        into=tuple(step for step in steps if step.after is state is not step.before),
        out_of=tuple(step for step in steps if step.before is state is not step.after),
        staying=tuple(step.trigger for step in steps if step.before is step.after is state),
    )


def error_meaning(code: FunctionalErrorCodes) -> Said:
    """What a functional error (TC49) means."""
    return Said(f"error.{code}")


def state_name(state: StatusType) -> str:
    """The name of a state in English, such as ``Partially refused``."""
    return state.name.replace("_", " ").capitalize()
