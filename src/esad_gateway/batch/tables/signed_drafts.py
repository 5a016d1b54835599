"""Drafts of deferred dispatches that their trader has signed: one JSON object a line, with the rows that it is of.

``esad batch upload --key`` makes them of a table, on the machine that has the key; the gateway need not keep it.
"""

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, BinaryIO, Final, NoReturn

from esad_gateway.batch.tables.reading import BETWEEN_NAMES, Document
from esad_gateway.errors import Unreadable
from esad_gateway.frozen import frozen
from esad_gateway.sheets.flaws import flaw, row_place
from esad_gateway.sheets.table import SheetRow

SIGNED: Final = "signed"
"""What the format is called."""

LONGEST_LINE: Final = 8 * 1024 * 1024
"""Bytes of a line: a message of 4 MiB, written as JSON."""

_LARGEST_ROW: Final = 2**31

_BETWEEN: Final = "\x1f"  # what stands between the values of a key


@frozen(kw_only=True)
class OwnDraft:
    """A draft as its trader has signed it.

    ``rows`` are those of the table, ``document`` is what makes it the same elsewhere, ``called`` the same as it was
    written (empty: nobody says), ``content`` the digest of what the rows say, and ``signed`` the message.
    """

    rows: tuple[int, ...]
    document: str
    content: bytes
    signed: bytes
    called: str = ""


def write_signed_drafts(to: BinaryIO, drafts: Iterable[OwnDraft]) -> None:
    """Write drafts, a line each."""
    for one in drafts:
        told = {
            "rows": list(one.rows),
            "document": one.document,
            "called": one.called,
            "content": one.content.hex(),
            "signed": one.signed.decode(),
        }
        to.write(json.dumps(told, ensure_ascii=False).encode() + b"\n")


def signed_drafts(path: Path) -> Iterator[Document]:
    """The drafts of a file, each as a document whose entry is the signed message (bytes).

    Raises Unreadable with the line that is none. Not checked: the message and its signature, which the gateway does.
    """
    with path.open("rb") as file:
        number = 0
        while line := file.readline(LONGEST_LINE + 1):
            number += 1
            if line.strip():
                yield _document(line, number)


def _document(line: bytes, number: int) -> Document:
    told = _read(line, number)
    try:
        rows = tuple(SheetRow(_row(row), ()) for row in told["rows"])
        document, called = str(told["document"]), str(told.get("called", ""))
        content, signed = bytes.fromhex(told["content"]), told["signed"].encode()
    except (KeyError, TypeError, ValueError, AttributeError):
        _refuse(number)
    if not rows or not document:
        _refuse(number)
    called = called or document.replace(_BETWEEN, BETWEEN_NAMES)
    return Document(source=rows, key=document, called=called, entry=signed, faults=(), content=content)


def _row(row: Any) -> int:
    if type(row) is not int or not 0 < row < _LARGEST_ROW:
        raise ValueError(row)
    return row


def _read(line: bytes, number: int) -> dict[str, Any]:
    try:
        told = json.loads(line)
    except (ValueError, RecursionError):
        _refuse(number)
    if not isinstance(told, dict) or len(line) > LONGEST_LINE:
        _refuse(number)
    return told


def _refuse(number: int) -> NoReturn:
    raise Unreadable((flaw("BATCH-SIGNED").fault(row_place(number), line=number),)) from None
