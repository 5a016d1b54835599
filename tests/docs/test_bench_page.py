"""The page about the benchmark names what there is, with the goals that are printed."""

import re
import tomllib
from pathlib import Path

from esad_gateway.benchmarks import simulated
from esad_gateway.benchmarks.batch import BESIDE, DRAFTS_TO_FLOOR, MEMORY_MB, USUAL_TO_DRAFTS, USUAL_TO_ENTRIES
from esad_gateway.benchmarks.batch_material import SEED
from esad_gateway.benchmarks.deliveries import IDLE_GOAL
from esad_gateway.benchmarks.filled import FEW, GROUP_GOAL, GROUPS, LIST_GOAL
from esad_gateway.benchmarks.national import MEGABYTES, MILLISECONDS, SECONDS, NationalPlan
from esad_gateway.benchmarks.simulated import (
    FRESH,
    MEMORY_GOAL,
    PLUGIN,
    READY,
    SIMULATOR_GOALS,
    TEST,
    TESTS,
    TIMES_GOAL,
)
from esad_gateway.benchmarks.space import GOAL
from esad_gateway.cli.bench import Subject

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/reference/bench.md").read_text(encoding="utf-8")


def _rows() -> dict[str, str]:
    return dict(re.findall(r"^\| `esad bench ?(\w*)` \| .* \| (.*)\|$", PAGE, re.MULTILINE))


def test_every_subject_has_its_row() -> None:
    """And none that there is not; without a word it is the paths."""
    assert set(_rows()) - {""} | {"paths"} == {one.value for one in Subject}


def test_goals_are_those_that_are_printed() -> None:
    """Bytes, milliseconds and ratios, and the sizes of groups and of the small store."""
    rows = _rows()

    assert rows["space"].strip() == f"{GOAL:,}"
    assert f"{IDLE_GOAL:g} ms" in rows["deliveries"]
    assert rows["filled"].strip() == f"{GROUP_GOAL} for round trips, {LIST_GOAL} for lists"
    first, *others = map(str, GROUPS)
    assert f"groups of {', '.join((first, *others[:-1]))} and {others[-1]}" in PAGE
    assert f"a store of {FEW:,}" in PAGE


def test_goals_of_a_month_are_those_that_are_printed() -> None:
    """Seconds, memory, and milliseconds of a board, for so many numbers and receipts."""
    plan = NationalPlan()

    assert _rows()["national"].strip() == f"{SECONDS} s, {MEGABYTES} MiB; {MILLISECONDS} ms"
    assert f"{plan.numbers:,} numbers with {plan.numbers * plan.receipts:,} receipts" in PAGE


def test_goals_of_tests_are_those_that_are_printed() -> None:
    """Milliseconds, and seconds for a thousand."""
    goals = SIMULATOR_GOALS

    assert _rows()["simulator"].strip() == (
        f"the plugin {goals[PLUGIN]} ms, a fresh `emcs` {goals[FRESH]} ms, a test {goals[TEST]} ms, "
        f"1,000 tests on two cores {goals[TESTS] // 1000} s; all states {goals[READY] // 1000} s, {MEMORY_GOAL} MiB, "
        f"idle {simulated.IDLE_GOAL} ms of the processor a second; "
        f"a test with its states apart {TIMES_GOAL} times as long"
    )


def test_extra_is_what_the_usual_stacks_import() -> None:
    """With the same bounds as at run time, where all but openpyxl and zeep is needed as well."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extra = project["optional-dependencies"]["bench"]
    names = {re.split(r"[<>=]", one)[0] for one in extra}
    stacks = ("usual", "batch_usual", "usual_soap")
    sources = [(ROOT / f"src/esad_gateway/benchmarks/{name}.py").read_text() for name in stacks]
    imported = {name for text in sources for name in re.findall(r"^(?:from|import) (\w+)", text, re.MULTILINE)}

    assert names == {"openpyxl", "signxml", "sqlalchemy", "xmlschema", "zeep"}
    assert names <= imported
    assert {one for one in extra if not one.startswith(("openpyxl", "zeep"))} <= set(project["dependencies"])
    assert set(extra) <= {*project["dependencies"], *project["optional-dependencies"]["dev"]}


def test_goals_of_batches_are_those_that_are_printed() -> None:
    """Each with its figure, in the order of the page."""
    row = _rows()["batch"]

    for goal in (DRAFTS_TO_FLOOR, USUAL_TO_DRAFTS, USUAL_TO_ENTRIES, MEMORY_MB, BESIDE):
        assert f" {goal:g}" in row
    assert f"seed {SEED}" in PAGE
