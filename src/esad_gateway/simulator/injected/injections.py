"""Which message is struck by which fault: by what was injected, by what has come so far, and by the seed."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TypeAlias

from esad_gateway.frozen import frozen
from esad_gateway.simulator.injected.model import TRADERS, Answered, InjectedFault, Injection, Parcel

_Lane: TypeAlias = tuple[str, str]


@frozen(kw_only=True)
class Struck:
    """A message that is struck: by which fault of which injection, in which turn, and the chance that decides.

    ``place`` is where the injection stands among all, ``number`` the how-manieth strike of all it is.
    """

    fault: InjectedFault
    injection: Injection
    place: int
    turn: int
    chance: Random
    number: int


@dataclass(slots=True)
class _Waiting:
    """An injection, how many tries have fitted so far, and how many were struck."""

    injection: Injection
    fitted: int = 0
    struck: int = 0
    given_up: bool = False

    @property
    def over(self) -> bool:
        """Whether it strikes no more."""
        most = self.injection.most
        return self.given_up or (most is not None and self.struck >= most)


@dataclass(slots=True)
class Injections:
    """What was injected, in its order: a message is struck by the first that strikes it.

    What is left to chance is drawn for each message by itself: from the seed, the injection, the states, the type, the
    how-manieth movement between them that is, and the how-manieth try. So it does not depend on what happens at the
    same moment elsewhere, nor on keys and identifiers, and one seed leads to the same faults again.
    """

    seed: int
    _waiting: list[_Waiting] = field(default_factory=list)
    _movements: defaultdict[_Lane, dict[str | None, int]] = field(default_factory=lambda: defaultdict(dict))
    _numbers: "count[int]" = field(default_factory=count)
    _turns: "Counter[tuple[bool, str, str, str, int]]" = field(default_factory=Counter)

    def add(self, injection: Injection) -> None:
        """Let it wait for its moment."""
        self._waiting.append(_Waiting(injection))

    def concern(self, state: str) -> bool:
        """Whether anything waits that this state is to commit; nothing has to be read otherwise."""
        return any(one.injection.state == state and not one.over for one in self._waiting)

    def waiting(self) -> tuple[Injection, ...]:
        """What has not struck at all yet."""
        return tuple(one.injection for one in self._waiting if not (one.struck or one.given_up))

    def give_up(self) -> int:
        """Let nothing strike any more of what was injected so far; how many injections could have."""
        given_up = [one for one in self._waiting if not one.over]
        for one in given_up:
            one.given_up = True
        return len(given_up)

    def each(self) -> tuple[tuple[Injection, int, bool], ...]:
        """Every injection in its order, how often it has struck, and whether it can strike yet."""
        return tuple((one.injection, one.struck, not one.over) for one in self._waiting)

    def sent(self, parcel: Parcel) -> Struck | None:
        """By what a document is struck that its sender is about to send."""
        return self._struck(parcel, answering=False)

    def answered(self, parcel: Parcel) -> Struck | None:
        """By what a document is struck that has reached the door of its receiver."""
        return self._struck(parcel, answering=True)

    def spare(self, struck: Struck) -> None:
        """It could not be done to this message: the injection goes on waiting for another one."""
        self._waiting[struck.place].struck -= 1

    def _struck(self, parcel: Parcel, *, answering: bool) -> Struck | None:
        movement, turn = self._counted(parcel, answering=answering)
        state = parcel.receiver if answering else parcel.sender
        for place, waiting in enumerate(self._waiting):
            if waiting.injection.state != state or waiting.over:
                continue
            fitting = [one for one in waiting.injection.faults if _fits(one, waiting.injection, parcel, answering)]
            if not fitting:
                continue
            waiting.fitted += 1
            drawn = (self.seed, place, parcel.sender, parcel.receiver, parcel.type, movement, turn, answering)
            chance = Random("/".join(map(str, drawn)))  # noqa: S311 - to be the same again, and no secret
            if waiting.fitted >= waiting.injection.nth and chance.random() < waiting.injection.share:
                waiting.struck += 1
                return Struck(
                    fault=chance.choice(fitting),
                    injection=waiting.injection,
                    place=place,
                    turn=turn,
                    chance=chance,
                    number=next(self._numbers),
                )
        return None

    def _counted(self, parcel: Parcel, *, answering: bool) -> tuple[int, int]:
        """The how-manieth movement of the two states that is, and the how-manieth try of a message of its type."""
        known = self._movements[parcel.sender, parcel.receiver]
        movement = known.setdefault(parcel.arc, len(known) + 1)
        key = (answering, parcel.sender, parcel.receiver, parcel.type, movement)
        self._turns[key] += 1
        return movement, self._turns[key]


def _fits(fault: InjectedFault, injection: Injection, parcel: Parcel, answering: bool) -> bool:  # noqa: FBT001
    if isinstance(fault.act, Answered) != answering or injection.traders != (parcel.sender == TRADERS):
        return False
    other = parcel.sender if answering else parcel.receiver
    asked = ((injection.message, parcel.type), (injection.arc, parcel.arc), (injection.other, other))
    return parcel.type in (fault.messages or {parcel.type}) and all(want in {None, has} for want, has in asked)
