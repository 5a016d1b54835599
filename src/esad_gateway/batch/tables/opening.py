"""The file of a batch, opened as its sender says that it is to be read."""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeAlias

from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.batch.tables.checking import making_of, table_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.dispatch_part import draft_faults, judge_part_by
from esad_gateway.batch.tables.dispatch_rows import DraftJudges
from esad_gateway.batch.tables.mapping import NO_MAPPING, MappingFile, read_mapping
from esad_gateway.batch.tables.placing import Placing
from esad_gateway.batch.tables.reading import Document, Making, Share, documents, sources
from esad_gateway.batch.tables.signed_drafts import SIGNED, signed_drafts
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.movement import Origin
from esad_gateway.emcs.procedure.stateless import content
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import StoreDamaged, Unreadable, UnreadableInput
from esad_gateway.faults import Faults, Said, said
from esad_gateway.file_errors import why
from esad_gateway.frozen import frozen
from esad_gateway.gateway.validator import Validator
from esad_gateway.ports.batches import Batch
from esad_gateway.sheets.flaws import flaw
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared, FileFormat, SheetRow
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.parse import parse
from esad_gateway.xml.release import Release, Releases

InCells: TypeAlias = Callable[[Faults, Sequence[SheetRow]], Faults]


@frozen(kw_only=True)
class OpenedBatch:
    """The documents of a file, as they are read, what it was taken for, and what puts their faults into its cells.

    ``documents`` reads a share of them, once; ``sources`` the rows of each, instead. ``in_cells`` puts faults of a
    document into the cells of its rows.
    """

    told: Mapping[str, str]
    remarks: tuple[Said, ...]
    documents: Callable[[Share], Iterator[Document]]
    sources: Callable[[], Iterator[Sequence[SheetRow]]]
    in_cells: InCells
    form: Callable[[IE815], bytes] | None = None
    """The canonical form of a draft of these documents, as it was judged; it is told once."""
    count: int | None = None
    """How many rows the file has, where that is known before they are read."""


Opening: TypeAlias = Callable[[Batch, Path], AbstractContextManager[OpenedBatch]]


class Opener:
    """Opens the files of batches: as tables with our headings or those of a mapping, or as drafts that are signed.

    ``binder`` tells what writes a message, in the release that is written now.
    """

    def __init__(
        self, profile: NationalProfile, law: SaadLaw, releases: Releases, binder: Callable[[], Binder]
    ) -> None:
        self._profile = profile
        self._law = law
        self._binder = binder
        self._releases = releases

    @contextmanager
    def __call__(self, batch: Batch, path: Path, *, checked: bool = False) -> Iterator[OpenedBatch]:
        """The file of a batch at ``path``, until the end of the block; ``checked`` by whoever has opened it already.

        Raises Unreadable with every fault of the file as a whole, now or while documents are read; StoreDamaged when it
        is not the file that was handed in.
        """
        if not checked:
            check_file(batch, path)
        if batch.declared.get("format") == SIGNED:
            signed = partial(_signed, path)
            rows = partial(_rows_of_signed, path)
            yield OpenedBatch(
                told={"format": SIGNED}, remarks=(), documents=signed, sources=rows, in_cells=_as_they_are
            )
            return
        with open_sheet(path, replace(declared_of(batch), checked=checked)) as sheet:
            kind = BatchKind(batch.kind)
            mapped = table_of(sheet, kind, mapping_of(batch))
            if mapped.faults:
                raise Unreadable(mapped.faults)
            making, drafts = self._making(kind, batch.received_at)
            yield OpenedBatch(
                told={"format": sheet.format.value, **sheet.told},
                remarks=sheet.remarks,
                documents=partial(documents, sheet, mapped, making),
                sources=partial(sources, sheet, mapped),
                in_cells=Placing(mapped).in_cells,
                form=drafts.form,
                count=sheet.count,
            )

    def _making(self, kind: BatchKind, at: datetime) -> "tuple[Making, _Drafts]":
        drafts = _Drafts(Validator(self._releases, self._profile), self._binder(), at)
        return making_of(kind, self._profile, self._law, at, drafts.judges), drafts


class _Drafts:
    """Judges drafts by the bytes that are signed afterwards, so that none is written out twice."""

    def __init__(self, validator: Validator, binder: Binder, at: datetime) -> None:
        self._validator = validator
        self._binder = binder
        self._at = at
        self._forms: dict[str, bytes] = {}

    @property
    def judges(self) -> DraftJudges:
        """What is wrong with drafts, and with those of which not all could be read."""
        return DraftJudges(self.judge, judge_part_by(self._validator, self._binder, self._at))

    def judge(self, drafts: Sequence[IE815]) -> Sequence[Faults]:
        """What is wrong with drafts that shows without a register; the form of a good one is remembered."""
        forms = [self._binder.form(draft, one_of_many=True) for draft in drafts]
        elements = [parse(form) for form in forms]
        releases = [self._accepting(element) for element in elements]
        found = [self._faults(*one) for one in zip(drafts, elements, releases, strict=True)]
        for draft, form, faults in zip(drafts, forms, found, strict=True):
            if not faults:
                self._forms[draft.header.message_identifier] = form
        return found

    def _accepting(self, element: Any) -> Release | None:
        """The release whose schema accepts a draft."""
        release = self._validator.releases.named_by(element)
        return release if release is not None and release.schemas.accepts(element) else None

    def _faults(self, draft: IE815, element: Any, release: Release | None) -> Faults:
        if release is None:
            return draft_faults(draft, element, self._validator, self._at)
        # What the element says is at hand already, and need not be read from it again.
        return content("IE815", draft, Origin.TRADER, self._at, self._validator.profile, release.number)

    def form(self, draft: IE815) -> bytes:
        """The form of a draft that was judged."""
        return self._forms.pop(draft.header.message_identifier)


def check_file(batch: Batch, path: Path) -> None:
    """Raise StoreDamaged when the file at ``path`` is not the one that was handed in."""
    try:
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise StoreDamaged(said("store.batch_unread", batch=batch.id, why=why(error))) from error
    if digest != batch.sha256:
        raise StoreDamaged(said("store.batch_other", batch=batch.id))


def declared_of(batch: Batch) -> Declared:
    """How the file of a batch is to be read, as its sender says."""
    declared = batch.declared
    named = declared.get("format") or batch.name.rpartition(".")[2].lower()
    known = {one.value: one for one in FileFormat}
    return Declared(
        format=known.get(named),
        encoding=declared.get("encoding"),
        delimiter=declared.get("delimiter"),
        sheet=declared.get("sheet"),
    )


def _signed(path: Path, share: Share) -> Iterator[Document]:
    return (document for place, document in enumerate(signed_drafts(path)) if place in share)


def _rows_of_signed(path: Path) -> Iterator[Sequence[SheetRow]]:
    return (document.source for document in signed_drafts(path))


def _as_they_are(faults: Faults, _: Sequence[SheetRow]) -> Faults:
    return faults


def mapping_of(batch: Batch) -> MappingFile:
    """What the sender of a batch says of its headings. Raises Unreadable."""
    text = batch.declared.get("mapping")
    if not text:
        return NO_MAPPING
    try:
        return read_mapping(text.encode())
    except UnreadableInput as error:
        raise Unreadable((flaw("BATCH-MAPPING", reason=error.what).fault(),)) from error
