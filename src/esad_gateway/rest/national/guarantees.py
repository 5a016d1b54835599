"""Guarantees at the doors: traders read their own and ask for another amount, officials keep them."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, tzinfo
from typing import Annotated, Any, Final, TypeVar

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.guarantees.asked import AmountAsked, EntryAsked, GuaranteeAsked, SimulationAsked, WishAsked
from esad_gateway.ais.people.doing import Doing
from esad_gateway.ais.people.roles import AisRole
from esad_gateway.errors import NotFound, RoleMissing
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access
from esad_gateway.ports.national.guarantees import GuaranteeKeeper
from esad_gateway.rest.national.who import actor_of, person_of
from esad_gateway.rest.who import Bearer
from esad_gateway.views.guarantees import (
    amount_act_view,
    basis_view,
    entry_view,
    guarantee_view,
    statement_view,
)
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.asked import Moment
from esad_gateway.web.json_body import json_body
from esad_gateway.xml.plain import group_from_plain

SIMULATION: Final = "/v1/national/guarantees/simulation"
OWN: Final = "/v1/national/guarantees/{excise_number}"

LARGEST_ASKED: Final = 1024 * 1024
"""Bytes of what is asked for: as many goods as a document may have."""

_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 1, 1, tzinfo=UTC)
"""Terms are counted from the moment on, and time ends with the year 9999."""

_Asked = TypeVar("_Asked")


class StatementAsked(BaseModel):
    """How it stood when."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at: Moment | None = Field(
        None, ge=_FIRST, lt=_LAST, description="a moment with its zone, of the years 1970 to 9998; now if left out"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class GuaranteeDoor:
    """The routes under ``/v1/national/guarantees``; moments are shown as clocks in ``zone`` show them."""

    desk: GuaranteeKeeper
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("POST", SIMULATION, self.simulate, 200),
            ("GET", OWN, self.statement, 200),
            ("POST", OWN + "/wishes", self.wish, 201),
            ("POST", OWN + "/papers", self.add, 201),
            ("POST", OWN + "/entries", self.change, 201),
            ("POST", OWN + "/amounts", self.decide, 201),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["guarantees"], status_code=status)
        return router

    async def simulate(self, request: Request, bearer: Bearer) -> Response:
        """What would have to be secured for goods of an average month, with every step; nothing is kept."""
        await asyncio.to_thread(actor_of, self.access, bearer)
        asked = await _read(request, SimulationAsked)
        made = await asyncio.to_thread(self.desk.simulate, asked.goods, asked.share, asked.on)
        return JsonAnswer(basis_view(made, self.desk.duty))

    def statement(
        self, excise_number: str, wanted: Annotated[StatementAsked, Query()], bearer: Bearer
    ) -> dict[str, Any]:
        """How a number stands at a moment: what secures its duty, every line of the ledger, and what is required."""
        self._reader(bearer, excise_number)
        return statement_view(self.desk.statement(excise_number, wanted.at), self.zone)

    async def wish(self, excise_number: str, request: Request, bearer: Bearer) -> Response:
        """Ask for a lower amount, a tenth, an exemption, or other goods; the same once more is the same."""
        by = await asyncio.to_thread(self._reader, bearer, excise_number)
        asked = await _read(request, WishAsked)
        done = await asyncio.to_thread(self.desk.wish, excise_number, asked, by)
        return JsonAnswer(amount_act_view(done, self.zone), 201)

    async def add(self, excise_number: str, request: Request, bearer: Bearer) -> Response:
        """Add a guarantee; for officials. The same once more is the same."""
        by = await asyncio.to_thread(self._official, bearer)
        asked = await _read(request, GuaranteeAsked)
        added = await asyncio.to_thread(self.desk.add, asked.guarantee(excise_number), by)
        return JsonAnswer(guarantee_view(added), 201)

    async def change(self, excise_number: str, request: Request, bearer: Bearer) -> Response:
        """Raise, lower, return or use a guarantee, reserve or release by hand; for officials.

        The same document once more is the same entry, and with another amount it is refused.
        """
        by = await asyncio.to_thread(self._official, bearer)
        asked = await _read(request, EntryAsked)
        added = await asyncio.to_thread(self.desk.enter, excise_number, asked, by)
        return JsonAnswer(entry_view(added, self.zone), 201)

    async def decide(self, excise_number: str, request: Request, bearer: Bearer) -> Response:
        """Set the amount that a number has to secure; for officials.

        With ``instead_of``, the number of the decision that was seen, it is refused where another one stands.
        """
        by = await asyncio.to_thread(self._official, bearer)
        asked = await _read(request, AmountAsked)
        done = await asyncio.to_thread(self.desk.decide, excise_number, asked, by)
        return JsonAnswer(amount_act_view(done, self.zone), 201)

    def _reader(self, bearer: Bearer, seed: str) -> DoneBy:
        """Who acts for a number, or as an official; what belongs to others does not exist. Raises NoToken, NotFound."""
        by = actor_of(self.access, bearer, seed)
        if by.role != AisRole.EXCISE_OFFICER and by.seed != seed:
            raise NotFound(said("guarantee.nobody", seed=seed))
        return by

    def _official(self, bearer: Bearer) -> DoneBy:
        who = person_of(self.access, bearer)
        if faults := who.faults_of(Doing.OFFICIATE):
            raise RoleMissing(faults)
        return who.actor()


async def _read(request: Request, kind: type[_Asked]) -> _Asked:
    """What a body in JSON asks for. Raises Problem, and ComposeRefused with every field that is in the way."""
    data = await json_body(request, LARGEST_ASKED)
    make: Callable[[Any, type[_Asked]], _Asked] = group_from_plain
    return await asyncio.to_thread(make, data, kind)
