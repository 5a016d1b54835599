"""Draws the page of member states: ``python tests/helpers/draw_states.py`` writes it anew."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from esad_gateway.explain.member_states import facts
from esad_gateway.faults import Said
from esad_gateway.profiles import STATES
from esad_gateway.texts import say

PAGE: Final = Path(__file__).parents[2] / "docs" / "reference" / "member-states.md"

INTRODUCTION: Final = """# Member states

What is known of each member state, and of Northern Ireland: from when on, and where that is written. This page is
made of the profiles in `esad_gateway.profiles`: `python tests/helpers/draw_states.py`. `esad explain PL` says the
same of one state, in Lithuanian as well, and for programs with `--json`.

A gateway behaves by its profile unless its administration decides otherwise in `settings.toml`, also from a later day
on (`[changes.2027-01-01]`): [add-a-state.md](../how-to/add-a-state.md). States of `esad simulate` and of the fixture
`emcs` do as well, so `emcs.state("PL", formalities_days=2)` decides what nobody knows of Poland. Their traders write
in the language of the profile, where there are sentences in it, unless they are told what to say.

Where a sentence has no source nothing is known, and it says what counts instead.

## Northern Ireland

Rules R271 to R276 ask that what Northern Ireland sends concerns Northern Ireland, by one at least of the items that
they stand at. In an IE837 that is the ARC alone (R273): the list of items has none of these rules at the submitter.
So the gateway of Northern Ireland refuses what a consignee there explains about a movement from another state, which
has an ARC of that state; the rulebook says so word for word. IE818, IE819 and IE871 of the same consignee name it
(R271), and are taken. A movement that begins in Northern Ireland has an ARC of its own, and its delay is explained
from there.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_states()])


def _states() -> Iterator[str]:
    for code in STATES:
        yield f"## {code} {say(Said(f'country.{code}'))}\n\n| Known | Where that is written |\n|---|---|"
        yield from (f"| {say(fact.what)} | {fact.source or ''} |" for fact in facts(code))
        yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
