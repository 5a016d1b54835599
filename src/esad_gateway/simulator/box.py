"""A box of member states: data directories that know each other, and a process for each of them."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from itertools import chain, islice
from pathlib import Path
from random import SystemRandom
from typing import Protocol, TypeAlias

from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import NotConfigured, PeerError
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error
from esad_gateway.provision import add_trust, create, issue_certificate
from esad_gateway.signing.pem import load_certificate, load_certificates
from esad_gateway.signing.pki import Identity, KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Peer, Registry

LOG = "serve.log"
"""Where a gateway's output goes, in its data directory."""

PORTS = range(20_000, 30_000)
"""Below the ports that systems give to outgoing connections: a client that keeps calling a gateway that is down could
be given the gateway's own port, connect to itself, and keep the gateway from coming back."""

START_SECONDS = 120.0
"""For a machine that is busy with other things: a gateway that fails ends, and is not waited for."""

STOP_SECONDS = 30.0
"""For such a machine as well: a gateway that does not listen to the end is killed."""
LOOK_EVERY = 0.05


class Process(Protocol):
    """A process that runs a gateway, as asyncio shows a subprocess."""

    @property
    def pid(self) -> int: ...  # noqa: D102
    @property
    def returncode(self) -> int | None: ...  # noqa: D102
    def terminate(self) -> None: ...  # noqa: D102
    def kill(self) -> None: ...  # noqa: D102
    async def wait(self) -> int: ...  # noqa: D102


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One member state of a box."""

    state: str
    data: DataDirectory
    port: int

    @property
    def url(self) -> str:
        """Where its gateway listens."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def address(self) -> str:
        """Its administration's address."""
        return f"NDEA.{self.state}"

    @property
    def peer(self) -> Peer:
        """Its administration, as others have to know it."""
        return Peer(self.address, f"{self.url}/ndea", load_certificates(self.data.certificate))

    @property
    def command(self) -> tuple[str, ...]:
        """The words after ``esad`` that run its gateway."""
        return "serve", "--data", str(self.data.root), "--port", str(self.port)

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the certificate that its administration signs with."""
        return load_certificate(self.data.certificate).fingerprint(SHA256()).hex()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trader:
    """An operator of a member state, with its key and the token of its mailbox."""

    operator: Operator
    member: Member
    identity: Identity
    token: str

    @property
    def signer(self) -> XmlSigner:
        """Signs with its key."""
        return XmlSigner(self.identity.key, self.identity.certificate)

    @property
    def seed(self) -> str:
        """Its SEED number."""
        return self.operator.seed

    def client(self) -> AsyncGatewayClient:
        """A client of its own gateway."""
        return AsyncGatewayClient(self.member.url, seed=self.seed, token=self.token)


def provision(
    root: Path,
    zones: Mapping[str, str],
    now: datetime,
    kind: KeyKind = KeyKind.RSA,
    ports: Sequence[int] | None = None,
) -> dict[str, Member]:
    """Make a data directory below ``root`` for each state (code -> time zone) and introduce them to each other.

    They listen at ``ports``, in that order, or at some that are free now.
    """
    ports = ports or free_ports(len(zones))
    members = {
        state: Member(state=state, data=create(root / state, state, zone, now, kind, port=port), port=port)
        for (state, zone), port in zip(zones.items(), ports, strict=True)
    }
    authorities = {state: load_certificates(member.data.authority_certificate) for state, member in members.items()}
    peers = {state: member.peer for state, member in members.items()}
    for state, member in members.items():
        add_trust(member.data, chain.from_iterable(some for other, some in authorities.items() if other != state))
        with _registry(member, now) as registry:
            registry.add_peers(peer for other, peer in peers.items() if other != state)
    return members


def register(
    members: Mapping[str, Member], operators: Iterable[Operator], now: datetime, kind: KeyKind = KeyKind.RSA
) -> dict[str, Trader]:
    """Enter operators into every state's registry, and give each a key and a token of its own state.

    A state knows the certificates of its own traders only: foreign ones never sign for it.
    """
    traders = {operator.seed: _trader(members[operator.seed[:2]], operator, now, kind) for operator in operators}
    for member in members.values():
        with _registry(member, now) as registry:
            registry.add_operators(
                (trader.operator, {}, (trader.identity.certificate,) if trader.member is member else ())
                for trader in traders.values()
            )
    return traders


Spawn: TypeAlias = Callable[[Member], Awaitable[Process]]


class Gateways:
    """Gateways of a box, each a process of its own that this one started and holds by its handle."""

    def __init__(self, spawn: Spawn | None = None) -> None:
        self._spawn = spawn or spawned
        self._processes: dict[str, Process] = {}

    async def start(self, *members: Member) -> None:
        """Start gateways and wait until they answer.

        Raises NotConfigured, with what the process said, when one does not come up.
        """
        for member in members:
            self._processes[member.state] = await self._spawn(member)
        await asyncio.gather(*(ready(member, partial(_has_ended, self._processes[member.state])) for member in members))

    async def stop(self, *members: Member) -> None:
        """Ask gateways to end, and wait; one that does not listen is killed."""
        await asyncio.gather(*(_stop(self._processes[member.state]) for member in members))

    async def kill(self, *members: Member) -> None:
        """End gateways at once, as a failure of the machine would: nothing that they are doing is finished."""
        processes = [self._processes[member.state] for member in members]
        for process in processes:
            if process.returncode is None:
                process.kill()
        await asyncio.gather(*(process.wait() for process in processes))

    def pid(self, member: Member) -> int:
        """The number of a gateway's process."""
        return self._processes[member.state].pid

    def exit_code(self, member: Member) -> int | None:
        """The exit code of a gateway, negative for a signal; ``None`` while it runs."""
        return self._processes[member.state].returncode

    async def stop_all(self) -> None:
        """Stop the gateways that still run."""
        await asyncio.gather(*(_stop(process) for process in self._processes.values()))


@contextlib.asynccontextmanager
async def running(members: Iterable[Member], spawn: Spawn | None = None) -> AsyncIterator[Gateways]:
    """Run the gateways; on leaving they are stopped, and waited for, whatever happened.

    ``spawn`` starts the process of one, if not as :func:`spawned` does. Raises NotConfigured with what a process said
    when it does not come up.
    """
    gateways = Gateways(spawn)
    try:
        await gateways.start(*members)
        yield gateways
    finally:
        await gateways.stop_all()


async def spawned(member: Member) -> Process:
    """Start a gateway as ``esad serve`` does. Raises NotConfigured when there can be no process."""
    command = ("-m", "esad_gateway", *member.command)
    try:
        with (member.data.root / LOG).open("ab") as log:
            return await asyncio.create_subprocess_exec(sys.executable, *command, stdout=log, stderr=log)
    except OSError as error:
        raise NotConfigured(
            said("standing_box.unstarted", state=member.state, why=file_error(member.data.root / LOG, error))
        ) from error


def _has_ended(process: Process) -> bool:
    return process.returncode is not None


async def ready(member: Member, has_ended: Callable[[], bool]) -> None:
    """Wait until a gateway answers that was started. ``has_ended`` tells whether its process is there no longer.

    Raises NotConfigured, with what the process said, when it does not come up.
    """
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS), AsyncGatewayClient(member.url) as client:
            while not has_ended():
                if await _answers(member, client):
                    return
                await asyncio.sleep(LOOK_EVERY)
    log = (member.data.root / LOG).read_text(encoding="utf-8", errors="replace")
    raise NotConfigured(said("standing_box.not_up", state=member.state, log=log[-2000:]))


async def _answers(member: Member, client: AsyncGatewayClient) -> bool:
    """Return whether the gateway of this member answers at its port, and not another program."""
    try:
        _, answer = await client.answer(operations.health())
    except PeerError:
        return False
    return answer.get("state") == member.state


async def _stop(process: Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _trader(member: Member, operator: Operator, now: datetime, kind: KeyKind) -> Trader:
    identity = issue_certificate(member.data, operator.seed, now, kind)
    with _registry(member, now) as registry:
        token = registry.issue_token(operator.seed, now)
    return Trader(operator=operator, member=member, identity=identity, token=token)


@contextlib.contextmanager
def _registry(member: Member, now: datetime) -> Iterator[Registry]:
    store = open_store(member.data.database, member.address)
    try:
        yield Registry(store, lambda: now)
    finally:
        store.close()


def free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; at random, so that boxes that are made at the same time hardly meet."""
    return list(islice(filter(is_free, SystemRandom().sample(PORTS, len(PORTS))), count))


def is_free(port: int) -> bool:
    """Whether a gateway could listen at this port of this machine."""
    with socket.socket() as probe:
        # As a gateway: connections of one before, which may have been killed, do not keep the port.
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True
