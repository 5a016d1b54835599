"""A world: member states that are opened when they are needed, their traders, and what falls due by one clock."""

import asyncio
import shutil
from collections.abc import Callable, Iterable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from esad_gateway.emcs.messages import Message
from esad_gateway.emcs.registry import Operator
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Submission
from esad_gateway.introduction import Introduction
from esad_gateway.ports.clock import Due
from esad_gateway.ports.reading import Receipt
from esad_gateway.settings import read_settings
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.pki import Identity
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.clock import Dutiful, advance_to, first_due
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.world.agenda import Agenda
from esad_gateway.simulator.world.faults import WorldFaults
from esad_gateway.simulator.world.foundry import Foundry, foundry
from esad_gateway.simulator.world.reach import Reach
from esad_gateway.simulator.world.remembered import RememberedDuties, UntilCommit
from esad_gateway.simulator.world.states import SimulatedState, decide, introduce, opened
from esad_gateway.store.registry import Held
from esad_gateway.transport.memory import Door
from esad_gateway.xml.release import Releases, current, shipped

CHANNEL = "simulator"
"""How documents of simulated traders are named in the security log."""


@dataclass(slots=True)
class SimulatedWorld:
    """Member states in this process that know each other, from the moment ``clock`` begins at.

    ``settings`` are what administrations decide for themselves, by the code of the state (settings.toml), ``seed`` is
    what decides where chance does. All methods belong into one event loop.
    """

    clock: TestClock
    settings: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    agenda: Agenda = field(default_factory=Agenda)
    states: dict[str, SimulatedState] = field(default_factory=dict)
    operators: dict[str, Held] = field(default_factory=dict)
    watchers: list[Callable[[], None]] = field(default_factory=list)
    outside: dict[str, Introduction] = field(default_factory=dict)
    """Gateways that are none of this world, by their administration's address."""
    only: frozenset[str] = frozenset()
    """The codes of the states that are simulated; none means all of them."""
    elsewhere: frozenset[str] = frozenset()
    """The codes of those that are simulated by other processes."""
    registered: Callable[[Held], None] | None = None
    """Who is told of every operator that is entered."""
    _dutiful: list[Dutiful] = field(init=False)
    _doors: dict[str, Door] = field(default_factory=dict)
    faults: WorldFaults = field(init=False)
    seed: int = 0
    _releases: Releases = field(default_factory=shipped)
    _foundry: Foundry = field(default_factory=foundry)
    _folder: TemporaryDirectory[str] = field(default_factory=lambda: foundry().folder())
    _open: AsyncExitStack = field(default_factory=AsyncExitStack)
    _looked_after: list[int] = field(default_factory=list)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _opening: asyncio.Lock = field(default_factory=asyncio.Lock)

    def __post_init__(self) -> None:
        self._dutiful = [self]
        self.faults = WorldFaults(self)

    def decide(self, code: str, settings: Mapping[str, object]) -> None:
        """Say what the administration of a state decides. Raises UnreadableInput when its gateway is open already."""
        if code in self.states:
            raise UnreadableInput(said("sim.state_has_begun", state=code, settings=", ".join(settings)))
        self.settings = {**self.settings, code: {**self.settings.get(code, {}), **settings}}

    def reseed(self, seed: int) -> None:
        """Let another seed decide. Raises UnreadableInput when one has decided already, or is about to."""
        if not self.faults.fresh:
            raise UnreadableInput(said("sim.seed_late", seed=seed, other=self.seed))
        self.seed = self.faults.injections.seed = self.faults.journal.seed = seed

    async def know(self, other: Introduction, operators: Iterable[Held]) -> None:
        """Know a gateway that is none of this world, with its operators: its state is not simulated.

        Raises UnreadableInput for what can never be right, and when its state has begun here already.
        """
        if other.state in self.states:
            raise UnreadableInput(said("simulate.met_late", url=other.url, state=other.state))
        entered = [(operator, address, ()) for operator, address, _ in operators]
        self.outside[other.address] = other
        self.operators |= {held[0].seed: held for held in entered}
        for state in self.states.values():
            state.believe(other)
            state.enter(*entered)

    def introduction(self, code: str, url: str) -> Introduction:
        """What the administration of a state says of itself, whose gateway is at ``url``; it is not opened for that."""
        data = self._foundry.made(code)
        settings = read_settings(data.root)
        return Introduction(
            address=settings.profile().address,
            url=url,
            certificates=tuple(load_certificates(data.certificate)),
            authorities=tuple(load_certificates(data.authority_certificate)),
            release=Schedule.read(settings.release),
        )

    async def state(self, code: str) -> SimulatedState:
        """A member state by its code; the first time its gateway is opened and meets the others."""
        async with self._opening:
            if code not in self.states:
                self.check(code)
                self.states[code] = await self._opened(code)
        return self.states[code]

    async def signer(self, seed: str) -> XmlSigner:
        """What a trader signs with, who need not be registered; its state is opened."""
        identity = await self.identity(seed)
        return XmlSigner(identity.key, identity.certificate)

    async def identity(self, seed: str) -> Identity:
        """The key and the certificate of a trader; its state is opened."""
        await self.state(seed[:2])
        return self._foundry.identity(seed)

    async def register(self, operator: Operator) -> None:
        """Enter an operator into the register of every state; its own knows what it signs with."""
        await self.state(operator.seed[:2])
        held: Held = (operator, {}, (self._foundry.identity(operator.seed).certificate,))
        self.operators[operator.seed] = held
        if self.registered is not None:
            await asyncio.to_thread(self.registered, held)
        for state in self.states.values():
            state.enter(_known_to(state.code, held))

    async def office(self, reference: str) -> XmlSigner:
        """What signs for an excise office (``PL001000``); its state knows the certificate from now on."""
        home = await self.state(reference[:2])
        identity = self._foundry.identity(reference)
        home.equip(reference, identity.certificate)
        return XmlSigner(identity.key, identity.certificate)

    async def take(self, state: str, document: bytes) -> Receipt:
        """Hand a trader's document to its gateway, and let everything happen that follows at this moment."""
        receipt = await self.submit(state, document)
        await self.settle()
        return receipt

    async def submit(self, state: str, document: bytes) -> Receipt:
        """Hand a trader's document to its gateway; what follows waits until the clock is asked."""
        submission = Submission(raw=document, principal=A_TRADER, channel=CHANNEL)
        return await self.states[state].runtime.gateway.take(submission)

    async def settle(self) -> None:
        """Let everything happen that is due now."""
        async with self._turn:
            with self.clock.held():
                await advance_to(self.clock.now(), self.clock, self._dutiful)

    async def advance_to(self, moment: datetime) -> None:
        """Move the clock to a moment (aware); on the way everything happens that falls due, in order."""
        async with self._turn:
            with self.clock.held():
                await advance_to(max(moment, self.clock.now()), self.clock, self._dutiful)

    def first_due(self) -> Due | None:
        """What is due first, of anybody here; ``None`` for nothing."""
        return first_due(self._dutiful)

    def next_due(self) -> Due | None:
        """What the traders of this world mean to do next, after they have looked at their mailboxes."""
        committed = self.committed()
        if committed != self._looked_after:
            self._looked_after = committed
            for look in self.watchers:
                look()
        return self.agenda.next_due()

    def mailboxes(self) -> list[tuple[SimulatedState, str]]:
        """Every mailbox of a trader in which there is anything, with its state."""
        homes = list(self.states.values())
        return [(home, seed) for home in homes for seed in home.numbers() if seed in self.operators]

    def committed(self) -> list[int]:
        """How often each gateway that is open has committed."""
        return [state.commits.count for state in list(self.states.values())]

    async def act(self) -> bool:
        """Do what the traders mean to do next."""
        return await self.agenda.act()

    async def close(self) -> None:
        """Close every gateway; nothing of the world is left."""
        await self._open.aclose()
        self._folder.cleanup()

    async def _opened(self, code: str) -> SimulatedState:
        root = Path(self._folder.name) / code
        await asyncio.to_thread(shutil.rmtree, root, ignore_errors=True)  # where it could not be opened before
        data = await asyncio.to_thread(self._foundry.copy, code, root)
        decide(data, self.settings.get(code, {}))
        carrier = self.faults.carrier(code, Reach(self._doors, self.outside))
        known = [_known_to(code, held) for held in self.operators.values()]
        with_others = partial(introduce, data, self.states.values(), known)
        state = await opened(code, data, self.clock, carrier, self._releases, with_others, alone=self._one_by_one)
        self._open.push_async_exit(state.opened)
        for other in self.states.values():
            other.meet(state)
        for outside in self.outside.values():
            state.believe(outside)
        self._doors[state.address] = self.faults.door(state)
        duties = state.runtime.duties
        self._dutiful.append(RememberedDuties(duties, UntilCommit(state.commits, duties.next_due)))
        return state

    def _one_by_one(self) -> bool:
        """Whether a delivery may fail: then the same comes of it again only when nothing else is on its way."""
        return bool(self.outside) or not self.faults.fresh

    def check(self, code: str) -> None:
        """That a state is simulated here. Raises UnreadableInput."""
        if (found := self.outside.get(f"NDEA.{code}")) is not None:
            raise UnreadableInput(said("simulate.outside", state=code, url=found.url))
        if self.only and code not in self.only:
            raise UnreadableInput(said("simulate.only", state=code, states=", ".join(sorted(self.only))))


def signed(signer: XmlSigner, message: Message) -> bytes:
    """A message as a trader's document."""
    return signer.sign(current().write(message))


def _known_to(code: str, held: Held) -> Held:
    """An operator as a state knows it: foreign ones never sign for it."""
    operator, address, certificates = held
    return operator, address, certificates if operator.seed[:2] == code else ()
