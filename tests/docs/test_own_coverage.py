"""What the page says that our tests have met is proved whenever they run, and cannot be written down otherwise."""

import ast
from pathlib import Path

import pytest

from esad_gateway.simulator.world.emcs import Emcs  # noqa: F401 - loaded once, and not by every run below
from esad_gateway.testing.covering.merging import KNOWN
from helpers import pages
from helpers.draw_coverage import NAMED, PAGE, WHY_NEVER, page
from helpers.proving import FIELDS, Claim, Proving, claims
from helpers.suites import Suite

REFUSED: Claim = ("S6", "IE818", "taken", "", "")
NAME = "test_it.py::test_it"
MEETS = """
    def test_it(emcs):
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="refuse"))
        emcs.clock.advance(days=2)
        assert movement.state == "refused"
"""
NAMES_ONLY = """
    import pytest

    @pytest.mark.emcs(seed=6)
    def test_it(emcs):
        "S6: IE818 taken."
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """Tests in a folder of their own."""
    return Suite(tmp_path)


def claiming(*claimed: Claim, test: str = NAME) -> Proving:
    """Somebody who watches a test of which this is claimed."""
    return Proving({test: frozenset(claimed)})


def test_page_is_drawn_from_the_table() -> None:
    """Whoever fills the table anew, or adds a rule, a message or a fault, draws the page (helpers/draw_coverage.py)."""
    assert PAGE.read_text(encoding="utf-8") == page()
    assert [link for link in pages.links(PAGE) if not link.exists()] == []


def test_table_names_tests_and_what_there_is() -> None:
    """Every function that is named is there, and so is every scenario, message, rule and fault."""
    for file, names in _functions().items():
        found = {
            node.name
            for node in ast.walk(ast.parse(file.read_bytes()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        }
        assert names <= found, file
    for cells in claims().values():
        for cell in cells:
            for field, known in NAMED.items():
                assert cell[FIELDS.index(field)] in {"", *known}


def _functions() -> dict[Path, set[str]]:
    found: dict[Path, set[str]] = {}
    for test in claims():
        file, _, name = test.partition("::")
        found.setdefault(pages.ROOT / file, set()).add(name.partition("[")[0])
    return found


def test_most_of_the_procedure_is_met() -> None:
    """Scenarios that no test of whole gateways goes through any more are missed here, and not only on the page."""
    met = {cell[FIELDS.index("scenario")] for cells in claims().values() for cell in cells}
    assert [scenario for scenario in KNOWN["scenario"] if scenario not in met] == []


def test_rule_that_is_never_met_cannot_be() -> None:
    """The page says why of each, and of no other."""
    met = {cell[FIELDS.index("rule")] for cells in claims().values() for cell in cells}
    assert WHY_NEVER.keys() == {rule for rule in KNOWN["rule"] if rule not in met}


def test_claim_that_is_met_passes(suite: Suite) -> None:
    """The gateways have written it down."""
    assert suite.run(MEETS, plugins=[claiming(REFUSED)]).passed == 1


@pytest.mark.parametrize(
    ("tests", "claim"),
    [(NAMES_ONLY, REFUSED), (MEETS, ("S5", "IE818", "taken", "", "")), (MEETS, ("S6", "IE801", "taken", "", "lost"))],
)
def test_claim_that_is_not_met_fails_the_test(suite: Suite, tests: str, claim: Claim) -> None:
    """Whatever the test is called, and however it ends: what was written down by hand is told."""
    ran = suite.run(tests, plugins=[claiming(claim)])

    (failed,) = (report for report in ran.reports if report.failed)
    assert failed.when == "teardown"
    assert " ".join(filter(None, claim)) in ran.output


def test_claim_of_a_test_that_there_is_not_fails_the_run(suite: Suite) -> None:
    """Of a file that was run as a whole; of one test alone nobody can tell."""
    other = claiming(REFUSED, test="test_it.py::test_it[never]")
    assert (
        "coverage.csv names a test that there is not: test_it.py::test_it[never]"
        in suite.run(MEETS, plugins=[other]).output
    )
    assert "names a test" not in suite.run(MEETS, "-k", "test_it", plugins=[claiming(REFUSED, test="x.py::y")]).output


def test_test_that_fails_by_itself_is_told_once(suite: Suite) -> None:
    """What it has not met is no second failure."""
    ran = suite.run("def test_it(): raise AssertionError", plugins=[claiming(REFUSED)])
    assert [report.when for report in ran.reports if report.failed] == ["call"]
