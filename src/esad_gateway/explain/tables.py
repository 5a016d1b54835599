"""Explanations of what can be wrong with a table of documents, by the codes that its faults have."""

from collections.abc import Sequence
from functools import cache
from string import Formatter
from typing import Final

from esad_gateway.explain.answer import Explanation, chosen, head, label
from esad_gateway.faults import Said, said
from esad_gateway.texts import ENGLISH, in_every_language, say, sentences

PAGE: Final = "docs/reference/batch.md"
"""Where all of them stand, with the columns."""

_OF_TABLES: Final = ("SHEET-", "CELL-", "TABLE-", "COLUMN-", "ROW-", "VALUE-", "BATCH-")
_TEXT: Final = ".text"


@cache
def table_codes() -> tuple[str, ...]:
    """The codes of what can be wrong with a file, its cells, columns, rows, values, and with a batch."""
    return tuple(
        key.removesuffix(_TEXT) for key in sentences(ENGLISH) if key.startswith(_OF_TABLES) and key.endswith(_TEXT)
    )


def table_code(code: str, wanted: Sequence[str]) -> Explanation | None:
    """What a code of a table means and what to do; ``None`` for what is none. Values of the case stand in braces."""
    if code not in table_codes():
        return None
    text, hint = _open(f"{code}.text"), _open(f"{code}.hint")
    described = {
        "kind": "table",
        "code": code,
        "text": in_every_language(text),
        "hint": say(hint),
        "hints": in_every_language(hint),
        "page": PAGE,
    }
    hints = [label(said("told.hint", hint=one), wanted) for one in chosen(hint, wanted)]
    told = [*chosen(text, wanted), *hints, label(said("told.of_tables", page=PAGE), wanted)]
    title = label(said("told.code", code=code), wanted)
    return Explanation(as_json=described, lines=[(head(title),), *(f"  {one}" for one in told)])


def _open(key: str) -> Said:
    """A sentence without a case: the names of its values in braces, in the place of these."""
    names = {name for _, name, _, _ in Formatter().parse(sentences(ENGLISH)[key]) if name}
    return said(key, **{name: f"{{{name}}}" for name in names})
