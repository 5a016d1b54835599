"""The SAAD list of a trader: entered one by one, listed, corrected, withdrawn, and taken out as a file."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, tzinfo
from functools import partial
from tempfile import TemporaryFile
from typing import Annotated, Any, BinaryIO, Final, Literal

from fastapi import APIRouter, Path, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import StreamingResponse

from esad_gateway.ais.people.doing import Doing
from esad_gateway.ais.saad.record import SaadEntry, Source, Status, tidy
from esad_gateway.batch.tables.exporting import export
from esad_gateway.errors import ComposeRefused
from esad_gateway.faults import Fault, Said
from esad_gateway.gateway.access import Access, Principal
from esad_gateway.ports.batches import KeptRecord, RowOutcome, SaadAnswer, SaadDesk, SaadQuery
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.batches import MEDIA_TYPES, pieces
from esad_gateway.rest.making import FileTurns
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.sheets.table import FileFormat
from esad_gateway.texts import fault_json
from esad_gateway.views.batches import records_view, saad_answer_view, versions_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.conditional import check_unchanged
from esad_gateway.web.json_body import json_body
from esad_gateway.web.problems import Problem
from esad_gateway.xml.plain import group_from_plain

SAAD: Final = "/v1/traders/{seed}/saad"
RECORD: Final = SAAD + "/{record}"

LARGEST_ENTRY: Final = 1024 * 1024
"""Bytes of an entry that is made by hand."""

Number = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{1,64}$"}, description="the id of a record")]
"""What ids look like is told and not asked: another one is answered as every id is that there is not (404)."""

MadeFrom = Annotated[
    int | None,
    Query(ge=1, le=LARGEST_NUMBER, description="the version that it was made from: refused when another one stands"),
]

_AT_ONCE: Final = 1000


class SaadFilter(BaseModel):
    """Which records to show, as they stand now."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    status: Status | None = None
    late: bool | None = None
    source: Source | None = None
    document: str | None = Field(None, min_length=1, max_length=350, description="with this number, exactly")
    received_from: date | None = Field(None, description="received on this day or later")
    received_to: date | None = Field(None, description="received on this day or before")

    def query(self, **more: Any) -> SaadQuery:
        """The same as the desk takes it."""
        told = self.model_dump(mode="json", include=set(SaadFilter.model_fields))
        return SaadQuery(**{**told, **more})


class SaadPage(SaadFilter):
    """The same, by pages."""

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="number of the version to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class SaadExport(SaadFilter):
    """The same, as a file."""

    format: Literal["csv", "xlsx", "ods", "xml", "jsonl"] = "csv"
    language: Literal["en", "lt"] = Field("lt", description="of headings and codes, where the format has any")


@dataclass(frozen=True, slots=True, kw_only=True)
class SaadDoor:
    """The routes under ``/v1/traders/{seed}/saad``; every one of them needs the trader's token."""

    desk: SaadDesk
    access: Access
    zone: tzinfo
    making: FileTurns

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("GET", SAAD, self.records, 200),
            ("POST", SAAD, self.enter, 201),
            ("GET", SAAD + "/export", self.export, 200),
            ("GET", RECORD, self.record, 200),
            ("POST", RECORD + "/corrections", self.correct, 200),
            ("POST", RECORD + "/withdrawal", self.withdraw, 200),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["saad"], status_code=status)
        return router

    def records(self, seed: str, wanted: Annotated[SaadPage, Query()], bearer: Bearer) -> dict[str, Any]:
        """The records of a trader as they stand now, in the order in which their last versions came."""
        check_owner(self.access, bearer, seed, Doing.ENTER)
        found = self.desk.records(seed, wanted.query(after=wanted.after, limit=wanted.limit))
        return records_view(found, wanted.after, wanted.limit, self.zone)

    async def enter(self, seed: str, request: Request, bearer: Bearer) -> Response:
        """Enter one receipt; a document that stands there already is corrected, or left as it is.

        One that was withdrawn is entered again, and ``said`` says so.
        """
        return await self._entered(seed, request, bearer, partial(self.desk.enter, seed))

    def record(self, seed: str, record: Number, bearer: Bearer) -> dict[str, Any]:
        """One record as it stands now, with all its versions."""
        check_owner(self.access, bearer, seed, Doing.ENTER)
        return versions_view(self.desk.versions(seed, record), self.zone)

    async def correct(
        self, seed: str, record: Number, request: Request, bearer: Bearer, version: MadeFrom = None
    ) -> Response:
        """Enter a record anew: a further version; those before it stay as they were.

        It has to be about the same document. With ``version``, the one that it was made from, it is refused when
        another one stands (SAAD-36): nobody's correction is set back unseen. A record that was withdrawn is entered
        again: then the outcome is ``taken`` (201), and ``said`` says so.
        """

        def correct(entry: SaadEntry) -> SaadAnswer:
            return self._changed(
                request, seed, record, lambda seen: self.desk.correct(seed, record, entry, made_from=version or seen)
            )

        return await self._entered(seed, request, bearer, correct)

    def withdraw(self, seed: str, record: Number, request: Request, bearer: Bearer) -> Response:
        """Withdraw a record: a further version that says so."""
        who = check_owner(self.access, bearer, seed, Doing.ENTER)
        answer = self._changed(request, seed, record, lambda seen: self.desk.withdraw(seed, record, made_from=seen))
        return self._answer(who, seed, answer)

    def export(self, seed: str, wanted: Annotated[SaadExport, Query()], bearer: Bearer) -> Response:
        """The list as a table; what a spreadsheet would calculate with is marked, so that it stays text."""
        check_owner(self.access, bearer, seed, Doing.ENTER)
        file: BinaryIO = TemporaryFile()  # noqa: SIM115 - closed behind the answer
        try:
            found = self.desk.every(seed, wanted.query(limit=_AT_ONCE))
            with self.making.turn(seed):
                export(file, FileFormat(wanted.format), found, wanted.language, self.zone)
            file.seek(0)
        except BaseException:
            file.close()
            raise
        headers = {"Content-Disposition": f'attachment; filename="saad-{seed}.{wanted.format}"'}
        return StreamingResponse(pieces(file), media_type=MEDIA_TYPES[wanted.format], headers=headers)

    async def _entered(
        self, seed: str, request: Request, bearer: Bearer, enter: Callable[[SaadEntry], SaadAnswer]
    ) -> Response:
        who = await asyncio.to_thread(check_owner, self.access, bearer, seed, Doing.ENTER)
        data = await json_body(request, LARGEST_ENTRY)
        return await asyncio.to_thread(lambda: self._answer(who, seed, enter(_entry(data))))

    def _changed(
        self, request: Request, seed: str, record: str, change: Callable[[int | None], SaadAnswer]
    ) -> SaadAnswer:
        """What becomes of a record; with ``If-Match`` only of the version that was seen, whoever comes in between."""
        seen = self._seen(request, seed, record)
        answer = change(seen)
        if answer.record is None and seen is not None:
            self._seen(request, seed, record)
        return answer

    def _seen(self, request: Request, seed: str, record: str) -> int | None:
        """The version that ``If-Match`` names by its tag. Raises Problem (412) where that is not how it stands now."""
        found: list[KeptRecord] = []

        def shown() -> bytes:
            found.extend(self.desk.versions(seed, record))
            return bytes(JsonAnswer(versions_view(found, self.zone)).body)

        check_unchanged(request.headers, shown)
        any_version = request.headers.get("if-match", "").strip() == "*"
        return found[-1].record.version if found and not any_version else None

    def _answer(self, who: Principal, seed: str, answer: SaadAnswer) -> Response:
        """The answer to an entry or a withdrawal. Raises Problem for one that is refused."""
        if answer.record is None:
            raise _refused(answer.faults)
        about = f"{seed}/{answer.record.id}/{answer.record.record.version}"
        self.access.did(who, Doing.ENTER, seed, f"saad.{answer.outcome.value}", about)
        status = 201 if answer.outcome is RowOutcome.TAKEN else 200
        location = f"/v1/traders/{seed}/saad/{answer.record.id}"
        return JsonAnswer(saad_answer_view(answer, self.zone), status, {"Location": location})


def _entry(data: Any) -> SaadEntry:
    """The entry that a body in JSON describes. Raises Problem with every field that is in the way."""
    try:
        return tidy(group_from_plain(data, SaadEntry))
    except ComposeRefused as refused:
        raise _refused(refused.faults) from refused


def _refused(faults: Iterable[Fault]) -> Problem:
    return Problem(422, "entry-refused", Said("detail.entry_refused"), faults=[fault_json(fault) for fault in faults])
