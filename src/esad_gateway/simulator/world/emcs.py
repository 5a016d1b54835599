"""The whole of EMCS for a test: traders in any member state, their movements, and a clock that the test moves."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from concurrent.futures import Future
from datetime import UTC, date, datetime
from itertools import count
from pathlib import Path
from random import SystemRandom
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self, TypeVar, Unpack

from esad_gateway.emcs.identifiers import ExciseNumber, Malformed, MemberState
from esad_gateway.emcs.registry import CATEGORIES, Operator, OperatorType
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.simulator.scripts.contradictions import check
from esad_gateway.simulator.scripts.deeds import SPOKEN
from esad_gateway.simulator.scripts.matching import Played
from esad_gateway.simulator.scripts.model import Actor, Script
from esad_gateway.simulator.scripts.toml_file import read_script, script_of
from esad_gateway.simulator.scripts.unmet import ScriptUnmet
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.world.background import Background
from esad_gateway.simulator.world.clock import WorldClock, aware
from esad_gateway.simulator.world.faults import EmcsFaults
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.moving import Mover, WorldMover
from esad_gateway.simulator.world.offices import SimulatedOffice
from esad_gateway.simulator.world.playing import Playing
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.temporary import TemporaryLimits, as_temporary, is_complete
from esad_gateway.simulator.world.traders import Consignee, Consignor, SimulatedTrader
from esad_gateway.simulator.world.watching import WATCHERS
from esad_gateway.simulator.world.wishes import for_products, named, unknown, willing
from esad_gateway.simulator.world.world import SimulatedWorld
from esad_gateway.texts import say

T = TypeVar("T")
V = TypeVar("V")
W = TypeVar("W", bound=SimulatedTrader)

_WISHES: Final[Mapping[Actor, tuple[str, ...]]] = MappingProxyType(
    {
        Actor.CONSIGNOR: ("number", "products", "name", "temporary"),
        Actor.CONSIGNEE: ("number", "products", "name", "temporary", "will", "reason"),
    }
)
"""What a trader is asked for by, besides the limits of a temporary authorisation."""

BEGINS: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When a world begins unless it is told otherwise: a Monday morning in every member state."""

REGISTERED: Final = date(2023, 2, 13)
FIRST_NUMBER: Final = 101
SEEDS: Final = 10**6
"""How many seeds there are to draw one from: short enough to be typed."""

OFFICE: Final = "001000"
"""The number of the excise office of every state, behind the code of the state."""


class Emcs:
    """Member states, traders and movements in this process, from the moment ``begins`` (aware).

    ``settings`` are what administrations decide for themselves, by the code of the state: ``{"PL":
    {"formalities_days": 5}}``. ``script`` is how everybody acts: a script, the file of one, or its text in TOML.
    ``seed`` decides what is left to chance, and leads to the same again; without one it is drawn, and a failure tells
    it. Nothing is made before it is needed. To be closed, or used as a context: left without an error, it checks its
    scripts.
    """

    def __init__(
        self,
        begins: datetime = BEGINS,
        settings: Mapping[str, Mapping[str, object]] | None = None,
        *,
        script: Script | Path | str | None = None,
        seed: int | None = None,
    ) -> None:
        acting = given(script) if script is not None else None
        begins, settings = aware(begins), {_known(code): own for code, own in (settings or {}).items()}
        self._background = Background(self._happened)
        self.seed = SystemRandom().randrange(SEEDS) if seed is None else seed
        self.world = SimulatedWorld(TestClock(begins), settings, seed=self.seed)
        self.alone = WorldMover(self.world)
        self.mover: Mover = self.alone
        self.clock = WorldClock(self)
        self.faults = EmcsFaults(self)
        self.movements: list[SimulatedMovement] = []
        self.traders: dict[str, SimulatedTrader] = {}
        self._offices: dict[str, SimulatedOffice] = {}
        self._numbers = count(FIRST_NUMBER)
        self._playing = Playing(self)
        for watcher in WATCHERS:
            watcher.begun(self)
        if acting is not None:
            self._begin(acting)

    def __repr__(self) -> str:
        states = ", ".join(sorted(self.world.states)) or "no state"
        return f"<EMCS of {states} at {self.clock.now:%Y-%m-%d %H:%M:%S} UTC, seed {self.seed}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self.faults.journal:
            error.add_note(str(self.faults))
        self.close()
        if kind is None:
            self.check()

    def consignor(
        self,
        state: str = "LT",
        *,
        number: str = "",
        products: Iterable[str] = (),
        name: str = "",
        temporary: bool = False,
        **limits: Unpack[TemporaryLimits],
    ) -> Consignor:
        """A certified consignor of a state, registered everywhere; for all goods unless ``products`` name codes.

        A ``temporary`` one has a temporary authorisation instead of an excise number, with ``limits``; where it names
        no counterparty, nobody knows it before its first draft (C209). With a ``number`` it is the one of that excise
        number, in the state of that: as it is, where there is one already. Raises UnreadableInput for one that no
        register takes, and for the number of another kind of trader.
        """
        if (known := self._known_as(Consignor, number)) is not None:
            return known
        record = self._record(state, OperatorType.CERTIFIED_CONSIGNOR, products, name, number)
        return self._trader(Consignor, record, limits, temporary=temporary)

    def consignee(
        self,
        state: str = "PL",
        *,
        number: str = "",
        products: Iterable[str] = (),
        name: str = "",
        will: str = "",
        reason: str = "",
        temporary: bool = False,
        **limits: Unpack[TemporaryLimits],
    ) -> Consignee:
        """A certified consignee of a state, registered everywhere; for all goods unless ``products`` name codes.

        ``will`` is what it does about every e-SAD a day after that has arrived, as in a script (``accept``,
        ``refuse``), with a ``reason``; it does nothing by itself otherwise. A ``temporary`` one is as such a consignor;
        until it names a counterparty it is open to everybody. ``number`` is as of a consignor. Raises UnreadableInput
        as that, and for a ``will`` that there is not.
        """
        acting = willing(will, reason)
        found = self._known_as(Consignee, number)
        if found is None:
            record = self._record(state, OperatorType.CERTIFIED_CONSIGNEE, products, name, number)
            found = self._trader(Consignee, record, limits, temporary=temporary)
        if acting is not None:
            self.play(acting, found)
        return found

    def trader(self, role: str, state: str = "", **wishes: Any) -> SimulatedTrader:
        """A :meth:`consignor` or a :meth:`consignee`, by the name of that; ``wishes`` are as there.

        Raises UnreadableInput for another role, and as that method.
        """
        roles: dict[str, Callable[..., SimulatedTrader]] = {"consignor": self.consignor, "consignee": self.consignee}
        if role not in roles:
            raise UnreadableInput(said("sim.role", role=role, roles=", ".join(roles)))
        return roles[role](*([state] if state else []), **wishes)

    def office(self, state: str = "PL") -> SimulatedOffice:
        """The excise office of a state, whose officers interrupt movements and close them by hand."""
        return self.run(self.office_of(state))

    async def office_of(self, state: str) -> SimulatedOffice:
        """The same, where the gateways live."""
        reference = f"{state}{OFFICE}"
        if state not in self._offices:
            self._offices[state] = SimulatedOffice(self, reference, await self.world.office(reference))
        return self._offices[state]

    def play(self, script: Script | Path | str, by: SimulatedTrader | None = None) -> Played:
        """Let everybody, or one trader alone, act by a script from now on; one, the file of one, or its text in TOML.

        A trader's own scripts are asked first. Raises UnreadableInput with everything that is wrong with it.
        """
        return self._played(given(script), by)

    def check(self) -> None:
        """Raise ScriptUnmet with all that did not happen as the scripts say, if anything; its note has the seed."""
        if found := tuple(self._playing.unmet()):
            unmet = ScriptUnmet(found)
            unmet.add_note(str(self.faults) if self.faults.journal else say(said("sim.script_seed", seed=self.seed)))
            raise unmet

    def state(self, code: str, **settings: object) -> SimulatedState:
        """A member state by its code; ``settings`` are what its administration decides (``formalities_days=5``).

        Raises UnreadableInput for a state that there is not, and for settings of one that has begun already.
        """
        code = _known(code)
        if settings:
            self.world.decide(code, settings)
        return self.run(self.world.state(code))

    def faults_of(self, seed: int | None = None) -> EmcsFaults:
        """What administrations do wrong, as ``seed`` decides from the first fault on; as that of this world without.

        Raises UnreadableInput when another seed has decided already.
        """
        if seed is not None and seed != self.seed:
            self.world.reseed(seed)
            self.seed = seed
        return self.faults

    def follow(self, movement: SimulatedMovement) -> SimulatedMovement:
        """Keep a movement among those of this world."""
        self.movements.append(movement)
        return movement

    def only_movement(self) -> SimulatedMovement:
        """The one movement of this world. Raises UnreadableInput when there are more, or none."""
        if len(self.movements) != 1:
            raise UnreadableInput(said("sim.which_movement", count=len(self.movements)))
        return self.movements[0]

    def run(self, work: Coroutine[Any, Any, T], within: float | None = None) -> T:
        """Do something where the gateways live, and wait for it; for ``within`` seconds in which nothing happens."""
        return self._background.run(work, within)

    def spawn(self, work: Coroutine[Any, Any, T]) -> "Future[T]":
        """Begin something where the gateways live that goes on beside them; whoever began it ends it."""
        return self._background.spawn(work)

    def close(self) -> None:
        """Close every gateway; nothing of this world is left, and nothing goes on. What is closed stays closed."""
        if self._background.stopped:
            return
        try:
            for watcher in WATCHERS:
                watcher.ending(self, [one.runtime.store for one in self.world.states.values()], self.faults.journal)
        finally:
            self._end()

    def _end(self) -> None:
        try:
            self.run(self.alone.end())
            self.run(self.world.close())
        finally:
            self._background.stop()

    def _happened(self) -> tuple[object, object]:
        return self.world.clock.now(), self.world.committed()

    def _begin(self, script: Script) -> None:
        """Play the script that this world begins with; where that cannot be, nothing goes on."""
        try:
            self._played(script, None)
        except BaseException:
            self.close()
            raise

    def _played(self, script: Script, by: SimulatedTrader | None) -> Played:
        """A script that is played from now on, with the faults that it has."""
        played = self._playing.play(script, by)
        for one in script.faults:
            self.faults.inject_this(one)
        return played

    def _record(
        self, state: str, what: OperatorType, products: Iterable[str] = (), name: str = "", number: str = ""
    ) -> Operator:
        goods, called = for_products(products), named(name)
        home = _known(number[:2] or state)
        seed = number or self._free_number(home)
        return Operator(
            seed=seed,
            name=called or f"Trader {seed}",
            operator_type=what,
            office=f"{home}{OFFICE}",
            valid_from=REGISTERED,
            products=goods,
            categories=frozenset() if goods else CATEGORIES,
        )

    def _known_as(self, kind: type[W], number: str) -> W | None:
        """The trader of a number, if there is one. Raises UnreadableInput for no number, and for another kind's."""
        if number:
            _checked(ExciseNumber, number)
        found = self.traders.get(number)
        if found is not None and not isinstance(found, kind):
            raise UnreadableInput(said("sim.script_no_trader", number=number, what=SPOKEN[kind.party]))
        return found

    def _free_number(self, state: str) -> str:
        numbers = (f"{state}{number:011}" for number in self._numbers)
        return next(number for number in numbers if number not in self.traders)

    def _trader(self, kind: type[W], record: Operator, limits: TemporaryLimits, *, temporary: bool) -> W:
        if wrong := unknown(limits, (*TemporaryLimits.__annotations__, *_WISHES[kind.party])):
            raise UnreadableInput(*wrong)
        if limits and not temporary:
            raise UnreadableInput(said("making.limits", limits=", ".join(limits)))
        operator = as_temporary(record, self.clock.now.date(), limits) if temporary else record
        trader = kind(self, operator, self.run(self.world.signer(operator.seed)))
        self.traders[trader.seed] = trader
        if is_complete(operator):
            trader.register(operator)
        return trader


def _known(state: str) -> str:
    """The code of a member state. Raises UnreadableInput for another, with the right one where there is an alias."""
    return _checked(MemberState, state).code


def _checked(kind: Callable[[str], V], value: str) -> V:
    """A value of a kind. Raises UnreadableInput with what is wrong with it."""
    try:
        return kind(value)
    except Malformed as error:
        raise UnreadableInput(error.why) from error


def given(script: Script | Path | str) -> Script:
    """A script: as it is, of a file, or of a text in TOML, which has more than one line; nothing is wrong with it.

    Raises UnreadableInput with everything that is.
    """
    if isinstance(script, str) and "\n" in script:
        return script_of(script)
    return check(script) if isinstance(script, Script) else read_script(Path(script))
