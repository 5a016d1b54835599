"""Formalities that take weeks, between two gateways that run: the report goes when the administration lets it go."""

import asyncio
import json
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esad_gateway.drafting.reports import report
from esad_gateway.emcs.messages import IE801, IE818
from esad_gateway.settings import FILE
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Gateways, Member, Trader, provision, register, running
from esad_gateway.simulator.drafts import Parties
from esad_gateway.simulator.exchange import OPERATORS, ZONES, draft_now
from esad_gateway.simulator.stage import Cast
from helpers.forked import forked
from helpers.ready import ready

CONSIGNOR, _, CONSIGNEE, _ = OPERATORS
SETTINGS = "\nformalities_days = 20\noutbox_pause = 0.1\n"


@dataclass(frozen=True)
class World:
    """Lithuania and Poland, running; Poland holds reports of receipt for twenty days."""

    gateways: Gateways
    stage: Cast

    @property
    def poland(self) -> Member:
        """The state of destination."""
        return self.stage.members["PL"]

    @property
    def parties(self) -> tuple[Trader, Trader]:
        """The consignor in Lithuania and the consignee in Poland."""
        return self.stage.traders[CONSIGNOR.seed], self.stage.traders[CONSIGNEE.seed]

    async def held(self) -> str:
        """The ARC of a movement that is Delivered at destination and still Accepted at dispatch."""
        consignor, consignee = self.parties
        arc = await self.stage.accepted(consignor, draft_now(Parties(CONSIGNOR, CONSIGNEE), datetime.now(UTC)))
        e_sad = await self.stage.arrived(consignee, IE801, arc, consignor.member)
        await self.stage.accepted(consignee, report(e_sad, datetime.now(UTC), CONSIGNEE.office))
        await self.stage.in_state(consignee, arc, "X03")
        return arc

    async def delivered(self, arc: str) -> None:
        """Both traders get the report, and both see the movement as Delivered."""
        for trader in self.parties:
            await self.stage.arrived(trader, IE818, arc, self.poland)
            await self.stage.in_state(trader, arc, "X03")

    async def command(self, *arguments: str) -> tuple[int, dict[str, Any]]:
        """``esad held`` in Poland, as a process of its own: exit code and the object that it prints."""
        command = (str(ready()), "held", *arguments)
        options = ("--data", str(self.poland.data.root), "--json")
        ran = await asyncio.to_thread(
            subprocess.run, [*command, *options], capture_output=True, text=True, check=False, timeout=60
        )
        return ran.returncode, json.loads(ran.stdout)


@asynccontextmanager
async def world(root: Path) -> AsyncIterator[World]:
    """The two member states; in the end their stores are as everything that was told."""
    now = datetime.now(UTC)
    members = provision(root, {state: ZONES[state] for state in ("LT", "PL")}, now, KeyKind.P256)
    traders = register(members, (CONSIGNOR, CONSIGNEE), now, KeyKind.P256)
    for member in members.values():
        with (member.data.root / FILE).open("a", encoding="utf-8") as file:
            file.write(SETTINGS)
    async with running(members.values(), forked) as gateways:
        stage = Cast(members, traders)
        yield World(gateways, stage)
        for member in members.values():
            await stage.audited(member)


def test_report_is_held_until_the_administration_lets_it_go(tmp_path: Path) -> None:
    """S5: dispatch stays Accepted while it is held; the act reaches a gateway that runs, and one that is down."""

    async def scenario() -> None:
        async with world(tmp_path) as played:
            consignor, _ = played.parties
            arc = await played.held()
            code, listed = await played.command("list")
            assert (code, [hold["arc"] for hold in listed["held"]]) == (0, [arc])
            await played.stage.in_state(consignor, arc, "X01")

            code, released = await played.command("release", arc)
            assert (code, released["released"]) == (0, 1)
            await played.delivered(arc)

            second = await played.held()
            await played.gateways.stop(played.poland)
            assert (await played.command("release", second))[0] == 0
            await played.stage.in_state(consignor, second, "X01")
            await played.gateways.start(played.poland)
            await played.delivered(second)

    asyncio.run(scenario())
