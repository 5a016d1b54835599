"""The plugin of pytest: the whole of EMCS as a fixture, fresh for each test.

Nothing else of this package is imported before a fixture is used: who does not ask for EMCS does not wait for it.
"""

from collections.abc import Callable, Iterator, Mapping
from random import SystemRandom
from typing import TYPE_CHECKING, Any, Final

import pytest

if TYPE_CHECKING:
    from esad_gateway.testing import (
        Emcs,
        EmcsFaults,
        EmcsServer,
        SimulatedState,
        SimulatedTrader,
        WorldClock,
    )

OPTION: Final = "--emcs-seed"
COVERAGE: Final = "--emcs-coverage"
MARKER: Final = "emcs"
SEEDS: Final = 10**6
"""How many seeds there are to draw one from: short enough to be typed."""

_GIVEN: Final = "emcs_seed"
_WORLD: Final = pytest.StashKey["Emcs"]()
_FAILED: Final = pytest.StashKey[bool]()
_TOLD: Final = pytest.StashKey[str]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """``--emcs-seed N`` lets chance go as in the run that named this seed, ``--emcs-coverage`` shows what was met."""
    group = parser.getgroup("emcs", "member states in this process (esad-gateway)")
    group.addoption(
        OPTION, type=int, metavar="N", help="let chance go as in the run that named this seed (drawn by default)"
    )
    group.addoption(
        COVERAGE,
        nargs="?",
        const="emcs-coverage",
        metavar="FOLDER",
        help="write a page of the scenarios, messages, rules and faults that the tests have met (in emcs-coverage)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Draw the seed of this run, once: workers of pytest-xdist are given it. Watch what is met, if asked to."""
    config.addinivalue_line(
        "markers",
        f"{MARKER}(begins, settings, script, seed): how the EMCS of a test begins, as the arguments of "
        "esad_gateway.testing.Emcs",
    )
    if config.option.emcs_seed is None:
        given: Mapping[str, Any] = getattr(config, "workerinput", {})
        config.option.emcs_seed = given.get(_GIVEN, SystemRandom().randrange(SEEDS))
    if config.option.emcs_coverage is not None:
        from esad_gateway.testing.covering.run import begin  # noqa: PLC0415 - see above

        begin(config, config.invocation_params.dir / config.option.emcs_coverage)


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Give the seed to a worker of pytest-xdist."""
    node.workerinput[_GIVEN] = node.config.option.emcs_seed


@pytest.fixture
def emcs(request: pytest.FixtureRequest) -> "Iterator[Emcs]":
    """Member states, traders and movements in this process: no ports, no keys, no files, and nothing left behind."""
    from esad_gateway.testing.marked import begun  # noqa: PLC0415 - see above

    node: pytest.Item = request.node
    marks = [(mark.args, mark.kwargs) for mark in node.iter_markers(MARKER)][::-1]
    world = node.stash[_WORLD] = begun(request.config.option.emcs_seed, marks)
    try:
        yield world
    finally:
        _end(node, world)


@pytest.fixture
def emcs_server(emcs: "Emcs") -> "Iterator[EmcsServer]":
    """The same over HTTP at a free port of this machine, for systems in any language."""
    from esad_gateway.testing import EmcsServer  # noqa: PLC0415

    with EmcsServer(emcs) as server:
        yield server


@pytest.fixture
def clock(emcs: "Emcs") -> "WorldClock":
    """The clock of all member states: ``clock.advance(days=6)``."""
    return emcs.clock


@pytest.fixture
def member_state(emcs: "Emcs") -> "Callable[..., SimulatedState]":
    """A member state by its code, with what its administration decides: ``member_state("PL", formalities_days=2)``."""
    return emcs.state


@pytest.fixture
def trader(emcs: "Emcs") -> "Callable[..., SimulatedTrader]":
    """A trader by its role and state: ``trader("consignee", "PL", will="refuse")``; the rest is as ``emcs`` has it."""
    return emcs.trader


@pytest.fixture
def faults(emcs: "Emcs") -> "Callable[..., EmcsFaults]":
    """What administrations do wrong: ``faults(seed=7).inject("duplicate", state="PL")``."""
    return emcs.faults_of


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: "pytest.CallInfo[None]") -> Iterator[None]:
    """Tell, with a failure, what happened in EMCS, and how to let it happen again."""
    report: pytest.TestReport = yield  # type: ignore[assignment]  # the hook gives what the inner ones return
    if report.failed and call.excinfo is not None:
        if _WORLD in item.stash:
            item.stash[_FAILED] = True
            item.stash[_TOLD] = _told(item.stash[_WORLD])
        if _TOLD in item.stash:
            report.sections.append(("EMCS", item.stash[_TOLD]))
            del item.stash[_TOLD]
    return report  # type: ignore[return-value]


def _end(node: pytest.Item, world: "Emcs") -> None:
    """Close what a test had, after a look at what its scripts say: a test that has failed is told why once."""
    try:
        if not node.stash.get(_FAILED, False):
            world.check()
    except Exception:
        node.stash[_TOLD] = _told(world)
        raise
    finally:
        del node.stash[_WORLD]
        world.close()


def _told(world: "Emcs") -> str:
    from esad_gateway.testing import told  # noqa: PLC0415

    try:
        return told(world)
    except Exception as error:  # noqa: BLE001 - a report is made of whatever a test has left
        return f"what happened cannot be told: {error!r}\n\n{world.faults}"
