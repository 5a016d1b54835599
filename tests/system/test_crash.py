"""Gateways are killed at random moments while traders submit; then the books are compared.

Each test looks at one promise, in the stores that one run has left: two gateways as processes, six clients that send
the same bytes again until there is an answer, and ``kill -9``. For longer than continuous integration has time for:
``pytest tests/system/test_crash.py --kills 200 --acknowledged 20000 -s``, which also tells what the run was.
"""

import asyncio
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Trader, provision, register, running
from esad_gateway.simulator.exchange import OPERATORS
from helpers.crash import Books, Journal, Plan, havoc, once, read_books
from helpers.forked import forked

STATES = {"LT": "Europe/Vilnius", "PL": "Europe/Warsaw"}
CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
SETTINGS = """
retry_first = 0.05
retry_longest = 0.2
retry_attempts = 100000
outbox_pause = 0.2
peer_timeout = 5
formalities_days = 0.000005
"""


@dataclass(frozen=True, repr=False)
class Aftermath:
    """What the clients were told, and what the stores of both states hold."""

    journal: Journal
    dispatch: Books
    destination: Books

    @property
    def arcs(self) -> dict[str, str]:
        """The ARC of each draft, by local reference number; drafts that were told several are left out."""
        return {lrn: min(arcs) for lrn in self.journal.drafts if len(arcs := self.journal.arcs[lrn]) == 1}


@pytest.fixture(scope="module")
def aftermath(tmp_path_factory: pytest.TempPathFactory, kills: int, acknowledged: int) -> Aftermath:
    """Two states, killed again and again while traders submit, then left to finish what they had begun."""
    now = datetime.now(UTC)
    members = provision(tmp_path_factory.mktemp("box"), STATES, now, KeyKind.P256)
    traders = register(members, (CONSIGNOR, CONSIGNEE), now, KeyKind.P256)
    for member in members.values():
        _append(member.data.root / FILE, SETTINGS)
    journal = Journal(Random(20260302))  # noqa: S311  a seed makes runs alike, nothing is kept secret
    asyncio.run(_run(members, traders, Plan(kills, acknowledged), journal))
    print(f"\n{kills} kills of {members['LT'].address}: {journal}")  # noqa: T201  with -s a long run tells what it was
    return Aftermath(journal, read_books(members["LT"]), read_books(members["PL"]))


def _append(file: Path, text: str) -> None:
    file.write_text(file.read_text(encoding="utf-8") + text, encoding="utf-8")


async def _run(members: dict[str, Member], traders: dict[str, Trader], plan: Plan, journal: Journal) -> None:
    async with running(members.values(), forked) as gateways:
        await havoc(gateways, members, [traders[CONSIGNOR.seed], traders[CONSIGNEE.seed]], plan, journal)


def test_kills_hit_submissions_that_were_under_way(aftermath: Aftermath) -> None:
    """The run means something: connections broke, and some of what they carried had been committed."""
    assert aftermath.journal.unanswered > 0
    assert aftermath.journal.repeated > len(aftermath.journal.drafts) + len(aftermath.journal.reports)


def test_every_submission_was_taken(aftermath: Aftermath) -> None:
    """A crash never turns a good message into a refused one."""
    assert aftermath.journal.refused == []


def test_every_acknowledgement_of_a_draft_names_the_same_arc(aftermath: Aftermath) -> None:
    """However often the same bytes were sent, they were told one ARC, and no other draft was told it."""
    told = {lrn: sorted(aftermath.journal.arcs[lrn]) for lrn in aftermath.journal.drafts}

    assert {lrn: arcs for lrn, arcs in told.items() if len(arcs) != 1} == {}
    assert len(set(aftermath.arcs.values())) == len(told)


def test_every_receipt_is_in_the_store(aftermath: Aftermath) -> None:
    """What was acknowledged has a receipt in the store, with the same ARC."""
    found = aftermath.dispatch.receipt_arcs(CONSIGNOR.seed).values()

    assert once("the receipt", found, aftermath.arcs.values()) == []


def test_every_draft_happened_once_at_dispatch(aftermath: Aftermath) -> None:
    """One draft makes one movement, one e-SAD in the consignor's mailbox and one in the outbox."""
    books, arcs = aftermath.dispatch, aftermath.arcs

    assert once("the movement", (row["lrn"] for row in books.movements), arcs) == []
    assert {row["lrn"]: row["arc"] for row in books.movements} == arcs
    assert once("the IE815", books.arcs(CONSIGNOR.seed, "in", "IE815"), arcs.values()) == []
    assert once("the IE801", books.arcs(CONSIGNOR.seed, "out", "IE801"), arcs.values()) == []
    assert once("the IE801 for Poland", books.arcs("NDEA.PL", "out", "IE801"), arcs.values()) == []
    assert len(books.outbox) == len({row["document"] for row in books.outbox}) == len(arcs)


def test_every_e_sad_arrived_once(aftermath: Aftermath) -> None:
    """At destination an e-SAD makes one movement and one entry in the consignee's mailbox."""
    books, arcs = aftermath.destination, aftermath.arcs.values()

    assert once("the movement", (row["arc"] for row in books.movements), arcs) == []
    assert once("the IE801 from Lithuania", books.arcs("NDEA.LT", "in", "IE801"), arcs) == []
    assert once("the IE801", books.arcs(CONSIGNEE.seed, "out", "IE801"), arcs) == []


@pytest.mark.parametrize("way", ["LT to PL", "PL to LT"])
def test_no_document_arrived_under_two_identifiers(aftermath: Aftermath, way: str) -> None:
    """Every try carries the same bytes: what one side has sent is what the other has received, one for one."""
    sides = aftermath.dispatch, aftermath.destination
    sender, receiver = sides if way == "LT to PL" else reversed(sides)
    sent = {(row["identifier"], row["document"]) for row in sender.outbox}
    received = {(row["identifier"], row["sha256"]) for row in receiver.receipts if row["sender"] == f"NDEA.{way[:2]}"}

    assert received == sent


def test_every_report_happened_once_on_both_sides(aftermath: Aftermath) -> None:
    """A report of receipt, held for the formalities meanwhile, closes one movement on both sides, once."""
    reported = aftermath.journal.reports

    assert len(reported) >= len(aftermath.journal.drafts) // 5
    for where, books, mailbox, direction in (
        ("submitted", aftermath.destination, CONSIGNEE.seed, "in"),
        ("echoed", aftermath.destination, CONSIGNEE.seed, "out"),
        ("sent", aftermath.destination, "NDEA.LT", "out"),
        ("received", aftermath.dispatch, "NDEA.PL", "in"),
        ("forwarded", aftermath.dispatch, CONSIGNOR.seed, "out"),
    ):
        assert once(f"the IE818, {where}", books.arcs(mailbox, direction, "IE818"), reported) == []


@pytest.mark.parametrize("side", ["dispatch", "destination"])
def test_every_movement_is_in_the_state_that_was_told(aftermath: Aftermath, side: str) -> None:
    """What was reported on is Delivered, everything else is Accepted."""
    books: Books = getattr(aftermath, side)
    wrong = {
        row["arc"]: row["state"]
        for row in books.movements
        if row["state"] != ("X03" if row["arc"] in aftermath.journal.reports else "X01")
    }

    assert wrong == {}


@pytest.mark.parametrize("side", ["dispatch", "destination"])
def test_stores_are_whole_and_nothing_waits(aftermath: Aftermath, side: str) -> None:
    """Numbers without gaps, documents with their digests, nothing left in the outbox, nothing given up."""
    books: Books = getattr(aftermath, side)

    assert books.report.problems == ()
    assert (books.report.waiting, books.report.dead, len(books.held)) == (0, 0, 0)
