"""Documents of a batch that are entries of the SAAD list."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from esad_gateway.ais.saad.deciding import Corrected, Decision, Entered, Refused
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.batch.saad_list import OUTCOMES, Deciding, said_besides
from esad_gateway.batch.tables.opening import OpenedBatch
from esad_gateway.batch.tables.reading import Document
from esad_gateway.batch.work.committing import Done, Progress
from esad_gateway.batch.work.steps import Judge, Numbered, row_of_document
from esad_gateway.faults import Said, said
from esad_gateway.place import Place, PlaceStep
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, RowOutcome
from esad_gateway.ports.clock import Clock
from esad_gateway.sheets.flaws import flaw
from esad_gateway.store.batches import Work
from esad_gateway.store.saad import NewVersion

_NAMED: Final = Place((PlaceStep("document"),), in_data=True)
"""The number of a document, where it is told what concerns all of it."""

_JUDGED: Final = ()
"""The faults of content of a document that was read: it has none, or it would be refused; as of the same day."""


class SaadWork:
    """Enters documents. The moment that counts is that at which the batch was handed in, however long it waits."""

    def __init__(self, law: SaadLaw, clock: Clock) -> None:
        self._law = law
        self._clock = clock

    def check(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Judge documents; those that are good wait."""
        return Done(batch=batch, rows=tuple(map(_waiting, self._entered(opened, group, work, batch).rows)))

    def take(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Enter documents."""
        return self._entered(opened, group, work, batch)

    def rehearsed(self, progress: Progress) -> Iterator[None]:  # noqa: ARG002 - nothing more is to be judged
        """Nothing: whoever judges an entry asks the register."""
        yield from ()

    def checked(self, progress: Progress, through: Callable[[Judge], Iterator[None]]) -> Iterator[None]:  # noqa: ARG002
        """Enter all documents, which were found good."""
        yield from through(self._entered_or_withdrawn)

    def after_group(self, progress: Progress) -> Iterator[None]:  # noqa: ARG002 - nothing more is to be done
        """Nothing: what was entered is entered."""
        yield from ()

    def settled(self, progress: Progress) -> Iterator[None]:  # noqa: ARG002 - it is noted as it is entered
        """Nothing: what was entered is noted with it."""
        yield from ()

    def _entered_or_withdrawn(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        """Enter documents; where one is refused now, by what others did meanwhile, all of the batch is withdrawn."""
        done = self._entered(opened, group, work, batch)
        if not any(row.outcome is RowOutcome.REFUSED for row in done.rows):
            return done
        rows = tuple(row if row.outcome is RowOutcome.REFUSED else _left(row) for row in done.rows)
        remarks = (*batch.remarks, Said("batch.taken_back"))
        withdrawn = replace(batch, state=BatchState.WITHDRAWING, withdrawn_at=self._clock.now(), remarks=remarks)
        return Done(batch=withdrawn, rows=rows)

    def _entered(self, opened: OpenedBatch, group: Sequence[Numbered], work: Work, batch: Batch) -> Done:
        entries = [document.entry for _, document in group if document.entry is not None]
        deciding = Deciding(work, self._law, batch.trader, entries)
        rows: list[BatchRow] = []
        versions: list[NewVersion] = []
        for number, document in group:
            if document.entry is None:
                rows.append(row_of_document(number, document, RowOutcome.REFUSED, faults=document.faults))
                continue
            if document.withdrawn:
                rows.append(row_of_document(number, document, RowOutcome.UNCHANGED, said=Said("batch.row_withdrawn")))
                continue
            if (kept := self._kept_back(opened, number, document, deciding, work, batch)) is not None:
                rows.append(kept)
                continue
            record, decision = deciding.enter(
                document.entry, batch.received_at, content=_JUDGED, made_from=document.version
            )
            if isinstance(decision, Refused):
                faults = opened.in_cells(decision.faults, document.source)
                rows.append(row_of_document(number, document, RowOutcome.REFUSED, faults=faults))
                continue
            rows.append(_decided(number, document, record, decision))
            if isinstance(decision, Entered | Corrected):
                versions.append(NewVersion(id=record, record=decision.record, batch=batch.id, batch_number=number))
        return Done(batch=batch, rows=tuple(rows), versions=tuple(versions))

    def _kept_back(
        self, opened: OpenedBatch, number: int, document: Document, deciding: Deciding, work: Work, batch: Batch
    ) -> BatchRow | None:
        """The row of a document that is older than what stands, which others have entered meanwhile, and which stays.

        ``None`` where that is to be decided: also of one that was mended in an older list, which is refused (SAAD-36).
        What was entered in the future was entered before the clock was set back, so that its moment says nothing.
        """
        record, standing = deciding.standing(document.entry)
        if standing is None:
            return None
        made_of = document.version
        if made_of is not None and made_of < standing.version:
            earlier = (one.record for one in work.saad.versions({record}).get(record, ()))
            if any(one.version == made_of and one.entry == document.entry for one in earlier):
                told = said("batch.row_older", version=str(standing.version))
                unchanged = row_of_document(number, document, RowOutcome.UNCHANGED, said=told)
                return replace(unchanged, record=record, version=standing.version)
            return None
        if not batch.received_at < standing.entered_at <= self._clock.now():
            return None
        wrong = flaw("BATCH-NEWER", version=str(standing.version))
        faults = opened.in_cells((wrong.fault(place=_NAMED),), document.source)
        return row_of_document(number, document, RowOutcome.REFUSED, faults=faults)


def _decided(number: int, document: Document, record: str, decision: Decision) -> BatchRow:
    outcome, version = OUTCOMES[type(decision)], getattr(decision, "record").version  # noqa: B009 - it is no Refused
    again = said_besides(decision)
    return row_of_document(number, document, outcome, record=record, version=version, said=again)


def _waiting(row: BatchRow) -> BatchRow:
    if row.outcome is RowOutcome.REFUSED:
        return row
    return replace(row, outcome=RowOutcome.WAITING, record=None, version=None)


def _left(row: BatchRow) -> BatchRow:
    return replace(row, outcome=RowOutcome.LEFT, record=None, version=None)
