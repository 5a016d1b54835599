"""A box of member states: data directories that know each other, and a process for each of them."""

import asyncio
import contextlib
import socket
import sys
from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from esad_gateway.bootstrap import DataDirectory
from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import NotConfigured, PeerError
from esad_gateway.provision import add_trust, create, issue_certificate
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.pki import Identity, KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.transport.client import GatewayClient

START_SECONDS = 20.0
STOP_SECONDS = 10.0
LOOK_EVERY = 0.05


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

    def client(self) -> GatewayClient:
        """A client of its own gateway."""
        return GatewayClient(self.member.url, self.token)


def provision(root: Path, zones: Mapping[str, str], now: datetime, kind: KeyKind = KeyKind.RSA) -> dict[str, Member]:
    """Make a data directory below ``root`` for each state (code -> time zone) and introduce them to each other."""
    ports = _free_ports(len(zones))
    members = {
        state: Member(state=state, data=create(root / state, state, zone, now, kind), port=port)
        for (state, zone), port in zip(zones.items(), ports, strict=True)
    }
    for member in members.values():
        _introduce(member, [other for other in members.values() if other is not member])
    return members


def register(
    members: Mapping[str, Member], operators: Iterable[Operator], now: datetime, kind: KeyKind = KeyKind.RSA
) -> dict[str, Trader]:
    """Enter operators into every state's registry, and give each a key and a token of its own state.

    A state knows the certificates of its own traders only: foreign ones never sign for it.
    """
    traders = {operator.seed: _trader(members[operator.seed[:2]], operator, now, kind) for operator in operators}
    for member in members.values():
        with _registry(member) as registry:
            registry.add_operators(
                (trader.operator, {}, (trader.identity.certificate,) if trader.member is member else ())
                for trader in traders.values()
            )
    return traders


@contextlib.asynccontextmanager
async def running(members: Iterable[Member]) -> AsyncIterator[None]:
    """Run the gateways, each as a process; on leaving they are stopped, and waited for.

    Raises NotConfigured with what a process said when it does not come up.
    """
    started: list[asyncio.subprocess.Process] = []
    try:
        for member in members:
            started.append(await start(member))  # noqa: PERF401  what was started is stopped, whatever comes next
        await asyncio.gather(*(ready(member, process) for member, process in zip(members, started, strict=True)))
        yield
    finally:
        await asyncio.gather(*(stop(process) for process in started))


async def start(member: Member) -> asyncio.subprocess.Process:
    """Start a member's gateway; it may not be ready yet."""
    command = ("-m", "esad_gateway", "serve", "--data", str(member.data.root), "--port", str(member.port))
    with (member.data.root / "serve.log").open("ab") as log:
        return await asyncio.create_subprocess_exec(sys.executable, *command, stdout=log, stderr=log)


async def ready(member: Member, process: asyncio.subprocess.Process) -> None:
    """Wait until a gateway answers. Raises NotConfigured with its log when it ended or does not come up in time."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(START_SECONDS), GatewayClient(member.url) as client:
            while process.returncode is None:
                with contextlib.suppress(PeerError):
                    await client.health()
                    return
                await asyncio.sleep(LOOK_EVERY)
    log = (member.data.root / "serve.log").read_text(encoding="utf-8", errors="replace")
    raise NotConfigured(f"the gateway of {member.state} did not start: {log[-2000:]}")


async def stop(process: asyncio.subprocess.Process) -> None:
    """Stop a gateway: ask it, wait, and kill it when it does not listen."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        async with asyncio.timeout(STOP_SECONDS):
            await process.wait()
    except TimeoutError:
        process.kill()
        await process.wait()


def _introduce(member: Member, others: Iterable[Member]) -> None:
    with _registry(member) as registry:
        for other in others:
            add_trust(member.data, load_certificates(other.data.authority_certificate))
            registry.add_peer(other.address, f"{other.url}/ndea", load_certificates(other.data.certificate))


def _trader(member: Member, operator: Operator, now: datetime, kind: KeyKind) -> Trader:
    identity = issue_certificate(member.data, operator.seed, now, kind)
    with _registry(member) as registry:
        token = registry.issue_token(operator.seed, now)
    return Trader(operator=operator, member=member, identity=identity, token=token)


@contextlib.contextmanager
def _registry(member: Member) -> Iterator[Registry]:
    store = SqlStore(member.data.database)
    try:
        yield Registry(store)
    finally:
        store.close()


def _free_ports(count: int) -> list[int]:
    """Ports that were free a moment ago; held all at once, so that they differ."""
    with contextlib.ExitStack() as held:
        sockets = [held.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]
