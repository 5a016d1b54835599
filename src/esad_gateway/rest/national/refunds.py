"""Refund files at the REST door: shown, or taken as an archive, by the consignor of a delivered movement."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.ais.duty.goods import GoodsUse
from esad_gateway.ais.people.doing import Doing
from esad_gateway.ais.refunds.claim import PaidDuty, PaidLine
from esad_gateway.gateway.access import Access
from esad_gateway.national.refunds import E_ROR, E_SAD, RefundBundle, RefundDesk
from esad_gateway.rest.described import also, answer, problem
from esad_gateway.rest.forms import JSON, VARY, form_of
from esad_gateway.rest.national.refund_examples import CLAIMED
from esad_gateway.rest.printing import Printing
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.web.answer import JsonAnswer

REFUND: Final = "/v1/national/refunds/{seed}/{arc}"
ZIP: Final = "application/zip"

_MOST: Final = 999
_USES: Final = "|".join(GoodsUse)
_Use = Annotated[str, Field(pattern=f"^[0-9]{{1,3}}=({_USES})$")]
_Price = Annotated[str, Field(pattern=r"^[0-9]{1,3}=[0-9]{1,9}(\.[0-9]{1,4})?/[0-9]{1,6}$")]
_Pieces = Annotated[str, Field(pattern="^[0-9]{1,3}=[0-9]{1,12}$")]


class RefundAsked(BaseModel):
    """That duty was paid, and what no message says of lines, by their numbers in the e-SAD."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    paid_on: date | None = Field(None, description="the day on which duty was paid: its rates are those of the claim")
    proof: str = Field("", max_length=350, description="what proves it, such as the number of a declaration")
    use: list[_Use] = Field([], max_length=_MOST, description="what the rate of a line is for: 1=small_brewery")
    retail_price: list[_Price] = Field([], max_length=_MOST, description="EUR for so many pieces of a line: 1=6.00/20")
    pieces: list[_Pieces] = Field([], max_length=_MOST, description="pieces of a line that EMCS weighs: 1=20000")

    def paid(self) -> PaidDuty:
        """The same as it is judged."""
        told: dict[int, dict[str, Any]] = {}
        for number, values in self._told():
            told.setdefault(number, {}).update(values)
        lines = tuple(PaidLine(line=number, **values) for number, values in told.items())
        return PaidDuty(on=self.paid_on, proof=self.proof, lines=lines)

    def _told(self) -> Iterator[tuple[int, dict[str, Any]]]:
        for number, use in _by_line(self.use):
            yield number, {"use": GoodsUse(use)}
        for number, told in _by_line(self.retail_price):
            price, _, pieces = told.partition("/")
            yield number, {"retail_price": Decimal(price), "pieces_in_package": int(pieces)}
        for number, pieces in _by_line(self.pieces):
            yield number, {"pieces": int(pieces)}


@dataclass(frozen=True, slots=True)
class RefundDoor:
    """The route ``/v1/national/refunds/{seed}/{arc}``, which needs the trader's token."""

    desk: RefundDesk
    access: Access
    printing: Printing

    def router(self) -> APIRouter:
        """The route."""
        router = APIRouter(default_response_class=JsonAnswer)
        claimed = answer("what may be claimed back", CLAIMED)
        also(claimed, ZIP, "the same as an archive to hand in, with both documents as they were signed")
        router.add_api_route(
            REFUND,
            self.refund,
            methods=["GET"],
            tags=["national"],
            responses={"200": claimed, "406": problem("nothing that Accept asks for")},
        )
        return router

    def refund(
        self, seed: str, arc: str, wanted: Annotated[RefundAsked, Query()], request: Request, bearer: Bearer
    ) -> Response:
        """The refund file of a movement that was delivered: shown, or with ``Accept: application/zip`` to hand in.

        Duty is that of what was received, at the rates of the day on which it was paid. Everything that is in the way
        is told at once (422).
        """
        who = check_owner(self.access, bearer, seed, Doing.CLAIM)
        form = form_of(request, JSON, ZIP)
        bundle = self.desk.bundle(who, seed, arc, wanted.paid())
        if form == JSON:
            return JsonAnswer(self.desk.view(bundle), headers=dict(VARY))
        headers = {**VARY, "Content-Disposition": f'attachment; filename="refund-{arc}.zip"'}
        return Response(self.desk.archive(bundle, self._papers(seed, bundle)), media_type=ZIP, headers=headers)

    def _papers(self, seed: str, bundle: RefundBundle) -> dict[str, bytes]:
        """Printouts of both documents, where what draws them is installed."""
        if not self.printing.offered():
            return {}
        printed = {name: self.printing.printed(seed, one, name) for name, one in _documents(bundle)}
        return {f"{name}.pdf": bytes(paper.body) for name, paper in printed.items() if paper is not None}


def _documents(bundle: RefundBundle) -> tuple[tuple[str, bytes], ...]:
    return (E_SAD, bundle.e_sad), (E_ROR, bundle.report)


def _by_line(told: list[str]) -> Iterator[tuple[int, str]]:
    for one in told:
        number, _, value = one.partition("=")
        yield int(number), value
