"""How ``esad batch upload`` hands a table in: once, signed if that is asked for, and again after a lost connection."""

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import file_digest, sha256
from io import BufferedReader
from pathlib import Path
from secrets import token_hex
from time import sleep
from typing import Any, Final, TypeAlias

from esad_gateway.batch.tables.checking import kind_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.cli.batches.options import declared_of, kind_named, mapping_of
from esad_gateway.cli.batches.signing import detached_signature, signed_dispatches
from esad_gateway.cli.common import output
from esad_gateway.cli.common.gateway_access import answered, refuse_problem
from esad_gateway.cli.common.language import tell
from esad_gateway.client import operations
from esad_gateway.client.request import Request, UploadRequest
from esad_gateway.errors import PeerError, UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error
from esad_gateway.sheets.opening import open_sheet

Asking: TypeAlias = tuple[str, str, str]
"""The address of a gateway, a SEED number, and its token."""

Pair: TypeAlias = tuple[Path, Path]
"""A key and its certificate."""

TRIES: Final = 5
PAUSE: Final = 2.0
"""How often a file is handed in while the gateway cannot be reached, and seconds before it is handed in again."""

LOOK_AGAIN: Final = 0.5
"""Seconds between two looks at a batch."""

_GOES_ON: Final = frozenset({"waiting", "checking", "working", "withdrawing"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What the options say of a file."""

    kind: str | None
    form: str | None
    encoding: str | None
    delimiter: str | None
    sheet: str | None
    mapping: Path | None
    whole: bool

    def fields(self, kind: BatchKind) -> Mapping[str, str]:
        """The same as the gateway takes it."""
        given = {
            "kind": kind.value,
            "mode": "all-or-nothing" if self.whole else "row-wise",
            "format": self.form,
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "sheet": self.sheet,
            "mapping": None if self.mapping is None else self.mapping.read_text(encoding="utf-8"),
        }
        return {name: value for name, value in given.items() if value is not None}

    def kind_of(self, file: Path) -> BatchKind:
        """What the rows of a file are: as told, or as its headings show. Raises Unreadable and UnreadableInput."""
        named, mapping = kind_named(self.kind), mapping_of(self.mapping)
        if named is not None:
            return named
        try:
            with open_sheet(file, declared_of(self.form, self.encoding, self.delimiter, self.sheet)) as opened:
                return kind_of(opened, mapping)
        except OSError as error:
            raise UnreadableInput(file_error(file, error)) from error


def handed_in(
    file: Path, told: Told, pair: Pair | None, *, again: bool, asking: Asking, as_json: bool
) -> dict[str, Any]:
    """Hand a file in; the batch as the gateway answers. Ends the command where it is refused. Raises PeerError."""
    kind = told.kind_of(file)
    fields, signature, sent = dict(told.fields(kind)), None, file
    if pair is not None and kind is BatchKind.DISPATCH:
        sent = signed_dispatches(
            file, _declared(told), pair, state=asking[1][:2], whole=told.whole, again=again, as_json=as_json
        )
        fields = {"kind": kind.value, "mode": fields["mode"], "format": "signed"}
    elif pair is not None:
        signature = detached_signature(file, pair)
    key = token_hex(16) if again else _key(sent, fields)
    upload = UploadRequest(name=file.name, key=key, fields=fields, signature=signature)
    status, answer = _until_it_is_there(sent, upload, asking)
    refuse_problem(status, answer, as_json=as_json, expected=("state",))
    return answer


def watched_to_its_end(answer: dict[str, Any], asking: Asking, *, as_json: bool) -> dict[str, Any]:
    """The batch when its last row is done, with a progress bar meanwhile where somebody watches."""
    url, seed, token = asking
    batch = str(answer["id"])
    with _bar(answer) as show:
        while True:
            status, answer = answered(url, token, operations.batch(seed, batch))
            if "state" not in answer:
                break
            show(answer)
            if answer["state"] not in _GOES_ON:
                break
            sleep(LOOK_AGAIN)
    refuse_problem(status, answer, as_json=as_json, expected=("state",))
    return answer


def _declared(told: Told) -> Any:
    return declared_of(told.form, told.encoding, told.delimiter, told.sheet), mapping_of(told.mapping)


def _key(file: Path, fields: Mapping[str, str]) -> str:
    """The Idempotency-Key of a file: the same whenever the same is handed in in the same way."""
    with _opened(file) as content:
        digest = file_digest(content, "sha256")
    return sha256(repr((digest.hexdigest(), sorted(fields.items()))).encode()).hexdigest()


def _until_it_is_there(file: Path, upload: UploadRequest, asking: Asking) -> tuple[int, dict[str, Any]]:
    """Hand a file in, again after a lost connection: by its key it is the same batch. Raises PeerError."""
    _, seed, _ = asking
    try:
        with _bytes_sent(file) as sent:
            return _handed_in(asking, operations.upload(seed, file, upload, sent))
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error


def _handed_in(asking: Asking, request: Request) -> tuple[int, dict[str, Any]]:
    url, _, token = asking
    for _ in range(TRIES - 1):
        try:
            return answered(url, token, request)
        except PeerError as error:
            output.note(said("batches.lost", why=error.what))
        sleep(PAUSE)
    return answered(url, token, request)


def _opened(file: Path) -> BufferedReader:
    try:
        return file.open("rb")
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error


@contextmanager
def _bytes_sent(file: Path) -> Iterator[Callable[[int], object] | None]:
    """What shows how much of a file is sent: bytes, bytes a second, time left. Raises OSError."""
    if not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console  # noqa: PLC0415 - only somebody who looks pays for drawing
    from rich.progress import BarColumn, DownloadColumn, Progress, TimeRemainingColumn, TransferSpeedColumn  # noqa: PLC0415  # noqa: PLC0415

    columns = (BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=file.stat().st_size)
        yield lambda count: progress.update(task, completed=count)


@contextmanager
def _bar(answer: Mapping[str, Any]) -> Iterator[Any]:
    """What shows how far a batch has come: rows, rows a second, time left."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415 - only somebody who looks pays for drawing
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn  # noqa: PLC0415

    rate = TextColumn("{task.fields[rate]}")
    columns = (BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task("", total=answer["progress"]["of"], rate="")

        def show(now: Mapping[str, Any]) -> None:
            rows, of = now["progress"]["rows"], now["progress"]["of"] or None
            progress.update(task, completed=min(rows, of or rows), total=of)
            speed = round(progress.tasks[task].speed or 0)
            progress.update(task, rate=tell(said("batches.rate", rows=speed)))

        yield show
