"""Entries of the SAAD list and batches, as the tests of stores and workers make them."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from esad_gateway.ais.saad.record import SaadEntry, SaadLine, SaadRecord, Source, Status
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.ports.batches import Batch, BatchRow, BatchState, Mode, RowOutcome
from esad_gateway.store.saad import NewVersion, record_id
from helpers.gateway import CONSIGNEE, NOW

LINE = SaadLine(
    product="W200",
    cn_code="22042109",
    quantity=Decimal("120.50"),
    strength=Decimal("12.5"),
    packages=20,
    package_kind="CT",
    shortage=Decimal("1.5"),
)


def entry(document: str = "GR-1", **values: Any) -> SaadEntry:
    """Wine from Greece, on paper."""
    return replace(_ENTRY, document=document, **values)


_ENTRY = SaadEntry(
    source=Source.PAPER,
    document="GR-1",
    state="EL",
    consignor="EL00000000901",
    dispatched=date(2023, 11, 20),
    received=date(2023, 11, 30),
    consignee=CONSIGNEE,
    capacity=OperatorType.CERTIFIED_CONSIGNEE,
    lines=(LINE,),
)


def version(content: SaadEntry, number: int = 1, status: Status = Status.ENTERED, at: datetime = NOW) -> SaadRecord:
    """A version of the record of an entry."""
    due = content.received + timedelta(days=1)
    return SaadRecord(
        entry=content, version=number, status=status, late=False, due=due, entered_at=at, since=at.astimezone(UTC)
    )


def entered(record: SaadRecord, trader: str = CONSIGNEE, **place: Any) -> NewVersion:
    """A version to be kept."""
    return NewVersion(id=record_id(trader, record.entry.key), record=record, **place)


def batch(number: str = "b1", **values: Any) -> Batch:
    """A batch that nobody has begun to read."""
    return replace(_BATCH, id=number, **values)


_BATCH = Batch(
    id="b1",
    trader=CONSIGNEE,
    kind="saad",
    mode=Mode.ROWS,
    state=BatchState.WAITING,
    name="prekės.csv",
    sha256="00" * 32,
    size=3,
    declared={"format": "csv"},
    signed_beside=False,
    signer=None,
    received_at=NOW,
    estimate=2,
    documents=0,
    rows_done=0,
    counts={},
)


def row(number: int = 1, outcome: RowOutcome = RowOutcome.TAKEN, **values: Any) -> BatchRow:
    """A document of a batch."""
    told = {"key": f"gr-{number}", "document": f"GR-{number}", "content": bytes([number]) * 32, **values}
    return BatchRow(number=number, rows=(number + 1,), outcome=outcome, **told)
