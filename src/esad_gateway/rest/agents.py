"""Who acts for a trader: shown to that trader and to the agent, and taken back by the trader.

Nobody is let act here: whoever signs for a trader is named by the administration, since a token alone only reads.
"""

from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.ais.people.doing import Doing
from esad_gateway.errors import NotFound
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import LARGEST_NUMBER, AgentRows
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.views.agents import delegation_view
from esad_gateway.web.answer import JsonAnswer

AGENTS: Final = "/v1/traders/{seed}/agents"
REVOCATION: Final = AGENTS + "/{number}/revocation"

Number = Annotated[int, Path(ge=1, le=LARGEST_NUMBER, description="the number of the delegation")]


class AgentFilter(BaseModel):
    """Which delegations to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    all: bool = Field(default=False, description="also what has ended or was revoked")


@dataclass(frozen=True, slots=True)
class AgentDoor:
    """The routes under ``/v1/traders/{seed}/agents``; moments are shown as clocks in ``zone`` show them."""

    rows: AgentRows
    access: Access
    clock: Clock
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        router.add_api_route(AGENTS, self.agents, methods=["GET"], tags=["traders"])
        router.add_api_route(REVOCATION, self.revoke, methods=["POST"], tags=["traders"])
        return router

    def agents(self, seed: str, wanted: Annotated[AgentFilter, Query()], bearer: Bearer) -> dict[str, Any]:
        """Who may sign and read for a trader, and for whom it may itself: kinds of messages, from when until when."""
        check_owner(self.access, bearer, seed)
        now = self.clock.now()
        found = [one for one in self.rows.of(seed) if wanted.all or one.end is None or now < one.end]
        return {"agents": [delegation_view(one, self.zone) for one in found]}

    def revoke(self, seed: str, number: Number, bearer: Bearer) -> dict[str, Any]:
        """Take back what an agent may do, at once and for ever; the first time counts.

        Also what the agent has sent and is not decided yet is refused. What was signed before stays proved.
        """
        who = check_owner(self.access, bearer, seed, Doing.MANAGE)
        if self.rows.revoke(seed, number, self.clock.now):
            self.access.managed(who, seed, "agent.revoked", str(number))
        for one in self.rows.of(seed):
            if (one.number, one.trader) == (number, seed):
                return delegation_view(one, self.zone)
        raise NotFound(said("detail.no_delegation", number=number, seed=seed))
