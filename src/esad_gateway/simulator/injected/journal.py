"""What was injected where: one line a strike, and how to have the same again."""

import os
import shlex
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from esad_gateway.frozen import frozen
from esad_gateway.simulator.injected.injections import Struck
from esad_gateway.simulator.injected.model import Parcel

_RUNNING: Final = "PYTEST_CURRENT_TEST"
"""Where pytest tells which test runs, and in which phase."""


@frozen(kw_only=True)
class Strike:
    """A fault that was committed: when, by whom towards whom, on which message, and what came of it.

    ``turn`` counts the tries of the messages of that type, from that sender to that receiver, about that movement.
    """

    at: datetime
    fault: str
    state: str
    sender: str
    receiver: str
    message: str
    identifier: str
    arc: str | None
    turn: int
    outcome: str

    def __str__(self) -> str:
        about = f" about {self.arc}" if self.arc else ""
        what = f"{self.message} from {self.sender} to {self.receiver}{about}, try {self.turn}"
        return f"{self.at:%Y-%m-%d %H:%M:%S}  {self.state}  {self.fault}: {what}: {self.outcome}"


@dataclass(slots=True)
class Journal:
    """Every strike in its order, and the ``seed`` that decided.

    Of one moment those stand first that struck first, whatever is answered first: documents are on their way together.
    """

    seed: int
    strikes: list[Strike] = field(default_factory=list)
    _order: list[tuple[datetime, int]] = field(default_factory=list)

    def note(self, at: datetime, struck: Struck, parcel: Parcel, outcome: str) -> None:
        """Write down what came of a strike."""
        place = bisect_right(self._order, (at, struck.number))
        self._order.insert(place, (at, struck.number))
        self.strikes.insert(
            place,
            Strike(
                at=at,
                fault=struck.fault.name,
                state=struck.injection.state,
                sender=parcel.sender,
                receiver=parcel.receiver,
                message=parcel.type,
                identifier=parcel.identifier,
                arc=parcel.arc,
                turn=struck.turn,
                outcome=outcome,
            ),
        )

    def __str__(self) -> str:
        lines = list(map(str, self.strikes)) or ["no fault was injected"]
        return "\n".join((f"seed {self.seed}; again: {replay_command(self.seed)}", *lines))


def replay_command(seed: int, command: Sequence[str] = ()) -> str:
    """The one command that does the same again with a seed; ``command`` is another one than the test that runs."""
    if command:
        return shlex.join((*command, "--seed", str(seed)))
    test = os.environ.get(_RUNNING, "").rpartition(" (")[0]
    return shlex.join(("pytest", *([test] if test else []), "--emcs-seed", str(seed)))
