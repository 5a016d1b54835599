"""Draws the transition tables as the manual's page: ``python tests/helpers/draw_tables.py`` writes it anew."""

from collections import defaultdict
from pathlib import Path

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import TABLES, Side
from esad_gateway.emcs.movement.tables import Table

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "movement.md"
TITLES = {Side.DISPATCH: "At dispatch", Side.DESTINATION: "At destination"}
INTRODUCTION = """# States of a movement

Each administration keeps its own view of a movement.
These pictures are drawn from the two tables in `esad_gateway.emcs.movement.tables`, which decide;
a message that is not in its table is refused with code 92, message out of sequence.
What leaves the state as it is stands below each picture.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *(_section(side, table) for side, table in TABLES.items())])


def _section(side: Side, table: Table) -> str:
    return "\n".join(
        [
            f"## {TITLES[side]}\n",
            "```mermaid",
            "stateDiagram-v2",
            *(f'    state "{_name(state)} ({state})" as {state.name}' for state in _states(table)),
            *_arrows(table),
            "```\n",
            "| Stays as it is | On |",
            "|---|---|",
            *_staying(table),
            "",
        ]
    )


def _arrows(table: Table) -> list[str]:
    arrows = defaultdict(list)
    for (before, trigger), after in table.items():
        if before is not after:
            arrows[before, after].append(trigger.value)
    return [
        f"    {'[*]' if before is StatusType.NONE else before.name} --> {after.name}: {', '.join(triggers)}"
        for (before, after), triggers in arrows.items()
    ]


def _staying(table: Table) -> list[str]:
    staying = defaultdict(list)
    for (before, trigger), after in table.items():
        if before is after and before is not StatusType.NONE:
            staying[before].append(trigger.value)
    return [f"| {_name(state)} | {', '.join(triggers)} |" for state, triggers in staying.items()]


def _states(table: Table) -> list[StatusType]:
    found = {state for (before, _), after in table.items() for state in (before, after)}
    return [state for state in StatusType if state in found and state is not StatusType.NONE]


def _name(state: StatusType) -> str:
    return state.name.capitalize().replace("_", " ")


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
