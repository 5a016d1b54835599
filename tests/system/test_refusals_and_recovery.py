"""Scenarios S2 to S4, S15 and S23: what is refused, what is lost for good, and what was on paper for a while.

Between the two gateways there is a line each way that loses or spoils what it is told.
"""

import asyncio
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from typing import Any, TypeVar

import pytest

from esad_gateway.cli.common.administration import registry_of
from esad_gateway.client import AsyncGatewayClient, operations
from esad_gateway.emcs.codes import StatusRequestMessageType, StatusType
from esad_gateway.emcs.messages import IE704, IE815, IE818, IE906, IE917, IE934, Message, ie704
from esad_gateway.signing.signer import load_signer
from esad_gateway.simulator.box import Member
from esad_gateway.simulator.drafts import draft, read
from esad_gateway.simulator.exchange import draft_now
from esad_gateway.simulator.stage import signed, until
from helpers.crash import read_books, settled
from helpers.gateway import edited
from helpers.line import Line, open_line
from helpers.protocol import status_question
from helpers.samples import evolve
from helpers.two_states import World, running_world

M = TypeVar("M", bound=Message)
PATHS = {"LT": "PL", "PL": "LT"}
"""From each state to the other."""

PEER_ADD = (sys.executable, "-m", "esad_gateway", "peer", "add")


@dataclass(frozen=True)
class Scene:
    """Two states, the lines between them by where they begin, and the keys to their administrations' mailboxes."""

    world: World
    lines: Mapping[str, Line]
    tokens: Mapping[str, str]

    @property
    def to_poland(self) -> Line:
        """What Lithuania sends goes through here."""
        return self.lines["LT"]

    @property
    def to_lithuania(self) -> Line:
        """What Poland sends goes through here."""
        return self.lines["PL"]

    def member(self, state: str) -> Member:
        """A member state."""
        return self.world.stage.members[state]

    async def refused(self, document: bytes, kind: type[M]) -> tuple[dict[str, Any], M]:
        """The consignor submits, and is refused: the answer, and the refusal that lies in its mailbox."""
        consignor = self.world.consignor
        status, answer = await self.world.stage.submit(consignor, document)
        assert status == 422, answer
        (reply,) = answer["replies"]
        async with consignor.client() as client:
            refusal = read(await client.message(reply["seq"]))
        assert isinstance(refusal, kind)
        return answer, refusal

    async def filed(self, state: str, kind: type[M]) -> M:
        """The newest message of a type from the other administration, as soon as there is one."""
        mailbox = f"NDEA.{PATHS[state]}"
        async with AsyncGatewayClient(self.member(state).url, seed=mailbox, token=self.tokens[state]) as client:

            async def look() -> bytes | None:
                _, page = await client.answer(operations.messages(mailbox, type=kind.__name__, limit=500))
                came = [item["seq"] for item in page["messages"] if item["direction"] == "in"]
                return await client.message(came[-1]) if came else None

            message = read(await until(look, f"an {kind.__name__} reaches {mailbox} of {state}"))
        assert isinstance(message, kind)
        return message

    async def quiet(self, *states: str) -> None:
        """These states, or both, have nothing left to say: all of it was acknowledged."""
        for state in states or PATHS:
            over = partial(asyncio.to_thread, settled, self.member(state))
            await until(over, f"{state} has delivered everything")

    def told(self) -> list[tuple[int, int]]:
        """How much there is in the books that a draft which is refused may not add to: movements, and what was sent."""
        books = [read_books(member) for member in self.world.stage.members.values()]
        return [(len(one.movements), len(one.outbox)) for one in books]


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    """Lithuania and Poland reach each other through the lines only."""
    tokens = {}
    with open_line() as to_poland, open_line() as to_lithuania:
        lines = {"LT": to_poland, "PL": to_lithuania}

        def connect(members: Mapping[str, Member]) -> None:
            for here, there in PATHS.items():
                data, other = members[here].data, members[there]
                lines[here].far_end = f"{other.url}/ndea"
                peer = ("--state", there, "--url", lines[here].url, "--certificate", other.data.certificate)
                subprocess.run([*PEER_ADD, "--untried", "--data", data.root, *peer], check=True, capture_output=True)
                with registry_of(data.root) as registry:
                    tokens[here] = registry.issue_token(other.address, datetime.now(UTC))

        with running_world(tmp_path_factory.mktemp("box"), prepare=connect) as world:
            yield Scene(world, lines, tokens)


def late_draft(world: World) -> IE815:
    """A draft after a fallback document: the hour that the journey may take is over before it is submitted."""
    now = datetime.now(UTC)
    late = draft(world.parties, now, now.date() - timedelta(days=2), deferred=True)
    return evolve(late, {"header_ead_esad.journey_time": "H01"})


def test_s2_draft_is_refused_by_rules(scene: Scene) -> None:
    """S2: every fault in the answer, an IE704 with the LRN and no ARC in the mailbox, and nobody else hears of it."""

    async def scenario() -> None:
        before = scene.told()
        wrong = evolve(
            draft_now(scene.world.parties, datetime.now(UTC)),
            {"body_ead_esad.0.gross_mass": Decimal(1), "consignee_trader.traderid": "PL00000000299"},
        )
        answer, refusal = await scene.refused(signed(scene.world.consignor, wrong), IE704)
        assert {fault["rule"] for fault in answer["faults"]} == {"R045", "R219"}
        assert len(refusal.functional_error) == len(answer["faults"])
        lrn = wrong.ead_esad_draft.local_reference_number
        assert refusal.attributes == ie704.Attributes(local_reference_number=lrn)
        assert refusal.header.correlation_identifier == wrong.header.message_identifier
        assert scene.told() == before

    scene.world.play(scenario())


def test_s3_draft_is_refused_by_the_schema(scene: Scene) -> None:
    """S3: an IE917 without ARC in the mailbox says what is wrong and where, and nobody else hears of it."""

    async def scenario() -> None:
        before = scene.told()
        consignor, message = scene.world.consignor, draft_now(scene.world.parties, datetime.now(UTC))
        malformed = edited(signed(consignor, message), consignor.signer, (b">D05<", b">soon<"))
        answer, refusal = await scene.refused(malformed, IE917)
        assert {fault["rule"] for fault in answer["faults"]} == {"XSD"}
        assert [error.original_attribute_value for error in refusal.xml_error] == ["soon"]
        assert refusal.attributes is None
        assert refusal.header.correlation_identifier == message.header.message_identifier
        assert scene.told() == before

    scene.world.play(scenario())


@pytest.mark.parametrize(
    ("spoiled", "kind"),
    [((b">PL00000000201<", b">DE00000000201<"), IE906), ((b">D05<", b">soon<"), IE917)],
    ids=["by rule", "by schema"],
)
def test_s4_e_sad_is_refused_by_the_state_of_destination(
    scene: Scene, spoiled: tuple[bytes, bytes], kind: type[IE906 | IE917]
) -> None:
    """S4: what Lithuania signed is wrong; Poland says so about that movement, has none, and no refusal is answered."""

    async def scenario() -> None:
        lithuania = scene.member("LT")
        signer = load_signer(lithuania.data.key, lithuania.data.certificate)
        scene.to_poland.once("IE801", lambda document: edited(document, signer, spoiled))
        carried = len(scene.to_poland.carried), len(scene.to_lithuania.carried)
        arc = await scene.world.stage.accepted(scene.world.consignor, draft_now(scene.world.parties, datetime.now(UTC)))
        refusal = await scene.filed("LT", kind)
        await scene.quiet()
        assert refusal.attributes is not None
        assert refusal.attributes.administrative_reference_code == arc
        assert refusal.attributes.sequence_number == 1
        assert refusal.header.correlation_identifier == scene.to_poland.last("IE801").header.message_identifier
        assert [name for name, _ in scene.to_poland.carried[carried[0] :]] == ["IE801"]
        assert [name for name, _ in scene.to_lithuania.carried[carried[1] :]] == [kind.__name__]
        assert arc not in {row["arc"] for row in read_books(scene.member("PL")).movements}
        await scene.world.stage.in_state(scene.world.consignor, arc, "X01")

    scene.world.play(scenario())


def test_s15_e_sad_that_was_lost_is_sent_again(scene: Scene) -> None:
    """S15: Poland acknowledged the e-SAD and never had it; when the journey is over that is found out."""

    async def scenario() -> None:
        scene.to_poland.lose("IE801")
        goods = await scene.world.begin(late_draft(scene.world))
        await scene.quiet()
        lost, asked, *then = scene.to_poland.about(goods.arc)
        # What an answer brings waits for no document: the reminder may come first, and is parked then.
        assert (lost, asked, sorted(then)) == ("IE801", "IE904", ["IE801", "IE802"])
        answer = scene.to_lithuania.last("IE905")
        assert answer.attributes.status is StatusType.NONE
        assert answer.header.correlation_identifier == scene.to_poland.last("IE904").header.message_identifier
        assert goods.e_sad.header.correlation_identifier == answer.header.message_identifier
        await goods.states("X01", "X01")

    scene.world.play(scenario())


def test_s15_report_of_receipt_that_was_lost_is_sent_again(scene: Scene) -> None:
    """S15: Lithuania acknowledged the report and never had it; asked for its state, Poland sends it once more."""

    async def scenario() -> None:
        with scene.to_poland.without("IE904"):
            goods = await scene.world.begin(late_draft(scene.world))
            scene.to_lithuania.lose("IE818")
            await goods.report()
            await scene.quiet("PL")
            await goods.states("X01", "X03")
        again = await goods.consignor_gets(IE818, "PL")
        await scene.quiet()
        lost, *then = scene.to_lithuania.about(goods.arc)
        # An answer to a question about the status waits for no document, and none waits for it.
        assert (lost, sorted(then)) == ("IE818", ["IE818", "IE905"])
        assert scene.to_lithuania.last("IE905").attributes.status is StatusType.DELIVERED
        assert again.header.correlation_identifier == scene.to_poland.last("IE904").header.message_identifier
        await goods.states("X03", "X03")

    scene.world.play(scenario())


def test_s15_history_is_asked_for_and_comes_packed(scene: Scene) -> None:
    """S15: a Lithuanian office asks for the history; the package holds what was exchanged, byte for byte."""

    async def scenario() -> None:
        goods = await scene.world.begin()
        await goods.report()
        await goods.states("X03", "X03")
        await scene.quiet()
        await goods.order("LT", status_question(StatusType.DELIVERED, StatusRequestMessageType.MOVEMENT_HISTORY))
        package = await scene.filed("LT", IE934)
        await scene.quiet()
        assert scene.to_lithuania.about(goods.arc)[:2] == ["IE818", "IE905"]
        packed = [(body.technical_message_type, body.message_data) for body in package.message_body]
        exchanged = [item for line in scene.lines.values() for item in line.carried if goods.arc.encode() in item[1]]
        assert [kind for kind, _ in packed[:2]] == ["IE801", "IE818"]
        assert set(packed[:2]) <= set(exchanged)
        assert package.header.correlation_identifier == scene.to_poland.last("IE904").header.message_identifier

    scene.world.play(scenario())


def test_s23_report_of_receipt_after_one_on_paper(scene: Scene) -> None:
    """S23: the goods left and arrived on paper; the report follows later, says when it was, and ends the movement."""

    async def scenario() -> None:
        now = datetime.now(UTC)
        left = now.date() - timedelta(days=4)
        arrived = left + timedelta(days=1)
        goods = await scene.world.begin(draft(scene.world.parties, now, left, deferred=True))
        await goods.report(**{"report_of_receipt_export.date_of_arrival_of_excise_products": arrived})
        report = await goods.consignor_gets(IE818, "PL")
        assert report.report_of_receipt_export.date_of_arrival_of_excise_products == arrived
        await goods.states("X03", "X03")

    scene.world.play(scenario())


@pytest.mark.parametrize("state", PATHS)
def test_books_are_whole_after_all_of_it(scene: Scene, state: str) -> None:
    """What was told stands in the stores, movements of it and no others, every signature holds, nothing is dead."""
    evidence = scene.world.play(scene.world.stage.audited(scene.member(state)))

    assert evidence.verified > 0
