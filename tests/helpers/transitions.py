"""The transitions as the domain facts tell them, read from ``tests/core/data/transitions.csv``.

That table was typed from the facts on EMCS (sections 2 to 5, scenarios S1 to S23) and not from the product, so that the
two can be held against each other. ``-`` means that the message is refused, or that the clock does not run; ``stays``
that it is taken and changes nothing; ``every`` and ``every other`` stand for all triggers that no other row of that
side and state names. ``X01-returning`` is Accepted at dispatch after a return to the place of dispatch; ``of CNR`` is a
report of receipt by the consignor, any other one comes from destination.
"""

import csv
from collections.abc import Iterator, Mapping
from itertools import product
from pathlib import Path
from types import MappingProxyType
from typing import TypeAlias

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Origin, Side, Trigger

TABLE = Path(__file__).parents[1] / "core" / "data" / "transitions.csv"
RETURNING = "X01-returning"
OF_CONSIGNOR = " of CNR"
REFUSED = "-"
LACKED_TABLE = TABLE.with_name("lacked.csv")

TRIGGERS: Mapping[str, Trigger] = MappingProxyType(
    {
        "IE815": Trigger.DRAFT,
        "IE801": Trigger.VALIDATED_DOCUMENT,
        "IE813 type 9/10": Trigger.CHANGE_OF_PLACE,
        "IE813 type 11": Trigger.RETURN,
        "IE818 concl. 1/2": Trigger.RECEIPT_ACCEPTED,
        "IE818 concl. 3": Trigger.RECEIPT_REFUSED,
        "IE818 concl. 4": Trigger.RECEIPT_PARTIALLY_REFUSED,
        "IE818 concl. 1/2 of CNR": Trigger.RECEIPT_ACCEPTED,
        "IE818 concl. 3 of CNR": Trigger.RECEIPT_REFUSED,
        "IE818 concl. 4 of CNR": Trigger.RECEIPT_PARTIALLY_REFUSED,
        "IE818 concl. 21/22/23": Trigger.EXPORT_RESULT,
        "IE819 flag 0": Trigger.ALERT,
        "IE819 flag 1": Trigger.REJECTION,
        "IE837": Trigger.DELAY_EXPLAINED,
        "IE871": Trigger.SHORTAGE_EXPLAINED,
        "IE802": Trigger.REMINDER,
        "IE807": Trigger.INTERRUPTION,
        "IE880": Trigger.CLOSURE_REQUESTED,
        "IE881 accepted": Trigger.CLOSURE_ACCEPTED,
        "IE881 rejected": Trigger.CLOSURE_REJECTED,
        "IE840/717": Trigger.EVENT,
        "IE904": Trigger.STATUS_REQUESTED,
        "IE905 open": Trigger.STATUS_KNOWN,
        "IE905 X03": Trigger.STATUS_DELIVERED,
        "IE905 X07": Trigger.STATUS_CLOSED,
        "IE905 X13": Trigger.STATUS_STOPPED,
        "IE906": Trigger.NEGATIVE_ACKNOWLEDGEMENT,
        "TIM_EAD_ESAD": Trigger.JOURNEY_OVER,
        "TIM_CHS": Trigger.CHANGE_OVERDUE,
    }
)

Cell: TypeAlias = tuple[Side, str, str]


def cells() -> Iterator[tuple[Cell, str]]:
    """Every cell that the table names, with what follows: a state, ``X01-returning``, or ``-``; as often as it does."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        for state in row["state"].split():
            for trigger in _triggers(row, state, rows):
                yield (Side(row["side"]), state, trigger), state if row["next"] == "stays" else row["next"]


def _triggers(row: Mapping[str, str], state: str, rows: list[dict[str, str]]) -> Iterator[str]:
    if not row["trigger"].startswith("every"):
        yield row["trigger"]
        return
    named = {other["trigger"] for other in rows if other["side"] == row["side"] and state in other["state"].split()}
    yield from (trigger for trigger in TRIGGERS if trigger not in named)


def table_of(side: Side) -> dict[tuple[StatusType, Trigger], StatusType]:
    """The transitions of one side as the product writes them: who reports, and goods on their way back, are no cells.

    A pair of state and trigger is there when any of the cells behind it leads somewhere.
    """
    return {
        (_status(state), TRIGGERS[trigger]): _status(after)
        for (of, state, trigger), after in cells()
        if of is side and after != REFUSED
    }


def lacked() -> Iterator[tuple[tuple[Side, str, str], frozenset[Trigger]]]:
    """Every pair of states that ``tests/core/data/lacked.csv`` names, and what the other side then lacks.

    That table was typed from the same facts: the side, its state, the state that the other one says it has.
    """
    with LACKED_TABLE.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            words = () if row["lacked"] == REFUSED else row["lacked"].split("; ")
            for ours, theirs in product(row["ours"].split(), row["theirs"].split()):
                yield (Side(row["side"]), ours, theirs), frozenset(TRIGGERS[word] for word in words)


def senders() -> Iterator[tuple[str, Origin, Side]]:
    """Which message who may send about a movement, and on which side it then acts, typed from the facts (section 2)."""
    with TABLE.with_name("senders.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            yield row["message"], Origin(row["sender"].removeprefix("other ")), Side(row["side"])


def _status(state: str) -> StatusType:
    return StatusType(state.removesuffix("-returning"))
