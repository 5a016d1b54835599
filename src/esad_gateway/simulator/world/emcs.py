"""The whole of EMCS for a test: traders in any member state, their movements, and a clock that the test moves."""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import count
from random import SystemRandom
from types import TracebackType
from typing import Any, Final, Self, TypeVar, Unpack

from esad_gateway.emcs.identifiers import Malformed, MemberState
from esad_gateway.emcs.messages import IE801
from esad_gateway.emcs.registry import CATEGORIES, Operator, OperatorType
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.ports.reading import Listed
from esad_gateway.simulator.clock import HandClock
from esad_gateway.simulator.scripts.matching import Played, Sighting
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, When
from esad_gateway.simulator.world.background import Background
from esad_gateway.simulator.world.clock import WorldClock
from esad_gateway.simulator.world.faults import EmcsFaults
from esad_gateway.simulator.world.movements import SimulatedMovement
from esad_gateway.simulator.world.temporary import TemporaryLimits, as_temporary, is_complete
from esad_gateway.simulator.world.traders import Consignee, Consignor, SimulatedTrader
from esad_gateway.simulator.world.world import SimulatedWorld, signed

T = TypeVar("T")
W = TypeVar("W", bound=SimulatedTrader)

BEGINS: Final = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When a world begins unless it is told otherwise: a Monday morning in every member state."""

REGISTERED: Final = date(2023, 2, 13)
FIRST_NUMBER: Final = 101
SEEDS: Final = 10**6
"""How many seeds there are to draw one from: short enough to be typed."""


class Emcs:
    """Member states, traders and movements in this process, from the moment ``begins`` (aware).

    ``settings`` are what administrations decide for themselves, by the code of the state: ``{"PL":
    {"formalities_days": 5}}``. ``seed`` decides what is left to chance, and leads to the same again; without one it is
    drawn, and a failure tells it. Nothing is made before it is needed. To be closed, or used as a context.
    """

    def __init__(
        self,
        begins: datetime = BEGINS,
        settings: Mapping[str, Mapping[str, object]] | None = None,
        *,
        seed: int | None = None,
    ) -> None:
        self._background = Background()
        self.seed = SystemRandom().randrange(SEEDS) if seed is None else seed
        self.world = SimulatedWorld(HandClock(begins), settings or {}, seed=self.seed)
        self.clock = WorldClock(self)
        self.faults = EmcsFaults(self)
        self.movements: list[SimulatedMovement] = []
        self._numbers = count(FIRST_NUMBER)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if error is not None and self.faults.journal:
            error.add_note(str(self.faults))
        self.close()

    def consignor(
        self,
        state: str = "LT",
        *,
        products: Iterable[str] = (),
        name: str = "",
        temporary: bool = False,
        **limits: Unpack[TemporaryLimits],
    ) -> Consignor:
        """A certified consignor of a state, registered everywhere; for all goods unless ``products`` name codes.

        A ``temporary`` one has a temporary authorisation instead of an excise number, with ``limits``; where it names
        no counterparty, nobody knows it before its first draft (C209). Raises UnreadableInput for one that no register
        takes.
        """
        record = self._record(state, OperatorType.CERTIFIED_CONSIGNOR, products, name)
        return self._trader(Consignor, record, limits, temporary=temporary)

    def consignee(
        self,
        state: str = "PL",
        *,
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
        until it names a counterparty it is open to everybody. Raises UnreadableInput for one that no register takes.
        """
        record = self._record(state, OperatorType.CERTIFIED_CONSIGNEE, products, name)
        found = self._trader(Consignee, record, limits, temporary=temporary)
        if will:
            self.play(found, Script((ScriptStep(when=When(), then=Then(do=Do(will), reason=reason)),)))
        return found

    def play(self, trader: SimulatedTrader, script: Script) -> Played:
        """Let a trader act by a script from now on."""
        played = Played(script)
        self.world.watchers.append(_watcher(trader, played))
        return played

    def follow(self, movement: SimulatedMovement) -> SimulatedMovement:
        """Keep a movement among those of this world."""
        self.movements.append(movement)
        return movement

    def only_movement(self) -> SimulatedMovement:
        """The one movement of this world. Raises UnreadableInput when there are more, or none."""
        if len(self.movements) != 1:
            raise UnreadableInput(said("sim.which_movement", count=len(self.movements)))
        return self.movements[0]

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Do something where the gateways live, and wait for it."""
        return self._background.run(work)

    def close(self) -> None:
        """Close every gateway; nothing of this world is left, and nothing goes on."""
        try:
            self.run(self.world.close())
        finally:
            self._background.stop()

    def _record(self, state: str, what: OperatorType, products: Iterable[str], name: str) -> Operator:
        seed, named = f"{_known(state)}{next(self._numbers):011}", frozenset(products)
        return Operator(
            seed=seed,
            name=name or f"Trader {seed}",
            operator_type=what,
            office=f"{state}001000",
            valid_from=REGISTERED,
            products=named,
            categories=frozenset() if named else CATEGORIES,
        )

    def _trader(self, kind: type[W], record: Operator, limits: TemporaryLimits, *, temporary: bool) -> W:
        if limits and not temporary:
            raise UnreadableInput(said("making.limits", limits=", ".join(limits)))
        operator = as_temporary(record, self.clock.now.date(), limits) if temporary else record
        trader = kind(self, operator, self.run(self.world.signer(operator.seed)))
        if is_complete(operator):
            trader.register(operator)
        return trader


def _known(state: str) -> str:
    """The code of a member state. Raises UnreadableInput for another, with the right one where there is an alias."""
    try:
        return MemberState(state).code
    except Malformed as error:
        raise UnreadableInput(error.why) from error


def _watcher(trader: SimulatedTrader, played: Played) -> Callable[[], None]:
    """Looks at a trader's mailbox, and enters what its script says about what is new into the agenda."""
    through = 0

    def look() -> None:
        nonlocal through
        for entry in trader.home.entries(trader.seed, after=through):
            through = entry.seq
            _react(trader, played, entry)

    return look


def _react(trader: SimulatedTrader, played: Played, entry: Listed) -> None:
    message = trader.home.message(entry) if entry.direction == "out" else None
    if not isinstance(message, IE801):
        return
    seen = Sighting(
        message=entry.type,
        state=trader.home.code,
        trader=trader.seed,
        arc=entry.arc or "",
        quantities=[(line.excise_product_code, line.quantity) for line in message.body_ead_esad],
    )
    if (step := played.step(seen)) is None:
        return

    async def act() -> None:
        answer = trader.answer(seen.arc, step.then)
        if answer is not None:
            await trader.emcs.world.submit(trader.home.code, signed(trader.signer, answer))

    world = trader.emcs.world
    world.agenda.enter(world.clock.now() + step.then.after, act)
