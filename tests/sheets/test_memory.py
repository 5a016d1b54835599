"""Memory that reading takes: flat in the number of rows, measured in processes of their own."""

import subprocess
import sys
from pathlib import Path

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


def test_rows_of_csv_take_no_memory(tmp_path: Path) -> None:
    """Twenty times the rows take no more; 60 MB is what a million may take."""
    few, many = tmp_path / "few.csv", tmp_path / "many.csv"
    line = ";".join(f"value {number}" for number in range(12)) + "\n"
    few.write_text(line * 5_000)
    many.write_text(line * 100_000)
    (counted, small), (all_rows, large) = cost(few), cost(many)
    assert (counted, all_rows) == (4_999, 99_999)
    assert large < small + 4_096
    assert large < 60_000
