"""Gateways of member states in this process: provisioned once, copied for each test, with a clock that tests move."""

import asyncio
import atexit
import hashlib
import shutil
import socket
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import cache, cached_property
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree
from sqlalchemy import select

from esad_gateway.audit.check import CheckOutcome, check
from esad_gateway.bootstrap import Parts, Runtime, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801, IE815, IE818, Message
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.registry import Operator, OperatorType
from esad_gateway.errors import EsadError
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.intake import Accepted, Submission
from esad_gateway.ndea.endpoint import NdeaDoor
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.ports.reading import Listed, MailboxQuery, Receipt
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.signing.verifier import Verifier
from esad_gateway.simulator import clock
from esad_gateway.simulator.box import Member, Trader, provision, register
from esad_gateway.simulator.drafts import Parties, draft, read
from esad_gateway.simulator.world.watching import WATCHERS
from esad_gateway.store import tables
from esad_gateway.store.packing import unpack
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.transport.envelope import Acknowledgement, answer_of
from esad_gateway.transport.memory import Door, MemoryTransport
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature
from helpers.offices import equip, office_of

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""When every gateway of the tests begins."""

PATIENCE = 60
"""Seconds: how long anything may take before a test is given up."""

THE_ONE = "the one gateway"
"""Who delivers from a store in most tests: also when another delivery is made for it, as after a restart."""

ZONES = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw", "DE": "Europe/Berlin"}
CONSIGNOR, CONSIGNEE = "LT00000000101", "LT00000000102"
SECOND_CONSIGNOR = "LT00000000103"
FOREIGN_CONSIGNEE, FOREIGN_CONSIGNOR = "PL00000000201", "PL00000000203"
"""SEED numbers of traders; drafts go from Lithuania to Poland or the other way, Germany has no part in it."""


def _operator(seed: str, kind: OperatorType) -> Operator:
    return Operator(
        seed=seed,
        name=f"Trader {seed}",
        operator_type=kind,
        office=f"{seed[:2]}001000",
        valid_from=date(2023, 2, 13),
        products=frozenset({"W200", "B000"}),
    )


OPERATORS = (
    _operator(CONSIGNOR, OperatorType.CERTIFIED_CONSIGNOR),
    _operator(CONSIGNEE, OperatorType.CERTIFIED_CONSIGNEE),
    _operator(SECOND_CONSIGNOR, OperatorType.CERTIFIED_CONSIGNOR),
    _operator(FOREIGN_CONSIGNEE, OperatorType.CERTIFIED_CONSIGNEE),
    _operator(FOREIGN_CONSIGNOR, OperatorType.CERTIFIED_CONSIGNOR),
)


class HandClock(clock.HandClock):
    """A clock that stands still until a test moves it, or sets its hands."""

    def __init__(self, at: datetime = NOW) -> None:
        super().__init__(at)
        self._rests = 0
        self._news = asyncio.Event()

    async def rest(self, until: float, woken: asyncio.Event) -> None:
        """Rest, and tell whoever waits for that."""
        self._rests += 1
        self._news.set()
        await super().rest(until, woken)

    async def rested(self, times: int) -> None:
        """Wait until somebody rests for the so-many-eth time; in the event loop of those that rest."""
        async with asyncio.timeout(PATIENCE):
            while self._rests < times:
                self._news = asyncio.Event()
                await self._news.wait()


@dataclass(frozen=True)
class Box:
    """Member states in a folder of the test, and their traders by SEED number."""

    members: Mapping[str, Member]
    traders: Mapping[str, Trader]
    opened: list["Station"] = field(default_factory=list, compare=False)

    def set(self, state: str, **settings: object) -> None:
        """Change settings of a member state that is not open yet."""
        file = self.members[state].data.root / FILE
        lines = [line for line in file.read_text(encoding="utf-8").splitlines() if line.split(" =")[0] not in settings]
        lines += [f"{name} = {value}" for name, value in settings.items()]
        file.write_text("\n".join((*lines, "")), encoding="utf-8")

    @contextmanager
    def open(self, state: str, clock: HandClock | None = None, *, http: bool = False) -> Iterator["Station"]:
        """The gateway of a member state, not running. Without ``http`` it reaches those that it is told to reach."""
        clock, doors = clock or HandClock(), dict[str, Door]()
        transport = None if http else MemoryTransport(doors)
        runtime = build(Parts(self.members[state].data.root, clock=clock, transport=transport, holder=THE_ONE))
        with ExitStack() as end:
            end.callback(runtime.store.close)
            end.callback(runtime.gateway.turns.stop)
            station = Station(self.members[state], runtime, clock, doors, end)
            end.enter_context(self._watched(station))
            yield station

    @contextmanager
    def _watched(self, station: "Station") -> Iterator[None]:
        """Let those who watch worlds read what this gateway and the others that are open have written down."""
        for watcher in WATCHERS:
            watcher.begun(station)
        self.opened.append(station)
        try:
            yield
        finally:
            for watcher in WATCHERS:
                watcher.ending(station, [one.runtime.store for one in self.opened], ())
            self.opened.remove(station)

    def copied(self, folder: Path) -> "Box":
        """The same member states with everything that they hold, below another folder."""
        shutil.copytree(self.members["LT"].data.root.parent, folder, dirs_exist_ok=True)
        members = {state: replace(member, data=DataDirectory(folder / state)) for state, member in self.members.items()}
        traders = {seed: replace(one, member=members[one.member.state]) for seed, one in self.traders.items()}
        return Box(members, traders)

    def administration(self, state: str) -> XmlSigner:
        """Signs as the administration of a member state."""
        return load_signer(self.members[state].data.key, self.members[state].data.certificate)

    def office(self, state: str) -> XmlSigner:
        """Signs as an excise office of a member state."""
        return office_of(self.members[state])

    def signed(self, seed: str, message: Message) -> bytes:
        """A message as a trader's document."""
        return self.traders[seed].signer.sign(Binder("V3.23").write(message))


def copy_of_box(folder: Path) -> Box:
    """Fresh member states below ``folder``: keys and certificates are the same for all tests, stores are empty."""
    return _provisioned().copied(folder)


@cache
def _provisioned() -> Box:
    """Made once a session: copying is faster than making keys and tables."""
    folder = TemporaryDirectory(prefix="esad-tests-")
    atexit.register(folder.cleanup)
    members = provision(Path(folder.name), ZONES, NOW, KeyKind.P256)
    equip(members.values(), NOW)
    for member in members.values():
        _hold(member.port)
    return Box(members, register(members, OPERATORS, NOW, KeyKind.P256))


def _hold(port: int) -> None:
    """Keep a port where nobody listens: a gateway that another test starts could take it, and would get our mail."""
    held = socket.socket()
    held.bind(("127.0.0.1", port))
    atexit.register(held.close)


def new_draft(consignor: str = CONSIGNOR, consignee: str = FOREIGN_CONSIGNEE, at: datetime = NOW) -> IE815:
    """A draft without faults, with a fresh identifier and local reference number; the goods leave on that day there."""
    by_seed = {operator.seed: operator for operator in OPERATORS}
    day = at.astimezone(ZoneInfo(ZONES[consignor[:2]])).date()
    return draft(Parties(by_seed[consignor], by_seed[consignee]), at, day)


def new_report(e_sad: IE801, at: datetime = NOW) -> IE818:
    """A report of receipt without faults: everything has arrived."""
    consignee = e_sad.consignee_trader
    assert consignee is not None
    return report(e_sad, at, f"{(consignee.traderid or '')[:2]}001000")


@dataclass(frozen=True)
class Station:
    """A gateway in this process: documents go in, what stands in its store comes out."""

    member: Member
    runtime: Runtime
    clock: HandClock
    doors: dict[str, Door]
    end: ExitStack

    @cached_property
    def door(self) -> Door:
        """Where others of this process hand over documents; from now on what comes is committed, until the end."""
        self.runtime.gateway.writer.start()
        self.end.callback(self.runtime.gateway.writer.stop)
        return NdeaDoor(self.runtime.gateway).answer

    def intake(self, document: bytes, origin: Origin = Origin.TRADER) -> Accepted:
        """A document after rooms 3 to 6."""
        return self.runtime.gateway.intake.take(
            Submission(raw=document, principal=Principal(origin), channel="test"), self.clock.at
        )

    def commit(self, *documents: bytes, origin: Origin = Origin.TRADER) -> list[Receipt | EsadError]:
        """One group: all documents through all rooms, committed together."""
        group = [self.intake(document, origin) for document in documents]
        return list(self.runtime.committer.commit(group, self.clock.at))

    def take(self, document: bytes, origin: Origin = Origin.TRADER) -> Receipt:
        """One document, which must be answered with a receipt."""
        (answer,) = self.commit(document, origin=origin)
        assert isinstance(answer, Receipt), answer
        return answer

    def mailbox(self, name: str) -> tuple[Listed, ...]:
        """Everything in a mailbox."""
        return self.runtime.mailboxes.page(name, MailboxQuery(limit=500)).messages

    def types(self, name: str) -> list[tuple[str, str]]:
        """Direction and type of everything in a mailbox."""
        return [(listed.direction, listed.type) for listed in self.mailbox(name)]

    def document(self, name: str, seq: int) -> bytes:
        """The bytes of one message of a mailbox."""
        body = self.runtime.mailboxes.body(name, seq)
        assert body is not None
        return body

    def message(self, name: str, seq: int) -> Any:
        """One message of a mailbox, as a value."""
        return read(self.document(name, seq))

    def last(self, name: str, kind: str = "") -> Any:
        """The newest message of a mailbox, or of one type: answers to a question about a status keep no order."""
        return self.message(name, [one for one in self.mailbox(name) if kind in ("", one.type)][-1].seq)

    def rows(self, table: str) -> list[dict[str, Any]]:
        """All rows of a table."""
        with self.runtime.store.reader.begin() as connection:
            return [dict(row) for row in connection.execute(select(tables.metadata.tables[table])).mappings()]

    def documents(self) -> list[dict[str, Any]]:
        """All documents, each with what it carries."""
        carried = {row["sha256"]: row for row in self.rows("carried")}
        return [carried[row["carried"]] | row for row in self.rows("document")]

    def due(self) -> list[tuple[str, bytes]]:
        """What was not delivered yet, oldest first: destination and document."""
        bodies = {row["sha256"]: unpack(row["body"], row["text"]) for row in self.documents()}
        waiting = [row for row in self.rows("outbox") if row["delivered_at"] is None and not row["dead"]]
        return [(row["destination"], bodies[row["document"]]) for row in waiting]

    def checked(self) -> CheckOutcome:
        """What the check says of the store, with a checkpoint of all that it holds."""
        self.runtime.checkpoints.write()
        return check(self.member.data, deep=True)

    def run_sql(self, *statements: str) -> None:
        """Change the database behind the gateway's back, without its foreign keys."""
        with closing(sqlite3.connect(self.member.data.database, PATIENCE)) as connection:
            for statement in statements:
                connection.execute(statement)
            connection.commit()

    def deliver_to(self, *others: "Station") -> list[DeliveryOutcome]:
        """Hand everything that is due to the other stations, in order."""
        loopback = Loopback(self, *others)
        self.doors.clear()
        self.doors.update(loopback.doors)
        asyncio.run(self.runtime.delivery.round())
        return loopback.outcomes

    def problems_of_documents(self, box: Box) -> list[str]:
        """What is wrong with the documents of the store that this gateway has signed: schema, then signature."""
        own = box.administration(self.member.state).fingerprint
        verifier = Verifier(self.member.data.load_trust(), None)
        releases = self.runtime.readers.releases
        documents = [row for row in self.documents() if row["fingerprint"] == own]
        bodies = [self._body(row["sha256"]) for row in documents]
        refused = [fault for body in bodies for fault in releases.faults(without_signature(parse(body)))]
        proofs = [verifier.explain(parse(body), self.clock.at) for body in bodies]
        assert bodies
        return [*map(str, refused), *(str(proof) for proof in proofs if not proof.ok)]

    def _body(self, sha256: bytes) -> bytes:
        entry = next(row for row in self.rows("message") if row["document"] == sha256)
        body = self.document(entry["mailbox"], entry["seq"])
        assert hashlib.sha256(body).digest() == sha256
        return body


class Loopback(MemoryTransport):
    """A way to some stations, with what their doors have acknowledged."""

    def __init__(self, *stations: Station) -> None:
        self.doors = {station.member.address: self._noting(station.door) for station in stations}
        self.outcomes: list[DeliveryOutcome] = []
        super().__init__(self.doors)

    def _noting(self, door: Door) -> Door:
        async def noting(envelope: bytes, action: str, client: str) -> HttpAnswer:
            answer = await door(envelope, action, client)
            said = answer_of(answer.body)
            assert isinstance(said, Acknowledgement), said
            self.outcomes.append(said.outcome)
            return answer

        return noting


def edited(document: bytes, signer: XmlSigner, *replacements: tuple[bytes, bytes]) -> bytes:
    """A signed document with other content, signed anew; for messages that no dataclass can hold."""
    plain = etree.tostring(without_signature(parse(document)))
    for old, new in replacements:
        assert old in plain, old
        plain = plain.replace(old, new)
    return signer.sign(parse(plain))
