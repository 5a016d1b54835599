"""What runs in the process that reads a whole sheet: limits first, then the reader, then lines of JSON."""

import json
import os
import resource
import sys
from pathlib import Path
from typing import Any

from esad_gateway.errors import Unreadable
from esad_gateway.sheets.flaws import WHOLE_FILE, flaw
from esad_gateway.sheets.held import fault_to, rows_to, said_to
from esad_gateway.sheets.table import Declared, FileFormat


def main(argument: str) -> None:
    """Read the sheet that ``argument`` (JSON) names, and write it to standard output."""
    what = json.loads(argument)
    limit(what["megabytes"], what["seconds"])
    expected = FileFormat(what["format"]) if what["format"] else None
    declared = Declared(format=expected, sheet=what["sheet"])
    try:
        _read(Path(what["path"]), declared)
    except Unreadable as error:
        _say({"faults": [fault_to(fault) for fault in error.faults]})
    except MemoryError:
        wrong = flaw("SHEET-MEMORY", most=what["megabytes"]).fault(WHOLE_FILE)
        _say({"faults": [fault_to(wrong)]})
    except BrokenPipeError:
        os._exit(0)  # nobody wants the rest, and nothing is left to be written
    sys.stdout.flush()


def limit(megabytes: int, seconds: int) -> None:
    """Take no more memory (address space) and time of the processor than this, and leave no core file."""
    for what, most in (
        (resource.RLIMIT_AS, megabytes << 20),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_CORE, 0),
    ):
        hard = resource.getrlimit(what)[1]
        resource.setrlimit(what, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))


def _read(path: Path, declared: Declared) -> None:
    from esad_gateway.sheets.whole import read_whole  # noqa: PLC0415 - within the limits

    with read_whole(path, declared) as sheet:
        remarks = [said_to(one) for one in sheet.remarks]
        _say({"format": sheet.format.value, "told": dict(sheet.told), "remarks": remarks})
        sys.stdout.writelines(f"{line}\n" for line in rows_to(sheet.rows))


def _say(what: dict[str, Any]) -> None:
    sys.stdout.write(json.dumps(what, ensure_ascii=False) + "\n")


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    main(sys.argv[1])
