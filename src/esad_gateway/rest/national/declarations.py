"""Declarations of a trader at the door: months with their state, what a month has to declare, filing it, and files."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from typing import Annotated, Any, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from esad_gateway.ais.declarations.filing import FilingAsked
from esad_gateway.ais.declarations.period import TaxPeriod
from esad_gateway.ais.people.doing import Doing
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.errors import NotFound
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access
from esad_gateway.ports.national.declaring import Declaring
from esad_gateway.rest.national.who import actor_of
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.views.declarations import filed_view, month_view, sources_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.json_body import json_body

DECLARATIONS: Final = "/v1/traders/{seed}/declarations"
MONTH: Final = DECLARATIONS + "/{period}"
FIGURE: Final = MONTH + "/figures/{figure}"
FILINGS: Final = MONTH + "/filings"
FILED_FILE: Final = FILINGS + "/{filing}/file"

LARGEST_FILING: Final = 8 * 1024
"""Bytes of what is said about a filing."""

FILE_TYPES: Final[Mapping[str, str]] = {
    "ffdata": "application/xml",
    "csv": "text/csv",
    "json": "application/json",
    "pdf": "application/pdf",
}


# Another length is answered as every month, figure or filing is that there is not (404).
PeriodText = Annotated[str, Path(json_schema_extra={"maxLength": 20}, description="the month, such as 2026-10")]
FigureKey = Annotated[
    str, Path(json_schema_extra={"maxLength": 40}, description="a figure with dots for slashes, such as D.110")
]
FilingNumber = Annotated[
    str, Path(json_schema_extra={"maxLength": 10}, description="0, the number of a correction, or last")
]


class FilingBody(BaseModel):
    """How a month is to be filed; what is left out is as the form has it."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    form: str | None = Field(None, max_length=20, description="the form; refused where it is not that of the period")
    payerType: str | None = Field(None, max_length=100, description="box 3")  # noqa: N815 - as JSON has it
    number: str | None = Field(None, max_length=100, description="box 8")
    zero: bool = Field(default=False, description="also where nothing was received")


class FileAsked(BaseModel):
    """As what a declaration is written."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    format: Literal["ffdata", "csv", "json", "pdf"] = "ffdata"


@dataclass(frozen=True, slots=True)
class DeclarationDoor:
    """The routes of declarations; ``written`` makes the file of what was filed, moments are as in ``zone``."""

    desk: Declaring
    written: Callable[[str, TaxPeriod, int | None, str], bytes]
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, more in (
            ("GET", DECLARATIONS, self.months, {}),
            ("GET", MONTH, self.month, {}),
            ("GET", FIGURE, self.figure, {}),
            ("POST", FILINGS, self.file, {"status_code": 201}),
            ("GET", FILED_FILE, self.filed_file, {"response_class": Response}),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["traders"], **more)
        return router

    def months(self, seed: str, bearer: Bearer) -> dict[str, Any]:
        """The months of which there is something to say: open, due, late, filed, to be corrected; the newest first."""
        check_owner(self.access, bearer, seed)
        return {"declarations": [month_view(one, self.zone) for one in self.desk.months(seed)]}

    def month(self, seed: str, period: PeriodText, bearer: Bearer) -> dict[str, Any]:
        """What a month has to declare as things stand, what is in the way, and what was filed."""
        check_owner(self.access, bearer, seed)
        return month_view(self.desk.month(seed, _read(period)), self.zone)

    def figure(self, seed: str, period: PeriodText, figure: FigureKey, bearer: Bearer) -> dict[str, Any]:
        """The lines of documents that a figure comes from."""
        check_owner(self.access, bearer, seed)
        key = figure.replace(".", "/")
        return {"figure": key, "sources": sources_view(self.desk.figure(seed, _read(period), key))}

    async def file(self, seed: str, period: PeriodText, request: Request, bearer: Bearer) -> Response:
        """File a month as it follows from its receipts; what was filed before is corrected.

        The same again is answered as the first time (200).
        """
        await asyncio.to_thread(check_owner, self.access, bearer, seed, Doing.DECLARE)
        asked = _asked(await json_body(request, LARGEST_FILING))
        by = await asyncio.to_thread(actor_of, self.access, bearer, seed)
        taken = await asyncio.to_thread(self.desk.file, seed, _read(period), asked, by)
        view = {"declaration": filed_view(taken.declaration, self.zone), "again": taken.again}
        return JsonAnswer(view, 200 if taken.again else 201)

    def filed_file(
        self, seed: str, period: PeriodText, filing: FilingNumber, wanted: Annotated[FileAsked, Query()], bearer: Bearer
    ) -> Response:
        """What was filed of a month as a file: FFData, CSV, JSON or PDF."""
        check_owner(self.access, bearer, seed)
        body = self.written(seed, _read(period), _number(filing), wanted.format)
        name = f"{seed}-{period}.{wanted.format}"
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=FILE_TYPES[wanted.format], headers=headers)


def _read(period: str) -> TaxPeriod:
    """The month of a path. Raises NotFound for what is none."""
    try:
        return TaxPeriod.read(period)
    except Malformed as error:
        raise NotFound(error.why) from error


def _number(filing: str) -> int | None:
    """The number of a filing, ``None`` for the last one. Raises NotFound for what is none."""
    if filing == "last":
        return None
    if filing.isascii() and filing.isdecimal():
        return int(filing)
    raise NotFound(said("declaration.no_number", value=filing))


def _asked(data: Any) -> FilingAsked:
    """What a body asks for. Raises RequestValidationError with everything that is wrong."""
    try:
        body = FilingBody.model_validate(data)
    except ValidationError as error:
        raise RequestValidationError(error.errors()) from error
    return FilingAsked(form=body.form, payer_type=body.payerType, number=body.number, zero=body.zero)
