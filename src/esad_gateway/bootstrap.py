"""The only place that puts the parts of a gateway together."""

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator, Callable
from dataclasses import KW_ONLY, dataclass, field
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Protocol
from uuid import uuid4

from esad_gateway.access import check_access
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.delivery import Delivery
from esad_gateway.gateway.following import Follower
from esad_gateway.gateway.gateway import Gateway
from esad_gateway.gateway.intake import Intake
from esad_gateway.gateway.pace import Duties, SystemClock
from esad_gateway.gateway.quotas import Quotas
from esad_gateway.gateway.rates import MayAsk, Rates
from esad_gateway.gateway.reading import Reading
from esad_gateway.gateway.tally import Counters
from esad_gateway.gateway.timers import Timers
from esad_gateway.gateway.turns import LARGE, Turns
from esad_gateway.gateway.validator import Validator
from esad_gateway.gateway.waiting import Waiting
from esad_gateway.gateway.writer import Writer
from esad_gateway.identities import message_identifiers, new_arc, random_serial, rising_serials
from esad_gateway.live_trust import LiveVerifier
from esad_gateway.notify.carrier import HookCarrier
from esad_gateway.notify.desk import WebhookDesk
from esad_gateway.notify.secrets import WebhookKey
from esad_gateway.notify.webhooks import Notifier, Teller
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.outbox import Transport
from esad_gateway.ports.tracing import NoTracing, Tracing
from esad_gateway.settings import Settings, read_settings
from esad_gateway.store.agents import Agents
from esad_gateway.store.checkpoints import Checkpoints
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.named import NamedCertificates
from esad_gateway.store.national.at_doors import PersonsAtDoors
from esad_gateway.store.news import News
from esad_gateway.store.opening import check_owner, open_store
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.store.webhooks import Webhooks
from esad_gateway.transport.http import HttpTransport
from esad_gateway.xml.readers import Readers
from esad_gateway.xml.release import FOLDER, Releases

LOOK_FOR_DAMAGE = 1.0
"""Seconds: how long a start looks for damage of the store at most."""


class Carrier(Transport, Protocol):
    """The transport of one gateway, which closes it when it stops."""

    async def close(self) -> None:
        """Close what is open."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What a gateway is built of, as far as that differs between ``esad serve``, a test and a simulator.

    ``root`` is the data directory: settings, keys and trust. What is left out is as in ``esad serve``: the machine's
    ``clock``, the ``store`` in the data directory, the ``releases`` of the package and of the data directory, and a
    ``transport`` over HTTP to where the registry says that each administration listens.

    A gateway closes its store and its transport, also those that it was given: they belong to one gateway each.
    Releases may be shared, so that several gateways of a process compile the same schemas once. ``holder`` is the name
    under which deliveries are claimed; empty, it is another one for each gateway, so that several may share a store.
    ``probe`` is how seldom an administration that is down is tried at least, where the settings would have it sooner: a
    clock that is moved by days would have it tried ten thousand times in vain. With ``in_order`` the same happens in
    the same order whenever it is played again: what falls due at one moment is done in the order in which its movements
    began, and what is delivered is as :class:`Delivery` has it; ``in_order()`` is its ``alone``.
    """

    root: Path
    _: KW_ONLY
    clock: Clock = field(default_factory=SystemClock)
    store: SqlStore | None = None
    transport: Carrier | None = None
    releases: Releases | None = None
    holder: str = ""
    probe: timedelta = timedelta(0)
    in_order: Callable[[], bool] | None = None
    tracing: Tracing = field(default_factory=NoTracing)


@dataclass(frozen=True, slots=True, kw_only=True)
class Runtime:
    """A gateway that was built: its parts by name, for whoever runs it, opens doors to it or looks into it."""

    data: DataDirectory
    settings: Settings
    profile: NationalProfile
    clock: Clock
    verifier: LiveVerifier
    gateway: Gateway
    committer: Committer
    mailboxes: Mailboxes
    access: Access
    rates: Rates
    reading: Reading
    following: Follower
    registry: Registry
    store: SqlStore
    transport: Carrier
    delivery: Delivery
    hooks: HookCarrier
    webhooks: WebhookDesk
    timers: Timers
    duties: Duties
    readers: Readers
    checkpoints: Checkpoints
    tally: Counters

    @contextlib.asynccontextmanager
    async def open(self, *, of_the_moment: bool = False) -> AsyncIterator[None]:
        """Commit what is taken. Nothing else happens by itself: whoever moves the clock lets ``duties`` act.

        On leaving, what was taken is committed and everything is closed. Of a store ``of_the_moment``, which is thrown
        away afterwards, no checkpoints are written.
        """
        if not of_the_moment:
            await asyncio.to_thread(self.checkpoints.attempt)
        loop = asyncio.get_running_loop()
        self.gateway.writer.start(lambda answer: loop.call_soon_threadsafe(self._committed, answer))
        waiting = asyncio.create_task(self.following.waiting.run())
        try:
            yield
        finally:
            waiting.cancel()
            await self.delivery.leave()
            await self.webhooks.notifier.leave()
            await asyncio.to_thread(self.gateway.writer.stop)
            if not of_the_moment:
                await asyncio.to_thread(self.checkpoints.attempt)
            self.gateway.turns.stop()
            await self.transport.close()
            await self.hooks.close()
            self.store.close()

    def _committed(self, answer: Callable[[], None]) -> None:
        """Answer everybody in a group, and deliver what it has brought."""
        answer()
        self.delivery.wake()
        self.webhooks.wake()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Commit what is taken, deliver it, and do what is due at its moment; on leaving as :meth:`open`."""
        async with self.open():
            parts = (self.delivery, self.webhooks.notifier, self.timers, self.checkpoints)
            tasks = [asyncio.create_task(part.run()) for part in parts]
            try:
                yield
            finally:
                for task in tasks:
                    task.cancel()
                # Unlike awaiting them, this does not raise what ended them: the rest is to be closed whatever happened.
                await asyncio.wait(tasks)


def _store_of(parts: Parts, data: DataDirectory, own: str) -> SqlStore:
    """The store of our administration; its folder, where the keys are, is nobody else's wherever the store is."""
    check_access(data.root)
    store = parts.store or open_store(data.database, own, look_for=LOOK_FOR_DAMAGE)
    check_owner(store, own)
    return store


def _readers(releases: Releases, settings: Settings, verifier: LiveVerifier, clock: Clock) -> Readers:
    """Who reads which release. The one of our traders is compiled, so that their first message does not wait."""
    readers = settings.readers(releases, verifier.releases)
    try:
        readers.check()
    except NotConfigured as error:
        raise NotConfigured(said("release.no_schemas", why=error.what, folder=FOLDER)) from error
    readers.releases.numbered(readers.traders.at(clock.now())).schemas.compile()
    return readers


def _committer(
    store: SqlStore,
    settings: Settings,
    profile: NationalProfile,
    verifier: LiveVerifier,
    readers: Readers,
    serial: Callable[[], int],
) -> Committer:
    return Committer(
        store=store,
        signer=verifier.signer,
        readers=readers,
        profile=profile,
        new_arc=partial(new_arc, settings.state, serial=serial),
        identifiers=message_identifiers(settings.state),
        offices=verifier.offices,
        quotas=Quotas(refused=settings.refused_a_day, parked=settings.parked_at_once),
    )


def _serials(parts: Parts) -> Callable[[], int]:
    return rising_serials() if parts.in_order else random_serial


def _gateway(
    parts: Parts, validator: Validator, verifier: LiveVerifier, writer: Writer, store: SqlStore, tally: Counters
) -> Gateway:
    return Gateway(
        intake=Intake(verifier, validator, verifier.agency),
        validator=validator,
        writer=writer,
        security_log=store,
        receipts=store,
        clock=parts.clock,
        turns=Turns(in_order=parts.in_order is not None),
        beside=sys.maxsize if parts.in_order else LARGE,
        tally=tally,
        tracing=parts.tracing,
    )


def _delivery(
    parts: Parts,
    settings: Settings,
    verifier: LiveVerifier,
    store: SqlStore,
    transport: Carrier,
    writer: Writer,
    *,
    tally: Counters,
) -> Delivery:
    return Delivery(
        store,
        transport,
        parts.clock,
        settings.retry_policy().probing(parts.probe),
        settings.outbox_pause,
        writer.write,
        holder=parts.holder,
        where=verifier.peers,
        alone=parts.in_order,
        tally=tally,
    )


def _webhooks(
    parts: Parts, data: DataDirectory, settings: Settings, store: SqlStore, writer: Writer, carrier: HookCarrier
) -> WebhookDesk:
    webhooks, key, allowed = Webhooks(store), WebhookKey(data.webhook_key), settings.webhooks_allowed()
    caller = Teller(call=carrier.call, key=key, clock=parts.clock, base=settings.public_url)
    notifier = Notifier(
        webhooks,
        caller,
        settings.webhook_policy(),
        settings.outbox_pause,
        writer.write,
        holder=parts.holder or uuid4().hex,
        active=allowed.any,
    )
    return WebhookDesk(
        store=webhooks,
        key=key,
        allowed=allowed,
        clock=parts.clock,
        caller=caller,
        notifier=notifier,
        pinging=set(),
    )


def _reading(
    mailboxes: Mailboxes, registry: Registry, agents: Agents, readers: Readers, profile: NationalProfile, clock: Clock
) -> Reading:
    return Reading(
        mailboxes=mailboxes,
        register=registry,
        agents=agents,
        releases=readers.releases,
        profile=profile,
        clock=clock,
    )


def _access(registry: Registry, rates: Rates, store: SqlStore, profile: NationalProfile, clock: Clock) -> Access:
    persons = PersonsAtDoors(store, clock.now, profile.local_date)
    return Access(registry, rates.seen, persons.acting, persons.note)


def _rates(settings: Settings) -> Rates:
    may = MayAsk(
        requests=settings.requests_a_minute,
        megabytes=settings.megabytes_a_minute,
        bad_tokens=settings.bad_tokens_a_minute,
    )
    return Rates(may)


def _waiting(store: SqlStore, settings: Settings) -> Waiting:
    waiting = Waiting(News(store), settings.waits_at_once)
    store.committed = waiting.tell
    return waiting


def build(parts: Parts) -> Runtime:
    """The gateway of these parts, not yet running. Raises NotConfigured or StoreUnavailable."""
    data, settings, clock = DataDirectory(parts.root), read_settings(parts.root), parts.clock
    profile, pause = settings.profile(), settings.checkpoint_pause
    store = _store_of(parts, data, profile.address)
    registry, mailboxes = Registry(store, clock.now), Mailboxes(store)
    verifier = LiveVerifier(data, registry, NamedCertificates(store, registry), profile.address, clock)
    readers = _readers(parts.releases or data.releases(), settings, verifier, clock)
    committer = _committer(store, settings, profile, verifier, readers, _serials(parts))
    tally = Counters()
    writer = Writer(committer, clock, tally)
    transport = parts.transport or HttpTransport(verifier.peers, settings.peer_timeout, parts.tracing)
    delivery = _delivery(parts, settings, verifier, store, transport, writer, tally=tally)
    reading = _reading(mailboxes, registry, Agents(store), readers, profile, clock)
    rates, hooks = _rates(settings), HookCarrier(settings.webhooks_allowed(), settings.webhook_timeout)
    webhooks = _webhooks(parts, data, settings, store, writer, hooks)
    return Runtime(
        data=data,
        settings=settings,
        profile=profile,
        clock=clock,
        verifier=verifier,
        gateway=_gateway(parts, Validator(readers.releases, profile), verifier, writer, store, tally),
        committer=committer,
        mailboxes=mailboxes,
        access=_access(registry, rates, store, profile, clock),
        rates=rates,
        reading=reading,
        following=Follower(reading, _waiting(store, settings)),
        registry=registry,
        store=store,
        transport=transport,
        delivery=delivery,
        hooks=hooks,
        webhooks=webhooks,
        timers=Timers(committer, clock, settings.clock_pause, delivery.wake),
        duties=Duties(store, committer, delivery, webhooks.notifier, clock),
        readers=readers,
        checkpoints=Checkpoints(store, verifier.signer, data.checkpoints, data.settings_text(), clock, pause),
        tally=tally,
    )
