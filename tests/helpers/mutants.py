"""What became of the mutants of ``make mutants``: how many were killed, and whether the survivors are the known ones.

``tests/data/surviving_mutants.csv`` names every mutant that may survive, with the reason. A survivor that is not listed
fails the command, so does one that is listed and was killed, and so does a share of killed mutants below 95 %. Only
mutants that were run are counted, so a sample can be looked at as well.
"""

import csv
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

ROOT = Path(__file__).parents[2]
MUTANTS = ROOT / "mutants"
LISTED = ROOT / "tests" / "data" / "surviving_mutants.csv"
LEAST_KILLED = 0.95

# How the child process ended that ran the tests on a mutant: they passed, or none of them reaches it.
SURVIVED = frozenset({0, 5, 33})


def results(folder: Path) -> Mapping[str, bool]:
    """Every mutant that was run, by its name, and whether it survived."""
    found = {name: code for path in sorted(folder.rglob("*.meta")) for name, code in _codes(path).items()}
    return {name: code in SURVIVED for name, code in found.items() if code is not None}


def problems(survived: Mapping[str, bool], listed: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with these results, each by its own sentence."""
    killed = sum(not one for one in survived.values())
    if killed < LEAST_KILLED * len(survived):
        yield f"{killed} of {len(survived)} mutants were killed: fewer than {LEAST_KILLED:.0%}"
    for name, alive in survived.items():
        if alive and not listed.get(name):
            yield f"{name} survives, and no reason is listed"
        if not alive and name in listed:
            yield f"{name} is listed as a survivor, and was killed"


def _codes(path: Path) -> Mapping[str, int | None]:
    codes: Mapping[str, int | None] = json.loads(path.read_text(encoding="utf-8"))["exit_code_by_key"]
    return codes


def main() -> int:
    """Print the counts and what is wrong with them; 0 when nothing is."""
    with LISTED.open(encoding="utf-8", newline="") as file:
        listed = {row["mutant"]: row["reason"] for row in csv.DictReader(file)}
    survived = results(MUTANTS)
    print(f"{len(survived)} mutants were run, {sum(survived.values())} survived")  # noqa: T201
    wrong = list(problems(survived, listed)) if survived else ["no mutant was run"]
    print(*wrong, sep="\n")  # noqa: T201
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
