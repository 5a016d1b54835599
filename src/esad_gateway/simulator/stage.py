"""A stage: traders act at running gateways. What they see is checked at once, and compared with the stores later."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any, TypeVar

from esad_gateway.audit.check import waiting
from esad_gateway.client import operations
from esad_gateway.emcs.messages import Message
from esad_gateway.errors import PeerError
from esad_gateway.faults import Said, said
from esad_gateway.simulator.box import Member, Trader
from esad_gateway.simulator.drafts import read
from esad_gateway.simulator.evidence import ExpectedFacts, Findings, Stored, examine, trust_of
from esad_gateway.xml.release import current

WITHIN = 60.0
"""Seconds: how long something may take that another process does at once, on a machine that is busy with much else."""

LOOK_EVERY = 0.02
T = TypeVar("T")
M = TypeVar("M", bound=Message)

ACCEPTED, SHOWN = 201, 200


class NotAsExpected(PeerError):
    """Something that a demonstration has to show did not happen."""


@dataclass(frozen=True, slots=True)
class Cast:
    """Traders of some member states, each at its own gateway; all methods raise NotAsExpected."""

    members: dict[str, Member]
    traders: dict[str, Trader]
    ledger: ExpectedFacts = field(default_factory=ExpectedFacts)
    within: float = WITHIN
    """Seconds that anything may take to arrive."""

    async def submit(self, trader: Trader, document: bytes) -> tuple[int, dict[str, Any]]:
        """Submit a document: status and answer. What a receipt tells goes into the ledger."""
        async with trader.client() as client:
            status, answer = await client.answer(operations.submit(document))
        if "outcome" in answer:
            self._tell(trader, answer["seq"], "in", answer, trader.signer.fingerprint)
            for reply in answer["replies"]:
                told = {**reply, "arc": answer["arc"], "outcome": "accepted"}
                self._tell(trader, reply["seq"], "out", told, trader.member.fingerprint)
        return status, answer

    async def accepted(self, trader: Trader, message: Message) -> str:
        """Submit a message that must be accepted; returns its ARC."""
        status, answer = await self.submit(trader, signed(trader, message))
        expect(status == ACCEPTED, f"the {type(message).__name__} should be accepted: {status} {answer}")
        return str(answer["arc"])

    async def arrived(self, trader: Trader, kind: type[M], arc: str, author: Member) -> M:
        """The message of that type and movement, signed by ``author``, as soon as the trader's mailbox has it."""
        name = kind.__name__
        reached = f"an {name} of {arc} reaches {trader.seed}"
        listed = await until(lambda: _listed(trader, name, arc), reached, self.within)
        self._tell(trader, listed["seq"], "out", listed, author.fingerprint)
        async with trader.client() as client:
            message = read(await client.message(listed["seq"]))
        if not isinstance(message, kind):
            raise NotAsExpected(f"an {name} was expected, it is an {type(message).__name__}")
        return message

    async def in_state(self, trader: Trader, arc: str, expected: str) -> Said:
        """Wait until the trader sees its side of a movement in that state; returns the state in words."""
        async with trader.client() as client:
            _, answer = await client.answer(operations.movement(trader.seed, arc))
        expect(answer.get("state") == expected, f"{trader.seed} should see {arc} in {expected}: {answer}")
        self.ledger.movements[trader.member.state][arc, answer["side"]] = expected
        return said("demo.state", name=Said(f"state.{expected}"), state=expected)

    async def audited(self, member: Member) -> Findings:
        """Wait until all is delivered; return what the member's store holds, which must be as the ledger tells."""
        delivered = f"{member.address} has delivered everything"
        await until(lambda: asyncio.to_thread(_delivered, member), delivered, self.within)
        trust = trust_of(self.members.values())
        evidence = await asyncio.to_thread(examine, member, trust, datetime.now(UTC))
        dead = [f"{evidence.report.dead} dead letters"] if evidence.report.dead else []
        differences = self.ledger.differences(member.state, evidence)
        problems = "; ".join((*evidence.report.problems, *evidence.unproven, *differences, *dead))
        expect(not problems, f"the store of {member.address} tells otherwise: {problems}")
        return evidence

    def _tell(self, trader: Trader, seq: int, direction: str, told: dict[str, Any], signer: str) -> None:
        self.ledger.messages[trader.member.state].add(
            Stored(
                mailbox=trader.seed,
                seq=seq,
                direction=direction,
                type=told["message"],
                arc=told["arc"],
                outcome=told["outcome"],
                signer=signer,
            )
        )


def signed(trader: Trader, message: Message) -> bytes:
    """A message as a trader's document."""
    return trader.signer.sign(current().write(message))


async def until(look: Callable[[], Awaitable[T | None]], expected: str, within: float = WITHIN) -> T:
    """Return what ``look`` finds, as soon as it finds something. Raises NotAsExpected after ``within`` seconds."""
    try:
        async with asyncio.timeout(within):
            while (found := await look()) is None:  # noqa: ASYNC110  what is awaited happens in another process
                await asyncio.sleep(LOOK_EVERY)
            return found
    except TimeoutError as error:
        raise NotAsExpected(f"not within {within:g} s: {expected}") from error


def expect(true: bool, expected: str) -> None:  # noqa: FBT001  reads as an assertion
    """Raise NotAsExpected with ``expected`` unless ``true``."""
    if not true:
        raise NotAsExpected(expected)


async def _listed(trader: Trader, kind: str, arc: str) -> dict[str, Any] | None:
    async with trader.client() as client:
        status, page = await client.answer(operations.messages(trader.seed, type=kind, arc=arc))
    expect(status == SHOWN, f"{trader.seed} should be shown its mailbox: {status} {page}")
    return next((item for item in page["messages"] if item["direction"] == "out"), None)


def _delivered(member: Member) -> bool | None:
    return waiting(member.data) == 0 or None
