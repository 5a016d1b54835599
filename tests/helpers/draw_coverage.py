"""Writes the table and the page of what our own tests have met, anew from runs of them.

``pytest tests/simulator tests/gateway -n auto --emcs-coverage=/tmp/one``, the same once more to ``/tmp/two``, then
``python tests/helpers/draw_coverage.py /tmp/one /tmp/two``: what only one of them has met, chance has met.
"""

import csv
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from esad_gateway.emcs.messages import NAMES
from esad_gateway.faults import Said
from esad_gateway.testing.covering.merging import KNOWN
from esad_gateway.testing.covering.observing import MessageWay
from esad_gateway.texts import say
from helpers.proving import FIELDS, TABLE, Claim, claims

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "coverage.md"
INTRODUCTION = """# What the tests of this gateway have met

Scenarios, messages, rules and injected faults, each with a test in which gateways have met it: read from what they
have written down, never from what a test says. [The page on coverage](../how-to/coverage.md) tells what counts, and how
a suite of your own gets such a page. This one is drawn from `tests/data/coverage.csv`, which has every combination, and
which runs of the tests have filled (`tests/helpers/draw_coverage.py`). Whenever a test runs that is named there, its
gateways are read again: where they have not met what the table says, the test fails.

What stands here as never is not met by whole gateways in one process. It has its tests elsewhere: every rule has a
fixture that breaks it ([rules.md](rules.md)), every fault a test of what a good counterpart does about it
([injected-faults.md](injected-faults.md)), and gateways in processes of their own are tested in `tests/system`.
"""
TITLES = {
    "scenario": ("Scenarios", "scenario.{}"),
    "message": ("Messages", "message.{}"),
    "rule": ("Rules", ""),
    "fault": ("Injected faults", ""),
}


def page() -> str:
    """The whole page."""
    cells = [(cell, test) for test, several in sorted(claims().items()) for cell in sorted(several)]
    return "\n".join((INTRODUCTION, *(_section(what, cells) for what in KNOWN), _matrix(cells)))


def _section(what: str, cells: Sequence[tuple[Claim, str]]) -> str:
    at, (title, key) = FIELDS.index(what), TITLES[what]
    found: defaultdict[str, list[tuple[Claim, str]]] = defaultdict(list)
    for cell, test in cells:
        found[cell[at]].append((cell, test))
    met = [one for one in KNOWN[what] if one in found]
    rows = (f"| {one} | {_about(what, key, one, found[one])} | {_test(found[one])} |" for one in met)
    never = _never([one for one in KNOWN[what] if one not in found])
    head = f"## {title}\n\n{len(met)} of {len(KNOWN[what])}.\n\n| | {_HEADS[what]} | Test |\n|---|---|---|"
    return "\n".join((head, *rows, f"\n{never}\n"))


NAMED: Mapping[str, Iterable[str]] = {**KNOWN, "message": NAMES}
"""What may stand in the table: also what nobody exchanges, such as the IE810 that is refused for being one."""

WHY_NEVER = {
    "R072": "Who explains a delay signs it: a stranger has no such movement (BR020), the other role no say (GW-009).",
    "BR021": "Who reports signs as the consignee, so another one has no such movement (BR020).",
    "R262": "Administrations alone write an IE802; the one that gets it takes what its sender answers for.",
    "TC42": "Administrations alone write an IE803; the one that gets it takes what its sender answers for.",
    "C082": "As TC42.",
    "C150": "Administrations alone write an IE704, to traders and offices, and nobody judges it.",
    "C151": "As C150.",
}
"""Why no whole gateway ever refuses a message by a rule: each has its fixture all the same (rules.md)."""


def _never(missing: Sequence[str]) -> str:
    """What was never met; of rules why, where it cannot be."""
    rows = [f"| {one} | {WHY_NEVER[one]} |" for one in missing if one in WHY_NEVER]
    told = f"Never: {', '.join(missing) or 'nothing'}."
    return "\n".join((told, "", "| Rule | Why it cannot be |", "|---|---|", *rows)) if rows else told


_HEADS = {"scenario": "What happens", "message": "Which way", "rule": "In", "fault": "Has struck"}


def _about(what: str, key: str, value: str, cells: Iterable[tuple[Claim, str]]) -> str:
    if what == "scenario":
        return say(Said(key.format(value)))
    if what == "message":
        ways = {cell[FIELDS.index("way")] for cell, _ in cells}
        return ", ".join(str(way) for way in MessageWay if way in ways)
    return ", ".join(sorted({cell[FIELDS.index("message")] for cell, _ in cells}))


def _test(cells: Iterable[tuple[Claim, str]]) -> str:
    """The test that is about hardly anything else."""
    first = min({test for _, test in cells}, key=lambda test: (len(claims()[test]), test))
    return f"`{first.removeprefix('tests/')}`".replace("|", "\\|")


def _matrix(cells: Iterable[tuple[Claim, str]]) -> str:
    met: defaultdict[tuple[str, str], set[Claim]] = defaultdict(set)
    for cell, _ in cells:
        met[cell[0], cell[1]].add(cell)
    messages = sorted({message for _, message in met})
    head = f"| | {' | '.join(messages)} |\n|---|{'---|' * len(messages)}"
    rows = (
        f"| {scenario} | {' | '.join(str(len(met[scenario, one]) or '') for one in messages)} |"
        for scenario in KNOWN["scenario"]
    )
    about = "How many combinations of way, rule and fault of a message were met in movements of a scenario."
    return "\n".join(("## Scenarios and messages", "", about, "", head, *rows, ""))


def fill(*folders: Path) -> None:
    """Write the table: what all runs have met by the same test, by as few tests as will do."""
    runs = [dict(_proofs(folder)) for folder in folders]
    proofs = {cell: set.intersection(*(run.get(cell, set()) for run in runs)) for cell in runs[0]}
    chosen = sorted(_chosen({cell: tests for cell, tests in proofs.items() if tests}))
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerows((FIELDS, *((*cell, test) for cell, test in chosen)))


def _proofs(folder: Path) -> Iterator[tuple[Claim, set[str]]]:
    for cell in json.loads((folder / "coverage.json").read_text(encoding="utf-8"))["cells"]:
        if all(cell[what] in {"", *known} for what, known in NAMED.items()):  # no law of a test
            yield tuple(cell[name] for name in FIELDS[:-1]), set(cell["tests"])


def _chosen(proofs: Mapping[Claim, set[str]]) -> Iterator[tuple[Claim, str]]:
    """A test for each cell; the one that has most of what is left comes first."""
    left = dict(proofs)
    while left:
        counted = Counter(test for tests in left.values() for test in tests)
        best = min(counted, key=lambda test: (-counted[test], test))
        for cell in [cell for cell, tests in left.items() if best in tests]:
            yield cell, best
            del left[cell]


if __name__ == "__main__":
    if sys.argv[1:]:
        fill(*map(Path, sys.argv[1:]))
        claims.cache_clear()
    PAGE.write_text(page(), encoding="utf-8")
