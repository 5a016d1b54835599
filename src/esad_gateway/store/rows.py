"""Values to rows and back: the one place that knows how the store writes things down."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import wraps
from operator import attrgetter
from typing import Any, Final, TypeVar, cast

from esad_gateway.emcs.codes import (
    DestinationTypeCode,
    GuarantorTypeCode,
    IndicatorOfShortageOrExcess,
    RequestedMessageType,
    StatusType,
)
from esad_gateway.emcs.movement import Line, Movement, Side, Stage, Timer, Version, due_at
from esad_gateway.emcs.registry import LinkedTrader, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.working_days import ReportOfReceipt
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Fault, Faults, Said, Value, listed, said
from esad_gateway.place import Place
from esad_gateway.ports.reading import Entry, Listed, Outcome, Receipt, Reply
from esad_gateway.store.database import Row
from esad_gateway.store.stored import (
    ADDRESS,
    FAULTS,
    HELD,
    LINES,
    PRODUCTS,
    RECEIPT,
    REPORT,
    SAID,
    TEMPORARY,
    VERSIONS,
    read,
    written,
)

_Stored = TypeVar("_Stored")
_Value = TypeVar("_Value")


def as_written(convert: Callable[[_Stored], _Value]) -> Callable[[_Stored], _Value]:
    """Raise StoreDamaged where the store holds what nobody wrote there."""

    @wraps(convert)
    def converted(stored: _Stored) -> _Value:
        try:
            return convert(stored)
        except (TypeError, ValueError, AttributeError, ArithmeticError, LookupError) as error:
            words = f"{type(error).__name__}: {error}"
            raise StoreDamaged(said("store.nobody_wrote", words=words)) from error

    return converted


def moment(at: datetime) -> str:
    """A moment as stored text: UTC, microseconds, sortable."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def entry_row(entry: Entry, at: str) -> dict[str, Any]:
    """A mailbox entry as a row of ``message``."""
    return {
        "mailbox": entry.mailbox,
        "seq": entry.seq,
        "direction": entry.direction,
        "type": entry.type,
        "identifier": entry.identifier,
        "correlation": entry.correlation,
        "arc": entry.arc,
        "sequence": entry.sequence,
        "outcome": entry.outcome,
        "document": entry.document,
        "recorded_at": at,
    }


_LISTED: Final = ("recorded_at", "acknowledged_at", *(one.name for one in fields(Entry)))


@as_written
def listed_of_row(row: Row) -> Listed:
    """The line of a mailbox of a row of ``message``."""
    return Listed(**{name: row[name] for name in _LISTED})


def entry_text(entries: tuple[Entry, ...]) -> str:
    """Held entries as text."""
    return written(HELD, [{**asdict(entry), "document": entry.document.hex()} for entry in entries])


@as_written
def entries_of(text: str) -> tuple[Entry, ...]:
    """The held entries of a text."""
    return tuple(Entry(**{**item, "document": bytes.fromhex(item["document"])}) for item in read(HELD, text))


def movement_row(movement: Movement, at: str) -> dict[str, Any]:
    """A movement as a row."""
    return {
        "arc": movement.arc,
        "side": movement.side,
        "state": movement.state,
        "sequence": movement.sequence,
        "lrn": movement.lrn,
        "consignor": movement.consignor,
        "consignee": movement.consignee,
        "delivery_place": movement.delivery_place,
        "destination_type": movement.destination_type,
        "destination_state": movement.destination_state,
        "dispatched_at": moment(movement.dispatched_at),
        "limit_at": moment(movement.limit),
        "lines": written(LINES, [_line(line) for line in movement.lines]),
        "initial_consignee": movement.initial_consignee,
        "transport_mode": movement.transport_mode,
        "guarantor": movement.guarantor,
        "report": movement.report and written(REPORT, asdict(movement.report)),
        "journey_stage": movement.journey.stage,
        "change_at": movement.change and moment(movement.change.ends),
        "change_stage": movement.change and movement.change.stage,
        "questioned": movement.questioned,
        "last_message": movement.last_message,
        "versions": _versions_text(movement.versions) if movement.versions else None,
        "clock_at": moment(due[0]) if (due := due_at(movement)) else None,
        "changed_at": at,
    }


def _versions_text(versions: tuple[Version, ...]) -> str:
    return written(VERSIONS, [_plain_version(version) for version in versions])


def _plain_version(version: Version) -> dict[str, Any]:
    # Not asdict, which copies every value to its depth: longer work than the rest of the row.
    plain = {name: getattr(version, name) for name in _VERSION}
    report = asdict(version.report) if version.report else None
    return plain | {"limit": moment(version.limit), "report": report}


_VERSION: Final = tuple(item.name for item in fields(Version))


def _line(line: Line) -> tuple[int, str, str, str | None, str | None]:
    refused = None if line.refused is None else str(line.refused)
    return line.reference, line.product, str(line.quantity), refused, line.discrepancy


@as_written
def movement_of_row(row: Row) -> Movement:
    """The movement of a row."""
    return Movement(
        arc=row["arc"],
        side=Side(row["side"]),
        state=StatusType(row["state"]),
        sequence=row["sequence"],
        lrn=row["lrn"],
        consignor=row["consignor"],
        consignee=row["consignee"],
        delivery_place=row["delivery_place"],
        destination_type=DestinationTypeCode(row["destination_type"]),
        destination_state=row["destination_state"],
        dispatched_at=datetime.fromisoformat(row["dispatched_at"]),
        journey=_timer(row["limit_at"], row["journey_stage"]),
        lines=tuple(_line_of(*values) for values in read(LINES, row["lines"])),
        initial_consignee=row["initial_consignee"],
        transport_mode=row["transport_mode"],
        guarantor=GuarantorTypeCode(row["guarantor"]) if row["guarantor"] else None,
        report=_report(read(REPORT, row["report"])) if row["report"] else None,
        change=_timer(row["change_at"], row["change_stage"]) if row["change_at"] else None,
        questioned=bool(row["questioned"]),
        last_message=RequestedMessageType(row["last_message"]),
        versions=tuple(_version(plain) for plain in read(VERSIONS, row["versions"])) if row["versions"] else (),
    )


def _timer(ends: str, stage: str) -> Timer:
    return Timer(datetime.fromisoformat(ends), Stage(stage))


def _report(plain: dict[str, str]) -> ReportOfReceipt:
    return ReportOfReceipt(**{name: date.fromisoformat(day) for name, day in plain.items()})


def _line_of(reference: int, product: str, quantity: str, refused: str | None, discrepancy: str | None) -> Line:
    return Line(
        reference,
        product,
        Decimal(quantity),
        None if refused is None else Decimal(refused),
        None if discrepancy is None else IndicatorOfShortageOrExcess(discrepancy),
    )


def _version(plain: dict[str, Any]) -> Version:
    return Version(
        **{
            **plain,
            "state": StatusType(plain["state"]),
            "destination_type": DestinationTypeCode(plain["destination_type"]),
            "limit": datetime.fromisoformat(plain["limit"]),
            "report": _report(plain["report"]) if plain.get("report") else None,
        }
    )


def receipt_text(receipt: Receipt) -> str:
    """A receipt as text: values in the order of its fields. Names would be half of it, in every message that came.

    Left out is the last field: what is stored was never repeated. So is ``held_until`` where nothing is held.
    """
    faults, replies = [_fault_plain(one) for one in receipt.faults], [_REPLY(one) for one in receipt.replies]
    held = () if receipt.held_until is None else (moment(receipt.held_until),)
    return written(RECEIPT, (*_TOLD(receipt), faults, replies, *held))


_TOLD: Final = attrgetter("outcome", "type", "identifier", "mailbox", "seq", "arc")
_REPLY: Final = attrgetter("mailbox", "seq", "type", "identifier")
_FAULT: Final = {item.name: item.name for item in fields(Fault)} | {"place": "path"}


@as_written
def receipt_of(text: str) -> Receipt:
    """The receipt of a text."""
    outcome, kind, identifier, mailbox, seq, arc, faults, replies, *held = read(RECEIPT, text)
    (held_until,) = map(datetime.fromisoformat, held) if held else (None,)
    return Receipt(
        outcome=Outcome(outcome),
        type=kind,
        identifier=identifier,
        mailbox=mailbox,
        seq=seq,
        arc=arc,
        faults=tuple(_fault(fault) for fault in faults),
        replies=tuple(_reply(*reply) for reply in replies),
        held_until=held_until,
    )


def _reply(mailbox: str, seq: int, kind: str, identifier: str) -> Reply:
    return Reply(mailbox=mailbox, seq=seq, type=kind, identifier=identifier)


def _fault_plain(fault: Fault) -> dict[str, Any]:
    """A fault as it is kept: its place as text, which people read in the store as well."""
    kept = {"place": fault.path, "text": asdict(fault.text), "hint": asdict(fault.hint)}
    return {_FAULT[name]: kept.get(name, getattr(fault, name)) for name in _FAULT}


def _fault(plain: dict[str, Any]) -> Fault:
    others = {name: one for name, one in plain.items() if name != "path"}
    read = {"place": _place(plain["path"]), "text": _said(plain["text"]), "hint": _said(plain["hint"])}
    return Fault(**others | read)


def _place(text: str) -> Place:
    """The place of its text: an XPath begins with a slash, a way in data does not."""
    if text.startswith("/"):
        return Place.read(text)
    return Place(Place.read(text.replace(".", "/")).steps, in_data=True)


def faults_text(faults: Faults) -> str | None:
    """Faults as text, ``None`` for none."""
    return written(FAULTS, [_fault_plain(one) for one in faults]) if faults else None


@as_written
def faults_of(text: str | None) -> Faults:
    """The faults of a text."""
    return tuple(_fault(one) for one in read(FAULTS, text)) if text is not None else ()


def said_text(several: tuple[Said, ...]) -> str | None:
    """What is to be said as text, ``None`` for nothing."""
    return written(SAID, [asdict(one) for one in several]) if several else None


def sentence_text(one: Said | None) -> str | None:
    """A sentence as text, ``None`` for none; the same sentence is always the same text."""
    return said_text((one,)) if one is not None else None


def sentence_of(text: str | None) -> Said | None:
    """The sentence of a text."""
    return next(iter(said_of(text)), None)


@as_written
def said_of(text: str | None) -> tuple[Said, ...]:
    """What is to be said, of a text."""
    return tuple(_said(one) for one in read(SAID, text)) if text is not None else ()


def _said(plain: dict[str, Any]) -> Said:
    return Said(plain["key"], tuple((name, _value(one)) for name, one in plain["values"]))


def _value(plain: Any) -> Value:
    match plain:
        case {"things": things, "between": between}:
            return listed(map(_value, things), between)
        case dict():
            return _said(plain)
        case list():
            return tuple(_value(one) for one in plain)
        case _:
            return cast("str | int", plain)


def operator_row(operator: Operator, address: Mapping[str, str]) -> dict[str, Any]:
    """A registry record as a row; ``address`` is kept for composing messages, the rules never ask it."""
    return {
        "seed": operator.seed,
        "operator_type": operator.operator_type,
        "name": operator.name,
        "office": operator.office,
        "valid_from": operator.valid_from.isoformat(),
        "valid_to": operator.valid_to and operator.valid_to.isoformat(),
        "products": written(PRODUCTS, sorted(operator.products)),
        "categories": "".join(sorted(operator.categories)),
        "temporary": operator.temporary and _temporary_text(operator.temporary),
        "counterparty": operator.temporary and operator.temporary.counterparty,
        "address": written(ADDRESS, dict(address)),
    }


@as_written
def operator_of_row(row: Row) -> Operator:
    """The registry record of a row."""
    return Operator(
        seed=row["seed"],
        name=row["name"],
        operator_type=OperatorType(row["operator_type"]),
        office=row["office"],
        valid_from=date.fromisoformat(row["valid_from"]),
        valid_to=date.fromisoformat(row["valid_to"]) if row["valid_to"] else None,
        products=frozenset(read(PRODUCTS, row["products"])),
        categories=frozenset(row["categories"]),
        temporary=_temporary(read(TEMPORARY, row["temporary"])) if row["temporary"] else None,
    )


def _temporary_text(temporary: TemporaryAuthorisation) -> str:
    plain = {
        "counterparty": temporary.counterparty,
        "reusable": temporary.reusable,
        "quantities": {product: str(quantity) for product, quantity in temporary.quantities.items()},
        "small_wine_producer": temporary.small_wine_producer,
        "linked": temporary.linked and asdict(temporary.linked),
    }
    return written(TEMPORARY, plain)


def _temporary(plain: dict[str, Any]) -> TemporaryAuthorisation:
    quantities = {product: Decimal(quantity) for product, quantity in plain["quantities"].items()}
    linked = LinkedTrader(**plain["linked"]) if plain["linked"] else None
    return TemporaryAuthorisation(**{**plain, "quantities": quantities, "linked": linked})
