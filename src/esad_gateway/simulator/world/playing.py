"""Scripts that are played in a world: what reaches traders and offices is held against them, and they act."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import TYPE_CHECKING

from esad_gateway.errors import SenderError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.ports.reading import Listed, Outcome
from esad_gateway.simulator.scripts.matching import Played, Sighting
from esad_gateway.simulator.scripts.model import Actor, Script
from esad_gateway.simulator.scripts.unmet import in_words, unmet
from esad_gateway.simulator.scripts.waits import moment_after
from esad_gateway.simulator.world.departing import Departing
from esad_gateway.simulator.world.seen import reached, sighting
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.world import signed

if TYPE_CHECKING:
    from esad_gateway.simulator.world.emcs import Emcs
    from esad_gateway.simulator.world.offices import SimulatedOffice
    from esad_gateway.simulator.world.traders import SimulatedTrader


@dataclass(slots=True)
class Playing:
    """The scripts of a world: those that single traders act by, and those that are for everybody.

    Of the scripts that are asked about a message, a trader's own come first; the first step that fits is taken.
    """

    emcs: "Emcs"
    own: "defaultdict[str, list[Played]]" = field(default_factory=lambda: defaultdict(list))
    everybody: list[Played] = field(default_factory=list)
    _through: dict[tuple[str, str], int] = field(default_factory=dict)
    _parked: list[tuple[str, Listed]] = field(default_factory=list)
    _watches: bool = False
    _numbers: "count[int]" = field(default_factory=count)

    def play(self, script: Script, by: "SimulatedTrader | None") -> Played:
        """Play a script from now on: what has reached anybody before is not looked at.

        Raises UnreadableInput with the steps that wait for somebody in a state that is not simulated here.
        """
        self._check(script)
        number = next(self._numbers)
        played = Played(script, self._random(f"steps/{number}"))
        for code, mailbox, last in self._last_numbers(self.emcs.world.states):
            self._through.setdefault((code, mailbox), last)
        begins = [
            Departing.of(self.emcs, played, place, self._random(f"traffic/{number}/{place}"))
            for place, traffic in enumerate(script.traffic)
            if traffic.origin not in self.emcs.world.elsewhere
        ]
        (self.own[by.seed] if by else self.everybody).append(played)
        for one in begins:
            one.enter()
        if script.steps and not self._watches:
            self._watches = True
            self.emcs.world.watchers.append(self._look)
        return played

    def _check(self, script: Script) -> None:
        """That each step waits for somebody who is simulated. Raises UnreadableInput with all that do not."""
        wrong = list[Said]()
        for number, step in enumerate(script.steps, 1):
            code = step.when.state or (step.when.trader or "")[:2]
            try:
                if code and code not in self.emcs.world.elsewhere:
                    self.emcs.world.check(code)
            except UnreadableInput as error:
                name = "state" if step.when.state else "trader"
                wrong.append(said("file.named", file=f"step[{number}].when.{name}", why=error.what))
        if wrong:
            raise UnreadableInput(*wrong)

    def unmet(self) -> Iterator[Said]:
        """What did not happen as the scripts say."""
        waiting = self.emcs.world.faults.injections.waiting()
        for played in (*(one for own in self.own.values() for one in own), *self.everybody):
            yield from unmet(played, self.emcs.clock.now)
            yield from (one.never for one in played.script.faults if one in waiting and one.certain)

    def _random(self, what: str) -> Random:
        """What is at random in a part of a script: the same by a seed, whatever else is played."""
        return Random(f"{self.emcs.seed}/{what}")  # noqa: S311 - repeatable, and no secret

    def _look(self) -> None:
        """Look at what has reached anybody since the last time, and enter what is to be done about it."""
        for code, entry in (*self._no_longer_parked(), *self._new()):
            self._see(self.emcs.world.states[code], entry)

    def _new(self) -> Iterator[tuple[str, Listed]]:
        """What was entered into mailboxes since the last time, with the code of the state."""
        for code, mailbox, last in self._last_numbers(filter(self._concerns, self.emcs.world.states)):
            through = self._through.get((code, mailbox), 0)
            if last > through:
                self._through[code, mailbox] = last
                yield from ((code, entry) for entry in self.emcs.world.states[code].entries(mailbox, after=through))

    def _no_longer_parked(self) -> Iterator[tuple[str, Listed]]:
        """What came too early, and has been decided since the last time."""
        parked, self._parked = self._parked, []
        for code, entry in parked:
            yield code, self.emcs.world.states[code].entry(entry.mailbox, entry.seq) or entry

    def _last_numbers(self, states: Iterable[str]) -> Iterator[tuple[str, str, int]]:
        """The number of the last message in each mailbox of some states, in an order that is always the same."""
        for code in sorted(states):
            for mailbox, last in self.emcs.world.states[code].numbers().items():
                yield code, mailbox, last

    def _concerns(self, state: str) -> bool:
        """Whether a script is held against what reaches anybody in a state: the nearest match may be in any state."""
        return any(played.script.steps for played in self.everybody) or state in {seed[:2] for seed in self.own}

    def _see(self, state: SimulatedState, entry: Listed) -> None:
        if entry.outcome == Outcome.PARKED:
            self._parked.append((state.code, entry))
            return
        trader = self.emcs.traders.get(entry.mailbox)
        who = reached(state, entry, trader.party if trader else None)
        scripts = self._asked(entry.mailbox, who, entry.type) if who else ()
        seen = sighting(state, entry, who) if who and scripts else None
        if seen is not None:
            self._react(scripts, seen)

    def _asked(self, mailbox: str, who: Actor, message: str) -> Sequence[Played]:
        """The scripts whose steps could wait for a message."""
        own = self.own.get(mailbox, ()) if who is not Actor.OFFICE else ()
        return [played for played in (*own, *self.everybody) if played.waits(who, message)]

    def _react(self, scripts: Sequence[Played], seen: Sighting) -> None:
        for played in scripts:
            place = played.step(seen)
            if place is not None:
                self._enter(played, place, seen)
                return

    def _enter(self, played: Played, place: int, seen: Sighting) -> None:
        """Enter what a step says into what falls due."""
        world = self.emcs.world
        calendar = world.states[seen.state].runtime.profile.calendar_of(seen.state)
        at = moment_after(world.clock.now(), played.script.steps[place].then.after, calendar)

        async def act() -> None:
            played.was_done(place)
            await self._act(played, place, seen)

        played.is_due(place, at)
        world.agenda.enter(at, act)

    async def _act(self, played: Played, place: int, seen: Sighting) -> None:
        """Do what a step says about what was seen."""
        who = await self._actor(seen)
        try:
            message = who.answer(seen.arc, played.script.steps[place].then)
        except LookupError:
            played.was_refused(place, seen, said("sim.script_gone", arc=seen.arc))
            return
        if message is not None:
            await self._submit(played, place, seen, signed(who.signer, message))

    async def _actor(self, seen: Sighting) -> "SimulatedTrader | SimulatedOffice":
        if seen.who is Actor.OFFICE:
            return await self.emcs.office_of(seen.state)
        return self.emcs.traders[seen.trader]

    async def _submit(self, played: Played, place: int, seen: Sighting, document: bytes) -> None:
        try:
            receipt = await self.emcs.world.submit(seen.state, document)
        except SenderError as error:
            played.was_refused(place, seen, error.what)
            return
        if receipt.outcome is Outcome.REFUSED:
            played.was_refused(place, seen, in_words(receipt.faults))
