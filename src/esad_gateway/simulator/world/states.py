"""A member state of a world: its gateway, in this process, and what others have to know of it."""

import json
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path

from cryptography.x509 import Certificate

from esad_gateway.bootstrap import Carrier, Parts, Runtime, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.messages import IE801, Message
from esad_gateway.emcs.movement import Movement
from esad_gateway.introduction import Introduction, believe
from esad_gateway.ndea.endpoint import NdeaDoor
from esad_gateway.ports.reading import LARGEST_PAGE, Listed, MailboxQuery
from esad_gateway.provision import add_trust
from esad_gateway.settings import FILE
from esad_gateway.signing.pem import load_certificates, write_revocation_list
from esad_gateway.simulator.clock import HandClock
from esad_gateway.simulator.drafts import read
from esad_gateway.simulator.injected.identities import FaultIdentities
from esad_gateway.simulator.world.remembered import UntilCommit
from esad_gateway.store.database import Database
from esad_gateway.store.registry import Held, Peer, Registry
from esad_gateway.store.shared import Commits
from esad_gateway.store.store import SqlStore
from esad_gateway.transport.memory import Door
from esad_gateway.xml.release import Releases


@dataclass(frozen=True, slots=True)
class SimulatedState:
    """A member state whose gateway runs in this process; ``opened`` keeps it open until the world ends."""

    code: str
    runtime: Runtime
    opened: AbstractAsyncContextManager[None]
    identities: FaultIdentities
    commits: Commits
    last_numbers: UntilCommit[Mapping[str, int]]

    @property
    def data(self) -> DataDirectory:
        """Its data directory."""
        return self.runtime.data

    @property
    def address(self) -> str:
        """Its administration's address."""
        return self.runtime.profile.address

    @property
    def door(self) -> Door:
        """Where other administrations hand over documents."""
        return NdeaDoor(self.runtime.gateway).answer

    @property
    def peer(self) -> Peer:
        """Its administration as others have to know it; in one process nobody asks where it listens."""
        certificates = (*load_certificates(self.data.certificate), *self.identities.registered())
        return Peer(self.address, f"http://{self.code.lower()}.invalid/ndea", certificates)

    def meet(self, *others: "SimulatedState") -> None:
        """Know other administrations and trust their authorities; at once, whatever the clock says."""
        introduce(self.data, others, (), self.runtime.registry)
        self.runtime.verifier.look()

    def believe(self, other: Introduction) -> None:
        """Believe what a gateway says of itself that is none of this world; at once, whatever the clock says.

        Raises UnreadableInput for what can never be right.
        """
        believe(self.data, self.runtime.store, other, self.runtime.clock.now())
        self.runtime.verifier.look()

    def enter(self, *operators: Held) -> None:
        """Enter operators into the register of this state; at once, whatever the clock says."""
        self.runtime.registry.add_operators(operators)
        if any(certificates for _, _, certificates in operators):
            self.runtime.verifier.look()

    def equip(self, office: str, certificate: Certificate) -> None:
        """Know what an excise office of this state signs with; at once, whatever the clock says."""
        self.runtime.registry.add_certificates(office, (certificate,))
        self.runtime.verifier.look()

    def entries(self, mailbox: str, arc: str | None = None, after: int = 0) -> Iterator[Listed]:
        """The messages of a mailbox after a number, oldest first; of one movement, if an ARC is given."""
        while True:
            query = MailboxQuery(after=after, arc=arc, limit=LARGEST_PAGE)
            page = self.runtime.mailboxes.page(mailbox, query).messages
            yield from page
            if len(page) < LARGEST_PAGE:
                return
            after = page[-1].seq

    def entry(self, mailbox: str, seq: int) -> Listed | None:
        """A message of a mailbox by its number, with what has become of it by now."""
        return self.runtime.mailboxes.entry(mailbox, seq)

    def message(self, entry: Listed) -> Message:
        """What an entry of a mailbox says."""
        return read(self.document(entry))

    def document(self, entry: Listed) -> bytes:
        """The exact bytes of an entry of a mailbox."""
        body = self.runtime.mailboxes.body(entry.mailbox, entry.seq)
        if body is None:
            raise LookupError(entry)
        return body

    def numbers(self) -> Mapping[str, int]:
        """The number of the last message in each mailbox."""
        return self.last_numbers.get()

    def e_sad(self, arc: str) -> IE801 | None:
        """The e-SAD of a movement as it was issued; ``None`` for one that this administration knows nothing of."""
        query = MailboxQuery(arc=arc, type="IE801", limit=1)
        pages = (self.runtime.mailboxes.page(mailbox, query).messages for mailbox in self.numbers())
        found = next((page[0] for page in pages if page), None)
        message = self.message(found) if found else None
        return message if isinstance(message, IE801) else None

    def known(self, arc: str) -> Movement | None:
        """A movement as this administration knows it; at dispatch, where both sides are its own."""
        e_sad = self.e_sad(arc)
        if e_sad is None:
            return None
        consignee = e_sad.consignee_trader.traderid if e_sad.consignee_trader else None
        parties = (e_sad.consignor_trader.trader_excise_number, consignee)
        views = (self.runtime.mailboxes.movement(seed, arc) for seed in parties if seed and seed[:2] == self.code)
        return next((view[0] for view in views if view), None)

    def movement(self, seed: str, arc: str) -> Movement | None:
        """How a trader of this state sees a movement; the newer side where it has both."""
        found = self.runtime.mailboxes.movement(seed, arc)
        return found[0] if found else None


async def opened(
    code: str,
    data: DataDirectory,
    clock: HandClock,
    carrier: Carrier,
    releases: Releases,
    introduced: Callable[[Registry], None],
    *,
    alone: Callable[[], bool],
) -> SimulatedState:
    """Open the gateway of a data directory: what it is given is committed, and nothing happens by itself.

    ``introduced`` enters what it knows of others before it begins; ``alone`` tells whether it delivers one by one.
    """
    store = SqlStore(Database.in_file(data.database))  # which was made a moment ago, so it is not looked at for damage
    introduced(Registry(store, clock.now))
    runtime = build(Parts(data.root, clock=clock, store=store, transport=carrier, releases=releases, in_order=alone))
    running = runtime.open(of_the_moment=True)
    await running.__aenter__()
    identities = FaultIdentities(data, runtime.profile.address)
    commits = Commits(store.writer)
    return SimulatedState(
        code, runtime, running, identities, commits, UntilCommit(commits, runtime.mailboxes.last_numbers)
    )


def introduce(
    data: DataDirectory, others: Collection[SimulatedState], operators: Collection[Held], registry: Registry
) -> None:
    """Enter other states and operators into a register, and trust the authorities of those states."""
    for other in others:
        add_trust(data, load_certificates(other.data.authority_certificate))
        for revocations in other.identities.revocations(other.runtime.clock.now()):
            write_revocation_list(data.revocations / f"{other.code}.pem", revocations)
    if others:
        registry.add_peers(other.peer for other in others)
    if operators:
        registry.add_operators(operators)


def decide(data: DataDirectory, settings: Mapping[str, object]) -> None:
    """Set what an administration decides for itself, before its gateway is opened."""
    file: Path = data.root / FILE
    lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.split(" =")[0] not in settings]
    added = [f"{name} = {_toml(value)}" for name, value in settings.items()]
    file.write_text("\n".join((*added, *lines, "")), encoding="utf-8")


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{_toml(str(name))} = {_toml(one)}' for name, one in value.items())} }}"
    if isinstance(value, list | tuple):
        return f"[{', '.join(map(_toml, value))}]"
    return json.dumps(value) if isinstance(value, str) else str(value)
