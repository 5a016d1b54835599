"""Movements that are due: the same ones whichever way they are found."""

from datetime import datetime, timedelta
from itertools import product

import pytest

from esad_gateway.ports.reading import MovementQuery
from esad_gateway.store.mailboxes import Mailboxes
from helpers.gateway import CONSIGNOR, NOW, Box, Station, new_draft
from helpers.samples import evolve


@pytest.fixture
def due(box: Box, lt: Station) -> list[tuple[str, datetime]]:
    """The ARCs of movements with journeys of different lengths, and when each has to be over."""
    for journey in ("D03", "D01", "D02", "H12", "D01"):
        draft = evolve(new_draft(), {"header_ead_esad.journey_time": journey})
        assert lt.take(box.signed(CONSIGNOR, draft)).faults == ()
    return sorted((row["arc"], datetime.fromisoformat(row["limit_at"])) for row in lt.rows("movement"))


@pytest.mark.parametrize("few", [0, 2, 1000], ids=["by a walk", "either", "by their day"])
def test_movements_that_are_due_come_in_the_order_of_the_list(
    lt: Station, due: list[tuple[str, datetime]], few: int
) -> None:
    """To the microsecond, from any place on, in parts of any size, for every role."""
    mailboxes = Mailboxes(lt.runtime.store, few)
    second = timedelta(seconds=1)
    moments = {NOW, *(limit + by for _, limit in due for by in (-second, timedelta(0), second))}
    for moment, after, limit in product(moments, [None, *(arc for arc, _ in due)], [1, 3, 9]):
        expected = [arc for arc, end in due if end < moment and arc > (after or "")][:limit]
        for role, wanted in ((None, expected), ("consignor", expected), ("consignee", [])):
            query = MovementQuery(role=role, due_before=moment, after=after, limit=limit)
            assert [one.arc for one in mailboxes.movements(CONSIGNOR, query)] == wanted
