"""Rows with days: which one counts, and which two contradict each other."""

from datetime import date

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.capacities import Capacity
from esad_gateway.ais.provenance import in_force, overlapping
from esad_gateway.emcs.registry import OperatorType


class Row:
    """A row of a table with days."""

    def __init__(self, first: date, last: date | None) -> None:
        self.first, self.last = first, last


YEAR = Row(date(2025, 1, 1), date(2025, 12, 31))
NEXT = Row(date(2026, 1, 1), None)


def test_row_counts_on_its_first_and_on_its_last_day() -> None:
    """Both ends are included, and before the first row there is none."""
    found = [in_force([NEXT, YEAR], day) for day in (date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31))]

    assert found == [None, YEAR, YEAR]
    assert in_force([NEXT, YEAR], date(2030, 1, 1)) is NEXT


def test_rows_that_share_a_day_are_told() -> None:
    """One without an end before another is a contradiction, neighbours are none."""
    open_ended = Row(date(2024, 1, 1), None)

    assert overlapping([NEXT, YEAR]) == ()
    assert overlapping([NEXT, Row(date(2025, 6, 1), date(2026, 1, 1))]) != ()
    assert overlapping([YEAR, open_ended]) == ((open_ended, YEAR),)


def test_capacity_holds_between_its_days() -> None:
    """Both ends are included; one without an end holds for ever."""
    held = Capacity(
        entity="100000001",
        status=OperatorType.CERTIFIED_CONSIGNEE,
        seed="LT00000000201",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 1, 30),
    )

    assert [held.holds_on(date(2026, 1, day)) for day in (1, 30, 31)] == [True, True, False]
    assert not held.holds_on(date(2025, 12, 31))


def test_actor_without_a_capacity_names_none() -> None:
    """Who acts for nobody has neither number nor role."""
    assert (DoneBy(kind=ActorKind.OPERATOR, name="root").seed, DoneBy(kind=ActorKind.LAW, name="RC-13").role) == (
        "",
        "",
    )
