"""A folder of test data: documents, the register that knows their traders, and an index of what is expected of each."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import fields
from pathlib import Path
from typing import Any, Final

from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.movement import Movement
from esad_gateway.emcs.registry import ExciseOffice
from esad_gateway.emcs.seed import RegisterEntry
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error
from esad_gateway.register.exporting import write_json
from esad_gateway.simulator.making.case import MadeCase
from esad_gateway.simulator.making.maker import Made, Maker, Wanted
from esad_gateway.simulator.making.typical import check_type
from esad_gateway.simulator.making.variants import broken_samples, rule_of
from esad_gateway.texts import fault_json

INDEX: Final = "index.json"
REGISTER: Final = "operators.json"
ALL: Final = "all"
"""Every rule that a message of the type can break."""

_TOLD: Final = ("arc", "side", "state", "sequence", "lrn", "consignor", "consignee", "delivery_place", "dispatched_at")


def made_of(maker: Maker, wanted: Iterable[Wanted], rules: Sequence[str] = ()) -> Iterator[Made]:
    """What is wanted, valid; or with each of the ``rules`` broken, :data:`ALL` of them or by their numbers.

    Raises UnreadableInput for what there is not. A rule that the states which are wanted cannot break is left out where
    all are asked for.
    """
    for one in wanted:
        if not rules:
            yield maker.make(one)
        elif ALL in rules:
            yield from _every(maker, one)
        else:
            yield from (maker.broken(one, rule) for rule in rules)


def write(folder: Path, maker: Maker, made: Iterable[Made]) -> tuple[Path, ...]:
    """Write documents, the register and the index into a folder that is new or empty. Returns the documents.

    Raises UnreadableInput for nothing, and for a folder that has something in it, or cannot be written.
    """
    try:
        if folder.exists() and any(folder.iterdir()):
            raise UnreadableInput(said("making.not_empty", folder=str(folder)))
        whole = tuple(made)
        if not whole:
            raise UnreadableInput(Said("making.nothing"))
        folder.mkdir(parents=True, exist_ok=True)
        return _written(folder, maker, whole)
    except OSError as error:
        raise UnreadableInput(file_error(folder, error)) from error


def _written(folder: Path, maker: Maker, made: Iterable[Made]) -> tuple[Path, ...]:
    told, files, case = [], [], None
    for one in made:
        file = folder / f"{one.name}.xml"
        file.write_bytes(one.document())
        told.append(_told(one, file))
        files.append(file)
        case = case or one.case
    if case is not None:
        _write_register(folder / REGISTER, case)
        index = {"seed": maker.seed, "now": case.context.now.isoformat(), "register": REGISTER, "documents": told}
        text = json.dumps(index, ensure_ascii=False, indent=2)
        (folder / INDEX).write_text(f"{text}\n", encoding="utf-8")
    return tuple(files)


def _told(made: Made, file: Path) -> dict[str, Any]:
    movement = made.case.movement_of(made.message)
    named = movement_of(made.message)
    return {
        "file": file.name,
        "message": type(made.message).__name__,
        "arc": named and named.administrative_reference_code,
        "movement": movement and _plain(movement),
        "faults": [fault_json(fault) for fault in made.faults],
    }


def _plain(movement: Movement) -> Mapping[str, Any]:
    """What has to be known of a movement, so that the message about it is as it should be."""
    lines = [{one.name: _text(getattr(line, one.name)) for one in fields(line)} for line in movement.lines]
    return {name: _text(getattr(movement, name)) for name in _TOLD} | {"lines": lines}


def _text(value: Any) -> Any:
    return value if value is None or isinstance(value, int) else str(value)


def _write_register(file: Path, case: MadeCase) -> None:
    entries = (RegisterEntry(operator, {}) for operator in case.facts.operators.values())
    offices = (ExciseOffice(reference=one) for one in sorted(case.facts.offices or ()))
    write_json(file, entries, {}, offices)


def _every(maker: Maker, wanted: Wanted) -> Iterator[Made]:
    """All samples of a type that break a rule, and break it between the states that are wanted."""
    check_type(wanted.message)
    for name in broken_samples(wanted.message):
        made = maker.broken_sample(wanted, name)
        if rule_of(name) in {fault.rule for fault in made.faults}:
            yield made


def every_type(messages: Sequence[str]) -> Sequence[str]:
    """The types that are asked for, every type where none is."""
    return tuple(messages) or NAMES
