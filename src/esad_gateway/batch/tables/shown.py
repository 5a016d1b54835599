"""Layouts and proposals as programs read them."""

from collections.abc import Sequence
from typing import Any

from esad_gateway.batch.tables.column import Column
from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.proposing import Guess
from esad_gateway.texts import in_every_language


def columns_json(kind: BatchKind) -> dict[str, Any]:
    """The columns of a layout: names, headings, what they mean, take and may say, in every language."""
    layout = LAYOUTS[kind]
    return {"kind": kind.value, "key": list(layout.key), "columns": [_column(one) for one in layout.columns]}


def _column(column: Column) -> dict[str, Any]:
    return {
        "name": column.name,
        "headings": in_every_language(column.heading),
        "required": column.required,
        "ofLine": column.of_line,
        "rare": column.rare,
        "about": in_every_language(column.about),
        "takes": in_every_language(column.reader.expected),
        "codes": {code: in_every_language(meaning) for code, meaning in column.reader.choices.items()},
    }


def guesses_json(kind: BatchKind, guesses: Sequence[Guess]) -> dict[str, Any]:
    """A proposal: what each column may be, ``null`` where it is none of ours."""
    return {"kind": kind.value, "columns": [_guess(one) for one in guesses]}


def _guess(guess: Guess) -> dict[str, Any]:
    name = guess.column.name if guess.column else None
    count = {"filled": guess.filled, "fitting": guess.fitting}
    return {"heading": guess.heading, "column": name, "count": count, "strange": list(guess.strange)}
