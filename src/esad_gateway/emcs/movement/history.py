"""The states that a movement went through, from the messages that were accepted about it.

The transition tables are walked again; nothing is decided anew. A store keeps what a message said and when it came, not
when a message that had to wait for another took effect, so there are movements whose states cannot all be derived: then
that is said, and no state is guessed.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages import IE837, IE871, Message
from esad_gateway.emcs.messages.kinds import SIDES, trigger_of
from esad_gateway.emcs.messages.subject import sequence_of
from esad_gateway.emcs.messages.triggers import RECEIPTS, Origin, Side, Trigger, submitting_side
from esad_gateway.emcs.movement.tables import BROUGHT_BY, STATUS_ANSWERS, TABLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """An accepted message; ``sequence`` is the version of the movement that was written beside it, if any."""

    message: Message
    origin: Origin
    sequence: int | None


@dataclass(frozen=True, slots=True)
class Reached:
    """The state after a message and why; ``None`` when it cannot be derived."""

    state: StatusType | None
    reason: str


@dataclass(frozen=True, slots=True)
class _At:
    """State and version; ``before`` are the states of the versions that changes of destination have replaced."""

    state: StatusType | None
    sequence: int = 1
    before: Mapping[int, StatusType] = field(default_factory=dict)


_UNDONE = "our change was never taken, so it is undone"
_CHANGES = frozenset({Trigger.CHANGE_OF_PLACE, Trigger.RETURN})
_REPORTS = frozenset({*RECEIPTS.values(), Trigger.ALERT, Trigger.REJECTION})


def acting_side(message: Message, origin: Origin, sides: Iterable[Side]) -> Side | None:
    """On which of the ``sides`` that a store has of a movement a message acts; ``None`` when on none of them."""
    allowed = [side for side in SIDES.get((origin, type(message).__name__), ()) if side in sides]
    if origin is Origin.TRADER and isinstance(message, IE837 | IE871):
        allowed = [side for side in allowed if side is submitting_side(message)]
    return allowed[0] if allowed else None


def retrace(side: Side, taken: Iterable[Taken]) -> Iterator[Reached]:
    """The state of a movement on ``side`` after each of the messages that acted there, oldest first.

    Every message must be in ``SIDES`` for its origin. Not derived: the state after a message that had waited for
    another one, and all states after that.
    """
    at = _At(StatusType.NONE)
    for item in taken:
        at, reason = _step(side, at, item)
        yield Reached(at.state, reason)


def _step(side: Side, at: _At, item: Taken) -> tuple[_At, str]:
    trigger = trigger_of(item.message)
    if at.state is None:
        return at, f"{trigger}; the state before it cannot be derived"
    if idle := _idle(at, item, trigger):
        return _noted(side, at, item, trigger), f"{trigger}; {idle}"
    after = TABLES[side].get((at.state, trigger))
    if after and trigger in STATUS_ANSWERS:
        return _after_answer(at, item, trigger, after)
    if _undoes(at, item, trigger):
        return _At(StatusType.DELIVERED, item.sequence or 1, at.before), f"{trigger}; {_UNDONE}"
    if after is None or not _in_turn(at, item, trigger, after):
        return _At(None), f"{trigger}: not possible at this point, so it waited and acted later than it came"
    return _moved(at, item, trigger, after), trigger


def _idle(at: _At, item: Taken, trigger: Trigger) -> str:
    """Why a message that was accepted did nothing to the state; empty when it may have."""
    if _sent_again(at, item, trigger):
        return "sent again, it had come before"
    # Recorded beside the version of the change, so the movement stayed there.
    noted = _late(at, item, trigger) and item.sequence == at.sequence
    return "of the version before a change of destination that it crossed" if noted else ""


def _noted(side: Side, at: _At, item: Taken, trigger: Trigger) -> _At:
    """What is left of a report of an earlier version: the state in which that one can be gone back to."""
    sequence = sequence_of(item.message) or at.sequence
    then = at.before.get(sequence)
    after = then and TABLES[side].get((then, trigger))
    return replace(at, before={**at.before, sequence: after}) if after else at


def _moved(at: _At, item: Taken, trigger: Trigger, after: StatusType) -> _At:
    if trigger in _CHANGES and at.state:
        return _At(after, item.sequence or at.sequence + 1, {**at.before, at.sequence: at.state})
    return replace(at, state=after)


def _sent_again(at: _At, item: Taken, trigger: Trigger) -> bool:
    if item.origin is not Origin.ADMINISTRATION or item.message.header.correlation_identifier is None:
        return False
    if trigger in _CHANGES:
        return (sequence_of(item.message) or 0) <= at.sequence
    if trigger in _REPORTS:
        return at.state is not StatusType.ACCEPTED
    known = trigger is Trigger.VALIDATED_DOCUMENT and at.state is not StatusType.NONE
    return known or (at.state is not None and BROUGHT_BY.get(at.state) is trigger)


def _late(at: _At, item: Taken, trigger: Trigger) -> bool:
    """Whether another administration reports on an earlier version, or explains it: a change has crossed that."""
    reported = item.origin is Origin.ADMINISTRATION and trigger in {*_REPORTS, Trigger.SHORTAGE_EXPLAINED}
    return reported and (sequence_of(item.message) or at.sequence) < at.sequence


def _undoes(at: _At, item: Taken, trigger: Trigger) -> bool:
    """Whether such a report, of goods that were received, brought the movement back to the version it names."""
    return _late(at, item, trigger) and trigger is Trigger.RECEIPT_ACCEPTED and item.sequence != at.sequence


def _after_answer(at: _At, item: Taken, trigger: Trigger, after: StatusType) -> tuple[_At, str]:
    """A version below ours, written beside a status answer: our change of destination was taken back."""
    if item.sequence is None or item.sequence >= at.sequence or item.sequence not in at.before:
        return replace(at, state=after), trigger
    return _At(at.before[item.sequence], item.sequence, at.before), f"{trigger}: {_UNDONE}"


def _in_turn(at: _At, item: Taken, trigger: Trigger, after: StatusType) -> bool:
    """Whether the message is about the version we were at, or begins the next one; what changes nothing may be late."""
    if item.sequence is None or (after is at.state and trigger not in _CHANGES):
        return True
    return item.sequence == at.sequence + (trigger in _CHANGES)
