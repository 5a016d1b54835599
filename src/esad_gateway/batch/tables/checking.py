"""What is wrong with a table, as far as that shows without a register: for the command line and for the gateway."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.ais.saad.mechanism import SaadContext
from esad_gateway.ais.saad.part import part_faults
from esad_gateway.ais.saad.record import SaadEntry
from esad_gateway.ais.saad.rules import content_faults
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.dispatch_rows import NOTHING_AMISS, DraftJudges, dispatch_making
from esad_gateway.batch.tables.mapping import NO_MAPPING, Mapped, MappingFile, matched, recognised
from esad_gateway.batch.tables.reading import Making
from esad_gateway.batch.tables.saad_rows import saad_making
from esad_gateway.batch.tables.spots import head_spot
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.errors import Unreadable
from esad_gateway.faults import Faults
from esad_gateway.identities import header
from esad_gateway.sheets.flaws import flaw
from esad_gateway.sheets.table import Sheet


def kind_of(sheet: Sheet, mapping: MappingFile = NO_MAPPING) -> BatchKind:
    """What the rows of ``sheet`` are, as its headings show. Raises Unreadable where they show nothing."""
    kind = recognised(sheet.heading, mapping)
    if kind is None:
        first = sheet.heading
        place, line, column = head_spot(first, 0)
        raise Unreadable((flaw("TABLE-KIND").fault(place, first.cells[0].text, line, column),))
    return kind


def table_of(sheet: Sheet, kind: BatchKind | None = None, mapping: MappingFile = NO_MAPPING) -> Mapped:
    """The columns of ``sheet``, whose kind its headings show where it is not given.

    Raises Unreadable as :func:`kind_of`, UnreadableInput as :func:`esad_gateway.batch.tables.mapping.matched`.
    """
    return matched(sheet.heading, kind or kind_of(sheet, mapping), mapping)


def making_of(
    kind: BatchKind,
    profile: NationalProfile,
    law: SaadLaw,
    now: datetime,
    judges: DraftJudges = NOTHING_AMISS,
) -> Making:
    """What makes entries or drafts of rows of a ``kind``, and judges them by their content at the moment ``now``.

    ``law`` is the SAAD list, ``judges`` find what is wrong with drafts
    (:func:`esad_gateway.batch.tables.dispatch_rows.judge_by`). Not asked: the register and the store.
    """
    if kind is BatchKind.DISPATCH:
        return dispatch_making(partial(header, profile.state, now), profile.language, judges)
    context = SaadContext(law, law.today(now))
    return saad_making(_by_content(context), lambda own, lines: part_faults(own, lines, context))


def _by_content(context: SaadContext) -> Callable[[SaadEntry], Faults]:
    return lambda entry: content_faults(entry, context)
