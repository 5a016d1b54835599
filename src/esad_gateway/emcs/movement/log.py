"""The log of a movement: one act for each message about it, and for each clock that ended, on the side where it acted.

An act is noted when it is decided, with what it did and why, so that nobody has to guess it from the messages later.
"""

from datetime import datetime

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.messages.triggers import Side, Trigger
from esad_gateway.emcs.movement.values import Effect, Movement, Timer
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class Act:
    """What a message or an ended clock did to the movement ``arc`` on one side, and why.

    ``at`` is when (aware, UTC), ``trigger`` what happened. ``before`` is the state before it (``NONE``: it began the
    movement), ``after``, ``sequence``, ``journey`` and ``change`` are state, version and timers from then on.
    ``waited`` says that the message was parked until then, ``rule`` is that of the first fault of one that was refused.
    """

    arc: str
    side: Side
    at: datetime
    trigger: Trigger
    effect: Effect
    before: StatusType
    after: StatusType
    sequence: int
    journey: Timer
    change: Timer | None
    waited: bool
    rule: str | None


@frozen
class Occasion:
    """Something happens at ``at`` on a side of a movement, which is ``movement`` before; ``None`` without one.

    ``waited`` says that a message was parked before.
    """

    side: Side
    movement: Movement | None
    trigger: Trigger
    at: datetime
    waited: bool = False

    def act(self, effect: Effect, after: Movement | None = None, rule: str | None = None) -> Act | None:
        """What came of it; ``after`` is the movement from then on, ``None`` when it stays as it was.

        ``None`` when there is no movement, and none begins: then nothing was done to any.
        """
        before, now = self.movement, after or self.movement
        if now is None:
            return None
        state = before.state if before else _NONE
        if effect is _TAKEN and (before is None or now.state is not state or now.sequence != before.sequence):
            effect = _MOVED
        return Act(
            arc=now.arc,
            side=self.side,
            at=self.at,
            trigger=self.trigger,
            effect=effect,
            before=state,
            after=now.state,
            sequence=now.sequence,
            journey=now.journey,
            change=now.change,
            waited=self.waited,
            rule=rule,
        )


# A member of an enumeration is slow to reach in Python 3.11.
_NONE, _TAKEN, _MOVED = StatusType.NONE, Effect.TAKEN, Effect.MOVED
