"""A damaged database, whoever reads it: one kind of error, and what to do about it."""

import ast
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import esad_gateway
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.guarantees.recalculation import CalendarQuarter
from esad_gateway.audit.check import check, waiting
from esad_gateway.audit.rebuild import compare, write
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.movement import Side
from esad_gateway.errors import NotConfigured, OwnError
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.national.board import DueBoard
from esad_gateway.national.board import board_of as open_board
from esad_gateway.national.declarations import DeclarationDesk, declaration_desk
from esad_gateway.national.guarantees import GuaranteeDesk, guarantee_desk
from esad_gateway.ports.batches import BatchQuery, RowQuery, SaadQuery
from esad_gateway.ports.certificates import SubjectKey
from esad_gateway.ports.national.cases import CaseQuery
from esad_gateway.ports.reading import MailboxQuery, MovementQuery
from esad_gateway.ports.webhooks import Webhook
from esad_gateway.settings import read_settings
from esad_gateway.signing.trust import Trust
from esad_gateway.simulator.box import Member
from esad_gateway.simulator.evidence import examine
from esad_gateway.store.agents import Agents
from esad_gateway.store.batch_files import BatchFiles
from esad_gateway.store.batches import Batches
from esad_gateway.store.history import dossier
from esad_gateway.store.holds import Holds
from esad_gateway.store.latest import latest_moment
from esad_gateway.store.mailboxes import Mailboxes
from esad_gateway.store.named import NamedCertificates
from esad_gateway.store.national.case_shelf import CaseShelf
from esad_gateway.store.national.people import People
from esad_gateway.store.national.person_tokens import PersonTokens
from esad_gateway.store.news import News
from esad_gateway.store.opening import check_owner, open_store
from esad_gateway.store.outbox import Outbox, Standing
from esad_gateway.store.recorded import recorded
from esad_gateway.store.registry import Registry
from esad_gateway.store.saad import SaadRecords
from esad_gateway.store.seed_register import SeedRegister
from esad_gateway.store.store import SqlStore
from esad_gateway.store.undecided import UndecidedMessages
from esad_gateway.store.webhooks import Webhooks
from helpers.gateway import CONSIGNEE, CONSIGNOR, NOW, Box, Station, new_draft

ROOT = Path(esad_gateway.__file__).parent
MARCH = TaxPeriod(NOW.date().replace(day=1))
ARC = "26LT000000000000001P2"
WEBHOOK = Webhook(id="w1", trader=CONSIGNOR, url="https://hooks.example", salt=bytes(16), created_at=NOW, after=0)


@dataclass(frozen=True)
class Damaged:
    """A store that was opened before its file was damaged, and where it lies."""

    store: SqlStore
    member: Member

    @property
    def data(self) -> DataDirectory:
        """Its data directory."""
        return self.member.data


def desk(it: Damaged) -> DeclarationDesk:
    """The desk of declarations on that store."""
    found = declaration_desk(it.store, read_settings(it.data.root), lambda: NOW)
    assert found is not None
    return found


def _guarantees(it: Damaged) -> GuaranteeDesk:
    """The desk of guarantees on the store."""
    desk = guarantee_desk(it.store, read_settings(it.data.root), it.data.root, lambda: NOW)
    assert desk is not None
    return desk


def board_of(it: Damaged) -> DueBoard:
    """The deadline board of a damaged store."""
    return open_board(it.store, read_settings(it.data.root), SystemClock())


READERS: dict[str, Callable[[Damaged], object]] = {
    "national.guarantees.GuaranteeDesk.holders": lambda it: _guarantees(it).holders(),
    "national.guarantees.GuaranteeDesk.statement": lambda it: _guarantees(it).statement(CONSIGNOR),
    "national.guarantees.GuaranteeDesk._recalculated": (
        lambda it: [*_guarantees(it).recalculated([CONSIGNOR], CalendarQuarter(year=2025, number=4), {})]
    ),
    "store.batches.Batches.at_work": lambda it: Batches(it.store).at_work(),
    "store.batches.Batches.find": lambda it: Batches(it.store).find(CONSIGNOR, "b1"),
    "store.batch_files.BatchFiles._those": lambda it: BatchFiles(it.store).known(["b1"]),
    "store.batch_files.BatchFiles.release": lambda it: BatchFiles(it.store).release(NOW, NOW, 0),
    "store.batches.Batches.pending": lambda it: Batches(it.store).pending(),
    "store.batches.Batches.page": lambda it: Batches(it.store).page(CONSIGNOR, None, BatchQuery(limit=1)),
    "store.batches.Batches.waiting": lambda it: Batches(it.store).waiting(CONSIGNOR),
    "store.batches.Batches.rows": lambda it: Batches(it.store).rows("b1", RowQuery()),
    "store.saad.SaadRecords.page": lambda it: SaadRecords(it.store).page(CONSIGNOR, SaadQuery()),
    "store.saad.SaadRecords.versions": lambda it: SaadRecords(it.store).versions(CONSIGNOR, "r1"),
    "store.webhooks.Webhooks.of": lambda it: Webhooks(it.store).of(CONSIGNOR),
    "store.webhooks.Webhooks.find": lambda it: Webhooks(it.store).find(CONSIGNOR, "w1"),
    "store.webhooks.Webhooks.newest": lambda it: Webhooks(it.store).newest(CONSIGNOR),
    "store.webhooks.Webhooks.lines": lambda it: Webhooks(it.store).lines(WEBHOOK, 1),
    "store.webhooks.Webhooks.dead_letters": lambda it: Webhooks(it.store).dead_letters("w1", 0, 1),
    "store.webhooks.Webhooks.letters_again": lambda it: Webhooks(it.store).letters_again("w1"),
    "store.webhooks.Webhooks._behind": lambda it: Webhooks(it.store).due(NOW, timedelta(minutes=10)),
    "store.mailboxes.Mailboxes.page": lambda it: Mailboxes(it.store).page(CONSIGNOR, MailboxQuery()),
    "store.mailboxes.Mailboxes.last_numbers": lambda it: Mailboxes(it.store).last_numbers(),
    "store.mailboxes.Mailboxes.entry": lambda it: Mailboxes(it.store).entry(CONSIGNOR, 1),
    "store.mailboxes.Mailboxes.body": lambda it: Mailboxes(it.store).body(CONSIGNOR, 1),
    "store.mailboxes.Mailboxes.movements": lambda it: Mailboxes(it.store).movements(CONSIGNOR, MovementQuery()),
    "store.mailboxes.Mailboxes.signed_about": lambda it: Mailboxes(it.store).signed_about(CONSIGNOR, ARC),
    "store.national.case_shelf.CaseShelf.find": lambda it: CaseShelf(it.store).find("2026-000001"),
    "store.national.case_shelf.CaseShelf.page": lambda it: CaseShelf(it.store).page(CaseQuery()),
    "store.national.case_shelf.CaseShelf.notices": lambda it: CaseShelf(it.store).notices(None, 0, 1),
    "store.national.case_shelf.CaseShelf.trade": lambda it: CaseShelf(it.store).trade([CONSIGNOR]),
    "store.national.case_shelf.CaseShelf.paper": lambda it: CaseShelf(it.store).paper("302000001", "00"),
    "store.national.case_shelf.CaseShelf.entity_of": lambda it: CaseShelf(it.store).entity_of(CONSIGNOR),
    "store.national.people.People.entities": lambda it: People(it.store).entities(),
    "store.national.people.People.persons": lambda it: People(it.store).persons(),
    "store.national.people.People.numbers": lambda it: People(it.store).numbers("1"),
    "store.national.people.People.grants": lambda it: People(it.store).grants(),
    "store.national.people.People.acting": lambda it: People(it.store).acting("1", "1", NOW, NOW.date()),
    "store.national.people.People.acts": lambda it: People(it.store).acts(),
    "store.national.person_tokens.PersonTokens.acting": (
        lambda it: PersonTokens(it.store).acting("person.x", NOW, NOW.date())
    ),
    "national.board.DueBoard.board": lambda it: board_of(it).board(CONSIGNOR),
    "national.board.DueBoard.traders": lambda it: board_of(it).traders("LT"),
    "national.board.DueBoard.feeds": lambda it: board_of(it).feeds(CONSIGNOR),
    "national.board.DueBoard.followed": lambda it: board_of(it).followed("secret"),
    "store.agents.Agents.every": lambda it: Agents(it.store).every(),
    "store.agents.Agents.of": lambda it: Agents(it.store).of(CONSIGNOR),
    "store.agents.Agents.readable": lambda it: Agents(it.store).readable("AG.LT1", NOW),
    "store.mailboxes.Mailboxes.movement": lambda it: Mailboxes(it.store).movement(CONSIGNOR, ARC),
    "store.mailboxes.Mailboxes.notes": lambda it: Mailboxes(it.store).notes(ARC, set(Side)),
    "store.news.News.__call__": lambda it: News(it.store)([CONSIGNOR]),
    "store.holds.Holds._read": lambda it: Holds(it.store).every(),
    "store.latest.latest_moment": lambda it: latest_moment(it.store),
    "store.history.dossier": lambda it: dossier(it.store, ARC, "NDEA.LT"),
    "store.recorded.recorded": lambda it: recorded(it.store),
    "store.outbox.Outbox.counts": lambda it: Outbox(it.store).counts(),
    "store.outbox.Outbox.lines": lambda it: Outbox(it.store).lines(),
    "store.outbox.Outbox.oldest": lambda it: Outbox(it.store).oldest(),
    "store.outbox.Outbox.pending": lambda it: Outbox(it.store).pending(Standing.WAITING),
    "store.named.NamedCertificates._follow": (
        lambda it: NamedCertificates(it.store, Registry(it.store)).named(SubjectKey(b"key"))
    ),
    "store.registry.Registry.version": lambda it: Registry(it.store).version(),
    "store.registry.Registry.directory": lambda it: Registry(it.store).directory(),
    "store.registry.Registry.certificates": lambda it: Registry(it.store).certificates(CONSIGNOR),
    "store.registry.Registry.operator": lambda it: Registry(it.store).operator(CONSIGNOR),
    "store.registry.Registry.holder_of_token": lambda it: Registry(it.store).holder_of_token("x"),
    "store.registry.Registry.tokens": lambda it: Registry(it.store).tokens(),
    "store.seed_register.SeedRegister.records": lambda it: SeedRegister(it.store).records(CONSIGNOR),
    "store.seed_register.SeedRegister.consignors_linked_to": (
        lambda it: SeedRegister(it.store).consignors_linked_to(CONSIGNOR)
    ),
    "store.seed_register.SeedRegister.entries": lambda it: [*SeedRegister(it.store).entries()],
    "store.seed_register.SeedRegister.offices": lambda it: SeedRegister(it.store).offices(),
    "store.seed_register.SeedRegister.certificates": lambda it: SeedRegister(it.store).certificates(NOW),
    "store.store.SqlStore.ended": lambda it: it.store.ended(NOW, 1, None),
    "store.store.SqlStore.peers": lambda it: it.store.peers(),
    "store.store.SqlStore.refusing_peers": lambda it: it.store.refusing_peers(NOW),
    "store.store.SqlStore.line": lambda it: it.store.line("NDEA.PL", 9),
    "store.store.SqlStore.dispatches": lambda it: it.store.dispatches([1], 1),
    "store.store.SqlStore.refused": lambda it: it.store.refused("NDEA.PL", NOW, 9),
    "store.store.SqlStore.receipt_for": lambda it: it.store.receipt_for(bytes(32)),
    "store.undecided.UndecidedMessages.count": lambda it: UndecidedMessages(it.store.reader).count(),
    "store.undecided.UndecidedMessages.every": lambda it: UndecidedMessages(it.store.reader).every(),
    "store.undecided.UndecidedMessages.find": lambda it: UndecidedMessages(it.store.reader).find("x"),
    "store.opening.check_owner": lambda it: check_owner(it.store, "NDEA.LT"),
    "store.opening.open_store": lambda it: open_store(it.data.database, "NDEA.LT"),
    "national.declarations.DeclarationDesk.month": lambda it: desk(it).month(CONSIGNEE, MARCH),
    "national.declarations.DeclarationDesk.months": lambda it: desk(it).months(CONSIGNEE),
    "national.declarations.DeclarationDesk.every": lambda it: [*desk(it).every(MARCH)],
    "national.declarations.DeclarationDesk.receivers": lambda it: desk(it).receivers(MARCH),
    "audit.check.check": lambda it: check(it.data),
    "audit.check.waiting": lambda it: waiting(it.data),
    "audit.rebuild.compare": lambda it: compare(it.data, lambda found, _: found),
    "audit.rebuild.write": lambda it: write(it.data, lambda found, _: found, NOW),
    "simulator.evidence.examine": lambda it: examine(it.member, Trust.load([]), datetime.now(UTC)),
}
"""Everything that opens a store to read, and how it is asked."""
WITHIN = {
    "audit.batches._now",
    "audit.dossiers._Bench.memory",
    "audit.snapshot.snapshot",
    "audit.snapshot._opens",
    "simulator.served.page.reading.StoreReader._filed",
    "simulator.served.page.reading.StoreReader._rows",
    "store.backup._proved",
    "store.checkpoints.Checkpoints._new",
    "store.named.NamedCertificates._certificate_of",
    "store.store.SqlStore.upcoming",
}
"""Readers that are asked through others, or in tests of their own."""


def _functions(tree: ast.AST, name: str) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.ClassDef):
            yield from _functions(node, f"{name}.{node.name}")
        elif isinstance(node, ast.FunctionDef):
            yield f"{name}.{node.name}", node


def _reads(function: ast.FunctionDef) -> bool:
    called = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    return bool({one.id for one in called if isinstance(one, ast.Name)} & {"looking", "reading", "snapshot"})


def _readers() -> set[str]:
    """The functions of the package that begin to read."""
    return {
        name
        for path in ROOT.rglob("*.py")
        for name, function in _functions(
            ast.parse(path.read_bytes()), ".".join(path.relative_to(ROOT).with_suffix("").parts)
        )
        if _reads(function)
    }


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Member states of which Lithuania has a message."""
    from helpers.gateway import copy_of_box  # noqa: PLC0415

    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with box.open("LT") as station:
        station.take(box.signed(CONSIGNOR, new_draft()))
    return box


def overwritten(path: Path) -> None:
    """Every page but the first, which says how long the file is."""
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))


def cut_off(path: Path) -> None:
    """All but the first page, as a copy that was interrupted leaves it."""
    path.write_bytes(path.read_bytes()[:4096])


@pytest.fixture(params=[overwritten, cut_off], ids=lambda harm: harm.__name__)
def damaged(request: pytest.FixtureRequest, whole: Box, tmp_path: Path) -> Iterator[Damaged]:
    """A store whose file is damaged while it is open."""
    box = whole.copied(tmp_path)
    member = box.members["LT"]
    store = open_store(member.data.database, member.address)
    store.reader.dispose()
    request.param(member.data.database)
    yield Damaged(store, member)
    store.close()


def test_every_reader_is_asked() -> None:
    """A new one has to say what becomes of damage."""
    assert _readers() == READERS.keys() | WITHIN


@pytest.mark.parametrize("ask", READERS.values(), ids=READERS)
def test_damage_is_one_kind_of_error_with_what_to_do(damaged: Damaged, ask: Callable[[Damaged], object]) -> None:
    """Never the database library's own error: what is wrong, and where to look or what to bring back."""
    with pytest.raises(OwnError) as raised:
        ask(damaged)

    assert "the store" in str(raised.value)
    assert "damaged: " in str(raised.value)
    assert "bring" in str(raised.value)


def test_damage_in_writing_is_told_as_well(damaged: Damaged) -> None:
    """Nothing was written, and it is said why."""
    damaged.store.writer.dispose()

    with pytest.raises(OwnError, match=r"the store is damaged: .*; esad store check tells where"):
        damaged.store.release_held(NOW)


def test_document_that_cannot_be_unpacked_is_damage(lt: Station, box: Box) -> None:
    """A value that nobody wrote, in a database whose pages are in order."""
    lt.take(box.signed(CONSIGNOR, new_draft()))
    with closing(sqlite3.connect(lt.member.data.database)) as connection:
        connection.execute("UPDATE document SET body = x'00'")
        connection.execute("UPDATE movement SET lines = '{'")
        connection.execute("UPDATE inbox_identity SET receipt = '{}'")
        connection.commit()
    (sha,) = (row["document"] for row in lt.rows("message") if row["direction"] == "in")
    mailboxes = lt.runtime.mailboxes

    for ask in (
        lambda: mailboxes.body(CONSIGNOR, 1),
        lambda: mailboxes.movements(CONSIGNOR, MovementQuery()),
        lambda: lt.runtime.store.receipt_for(sha),
        lambda: lt.runtime.store.dispatches([1], 1),
    ):
        with pytest.raises(OwnError, match="the store is damaged: "):
            ask()


def test_store_that_is_missing_is_told_as_such(damaged: Damaged) -> None:
    """Who looks at the file first says so."""
    damaged.data.database.unlink()

    with pytest.raises(NotConfigured, match="is missing"):
        check(damaged.data)
