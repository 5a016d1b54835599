"""Memory that reading takes: flat in the number of rows, measured in processes of their own."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

_READ = """
import resource, sys
from pathlib import Path
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared
idle = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
with open_sheet(Path(sys.argv[1]), Declared()) as sheet:
    rows = sum(1 for _ in sheet.rows())
print(rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - idle)
"""


def cost(path: Path) -> tuple[int, int]:
    """How many rows a file has, and the kilobytes that reading them added at most."""
    done = subprocess.run([sys.executable, "-c", _READ, path], capture_output=True, text=True, check=True)
    rows, kilobytes = map(int, done.stdout.split())
    return rows, kilobytes


@pytest.mark.parametrize(
    ("name", "line"),
    [
        ("rows.csv", ";".join(f"value {number}" for number in range(12)) + "\n"),
        ("rows.jsonl", json.dumps({f"name {number}": f"value {number}" for number in range(12)}) + "\n"),
    ],
)
def test_rows_take_no_memory(tmp_path: Path, name: str, line: str) -> None:
    """Twenty times the rows take no more; 60 MB is what a million may take."""
    few, many = tmp_path / f"few_{name}", tmp_path / f"many_{name}"
    few.write_text(line * 1_500)
    many.write_text(line * 30_000)
    (counted, small), (all_rows, large) = cost(few), cost(many)
    assert all_rows - counted == 28_500
    assert large < small + 4_096
    assert large < 60_000
