"""``--emcs-coverage``: a page of what a suite has met, which nothing but gateways and faults can fill."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from lxml import etree

from esad_gateway.pytest_plugin import COVERAGE
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.world.emcs import Emcs  # loaded once, and not by every run below
from esad_gateway.simulator.world.watching import WATCHERS
from esad_gateway.store.recorded import recorded
from esad_gateway.store.store import SqlStore
from esad_gateway.testing.covering.merging import KNOWN, SuiteCoverage
from esad_gateway.testing.covering.observing import MetCell
from esad_gateway.testing.covering.page import MOST_ROWS, files, page
from esad_gateway.testing.covering.run import CoverageRun
from esad_gateway.texts import languages
from helpers.suites import Ran, Suite

REFUSES = """
    import pytest
    from esad_gateway.testing import SubmissionRefused, wine

    def play(emcs):
        vilnius = emcs.consignor("LT")
        movement = vilnius.dispatch(to=emcs.consignee("PL", will="refuse"))
        emcs.clock.advance(days=3)
        with pytest.raises(SubmissionRefused):
            vilnius.dispatch(to=emcs.consignee("PL", products=["B000"]), lines=[wine(litres=1)])
        return movement
"""
PASSES = """
    def test_refused(emcs):
        emcs.faults.inject("duplicate", "LT", message="IE801")
        assert play(emcs).state == "refused"
"""
COUNT_FOR_NOTHING = """
    def test_that_fails(emcs):
        play(emcs)
        raise AssertionError

    @pytest.mark.xfail
    def test_that_is_expected_to_fail(emcs):
        play(emcs)
        raise AssertionError

    @pytest.mark.xfail
    def test_that_passes_against_expectation(emcs):
        play(emcs)

    def test_that_is_skipped(emcs):
        play(emcs)
        pytest.skip("not today")

    @pytest.fixture
    def broken(emcs):
        yield play(emcs)
        raise AssertionError

    def test_that_fails_at_its_end(broken):
        pass
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A suite of somebody else, in a folder with nothing but its tests."""
    return Suite(tmp_path)


def covered(suite: Suite, tests: str, *options: str, folder: str = "met") -> tuple[Ran, Any]:
    """A run with the page, and the JSON behind the page."""
    ran = suite.run(dedent(REFUSES) + dedent(tests), f"{COVERAGE}={suite.folder / folder}", *options)
    return ran, read(suite.folder / folder)


def read(folder: Path) -> Any:
    """The JSON behind a page."""
    return json.loads((folder / "coverage.json").read_text(encoding="utf-8"))


def values(met: Any, field: str) -> set[str]:
    """What was met of one field of cells."""
    return {cell[field] for cell in met["cells"] if cell[field]}


def test_page_shows_what_gateways_have_met(suite: Suite) -> None:
    """Scenarios, messages both ways, the rule of a refusal and a fault, with the test that proves them."""
    ran, met = covered(suite, PASSES)

    assert values(met, "scenario") == {"S1", "S2", "S6"}
    assert values(met, "message") == {"IE704", "IE801", "IE815", "IE818"}
    assert values(met, "rule") == {"BR048"}
    assert values(met, "fault") == {"duplicate"}
    expected = {
        ("S2", "IE815", "refused", "BR048", ""),
        ("S2", "IE704", "given", "", ""),
        ("S6", "IE818", "taken", "", ""),
        ("S6", "IE801", "taken", "", "duplicate"),
    }
    assert expected <= {tuple(cell[name] for name in MetCell._fields) for cell in met["cells"]}
    assert {test for cell in met["cells"] for test in cell["tests"]} == {"test_it.py::test_refused"}
    assert met["never"]["scenario"][0] == "S3"
    assert "S6" not in met["never"]["scenario"]
    assert re.search(r"EMCS coverage by 1 test: scenarios 3/22, messages 4/\d+, rules 1/\d+, faults 1/\d+", ran.output)
    assert f"{suite.folder}/met/index.html" in ran.output.replace("\n", "")


SERVED = """
    from urllib.error import HTTPError
    from urllib.request import Request, urlopen
    from esad_gateway.testing import beer
    from esad_gateway.xml.release import current

    def test_system_elsewhere(emcs, emcs_server):
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", products=["W200"])
        draft = vilnius.draft(to=warsaw, lines=[beer(litres=1)])
        document = vilnius.signer.sign(current().write(draft))
        with pytest.raises(HTTPError) as refused:
            urlopen(Request(f"{emcs_server.url('LT')}/v1/messages", document, {"Content-Type": "application/xml"}))
        refused.value.close()
        assert refused.value.code == 422
"""


def test_what_a_system_meets_over_http_counts(suite: Suite) -> None:
    """A document that came to ``emcs_server`` by HTTP from outside, and the rule by which it was refused."""
    _, met = covered(suite, SERVED)

    assert ("S2", "IE815", "refused", "BR048", "") in {
        tuple(cell[name] for name in MetCell._fields) for cell in met["cells"]
    }
    assert {test for cell in met["cells"] for test in cell["tests"]} == {"test_it.py::test_system_elsewhere"}


def test_what_did_not_pass_counts_for_nothing(suite: Suite) -> None:
    """A test that fails, is expected to, is skipped, or fails at its end proves nothing; the page names them."""
    _, met = covered(suite, COUNT_FOR_NOTHING)

    assert met["cells"] == []
    assert met["tests"]["met"] == 0
    assert len(met["tests"]["failed"]) == len(re.findall("def test_", COUNT_FOR_NOTHING))
    assert "has passed, so nothing counts" in (suite.folder / "met" / "index.html").read_text(encoding="utf-8")


def test_run_that_is_broken_off_counts_what_had_ended(suite: Suite) -> None:
    """Of the test in which somebody has stopped the run nobody knows how it would have ended."""
    _, met = covered(
        suite,
        PASSES
        + """
    def test_then(emcs):
        play(emcs)
        raise KeyboardInterrupt
    """,
    )

    assert (met["tests"]["passed"], met["tests"]["others"]) == (1, 1)
    assert {test for cell in met["cells"] for test in cell["tests"]} == {"test_it.py::test_refused"}


def test_what_a_test_says_counts_for_nothing(suite: Suite) -> None:
    """Names, markers and words of a rule are none; nor is a fault that waits, or a message that was never sent."""
    _, met = covered(
        suite,
        """
        @pytest.mark.emcs(seed=1)
        def test_R054_S14_IE818_duplicate(emcs, record_property):
            "BR048 refuses it (S6)."
            record_property("emcs_met", "R054")
            emcs.faults.inject("lost", "PL", message="IE818")
            emcs.consignor("LT")
        """,
    )

    assert met["cells"] == []
    assert met["tests"]["met"] == 1
    assert "lost" in met["never"]["fault"]


def test_fault_counts_where_it_struck(suite: Suite) -> None:
    """What was lost on its way to the other administration was not lost where the consignor reads it."""
    _, met = covered(
        suite,
        """
        def test_lost(emcs):
            emcs.faults.inject("lost", "LT", message="IE801")
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
            emcs.clock.advance(hours=1)
        """,
    )

    assert [(cell["message"], cell["way"]) for cell in met["cells"] if cell["fault"]] == [("IE801", "sent")]
    assert values(met, "scenario") == set()


@pytest.mark.parametrize("workers", ["2", "0"])
def test_workers_make_the_same_page(suite: Suite, workers: str) -> None:
    """What workers of pytest-xdist have seen is put together: every byte is as without them."""
    again = PASSES.replace("test_refused", "test_refused_again").replace("duplicate", "lost")
    tests = dedent(REFUSES) + dedent(PASSES + again + COUNT_FOR_NOTHING)
    suite.run(tests, f"{COVERAGE}={suite.folder / 'alone'}")
    printed = suite.apart(tests, "-p", "xdist", "-n", workers, f"{COVERAGE}={suite.folder / 'together'}")

    assert "2 passed" in printed, printed
    for file in (suite.folder / "alone").iterdir():
        assert (suite.folder / "together" / file.name).read_bytes() == file.read_bytes()


def test_test_that_fails_at_one_of_two_workers_counts_for_nothing(suite: Suite) -> None:
    """Where each worker runs all tests, one proves what it has met when it passes everywhere, whoever ends last."""
    tests = dedent(REFUSES) + dedent(
        """
        import os

        def test_everywhere(emcs):
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))

        @pytest.mark.parametrize("fails", ["gw0", "gw1"])
        def test_somewhere(emcs, fails):
            play(emcs)
            assert os.environ["PYTEST_XDIST_WORKER"] != fails
        """
    )
    folder = suite.folder / "each"
    printed = suite.apart(tests, "-p", "xdist", "-n", "2", "--dist", "each", f"{COVERAGE}={folder}")

    assert "2 failed, 4 passed" in printed, printed
    met = json.loads((folder / "coverage.json").read_text())
    assert {test.partition("::")[2] for cell in met["cells"] for test in cell["tests"]} == {"test_everywhere"}
    assert [test.partition("::")[2] for test in met["tests"]["failed"]] == [
        "test_somewhere[gw0]",
        "test_somewhere[gw1]",
    ]


def test_second_run_replaces_the_page(suite: Suite) -> None:
    """What a run has met is of that run alone, and nothing else lies in the folder."""
    covered(suite, PASSES)
    _, met = covered(suite, COUNT_FOR_NOTHING)

    assert met["cells"] == []
    assert {file.name for file in (suite.folder / "met").iterdir()} == {"coverage.json", "index.html", "lt.html"}


def test_test_that_is_run_once_more_counts_as_it_ended(suite: Suite) -> None:
    """What it met the first time is gone."""
    _, met = covered(
        suite,
        """
        from _pytest.runner import runtestprotocol
        from types import SimpleNamespace

        class Again:
            "Runs every test twice, as plugins do that repeat what has failed."
            def pytest_runtest_protocol(self, item, nextitem):
                for _ in range(2):
                    item.ihook.pytest_runtest_logstart(nodeid=item.nodeid, location=item.location)
                    runtestprotocol(item, nextitem=nextitem)
                return True

        turn = iter(["refuse", "accept", "accept", "fail"])

        @pytest.fixture(scope="session", autouse=True)
        def again(request):
            if not request.config.pluginmanager.has_plugin("again"):
                request.config.pluginmanager.register(Again(), "again")

        def test_before():
            pass

        @pytest.mark.parametrize("name", ["first", "second"])
        def test_it(emcs, name):
            will = next(turn)
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will=will if will != "fail" else "refuse"))
            emcs.clock.advance(days=2)
            assert will != "fail"
        """,
    )

    assert values(met, "scenario") == {"S1", "S5"}
    assert {test for cell in met["cells"] for test in cell["tests"]} == {"test_it.py::test_it[first]"}


def test_worlds_without_the_fixture_count_as_well(suite: Suite) -> None:
    """Whoever opens and closes EMCS in a test by hand has met it; twice is both."""
    _, met = covered(
        suite,
        """
        from esad_gateway.testing import Emcs

        def test_it():
            for will in ("accept", "refuse"):
                with Emcs() as emcs:
                    emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will=will))
                    emcs.clock.advance(days=2)
        """,
    )
    assert values(met, "scenario") == {"S1", "S5", "S6"}


def test_what_several_tests_share_counts_for_none(suite: Suite) -> None:
    """Nobody could say which of them has proved it; the page says so, and of a test that never closes it too."""
    _, met = covered(
        suite,
        """
        from esad_gateway.testing import Emcs
        left = []

        @pytest.fixture(scope="module")
        def shared():
            with Emcs() as emcs:
                yield emcs

        def test_first(shared):
            play(shared)

        def test_second(shared):
            pass

        def test_open(request):
            left.append(Emcs())

        def test_closes():
            left.pop().close()
        """,
    )

    assert met["cells"] == []
    assert met["tests"]["shared"] == ["test_it.py::test_first", "test_it.py::test_open"]


def test_world_that_cannot_be_read_is_told(suite: Suite) -> None:
    """A test may break what it likes: it passes, and counts for nothing."""
    ran, met = covered(
        suite,
        """
        def test_it(emcs):
            play(emcs)
            emcs.world.states["PL"].runtime.store.reader = None
        """,
    )

    assert ran.passed == 1
    assert met["cells"] == []
    assert met["tests"]["unread"]["test_it.py::test_it"].startswith("AttributeError: ")


@pytest.mark.parametrize(
    ("tests", "why"),
    [("", "No test was run, so nothing was met."), ("def test_it(): pass", "No test has opened EMCS: use the fixture")],
)
def test_page_without_emcs_says_why(suite: Suite, tests: str, why: str) -> None:
    """It is written all the same, and so is the reason in the terminal."""
    ran = suite.run(tests, f"{COVERAGE}={suite.folder / 'met'}")

    assert why in ran.output
    assert why in (suite.folder / "met" / "index.html").read_text(encoding="utf-8")


def test_folder_with_something_else_is_refused(suite: Suite) -> None:
    """``--emcs-coverage tests`` takes the tests for the folder: it is told how to say it, and nothing is written."""
    printed = suite.apart(PASSES, COVERAGE, str(suite.folder))

    assert "holds something else than such a page" in printed
    assert f"{COVERAGE}=FOLDER" in printed
    assert {file.name for file in suite.folder.iterdir()} == {"pytest.ini", "test_it.py"}


@pytest.mark.parametrize("folder", ["test_it.py", "/proc/none/met"])
def test_folder_that_cannot_be_is_told_before_the_first_test(suite: Suite, folder: str) -> None:
    """A file, or a place where nothing can be written: no test is run in vain, and nobody sees a traceback."""
    printed = suite.apart(PASSES, f"{COVERAGE}={suite.folder / folder}")

    assert re.search(f"{COVERAGE}: the page cannot be in .*{re.escape(folder)}: ", printed), printed
    assert not re.search("Traceback|INTERNALERROR|passed", printed)


def test_folder_that_is_gone_in_the_end_fails_the_run(suite: Suite) -> None:
    """The tests have passed, and the run has not: what was asked for is not there."""
    printed = suite.apart(
        """
        def test_it():
            from pathlib import Path
            import shutil
            folder = Path(__file__).parent / "met"
            shutil.rmtree(folder)
            folder.write_text("in the way")
        """,
        f"{COVERAGE}={suite.folder / 'met'}",
    )

    assert "1 passed" in printed
    assert f"{COVERAGE}: the page cannot be in {suite.folder}/met: " in printed.replace("\n", "")
    assert "Traceback" not in printed


def test_nothing_is_watched_without_the_option(suite: Suite) -> None:
    """Nothing more is loaded, and no page is written; with it nothing of EMCS before a test asks for it."""
    loaded = """
        import sys

        def test_it():
            print("loaded", sorted(name for name in sys.modules if name.startswith("esad_gateway.")))
    """
    without = suite.apart(loaded, "-s")
    with_it = suite.apart(loaded, "-s", f"{COVERAGE}={suite.folder / 'met'}")

    assert "loaded ['esad_gateway.pytest_plugin']" in without
    assert "esad_gateway.testing.covering.run" in with_it
    assert "esad_gateway.simulator.world.emcs" not in re.findall(r"loaded (\[.*\])", with_it)[0]
    assert "lxml" not in re.findall(r"loaded (\[.*\])", with_it)[0]
    assert not [one for one in WATCHERS if isinstance(one, CoverageRun)]


def test_two_runs_at_once_leave_one_whole_page(suite: Suite) -> None:
    """Files of a run are put there together: none is half written, and none is of another run."""
    from concurrent.futures import ThreadPoolExecutor  # noqa: PLC0415

    from esad_gateway.testing.covering.folder import write  # noqa: PLC0415

    pages = [dict.fromkeys(("coverage.json", "index.html"), f"{run}" * 10**6) for run in range(4)]
    with ThreadPoolExecutor(len(pages)) as pool:
        list(pool.map(lambda files: write(suite.folder / "met", files), pages))

    found = {file.name: file.read_text() for file in (suite.folder / "met").iterdir()}
    assert found in pages


HOSTILE = 'test_it.py::test["><script>alert(1)</script>]'


def coverage_of(cells: dict[MetCell, list[str]]) -> SuiteCoverage:
    """A coverage of some cells."""
    return SuiteCoverage(cells=cells, national={}, passed=1, others=0, met=1, failed=(), shared=(), unread=())


class Elements(HTMLParser):
    """The elements of a page, with what stands in its attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep an element."""
        self.tags.append((tag, dict(attrs)))


@pytest.mark.parametrize("language", languages())
def test_page_is_whole_without_anything_else(language: str) -> None:
    """No script, nothing from elsewhere, names of tests as text, and heads of rows and columns for who listens."""
    text = page(coverage_of({MetCell("S1", "IE815", "submitted", "", ""): [HOSTILE]}), language)
    tags = Elements(text).tags

    assert not {name for name, _ in tags} & {"script", "link", "img", "iframe"}
    assert not [found for _, found in tags if {name for name in found if name.startswith("on")} | {"src"} & set(found)]
    assert ("html", {"lang": language}) in tags
    assert {found.get("href") for name, found in tags if name == "a"} == {"index.html", "lt.html"}
    assert len([name for name, _ in tags if name == "caption"]) == len([name for name, _ in tags if name == "table"])
    assert all(found.get("scope") in {"row", "col"} for name, found in tags if name == "th")
    assert "color-scheme:light dark" in text
    assert "&lt;script&gt;alert(1)" in text
    etree.fromstring(text.partition("<body>")[2].partition("</body>")[0].join(("<b>", "</b>")))


def test_page_is_bounded() -> None:
    """However many combinations there are and however long names: the page says what it leaves out."""
    many = {MetCell("S1", "IE815", "submitted", f"R{number}", ""): ["x" * 999] for number in range(MOST_ROWS + 5)}
    found = files(coverage_of(many))

    assert "More in coverage.json: 5." in found["index.html"]
    assert "x" * 200 not in found["index.html"]
    assert len(json.loads(found["coverage.json"])["cells"]) == MOST_ROWS + 5


def test_national_law_has_its_own_table() -> None:
    """What the law of a state has noted is told by its kind, and nothing where none has."""
    noted = replace(coverage_of({}), national={"LT-CCR": ["test_it.py::test_law"]})

    assert "<code>LT-CCR</code></th><td><code>test_it.py::test_law</code>" in page(noted, "en")
    assert 'id="national"' not in page(coverage_of({}), "en")


def test_everything_that_there_is_stands_on_the_page() -> None:
    """What was never met is told by its name, and in a word."""
    text = page(coverage_of({}), "en")

    for what, known in KNOWN.items():
        assert [value for value in known if f"<code>{value}</code>" not in text] == [], what
    assert text.count('class="never">never<') == sum(map(len, KNOWN.values()))


def test_world_is_watched_until_it_is_closed() -> None:
    """Whoever watches is told once of the beginning, and once before the end, when everything can be read yet."""
    told: list[tuple[str, int]] = []

    class Watcher:
        def begun(self, world: object) -> None:
            assert isinstance(world, Emcs)
            told.append(("begun", len(world.world.states)))

        def ending(self, world: object, stores: Sequence[SqlStore], strikes: Sequence[Strike]) -> None:
            assert isinstance(world, Emcs)
            told.extend(("ending", len(recorded(store).messages)) for store in stores)
            assert not strikes

    watcher = Watcher()
    WATCHERS.append(watcher)
    try:
        with Emcs() as emcs:
            emcs.state("LT")
        emcs.close()
    finally:
        WATCHERS.remove(watcher)

    assert told == [("begun", 0), ("ending", 0)]
