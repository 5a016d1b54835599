"""Documents are read, judged and forgotten: what a file takes does not grow with its rows."""

import csv
import subprocess
import sys
from pathlib import Path

from esad_gateway.batch.tables.columns import BatchKind
from helpers.tables import example

_CHECK = """
import resource, sys
from datetime import UTC, datetime
from pathlib import Path
from esad_gateway.batch.tables.checking import table_of
from esad_gateway.batch.tables.reading import documents
from esad_gateway.batch.tables.saad_rows import saad_making
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open_sheet(Path(sys.argv[1]), Declared()) as sheet:
    found = documents(sheet, table_of(sheet), saad_making(lambda _: ()))
    count = sum(1 for document in found if document.content or document.faults)
print(count, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle)
"""


def _cost(folder: Path, rows: int) -> tuple[int, int]:
    """How many documents a file of ``rows`` has, one a row, and the kilobytes that reading them added at most."""
    file = folder / f"{rows}.csv"
    first = {name: str(value) for name, value in _texts().items()}
    with file.open("w", encoding="utf-8", newline="") as lines:
        writer = csv.writer(lines, delimiter=";")
        writer.writerow(first)
        # Every tenth has a fault: those take no memory either.
        writer.writerows({**first, "document": f"D{row}", **_wrong(row)}.values() for row in range(rows))
    done = subprocess.run([sys.executable, "-c", _CHECK, file], capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    return count, kilobytes


def _texts() -> dict[str, str]:
    return {name: value if isinstance(value, str) else value.text for name, value in example(BatchKind.SAAD).items()}


def _wrong(row: int) -> dict[str, str]:
    return {} if row % 10 else {"quantity": "much"}


def test_documents_take_no_memory(tmp_path: Path) -> None:
    """Fifteen times the documents take no more than a few megabytes, which are SQLite's cache."""
    (few, small), (many, large) = _cost(tmp_path, 2_000), _cost(tmp_path, 30_000)

    assert (few, many) == (2_000, 30_000)
    assert large < small + 8_192
