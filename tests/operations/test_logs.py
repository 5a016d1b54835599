"""What a gateway logs: known events with known fields, and nobody's data, whatever happens."""

import asyncio
import io
import json
import logging
import sys
from contextlib import AsyncExitStack, redirect_stderr
from datetime import UTC, datetime
from typing import Any

import pytest
import structlog
from lxml import etree

from esad_gateway.cli.common.log_lines import log_as_json
from esad_gateway.client import operations
from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import LOG, Member, Process, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import Cast, signed
from helpers.draw_logs import PAGE, events, page
from helpers.process import kept

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
IDENTIFYING = frozenset(
    {"administration", "address", "arc", "batch", "client", "destination", "identifier", "provider", "recipient"}
    | {"reference", "sender", "sha256", "webhook"}
)
"""Fields that identify somebody or something; nothing says more of anybody."""
TELLING = frozenset(
    {"before_this", "channel", "code", "count", "defect", "left_out", "limit", "messages", "path", "reader", "reason"}
    | {"release", "seconds", "setting", "size", "tries", "type", "url", "what", "why", "…"}
)
"""Fields that say what happened."""
PERSONAL = ("Name", "Street", "Postcode", "City", "Description", "Brand", "Information", "Place", "Signature", "Value")
"""Parts of the names of elements that hold what is nobody's business."""


def test_page_is_drawn_from_the_code() -> None:
    """Whoever logs something new draws the page anew (python tests/helpers/draw_logs.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()


def test_fields_are_identifiers_or_tell_what_happened() -> None:
    """A new field has to be put among one of them, after a thought about what stands in it."""
    assert {field for one in events() for field in one.fields} - IDENTIFYING - TELLING == set()


async def verbose(member: Member) -> Process:
    """A gateway that logs all that it may."""
    with (member.data.root / LOG).open("ab") as log:
        program = (sys.executable, "-m", "esad_gateway", *member.command, "--verbose")
        return await asyncio.create_subprocess_exec(*program, stdout=log, stderr=log)


async def exchange(stage: Cast, consignor: Trader, consignee: Trader) -> None:
    """A movement from draft to report, with what goes wrong on the way."""
    parties = Parties(CONSIGNOR, CONSIGNEE)
    draft = draft_now(parties, datetime.now(UTC))
    arc = await stage.accepted(consignor, draft)
    e_sad = await stage.arrived(consignee, IE801, arc, stage.members["LT"])
    document = signed(consignee, report(e_sad, datetime.now(UTC), CONSIGNEE.office))
    status, answer = await stage.submit(consignee, document)
    assert status == 201, answer
    await stage.arrived(consignor, IE818, arc, stage.members["PL"])
    forged = signed(consignor, draft).replace(b"GrossMass>", b"GrossMass>1", 1)
    for wrong in (forged, signed(consignor, draft)[:-40], document):
        async with consignor.client() as client:
            status, _ = await client.answer(operations.submit(wrong))
        assert status >= 400


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[dict[str, Member], dict[str, Trader]]:
    """Lithuania and Poland after an exchange, ended."""
    now = datetime.now(UTC)
    members = provision(
        tmp_path_factory.mktemp("box"), {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256
    )
    traders = register(members, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)

    async def play() -> None:
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(running(members.values(), verbose))
            await exchange(Cast(members, traders), traders[CONSIGNOR.seed], traders[CONSIGNEE.seed])

    asyncio.run(play())
    return dict(members), dict(traders)


def logged(members: dict[str, Member]) -> str:
    """All lines of both gateways."""
    return "".join((member.data.root / LOG).read_text(encoding="utf-8") for member in members.values())


def said(document: bytes) -> set[str]:
    """The texts of a document that are nobody's business."""
    found = (
        (one.text or "").strip()
        for one in etree.fromstring(document).iter("{*}*")
        if any(part in etree.QName(one).localname for part in PERSONAL)
    )
    return {text for text in found if len(text) > 3}


def test_no_line_says_more_of_anybody_than_who_it_is(
    played: tuple[dict[str, Member], dict[str, Trader]],
) -> None:
    """No name, address, description of goods, signature, certificate or token, in a line of either gateway."""
    members, traders = played
    draft = signed(traders[CONSIGNOR.seed], draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC)))
    text = logged(members)
    lines = [json.loads(line) for line in text.splitlines()]
    nobodys = said(draft) | {trader.token for trader in traders.values()}

    assert {"request", "delivered", "not attributed"} <= {line["event"] for line in lines}
    assert len(nobodys) > 10
    assert [one for one in nobodys if one in text] == []
    assert "<" not in "".join(line["event"] for line in lines)


def test_every_line_is_an_event_of_the_page(played: tuple[dict[str, Member], dict[str, Trader]]) -> None:
    """One object a line; what is ours stands on the page with its fields, the rest is the server's."""
    members, _ = played
    known = {one.event: set(one.fields) for one in events()}
    lines: list[dict[str, Any]] = [json.loads(line) for line in logged(members).splitlines()]
    more = [
        (line["event"], set(line) - known[line["event"]] - {"event", "level", "timestamp", "exception"})
        for line in lines
        if line["event"] in known and "…" not in known[line["event"]]
    ]

    assert all({"event", "level", "timestamp"} <= line.keys() for line in lines)
    assert [(event, fields) for event, fields in more if fields] == []


def test_defect_in_the_log_quotes_nobody() -> None:
    """Where it happened and of what kind it was, and what led to it; the value that it stumbled over is left out."""
    stream, root = io.StringIO(), logging.getLogger()
    before = root.handlers
    with kept(), redirect_stderr(stream):
        root.handlers = []
        log_as_json(verbose=False)
        try:
            try:
                int("Jonas Jonaitis")
            except ValueError as error:
                raise KeyError("Vilniaus g. 1") from error
        except KeyError:
            structlog.get_logger().exception("own", sha256="00")
            logging.getLogger("library").exception("of a library")
        root.handlers = before
    own, library = map(json.loads, stream.getvalue().splitlines())

    for line in (own, library):
        assert "Jonas" not in line["exception"].split("Error: ", 1)[1].split("\n")[0]
        assert "ValueError: invalid literal for int() with base 10: …\nwhich led to:\n" in line["exception"]
        assert line["exception"].endswith("KeyError: …")
        assert "test_logs.py" in line["exception"]
