"""The plugin of pytest, as the suite of an integrator uses it."""

import re
import tomllib
from pathlib import Path

import pytest

from esad_gateway.pytest_plugin import OPTION
from esad_gateway.simulator.world.emcs import Emcs  # loaded once, and not by every run below
from helpers.suites import Suite

ROOT = Path(__file__).parents[2]

REFUSED_WINE = """
    from esad_gateway.testing import wine

    def test_refused_wine_comes_home(emcs):
        vilnius = emcs.consignor("LT")
        warsaw = emcs.consignee("PL", will="refuse", reason="goods damaged")
        movement = vilnius.dispatch(to=warsaw, lines=[wine(litres=900)])
        emcs.clock.advance(days=3)
        assert movement.state == "refused"
        vilnius.return_to_dispatch(movement)
        assert movement.delivered
"""
WRONG = """
    def test_wine_arrives(emcs):
        movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="refuse"))
        emcs.clock.advance(days=1)
        assert movement.delivered
"""


@pytest.fixture
def suite(tmp_path: Path) -> Suite:
    """A suite of somebody else, in a folder with nothing but its tests."""
    return Suite(tmp_path)


def test_plugin_is_an_entry_point() -> None:
    """Who installs the package has the plugin, and writes nothing down."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert project["entry-points"]["pytest11"] == {"emcs": "esad_gateway.pytest_plugin"}


def test_refused_wine_comes_home_with_nothing_but_a_fixture(suite: Suite) -> None:
    """The example of the tutorial: no ports, no keys, no files, and a clock that the test moves."""
    assert suite.run(REFUSED_WINE).passed == 1


def test_failure_shows_both_sides_of_the_movement(suite: Suite) -> None:
    """What each administration was given and gave, the states there, the seed and the command that has it again."""
    ran = suite.run(WRONG, OPTION, "7")

    (section,) = ran.sections
    assert re.search(r"clock stands at 2026-03-03 10:00:00 UTC", section)
    assert re.search(r"26LT\w+: refused at dispatch, refused at destination", section)
    assert re.search(r"2026-03-02 10:00:00  LT  IE815 from LT00000000101\n", section)
    assert re.search(r"2026-03-03 10:00:00  PL  IE818 from PL00000000102\n", section)
    assert re.search(r"2026-03-03 10:00:00  LT  IE818 to LT00000000101\n", section)
    assert "seed 7; again: pytest test_it.py::test_wine_arrives --emcs-seed 7" in section


def test_failure_tells_a_draft_that_was_refused(suite: Suite) -> None:
    """A message without an ARC stands in the report too, and so do movements that no object of the test stands for."""
    ran = suite.run("""
        import pytest
        from esad_gateway.testing import SubmissionRefused, wine

        def test_beer_only(emcs):
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL", products=["B000"]), lines=[wine(litres=1)])
    """)

    (section,) = ran.sections
    assert "of no movement:\n2026-03-02 10:00:00  LT  IE815 from LT00000000101 (refused)" in section


def test_passing_test_tells_nothing(suite: Suite) -> None:
    """Timelines are told of what failed."""
    assert suite.run(REFUSED_WINE).sections == []


def test_failure_in_a_fixture_is_told_as_well(suite: Suite) -> None:
    """Whoever prepares a movement in a fixture of their own sees it when that fails."""
    ran = suite.run("""
        import pytest

        @pytest.fixture
        def movement(emcs):
            found = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
            assert found.delivered
            return found

        def test_nothing(movement):
            pass
    """)

    assert ran.errors == 1
    assert "accepted at dispatch, accepted at destination" in ran.sections[0]


def test_script_that_was_not_played_fails_the_test(suite: Suite) -> None:
    """What was expected did not happen: the test fails for it, once, and the report shows what did happen."""
    ran = suite.run("""
        import pytest

        SCRIPT = '''
        [[step]]
        when.product = "B000"
        then.do = "refuse"
        '''

        @pytest.mark.emcs(script=SCRIPT)
        def test_it(emcs):
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
            emcs.clock.advance(days=1)

        @pytest.mark.emcs(script=SCRIPT)
        def test_that_fails_anyhow(emcs):
            raise AssertionError("as it is")
    """)

    assert [(report.nodeid.partition("::")[2], report.when) for report in ran.reports if report.failed] == [
        ("test_it", "teardown"),
        ("test_that_fails_anyhow", "call"),
    ]
    assert "ScriptUnmet" in ran.output
    assert "accepted at dispatch, accepted at destination" in ran.sections[0]


def test_report_is_made_of_what_is_left(suite: Suite) -> None:
    """A test that breaks its own states is reported as any other, and the run goes on."""
    ran = suite.run("""
        from pathlib import Path

        def test_it(emcs):
            emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
            emcs.close()
            raise AssertionError("too early")
    """)

    assert "too early" in ran.output
    assert ran.sections[0].startswith("what happened cannot be told: StoreUnavailable")
    assert "--emcs-seed" in ran.sections[0]


def test_each_test_has_its_own(suite: Suite) -> None:
    """Numbers begin anew, and nothing of another test is there."""
    again = """
        def test_{0}(emcs):
            vilnius = emcs.consignor("LT")
            assert vilnius.seed == "LT00000000101"
            assert not emcs.movements
            assert not vilnius.inbox()
            vilnius.dispatch(to=emcs.consignee("PL"))
    """
    assert suite.run(again.format("one") + again.format("two")).passed == 2


def test_seed_is_drawn_once_and_named_again(suite: Suite) -> None:
    """All tests of a run have one seed; a run that is told it has the same."""
    seeds = """
        def test_one(emcs): print("seed", emcs.seed)
        def test_two(emcs, faults): print("seed", emcs.seed)
    """
    drawn = suite.run(seeds, "-s").words(r"seed (\d+)")
    again = suite.run(seeds, "-s", OPTION, drawn[0]).words(r"seed (\d+)")

    assert len(set(drawn)) == 1
    assert again == drawn


def test_seed_that_is_no_number_is_refused(suite: Suite) -> None:
    """It is told, and nothing is run."""
    assert "invalid int value: 'winter'" in suite.run(REFUSED_WINE, OPTION, "winter").output


def test_marker_says_how_emcs_begins(suite: Suite) -> None:
    """The first moment, what administrations decide, and the seed; of several the nearest holds."""
    ran = suite.run("""
        from datetime import UTC, datetime
        import pytest

        pytestmark = pytest.mark.emcs(begins=datetime(2027, 6, 1, 8, tzinfo=UTC), seed=3)

        @pytest.mark.emcs(settings={"PL": {"formalities_days": 2}}, seed=4)
        def test_held(emcs):
            assert (emcs.clock.now.isoformat(), emcs.seed) == ("2027-06-01T08:00:00+00:00", 4)
            movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="accept"))
            emcs.clock.advance(days=1)
            assert movement.state == "accepted"
            emcs.clock.advance(days=2)
            assert movement.delivered
    """)
    assert ran.passed == 1


@pytest.mark.parametrize(("mark", "found"), [("state='PL'", "state"), ("'PL'", "'PL'")])
def test_marker_with_a_word_too_many_is_refused(suite: Suite, mark: str, found: str) -> None:
    """What is wrong is named beside what there is."""
    ran = suite.run(f"""
        import pytest

        @pytest.mark.emcs({mark})
        def test_it(emcs):
            pass
    """)
    assert f"the marker emcs takes begins, settings, script, seed, each by its name; found {found}" in ran.output


def test_clock_states_traders_and_faults_have_fixtures(suite: Suite) -> None:
    """The parts of EMCS by name, for tests that need no more of it."""
    ran = suite.run("""
        def test_it(clock, member_state, trader, faults, emcs):
            member_state("PL", formalities_days=2)
            faults(seed=7).inject("duplicate", state="LT")
            movement = trader("consignor", "LT").dispatch(to=trader("consignee", "PL", will="accept"))
            clock.advance(days=2)
            assert (movement.state, movement.state_at_destination) == ("accepted", "delivered")
            clock.advance(days=1)
            assert movement.delivered
            assert [strike.fault for strike in emcs.faults.journal] == ["duplicate"]
            assert emcs.faults.seed == emcs.seed == 7
    """)
    assert ran.passed == 1, ran.output


def test_role_that_there_is_not_is_refused(suite: Suite) -> None:
    """A word for a trader that nobody knows is told with those that there are."""
    ran = suite.run("""
        def test_it(trader):
            trader("seller", "LT")
    """)
    assert "'seller' is no role of a trader here: say consignor, consignee" in ran.output


def test_administration_decides_before_it_begins(suite: Suite) -> None:
    """A gateway that is open reads no other settings; and a seed has decided when a fault is on its way."""
    ran = suite.run("""
        import pytest

        def test_it(emcs, member_state, faults):
            emcs.consignee("PL")
            with pytest.raises(Exception, match="the gateway of PL is open already.*formalities_days"):
                member_state("PL", formalities_days=2)
            seed = emcs.seed
            faults().inject("duplicate", state="PL")
            assert faults(seed=seed) is emcs.faults
            with pytest.raises(Exception, match=f"seed {seed + 1} comes too late"):
                faults(seed=seed + 1)
    """)
    assert ran.passed == 1, ran.output


def test_fixture_of_the_same_name_goes_before(suite: Suite) -> None:
    """A suite that has a clock of its own keeps it."""
    ran = suite.run("""
        import pytest

        @pytest.fixture
        def clock():
            return "their own"

        def test_it(clock, emcs):
            assert clock == "their own"
    """)
    assert ran.passed == 1


def test_nothing_is_imported_before_a_fixture_is_used(suite: Suite) -> None:
    """The plugin costs what its own small module costs; the first test that asks for EMCS waits for it."""
    ran = suite.apart("""
        import sys

        def ours():
            return {name for name in sys.modules if name.partition(".")[0] == "esad_gateway"}

        def test_without():
            assert ours() == {"esad_gateway", "esad_gateway.pytest_plugin"}
            assert not sys.modules.keys() & {"lxml", "sqlalchemy", "cryptography", "pydantic", "aiohttp", "asyncio"}
            import esad_gateway.testing
            assert ours() == {"esad_gateway", "esad_gateway.pytest_plugin", "esad_gateway.testing"}

        def test_with(emcs):
            assert "esad_gateway.simulator.world.emcs" in ours()
    """)
    assert "2 passed" in ran, ran


def test_workers_of_xdist_share_the_seed(suite: Suite) -> None:
    """Each worker has states of its own, all have one seed, and failures come back with their timelines."""
    numbers = range(4)
    tests = "".join(
        f"""
        def test_{number}(emcs):
            movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
            assert movement.delivered, f"seed {{emcs.seed}}."
    """
        for number in numbers
    )
    ran = suite.apart(tests, "-p", "xdist", "-n", "2")

    assert "4 failed" in ran, ran
    assert len(re.findall(r"26LT\w+: accepted at dispatch, accepted at destination", ran)) == len(numbers)
    assert len(set(re.findall(r"AssertionError: seed (\d+)\.", ran))) == 1


def test_nothing_goes_on_after_the_test() -> None:
    """No thread of a world is left when it is closed, and a second one begins as the first did."""
    import threading  # noqa: PLC0415

    before = set(threading.enumerate())
    with Emcs() as emcs:
        emcs.consignor("LT").dispatch(to=emcs.consignee("PL"))
        folder = Path(emcs.world.states["LT"].data.root)
        assert folder.exists()

    assert {one for one in threading.enumerate() if one.is_alive()} <= before
    assert not folder.exists()
