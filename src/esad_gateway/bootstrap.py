"""The only place that turns a data directory into a running gateway."""

import asyncio
import contextlib
import threading
import time
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

from cryptography.hazmat.primitives.hashes import SHA256
from lxml import etree

from esad_gateway.access import check_access
from esad_gateway.emcs.certificates import Registered, current, why_not
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured, SenderError, SignatureRefused
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.delivery import Delivery
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Intake, Submission
from esad_gateway.gateway.judge import Judge
from esad_gateway.gateway.quotas import Quotas
from esad_gateway.gateway.timers import Timers
from esad_gateway.gateway.writer import Writer
from esad_gateway.identities import message_identifiers, new_arc
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.settings import FILE, Settings, read_settings
from esad_gateway.signing.pem import load_certificate
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.signing.steps import Step
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Signed, Verifier
from esad_gateway.store.checkpoints import Checkpoints
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Directory, Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.transport.envelope import Acknowledgement, document_of
from esad_gateway.transport.http import HttpTransport
from esad_gateway.xml.readers import Readers
from esad_gateway.xml.release import FOLDER as RELEASES
from esad_gateway.xml.release import Releases, shipped

LOOK_AGAIN = 1.0
"""Seconds: how soon a running gateway notices a change of the registry, of trust or of its peers."""

LOOK_FOR_DAMAGE = 1.0
"""Seconds: how long a start looks for damage of the store at most."""


@dataclass(frozen=True, slots=True)
class DataDirectory:
    """Where the parts of one gateway lie; everything it is stands in this one folder."""

    root: Path

    @property
    def database(self) -> Path:
        """The store."""
        return self.root / "store.db"

    @property
    def checkpoints(self) -> Path:
        """The folder of the signed checkpoints of the store."""
        return self.root / "checkpoints"

    @property
    def key(self) -> Path:
        """The administration's private key."""
        return self.root / "keys" / "administration.key"

    @property
    def certificate(self) -> Path:
        """The administration's certificate."""
        return self.root / "keys" / "administration.pem"

    @property
    def authority_key(self) -> Path:
        """The private key of the test CA."""
        return self.root / "pki" / "ca.key"

    @property
    def authority_certificate(self) -> Path:
        """The certificate of the test CA."""
        return self.root / "pki" / "ca.pem"

    @property
    def trust(self) -> Path:
        """The folder of the CA certificates that are trusted."""
        return self.root / "trust"

    @property
    def revocations(self) -> Path:
        """The folder of the revocation lists."""
        return self.root / "trust" / "crl"

    def releases(self) -> Releases:
        """The releases of the messages: of the package and in the folder ``schemas``. Raises NotConfigured."""
        return shipped(self.root / RELEASES)

    def settings_text(self) -> str:
        """The text of the settings. Raises NotConfigured."""
        try:
            return (self.root / FILE).read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise NotConfigured(f"{self.root / FILE} cannot be read: {error}") from error

    def signing_pair(self, fingerprint: str, holder: str) -> tuple[Path, Path]:
        """The files of the key and the certificate with that fingerprint (SHA-256, hexadecimal). Raises NotConfigured.

        The registry says which certificate signs, not the name of a file: replacing files replaces no key.
        """
        folder, path = self.certificate.parent, self.own_certificates().get(fingerprint)
        if path is not None:
            return path.with_suffix(".key"), path
        advice = f"put it back with its key, or take another pair with esad key renew --data {self.root}"
        raise NotConfigured(f"{folder} has no certificate {fingerprint}, which {holder} signs with; {advice}")

    def own_certificates(self) -> dict[str, Path]:
        """The files of the certificates that this administration signs or signed with, by fingerprint."""
        return {
            load_certificate(path).fingerprint(SHA256()).hex(): path for path in _pem_files(self.certificate.parent)
        }

    def load_trust(self) -> Trust:
        """The trusted CAs and their revocation lists. Raises NotConfigured."""
        return Trust.load(_pem_files(self.trust), _pem_files(self.revocations))


def _pem_files(folder: Path) -> Iterable[Path]:
    return sorted(folder.glob("*.pem"))


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)

    def elapsed(self) -> float:
        """Seconds by a clock that nobody sets."""
        return time.monotonic()


class LiveVerifier:
    """A verifier that follows the registry: operators, certificates, CAs and revocations may change while it runs.

    It looks for a change at most once a second, and at once when it meets a certificate that it does not know. What
    ``own`` signs is recognised whenever its certificate was in use; what it signs with now may change as well.
    """

    def __init__(self, data: DataDirectory, registry: Registry, own: str, clock: Clock) -> None:
        self._data = data
        self._registry = registry
        self._own = own
        self._clock = clock
        self._own_records: tuple[Registered, ...] = ()
        self._own_fingerprints: frozenset[str] = frozenset()
        self._signers: dict[str, XmlSigner] = {}
        self._lock = threading.Lock()
        self._directory = Directory(-1, {}, {})
        self._verifier = Verifier(Trust(()), self._holders)
        self._looked = 0.0
        self._refresh()

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Verify with what the registry says now; raises SignatureRefused."""
        if time.monotonic() - self._looked > LOOK_AGAIN:
            self._refresh()
        verifier = self._verifier
        try:
            return verifier.verify(root, at)
        except SignatureRefused as refusal:
            if refusal.step != Step.REGISTERED:
                raise
            self._refresh()
            if self._verifier is verifier:
                raise
        # Up to step 12 nothing is taken out of the tree, so that it can be judged again.
        return self._verifier.verify(root, at)

    def signer(self) -> XmlSigner:
        """What we sign with at this moment: the registry names the certificate. Raises NotConfigured."""
        if time.monotonic() - self._looked > LOOK_AGAIN:
            self._refresh()
        record = current(self._own_records, self._clock.now())
        if record is None:
            raise NotConfigured(f"{self._own} has no certificate to sign with; esad key renew gives it one")
        return self._signers[record.fingerprint]

    def peers(self) -> dict[str, str]:
        """Where the administrations listen."""
        if time.monotonic() - self._looked > LOOK_AGAIN:
            self._refresh()
        return dict(self._directory.peers)

    def releases(self) -> Mapping[str, Schedule]:
        """Which release of the messages single administrations read, as far as anything is known."""
        if time.monotonic() - self._looked > LOOK_AGAIN:
            self._refresh()
        return self._directory.releases

    def offices(self) -> frozenset[str] | None:
        """The list of offices as the last message was verified with it; ``None`` where none is kept."""
        return self._directory.offices

    def _holders(self, fingerprint: str, at: datetime) -> frozenset[str]:
        if fingerprint in self._own_fingerprints:
            return frozenset({self._own})
        holders = self._directory.holders_of(fingerprint, at)
        if not holders and (records := self._directory.records(fingerprint)):
            raise SignatureRefused(Step.REGISTERED, *why_not(records, at))
        return holders

    def _refresh(self) -> None:
        with self._lock:
            if self._registry.version() != self._directory.version:
                directory, trust = self._registry.directory(), self._data.load_trust()
                self._take_over(directory)
                self._directory, self._verifier = directory, Verifier(trust, self._holders)
            # Last: as long as a change cannot be taken over, nothing is verified with what was before.
            self._looked = time.monotonic()

    def _take_over(self, directory: Directory) -> None:
        """Load what we sign with now or soon; a key that was loaded before is not read and checked anew."""
        now, everything = self._clock.now(), directory.certificates.values()
        ever = [one for records in everything for one in records if one.holder == self._own]
        own = [one for one in ever if not one.ended(now)]
        wanted = {one.fingerprint for one in own}
        self._signers |= {
            one: load_signer(*self._data.signing_pair(one, self._own)) for one in wanted - self._signers.keys()
        }
        self._own_records = tuple(own)
        self._own_fingerprints = frozenset(one.fingerprint for one in ever)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A gateway with everything that the front doors ask."""

    settings: Settings
    gateway: Gateway
    mailboxes: Mailboxes
    registry: Registry
    store: SqlStore
    transport: HttpTransport
    delivery: Delivery
    timers: Timers
    readers: Readers
    checkpoints: Checkpoints

    async def receive(self, request: bytes, action: str, client: str) -> Acknowledgement:
        """Take the document of another administration's Deliver request; returns after the commit.

        ``action`` is what its HTTP header names, empty for none, ``client`` the address it came from. Raises
        SenderError or OwnError; then nothing was committed.
        """
        try:
            read = partial(document_of, request, action)
            document = await self.gateway.turns.run(read, size=len(request), client=client)
        except SenderError as error:
            await self.gateway.note(_delivered(request, client), error)
            raise
        receipt = await self.gateway.take(_delivered(document, client))
        outcome = DeliveryOutcome.DUPLICATE if receipt.repeated else DeliveryOutcome.ACCEPTED
        return Acknowledgement(outcome, receipt.identifier)

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the writer and the delivery; on leaving, what was taken is committed and connections are closed."""
        await asyncio.to_thread(self.checkpoints.attempt)
        self.gateway.writer.start(partial(asyncio.get_running_loop().call_soon_threadsafe, self.delivery.wake))
        parts = (self.delivery, self.timers, self.checkpoints)
        tasks = [asyncio.create_task(part.run()) for part in parts]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            # Unlike awaiting them, this does not raise what ended them: the writer must be stopped whatever happened.
            await asyncio.wait(tasks)
            await asyncio.to_thread(self.gateway.writer.stop)
            await asyncio.to_thread(self.checkpoints.attempt)
            self.gateway.turns.stop()
            await self.transport.close()
            self.store.close()


def _delivered(raw: bytes, client: str) -> Submission:
    return Submission(raw=raw, origin=Origin.ADMINISTRATION, channel="ndea", client=client)


def _store_of(data: DataDirectory, own: str) -> SqlStore:
    """The store of our administration, in a folder that is nobody else's."""
    check_access(data.root)
    return open_store(data.database, own, look_for=LOOK_FOR_DAMAGE)


def _readers(data: DataDirectory, settings: Settings, verifier: LiveVerifier, clock: Clock) -> Readers:
    """Who reads which release. The one of our traders is compiled, so that their first message does not wait."""
    readers = settings.readers(data.releases(), verifier.releases)
    readers.check()
    _ = readers.releases.numbered(readers.traders.at(clock.now())).schemas
    return readers


def _gateway(judge: Judge, verifier: LiveVerifier, writer: Writer, store: SqlStore, clock: Clock) -> Gateway:
    intake = Intake(verifier, judge)
    return Gateway(intake=intake, judge=judge, writer=writer, security_log=store, receipts=store, clock=clock)


def build(root: Path, clock: Clock | None = None) -> Runtime:
    """The gateway of a data directory, not yet running. Raises NotConfigured or StoreUnavailable."""
    data, settings, clock = DataDirectory(root), read_settings(root), clock or SystemClock()
    profile, pause = settings.profile(), settings.checkpoint_pause
    store = _store_of(data, profile.address)
    registry = Registry(store, clock.now)
    verifier = LiveVerifier(data, registry, profile.address, clock)
    readers = _readers(data, settings, verifier, clock)
    committer = Committer(
        store=store,
        signer=verifier.signer,
        readers=readers,
        profile=profile,
        new_arc=partial(new_arc, settings.state),
        identifiers=message_identifiers(settings.state),
        offices=verifier.offices,
        quotas=Quotas(refused=settings.refused_a_day, parked=settings.parked_at_once),
    )
    transport, writer = HttpTransport(verifier.peers, settings.peer_timeout), Writer(committer, clock)
    delivery = Delivery(store, transport, clock, settings.retry_policy(), settings.outbox_pause, writer.write)
    checkpoints = Checkpoints(store, verifier.signer, data.checkpoints, data.settings_text(), clock, pause)
    return Runtime(
        settings=settings,
        gateway=_gateway(Judge(readers.releases, profile), verifier, writer, store, clock),
        mailboxes=Mailboxes(store),
        registry=registry,
        store=store,
        transport=transport,
        delivery=delivery,
        timers=Timers(committer, clock, settings.clock_pause, delivery.wake),
        readers=readers,
        checkpoints=checkpoints,
    )
