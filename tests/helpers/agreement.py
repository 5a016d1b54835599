"""How the two sides of a movement have to stand to each other when nothing is under way any more."""

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Movement, Origin
from esad_gateway.emcs.movement.tables import CLOSED
from esad_gateway.emcs.rules.lines import current_quantities
from helpers.wire import Desk


def disagreement(dispatch: Desk, destination: Desk) -> str:
    """In what the two sides differ that may not differ; empty when they are of one mind.

    They have the same state and version, and as long as anything can be received the same of it is left on both sides.
    Goods that go back are Diverted at destination, which has nothing more to say about them, whatever becomes of them
    at dispatch. And each side keeps its own ending:

    - two that its own people brought about crossed on the wire, and the officers have to settle it;
    - one that came while a change of destination was on its way leaves that change undone at destination.
    """
    ours, theirs = dispatch.movement, destination.movement
    if ours is None or theirs is None:
        return "one side has no movement"
    if ours.state in CLOSED and theirs.state in CLOSED:
        crossed = _ended_by_itself(dispatch) and _ended_by_itself(destination)
        return "" if ours.state is theirs.state or crossed else f"ended as {ours.state} and {theirs.state}"
    if ours.sequence != theirs.sequence:
        return f"versions {ours.sequence} and {theirs.sequence}"
    if not _same_state(ours, theirs):
        return f"states {ours.state} and {theirs.state}"
    if ours.state not in CLOSED and current_quantities(ours) != current_quantities(theirs):
        return f"left {ours.lines} and {theirs.lines}"
    return ""


def _same_state(ours: Movement, theirs: Movement) -> bool:
    if theirs.state is StatusType.DIVERTED:
        return ours.returning and ours.state in {StatusType.ACCEPTED, StatusType.DELIVERED}
    return ours.state is theirs.state


def _ended_by_itself(desk: Desk) -> bool:
    ends = [
        step for step in desk.steps if step.before and step.before.state not in CLOSED and step.after.state in CLOSED
    ]
    return [step.origin for step in ends] != [Origin.ADMINISTRATION]
