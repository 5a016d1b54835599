"""``esad due``: one board, all of them, a calendar; and what it cannot be asked."""

import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import vobject

from esad_gateway.cli.due import COLUMNS
from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from helpers.command_line import Esad
from helpers.gateway import Box, copy_of_box

SEED, SOON = "LT00000000115", "LT00000000116"
TODAY = datetime.now(UTC).date()


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """A gateway of Lithuania in whose register two temporary numbers lapse."""
    made = copy_of_box(tmp_path_factory.mktemp("box"))
    with made.open("LT") as station:
        ends = {SEED: TODAY + timedelta(days=60), SOON: TODAY + timedelta(days=1)}
        station.runtime.registry.add_operators([(temporary(seed, last), {}, None) for seed, last in ends.items()])
    return made


@pytest.fixture
def data(box: Box) -> Path:
    """Its data directory."""
    return box.members["LT"].data.root


def temporary(seed: str, last: date) -> Operator:
    """A temporary number that nobody has used."""
    return Operator(
        seed=seed,
        name="Trader One",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNEE,
        office="LT001000",
        valid_from=date(2026, 1, 1),
        valid_to=last,
        products=frozenset({"W200"}),
        temporary=TemporaryAuthorisation(counterparty="PL00000000203"),
    )


def test_board_of_a_trader_is_a_table(esad: Esad, data: Path) -> None:
    """When, how many working days, what, about what, by which requirement, and the command that does it."""
    ended = esad("due", "--data", data, "--seed", SEED)

    line = dict(zip(COLUMNS, ended.out.splitlines()[-1].split("\t"), strict=True))
    assert ended.code == 0
    assert line["due"] == (TODAY + timedelta(days=60)).isoformat()
    assert (line["kind"], line["about"], line["requirement"]) == ("temporary number", SEED, "CCE-6")
    assert int(line["workingDaysLeft"]) > 30


def test_boards_of_all_are_sorted_as_one(esad: Esad, data: Path) -> None:
    """What is due first comes first, whoever owes it; only what is near is shown."""
    every = esad("due", "--data", data, "--all", "--json")
    near = esad("due", "--data", data, "--all", "--within", "5", "--json")

    assert [one["seed"] for one in every.objects[0]["items"]] == [SOON, SEED]
    assert [one["seed"] for one in near.objects[0]["items"]] == [SOON]


def test_rest_of_a_board_is_told(esad: Esad, data: Path) -> None:
    """Where to go on, and then the last of it."""
    first = esad("due", "--data", data, "--all", "--limit", "1", "--lang", "lt")
    rest = esad("due", "--data", data, "--all", "--after", "1", "--json")

    assert "toliau: --after 1" in first.err
    assert json.loads(rest.out)["complete"] is True


def test_board_is_a_calendar(esad: Esad, data: Path) -> None:
    """The same that the gateway gives."""
    ended = esad("due", "--data", data, "--seed", SOON, "--ics", "--lang", "lt")

    (event,) = vobject.readOne(ended.out).vevent_list
    assert event.summary.value == f"Baigiasi nepanaudotas laikinas numeris {SOON}"


@pytest.mark.parametrize("options", [("--all",), (), ("--seed", SEED, "--all")])
def test_it_has_to_be_said_whose_board(esad: Esad, data: Path, options: tuple[str, ...]) -> None:
    """One trader or all of them; all of them only where the data directory is."""
    usual = () if options == ("--all",) else ("--data", data)

    ended = esad("due", *usual, *options)

    assert (ended.code, ended.out) == (2, "")
    assert "say whose board" in ended.err
