"""Registration cases: begun, gone on with and read by applicants, and decided by officials (CCE, CCR, RC)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import partial
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request, Response
from fastapi.security import HTTPAuthorizationCredentials
from pydantic import BaseModel, ConfigDict, Field

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.ais.registration.case import CaseState
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.errors import NationalRefused
from esad_gateway.gateway.access import Access
from esad_gateway.ports.national.cases import CaseAnswer, CaseDesk, CaseQuery
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.national.who import actor_of
from esad_gateway.rest.who import Bearer
from esad_gateway.texts import fault_json
from esad_gateway.views.cases import candidate_view, case_row_view, case_view, notice_view, paper_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.json_body import json_body, typed_body
from esad_gateway.web.problems import Problem

CASES: Final = "/v1/national/cases"
NOTICES: Final = CASES + "/notices"
CANDIDATES: Final = CASES + "/candidates"
PAPERS: Final = CASES + "/documents"
CASE: Final = CASES + "/{case}"
ACTS: Final = CASE + "/acts/{act}"
PAPER: Final = CASE + "/documents/{digest}"

LARGEST_REQUEST: Final = 1024 * 1024
"""Bytes of the values of an act."""

LARGEST_PAPER: Final = 5 * 1024 * 1024
"""Bytes of a paper that is handed in."""

MEDIA: Final = ("application/pdf", "image/jpeg", "image/png", "application/xml", "text/plain")
"""What papers may be."""

CaseNumber = Annotated[
    str, Path(json_schema_extra={"pattern": "^[0-9]{4}-[0-9]{6}$"}, description="the number of a case")
]
Digest = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{64}$"}, description="the SHA-256 of a paper")]
On = Annotated[date | None, Query(description="the day on which it happened, where officials enter it later")]


class CasePage(BaseModel):
    """Which cases to list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    state: CaseState | None = None
    status: OperatorType | None = None
    after: str = Field("", max_length=20, description="the number of the case to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class NoticePage(BaseModel):
    """Which notices to list."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="the number of the notice to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class PaperNamed(BaseModel):
    """What a paper is called; officials say whose it is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str = Field("document", min_length=1, max_length=200, pattern=r"^[^\x00-\x1f\x7f]+$")
    entity: str = Field(
        "", pattern="^[!-~]{0,20}$", description="the code of the entity, where an official hands it in"
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDoor:
    """The routes under ``/v1/national/cases``; every one of them needs a token, and shows what is its holder's own."""

    desk: CaseDesk
    access: Access
    zone: tzinfo

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("POST", CASES, self.submit, 201),
            ("GET", CASES, self.cases, 200),
            ("GET", NOTICES, self.notices, 200),
            ("GET", CANDIDATES, self.candidates, 200),
            ("POST", PAPERS, self.hand_in, 201),
            ("GET", CASE, self.case, 200),
            ("POST", ACTS, self.act, 200),
            ("GET", PAPER, self.paper, 200),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["cases"], status_code=status)
        return router

    async def submit(self, request: Request, bearer: Bearer, on: On = None) -> Response:
        """Ask to be registered: the values of the request, and the channel by which it comes.

        The same request once more is the same case (200) as long as that is open.
        """
        by = await self._who(bearer)
        data = await json_body(request, LARGEST_REQUEST)
        return await asyncio.to_thread(self._answered, partial(self.desk.submit, by, data, on), 201)

    def cases(self, wanted: Annotated[CasePage, Query()], bearer: Bearer) -> dict[str, Any]:
        """The cases of an entity, by number; officials see those of everybody, with the working days that are left."""
        query = CaseQuery(state=wanted.state, status=wanted.status, after=wanted.after, limit=wanted.limit)
        found = self.desk.cases(actor_of(self.access, bearer), query)
        return {"cases": [case_row_view(one, self.zone) for one in found]}

    def notices(self, wanted: Annotated[NoticePage, Query()], bearer: Bearer) -> dict[str, Any]:
        """What an entity is told of its cases, oldest first, and until when that is in time."""
        found = self.desk.notices(actor_of(self.access, bearer), wanted.after, wanted.limit)
        return {"notices": [notice_view(one, self.zone) for one in found]}

    def candidates(self, bearer: Bearer) -> dict[str, Any]:
        """Registrations that may be ended today: after months without a dispatch, without security, or as asked for.

        Nothing follows from it: an official decides, and says on which ground.
        """
        found = self.desk.candidates(actor_of(self.access, bearer))
        return {"candidates": [candidate_view(one, self.zone) for one in found]}

    async def hand_in(self, request: Request, named: Annotated[PaperNamed, Query()], bearer: Bearer) -> Response:
        """Hand in a paper, which acts then name by its digest; the same bytes once more are the same paper."""
        by = await self._who(bearer)
        body = await typed_body(request, MEDIA, LARGEST_PAPER)
        media = request.headers["content-type"].partition(";")[0].strip().lower()
        kept = await asyncio.to_thread(self.desk.keep, by, named.name, media, body, named.entity)
        return JsonAnswer(paper_view(kept, self.zone), 201)

    def case(self, case: CaseNumber, bearer: Bearer) -> dict[str, Any]:
        """A case with all that was done, what may follow, until when something is due, and who was told of a number."""
        return case_view(self.desk.show(actor_of(self.access, bearer), case), self.zone)

    async def act(self, case: CaseNumber, act: ActKind, request: Request, bearer: Bearer, on: On = None) -> Response:
        """Do something in a case; what it has to say depends on what it is. The same once more changes nothing.

        What does not follow in the state of the case is a conflict (409), and the case stands beside the faults.
        """
        by = await self._who(bearer)
        data = await json_body(request, LARGEST_REQUEST)
        return await asyncio.to_thread(self._answered, partial(self.desk.act, by, case, act, data, on), 200)

    def paper(self, case: CaseNumber, digest: Digest, bearer: Bearer) -> Response:
        """The bytes of a paper, as they were handed in."""
        found, body = self.desk.paper(actor_of(self.access, bearer), case, digest)
        headers = {"Content-Disposition": "attachment", "X-Content-Type-Options": "nosniff"}
        return Response(body, media_type=found.media, headers=headers)

    async def _who(self, bearer: HTTPAuthorizationCredentials | None) -> DoneBy:
        return await asyncio.to_thread(actor_of, self.access, bearer)

    def _answered(self, done: Callable[[], CaseAnswer], status: int) -> Response:
        """The answer to an act. Raises NationalRefused, and Problem where the case stands otherwise."""
        answer = done()
        if answer.faults and answer.conflict and answer.case is not None:
            raise self._conflict(answer)
        if answer.faults or answer.case is None:
            raise NationalRefused(answer.faults)
        location = f"{CASES}/{answer.case.row.number}"
        shown = {"again": answer.again, "case": case_view(answer.case, self.zone)}
        return JsonAnswer(shown, 200 if answer.again else status, {"Location": location})

    def _conflict(self, answer: CaseAnswer) -> Problem:
        faults = [fault_json(fault) for fault in answer.faults]
        shown = answer.case and case_view(answer.case, self.zone)
        return Problem(409, "national-refused", NationalRefused(answer.faults).what, faults=faults, case=shown)
