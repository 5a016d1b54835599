"""Batches: files of rows that a trader hands in, how far they have come, and what is to be mended."""

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import tzinfo
from tempfile import TemporaryFile
from types import MappingProxyType
from typing import Annotated, Any, BinaryIO, Final

from fastapi import APIRouter, Header, Path, Query, Request, Response
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from starlette.responses import StreamingResponse

from esad_gateway.ais.people.doing import HANDING_IN, Doing
from esad_gateway.batch.arrivals import Arrivals
from esad_gateway.batch.asked import UploadAsked
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.faults import said
from esad_gateway.gateway.access import Access, Principal, check_does
from esad_gateway.ports.batches import BatchDesk, BatchQuery, BatchState, Corrections, RowOutcome, RowQuery, Upload
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE
from esad_gateway.rest.forms import Listing, given_limit, listed
from esad_gateway.rest.making import FileTurns
from esad_gateway.rest.who import Bearer, check_owner
from esad_gateway.views.batches import MODES, batch_view, batches_view, rows_view
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.conditional import check_unchanged
from esad_gateway.web.form import ReceivedForm, receive_file
from esad_gateway.web.problems import Problem

BATCHES: Final = "/v1/traders/{seed}/batches"
ONE: Final = BATCHES + "/{batch}"

_PIECE: Final = 64 * 1024
_SIGNATURE: Final = "signature"

MEDIA_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "csv": "text/csv",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "ods": "application/vnd.oasis.opendocument.spreadsheet",
        "xml": "application/xml",
        "jsonl": "application/jsonl",
    }
)
"""The formats of files, and what they are called on the way."""

_FORMATS: Final[Mapping[str, str]] = MappingProxyType(
    {**{name: form for form, name in MEDIA_TYPES.items()}, "text/xml": "xml", "application/x-ndjson": "jsonl"}
)

_BATCHES: Final = Listing(
    items="batches",
    columns=(
        *("id", "kind", "mode", "state", "name", "sha256", "size", "receivedAt", "endedAt", "withdrawnAt", "documents"),
        *(f"counts.{outcome.value}" for outcome in RowOutcome),
        *("reasons.en", "reasons.lt"),
    ),
    cursor="before",
    key="id",
)
_DOCUMENTS: Final = Listing(
    items="documents",
    columns=(
        *("number", "rows", "document", "outcome", "record", "version", "arc", "messageIdentifier"),
        *("faults.rule", "faults.path", "faults.line", "faults.column", "faults.value"),
        *("faults.text.en", "faults.text.lt", "faults.hints.en", "faults.hints.lt"),
    ),
    cursor="after",
    key="number",
    each="faults",
)

Number = Annotated[str, Path(json_schema_extra={"pattern": "^[0-9a-f]{1,64}$"}, description="the id of a batch")]
"""What ids look like is told and not asked: another one is answered as every id is that there is not (404)."""

Key = Annotated[
    str | None,
    Header(
        min_length=1,
        max_length=255,
        description="the same key and file again are the same batch; the same key with another file is refused (409)",
    ),
]


class RowFilter(BaseModel):
    """Which documents of a batch to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    outcome: RowOutcome | None = None
    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="number of the document to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)


class BatchFilter(BaseModel):
    """Which batches to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    before: str | None = Field(
        None, max_length=64, description="the id of the batch to start after, towards older ones"
    )
    kind: BatchKind | None = Field(None, description="only of what these rows are")
    state: BatchState | None = Field(None, description="only those that have come so far")
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)

    def query(self) -> BatchQuery:
        """The same as the desk takes it."""
        return BatchQuery(before=self.before, kind=self.kind and self.kind.value, state=self.state, limit=self.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchDoor:
    """The routes under ``/v1/traders/{seed}/batches``; every one of them needs the trader's token."""

    desk: BatchDesk
    corrections: Corrections
    access: Access
    zone: tzinfo
    making: FileTurns
    arrivals: Arrivals

    def router(self) -> APIRouter:
        """The routes."""
        router = APIRouter(default_response_class=JsonAnswer)
        for method, path, endpoint, status in (
            ("POST", BATCHES, self.hand_in, 202),
            ("GET", BATCHES, self.batches, 200),
            ("GET", ONE, self.batch, 200),
            ("GET", ONE + "/rows", self.rows, 200),
            ("GET", ONE + "/corrections", self.mend, 200),
            ("POST", ONE + "/withdrawal", self.withdraw, 202),
            ("POST", ONE + "/resumption", self.resume, 202),
        ):
            router.add_api_route(path, endpoint, methods=[method], tags=["batches"], status_code=status)
        return router

    async def hand_in(
        self,
        seed: str,
        request: Request,
        asked: Annotated[UploadAsked, Query()],
        bearer: Bearer,
        idempotency_key: Key = None,
    ) -> Response:
        """Hand in a file of rows: as the body, or as the part ``file`` of a form. It is on disk before the answer.

        A detached signature of the file is the part ``signature`` of a form.
        """
        who = await asyncio.to_thread(check_owner, self.access, bearer, seed, Doing.HAND_IN)
        with self.arrivals.arriving(self.desk, seed), self.desk.receiving() as file:
            form = await receive_file(request, file.write)
            upload = _upload(seed, asked, form, idempotency_key)
            check_does(who, HANDING_IN[upload.kind], seed)
            batch, known = await asyncio.to_thread(self.desk.take, file, upload)
        await asyncio.to_thread(self._did, who, seed, "batch.handed_in", batch.id)
        location = f"/v1/traders/{seed}/batches/{batch.id}"
        status = 200 if known else 202
        return JsonAnswer({**batch_view(batch, self.zone), "repeated": known}, status, {"Location": location})

    def batches(self, seed: str, wanted: Annotated[BatchFilter, Query()], request: Request, bearer: Bearer) -> Response:
        """The batches of a trader, the newest first. As a table (``text/csv``) all, or as many as ``limit`` says."""
        check_owner(self.access, bearer, seed, Doing.HAND_IN)

        def found(other: Mapping[str, Any]) -> dict[str, Any]:
            asked = wanted.model_copy(update=other)
            return batches_view(self.desk.batches(seed, asked.query()), asked.limit, self.zone)

        return listed(request, _BATCHES, found, given_limit(wanted))

    def batch(self, seed: str, batch: Number, bearer: Bearer) -> dict[str, Any]:
        """One batch: how far it has come, and what became of its documents."""
        check_owner(self.access, bearer, seed, Doing.HAND_IN)
        return batch_view(self.desk.batch(seed, batch), self.zone)

    def rows(
        self, seed: str, batch: Number, wanted: Annotated[RowFilter, Query()], request: Request, bearer: Bearer
    ) -> Response:
        """The documents of a batch in the order of the file, each with its rows and what became of it.

        As a table (``text/csv``) all of them, or as many as ``limit`` says, with a row for each fault.
        """
        check_owner(self.access, bearer, seed, Doing.HAND_IN)

        def found(other: Mapping[str, Any]) -> dict[str, Any]:
            asked = wanted.model_copy(update=other)
            return rows_view(self.desk.rows(seed, batch, RowQuery(**asked.model_dump())), asked.after, asked.limit)

        return listed(request, _DOCUMENTS, found, given_limit(wanted))

    def mend(self, seed: str, batch: Number, bearer: Bearer) -> Response:
        """The refused rows alone, as a file like the one that was handed in, with a column that says what is wrong.

        Drafts that were signed come as JSON lines as well; the rows to mend are in the table that they were made of.
        """
        check_owner(self.access, bearer, seed, Doing.HAND_IN)
        file: BinaryIO = TemporaryFile()  # noqa: SIM115 - closed behind the answer
        try:
            with self.making.turn(seed):
                form = self.corrections.write(self.desk.batch(seed, batch), file)
            size = file.tell()
            file.seek(0)
        except BaseException:
            file.close()
            raise
        headers = {
            "Content-Disposition": f'attachment; filename="corrections-{batch}.{form}"',
            "Content-Length": str(size),
        }
        return StreamingResponse(pieces(file), media_type=MEDIA_TYPES[form], headers=headers)

    def withdraw(self, seed: str, batch: Number, request: Request, bearer: Bearer) -> dict[str, Any]:
        """Have what a batch entered withdrawn; what has an ARC stays."""
        who = check_owner(self.access, bearer, seed, Doing.HAND_IN)
        check_unchanged(request.headers, lambda: self._shown(seed, batch))
        withdrawn = self.desk.withdraw(seed, batch)
        self._did(who, seed, "batch.withdrawn", batch)
        return batch_view(withdrawn, self.zone)

    def resume(self, seed: str, batch: Number, request: Request, bearer: Bearer) -> dict[str, Any]:
        """Let a batch that was stopped go on."""
        who = check_owner(self.access, bearer, seed, Doing.HAND_IN)
        check_unchanged(request.headers, lambda: self._shown(seed, batch))
        resumed = self.desk.resume(seed, batch)
        self._did(who, seed, "batch.resumed", batch)
        return batch_view(resumed, self.zone)

    def _did(self, who: Principal, seed: str, what: str, batch: str) -> None:
        self.access.did(who, Doing.HAND_IN, seed, what, f"{seed}/{batch}")

    def _shown(self, seed: str, batch: str) -> bytes:
        """A batch as it is shown, for who says what has been seen of it."""
        return bytes(JsonAnswer(batch_view(self.desk.batch(seed, batch), self.zone)).body)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """What stands in a file, which is closed behind it."""
    with file:
        yield from iter(lambda: file.read(_PIECE), b"")


def _upload(seed: str, query: UploadAsked, form: ReceivedForm, key: str | None) -> Upload:
    """The upload that query and fields say. Raises RequestValidationError, with every wrong field."""
    signature = form.fields.pop(_SIGNATURE, None)
    asked = _asked(query, form.fields)
    if asked.kind is None:
        kinds = ", ".join(one.value for one in BatchKind)
        raise Problem(422, "invalid-parameter", said("detail.kind", kinds=kinds))
    form_named = asked.format or _FORMATS.get(form.media_type)
    declared = asked.declared(form_named, form.charset if form_named == "csv" else "")
    return Upload(
        trader=seed,
        kind=asked.kind.value,
        mode=MODES[asked.mode],
        name=asked.name or form.name[:255] or "file",
        declared=declared,
        key=key,
        signature=signature,
    )


def _asked(query: UploadAsked, fields: Mapping[str, bytes]) -> UploadAsked:
    """What query and fields say together; a field says it anew."""
    if not fields:
        return query
    told = {name: value.decode(errors="replace") for name, value in fields.items()}
    try:
        return UploadAsked(**{**query.model_dump(exclude_unset=True), **told})
    except ValidationError as error:
        wrong = [{**one, "loc": ("form", *one["loc"])} for one in error.errors(include_url=False)]
        raise RequestValidationError(wrong) from error
