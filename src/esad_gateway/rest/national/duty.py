"""Duty at the REST door: what goods are taxed with, and the rates of a day. It is public law: no token is needed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.errors import ComposeRefused, NationalRefused
from esad_gateway.national.duty import DutyDesk, question_of
from esad_gateway.rest.described import answer, problem
from esad_gateway.rest.national.duty_examples import ASKED, ASSESSED, RATES_OF_WINE
from esad_gateway.views.duty import assessment_view, rates_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.json_body import json_body

DUTY: Final = "/v1/duty"
RATES: Final = DUTY + "/rates"
LARGEST_QUESTION: Final = 512 * 1024
"""Bytes of a question: 999 lines that say everything have less."""

_UNREADABLE: Final[Mapping[int | str, dict[str, Any]]] = {
    "400": problem("no JSON"),
    "413": problem("too large"),
    "415": problem("no JSON by its media type, or encoded"),
}


class RatesAsked(BaseModel):
    """Which rates to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    on: date | None = Field(None, description="the rates of this day; today when it is left out")
    tariff_group: str | None = Field(None, min_length=1, max_length=10, description="only those of this group")


@dataclass(frozen=True, slots=True)
class DutyDoor:
    """The routes under ``/v1/duty``."""

    desk: DutyDesk

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        body = {"required": True, "content": {"application/json": {"example": dict(ASKED)}}}
        router.add_api_route(
            DUTY,
            self.assess,
            methods=["POST"],
            tags=["national"],
            responses={"200": answer("the duty, with every step and its source", ASSESSED), **_UNREADABLE},
            openapi_extra={"requestBody": body},
        )
        router.add_api_route(
            RATES,
            self.rates,
            methods=["GET"],
            tags=["national"],
            responses={"200": answer("by tariff group; one without a rate has none that is known", RATES_OF_WINE)},
        )
        return router

    async def assess(self, request: Request) -> dict[str, Any]:
        """The duty on goods at the rates of a day, with every step; for goods with an e-SAD, the day of receipt.

        Amounts are texts, in EUR. Where one line cannot be assessed nothing is answered but every fault (422).
        """
        data = await json_body(request, LARGEST_QUESTION)
        return await asyncio.to_thread(self._assessed, data)

    def rates(self, wanted: Annotated[RatesAsked, Query()]) -> dict[str, Any]:
        """The rates of a day, each figure with its source and how sure that is."""
        return rates_view(self.desk.law(), wanted.on or self.desk.today(), wanted.tariff_group)

    def _assessed(self, data: Any) -> dict[str, Any]:
        try:
            made = self.desk.assess(question_of(data))
        except ComposeRefused as refused:
            raise NationalRefused(refused.faults) from refused
        if made.faults:
            raise NationalRefused(made.faults)
        return assessment_view(made, self.desk.law())
