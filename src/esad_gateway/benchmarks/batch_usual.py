"""Usual batches, written for comparison: rows by csv.DictReader or openpyxl, xmlschema, signxml, the ORM.

As with :mod:`esad_gateway.benchmarks.usual`: what most would write from the manuals, without tricks and without sloth.
Each row is read, checked, looked up and stored by itself, with a commit each.
"""

import copy
import csv
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import openpyxl
import xmlschema
from lxml import etree
from signxml.algorithms import CanonicalizationMethod, SignatureMethod
from signxml.signer import XMLSigner
from sqlalchemy import ForeignKey, UniqueConstraint, create_engine, event, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column, relationship, sessionmaker

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.benchmarks.usual import Base, TraderRow, configure
from esad_gateway.emcs.registry import Operator
from esad_gateway.errors import SenderError
from esad_gateway.signing.pki import Identity

Row = Mapping[str, Any]

_CN: Final = re.compile("[0-9]{8}")
_PRODUCT: Final = re.compile("[A-Z][A-Z0-9]{3}")
_MOST_PERCENT: Final = 100


class DraftRow(Base):
    """A draft that was signed, with its bytes."""

    __tablename__ = "draft"
    __table_args__ = (UniqueConstraint("consignor", "lrn"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    consignor: Mapped[str]
    lrn: Mapped[str]
    body: Mapped[bytes]


class ReceiptRow(Base):
    """A document of the SAAD list."""

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("state", "consignor", "document"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str]
    state: Mapped[str]
    consignor: Mapped[str]
    document: Mapped[str]
    consignee: Mapped[str] = mapped_column(ForeignKey("trader.seed"))
    capacity: Mapped[str]
    dispatched: Mapped[date]
    received: Mapped[date]
    entered_at: Mapped[datetime]
    lines: Mapped[list["LineRow"]] = relationship()


class LineRow(Base):
    """A line of goods of one."""

    __tablename__ = "line"

    id: Mapped[int] = mapped_column(primary_key=True)
    receipt_id: Mapped[int] = mapped_column(ForeignKey("receipt.id"))
    product: Mapped[str]
    cn_code: Mapped[str]
    quantity: Mapped[str]
    strength: Mapped[str | None]
    plato: Mapped[str | None]
    packages: Mapped[int | None]
    package_kind: Mapped[str | None]


class UsualBatches:
    """Batches into a database at ``path``; ``operators`` are those of the registry.

    Drafts are copies of ``template``, a draft with all of its elements, checked by ``schema`` and signed by ``trader``.
    """

    def __init__(
        self, path: Path, schema: Path, template: bytes, trader: Identity, operators: Iterable[Operator]
    ) -> None:
        self._template = etree.fromstring(template)
        # Any: xmlschema reads trees of lxml, its types do not say so.
        self._validate: Callable[[Any], None] = xmlschema.XMLSchema(str(schema)).validate
        self._trader = trader
        self._signer = XMLSigner(
            signature_algorithm=SignatureMethod.ECDSA_SHA256,
            c14n_algorithm=CanonicalizationMethod.EXCLUSIVE_XML_CANONICALIZATION_1_0,
        )
        self._engine = create_engine(f"sqlite:///{path}")
        event.listen(self._engine, "connect", configure)
        Base.metadata.create_all(self._engine)
        self._session = sessionmaker(self._engine)
        with self._session() as session:
            session.add_all(TraderRow(seed=one.seed, kind=one.operator_type.value) for one in operators)
            session.commit()

    def dispatch(self, path: Path) -> None:
        """Make a draft of each row of a CSV file, validate it, sign it, and store it, with a commit each.

        Raises XMLSchemaValidationError, or IntegrityError for the same number twice.
        """
        for row in csv_rows(path):
            draft = self._draft(row)
            self._validate(draft)
            signed = self._signer.sign(draft, key=self._trader.key, cert=[self._trader.certificate])
            with self._session() as session:
                lrn = row["local_reference_number"]
                session.add(DraftRow(consignor=row["consignor"], lrn=lrn, body=etree.tostring(signed)))
                session.commit()

    def enter(self, rows: Iterable[Row]) -> None:
        """Check rows of the SAAD list and store them, with a commit each. Raises SenderError for one that is wrong."""
        for row in rows:
            with self._session() as session:
                self._enter(session, row)
                session.commit()

    def enter_together(self, rows: Iterable[Row]) -> None:
        """The same with one commit for all: then nothing of it is on disk before the end."""
        with self._session() as session:
            for row in rows:
                self._enter(session, row)
            session.commit()

    def stored(self) -> tuple[int, int]:
        """How many drafts and receipts there are."""
        with self._session() as session:
            drafts, receipts = (select(func.count()).select_from(table) for table in (DraftRow, ReceiptRow))
            return session.scalar(drafts) or 0, session.scalar(receipts) or 0

    def close(self) -> None:
        """Give back the connections."""
        self._engine.dispose()

    def _draft(self, row: Row) -> etree._Element:
        draft = copy.deepcopy(self._template)
        body = draft[1][0]
        for column in LAYOUTS[BatchKind.DISPATCH].columns:
            text, way = row.get(column.name), "/".join(f"{{*}}{step}" for step in column.way)
            if text and (element := body.find(way)) is not None:
                element.text = text
        return draft

    def _enter(self, session: Session, row: Row) -> None:
        receipt = _receipt(row)
        trader = session.get(TraderRow, receipt.consignee)
        if trader is None:
            raise SenderError(f"{receipt.consignee} is nobody")
        known = select(ReceiptRow.id).where(
            ReceiptRow.state == receipt.state,
            ReceiptRow.consignor == receipt.consignor,
            ReceiptRow.document == receipt.document,
        )
        if session.scalar(known) is not None:
            raise SenderError(f"{receipt.document} was entered before")
        session.add(receipt)


def csv_rows(path: Path) -> Iterator[Row]:
    """The rows of a CSV file as its reader gives them."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        yield from csv.DictReader(file, delimiter=";")


def xlsx_rows(path: Path) -> Iterator[Row]:
    """The rows of the first sheet of a workbook."""
    book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    try:
        rows = book.worksheets[0].iter_rows(values_only=True)
        heading = [str(one) for one in next(rows)]
        for row in rows:
            yield dict(zip(heading, row, strict=True))
    finally:
        book.close()


def _receipt(row: Row) -> ReceiptRow:
    """A row, checked: what has to be there is, codes have their form, days their order, numbers are above zero."""
    dispatched, received = _day(row["dispatched"]), _day(row["received"])
    if not row["document"] or not row["consignor"]:
        raise SenderError("document and consignor have to be given")
    if not dispatched <= received <= datetime.now(UTC).date():
        raise SenderError(f"{dispatched} and {received} are not in order")
    return ReceiptRow(
        source=row["source"],
        state=row["state"],
        consignor=row["consignor"],
        document=str(row["document"]),
        consignee=row["consignee"],
        capacity=row["capacity"],
        dispatched=dispatched,
        received=received,
        entered_at=datetime.now(UTC),
        lines=[_line(row)],
    )


def _line(row: Row) -> LineRow:
    quantity, strength = _number(row["quantity"]), _number(row["strength"]) if row["strength"] else None
    if not _PRODUCT.fullmatch(row["product"]) or not _CN.fullmatch(str(row["cn_code"])):
        raise SenderError(f"{row['product']} and {row['cn_code']} are no codes")
    if quantity <= 0 or (strength is not None and not 0 < strength <= _MOST_PERCENT):
        raise SenderError(f"{quantity} and {strength} are not possible")
    return LineRow(
        product=row["product"],
        cn_code=str(row["cn_code"]),
        quantity=str(quantity),
        strength=None if strength is None else str(strength),
        plato=str(row["plato"]) if row["plato"] else None,
        packages=int(row["packages"]) if row["packages"] else None,
        package_kind=row["package_kind"] or None,
    )


def _number(value: Any) -> Decimal:
    return Decimal(str(value).replace(",", "."))


def _day(value: Any) -> date:
    if isinstance(value, datetime):
        return value.date()
    return value if isinstance(value, date) else date.fromisoformat(value)
