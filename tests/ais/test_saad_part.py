"""What is wrong with an entry of which not all could be read."""

from dataclasses import fields

from hypothesis import example, given
from hypothesis import strategies as st

from esad_gateway.ais.saad.mechanism import SaadContext
from esad_gateway.ais.saad.part import part_faults
from esad_gateway.ais.saad.record import SaadEntry, SaadLine
from esad_gateway.ais.saad.rules import content_faults
from esad_gateway.unread import UNREAD
from helpers import saad_list

OF_ENTRY = [one.name for one in fields(SaadEntry) if one.name != "lines"]
OF_LINE = [one.name for one in fields(SaadLine)]
BROKEN = [saad_list.judged(path).entry for path in saad_list.INVALID]
CONTEXT = SaadContext(saad_list.law(), saad_list.law().today(saad_list.now()))


@example(BROKEN[0], set(), set())
@given(
    entry=st.sampled_from(BROKEN),
    hidden=st.sets(st.sampled_from(OF_ENTRY)),
    hidden_of_line=st.sets(st.sampled_from(OF_LINE)),
)
def test_what_is_told_of_a_part_is_true_of_the_whole(
    entry: SaadEntry, hidden: set[str], hidden_of_line: set[str]
) -> None:
    """Values that cannot be read take faults away and add none; with all of them, every fault is told."""
    own = {name: UNREAD if name in hidden else getattr(entry, name) for name in OF_ENTRY}
    lines = [
        {name: UNREAD if name in hidden_of_line else getattr(line, name) for name in OF_LINE} for line in entry.lines
    ]
    whole, part = content_faults(entry, CONTEXT), part_faults(own, lines, CONTEXT)
    assert set(part) <= set(whole)
    assert hidden or hidden_of_line or part == whole
