"""The whole test of :mod:`simulated` with its member states apart: a process each, fresh, and real time between."""

import asyncio
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

from esad_gateway.drafting.reports import as_it_stands
from esad_gateway.emcs.codes import StatusType, SubmitterType
from esad_gateway.emcs.messages import IE801, IE818, Message
from esad_gateway.errors import NotConfigured
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.scripts.model import Do, Then
from esad_gateway.simulator.stage import Cast
from esad_gateway.simulator.world.acting import Arrival, written

DAY: Final = 1.0
"""Seconds of real time for which a timer of a day waits."""

STATES: Final = ("LT", "PL")
CONSIGNOR, CONSIGNEE = "LT00000000101", "PL00000000201"


@dataclass(frozen=True, slots=True)
class Apart:
    """Two member states that are processes of their own, with a trader each."""

    members: dict[str, Member]
    traders: dict[str, Trader]

    @classmethod
    def made(cls, folder: Path) -> "Apart":
        """Keys, data directories and registers below ``folder``: what a test of a world has once a process, too."""
        now, kind = datetime.now(UTC), KeyKind.P256
        members = provision(folder, {state: ZONES[state] for state in STATES}, now, kind)
        wanted = [one for one in OPERATORS if one.seed in {CONSIGNOR, CONSIGNEE}]
        return cls(members, register(members, wanted, now, kind))

    def play(self) -> None:
        """Start both, let the refused wine come home, and end them. Raises NotAsExpected or NotConfigured."""
        asyncio.run(self._play())

    async def _play(self) -> None:
        async with running(self.members.values()):
            await self._comes_home(Cast(self.members, self.traders))

    async def _comes_home(self, cast: Cast) -> None:
        vilnius, warsaw = self.traders[CONSIGNOR], self.traders[CONSIGNEE]
        draft = draft_now(Parties(vilnius.operator, warsaw.operator), datetime.now(UTC))
        arc = await cast.accepted(vilnius, draft)
        e_sad = await cast.arrived(warsaw, IE801, arc, vilnius.member)
        await asyncio.sleep(DAY)
        await cast.accepted(warsaw, _answer(warsaw, e_sad, Do.REFUSE))
        await cast.arrived(vilnius, IE818, arc, warsaw.member)
        await asyncio.sleep(2 * DAY)
        await cast.accepted(vilnius, _answer(vilnius, e_sad, Do.TAKE_BACK))
        returning = as_it_stands(e_sad, e_sad.header_ead_esad.sequence_number + 1, returning=True)
        await cast.accepted(vilnius, _answer(vilnius, returning, Do.REPORT_RETURN))
        await cast.in_state(vilnius, arc, StatusType.DELIVERED)


def _answer(trader: Trader, e_sad: IE801, do: Do) -> Message:
    """What a trader writes now about a movement."""
    now, author = datetime.now(UTC), SubmitterType.CONSIGNEE if trader.seed == CONSIGNEE else SubmitterType.CONSIGNOR
    arrival = Arrival(e_sad=e_sad, now=now, today=_today(trader, now), office=trader.operator.office, author=author)
    message = written(Then(do=do, reason="goods damaged"), arrival)
    if message is None:
        raise NotConfigured(f"nothing is written to {do}")
    return message


def _today(trader: Trader, now: datetime) -> date:
    return now.astimezone(ZoneInfo(ZONES[trader.member.state])).date()
