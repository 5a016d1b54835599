"""What simulated traders and offices can do: by whom, about which message, and what is to be said with it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said
from esad_gateway.frozen import frozen
from esad_gateway.simulator.scripts.model import Actor, Do, ScriptStep

_CONSIGNEE, _CONSIGNOR, _OFFICE = Actor.CONSIGNEE, Actor.CONSIGNOR, Actor.OFFICE


@frozen(kw_only=True)
class Deed:
    """One of them. ``by`` are the parties that can do it, the likelier first, with the message that it is about.

    ``only`` that message, or any other one that reaches them. ``may`` and ``must`` are the keys of ``then`` that say
    more of it; ``about`` describes it in English.
    """

    about: str
    by: Mapping[Actor, str]
    only: bool = False
    may: frozenset[str] = frozenset()
    must: frozenset[str] = frozenset()


_REASON: Final = frozenset({"reason"})
_FOUND: Final = frozenset({"shortages", "excesses", "reason"})

DEEDS: Final[Mapping[Do, Deed]] = MappingProxyType(
    {
        Do.ACCEPT: Deed(
            about="reports that the goods have arrived, with what is short or too much (IE818)",
            by={_CONSIGNEE: "IE801"},
            may=_FOUND,
        ),
        Do.REFUSE: Deed(about="refuses all of the goods (IE818)", by={_CONSIGNEE: "IE801"}, may=_REASON),
        Do.PARTIALLY_REFUSE: Deed(
            about="refuses a part of the goods (IE818)",
            by={_CONSIGNEE: "IE801"},
            may=_FOUND,
            must=frozenset({"refused"}),
        ),
        Do.ALERT: Deed(about="alerts: the e-SAD is not as agreed (IE819)", by={_CONSIGNEE: "IE801"}, may=_REASON),
        Do.REJECT: Deed(
            about="rejects the e-SAD before the goods arrive (IE819)", by={_CONSIGNEE: "IE801"}, may=_REASON
        ),
        Do.EXPLAIN_DELAY: Deed(
            about="explains why there is no report of receipt yet (IE837)",
            by={_CONSIGNEE: "IE802", _CONSIGNOR: "IE802"},
            may=_REASON,
        ),
        Do.EXPLAIN_SHORTAGE: Deed(
            about="explains a shortage or an excess (IE871)",
            by={_CONSIGNEE: "IE818", _CONSIGNOR: "IE818"},
            may=_REASON,
        ),
        Do.TAKE_BACK: Deed(
            about="takes the goods back: they return to the place of dispatch (IE813)", by={_CONSIGNOR: "IE818"}
        ),
        Do.REPORT_RETURN: Deed(
            about="reports that the goods that were taken back have returned (IE818)",
            by={_CONSIGNOR: "IE813"},
            may=_FOUND,
        ),
        Do.SEND_ELSEWHERE: Deed(
            about="sends the goods to another place of the same consignee (IE813)",
            by={_CONSIGNOR: "IE801"},
            must=frozenset({"place"}),
        ),
        Do.INTERRUPT: Deed(about="stops the movement (IE807)", by={_OFFICE: "IE801"}, may=_REASON),
        Do.ASK_TO_CLOSE: Deed(
            about="at destination, asks dispatch to close the movement by hand (IE880)",
            by={_OFFICE: "IE801"},
            may=_REASON,
        ),
        Do.CLOSE: Deed(
            about="at dispatch, closes the movement by hand, as it was asked to (IE881)",
            by={_OFFICE: "IE880"},
            only=True,
            may=_REASON,
        ),
        Do.REFUSE_TO_CLOSE: Deed(
            about="at dispatch, refuses to close the movement by hand (IE881)",
            by={_OFFICE: "IE880"},
            only=True,
            may=_REASON,
        ),
        Do.ASK_FOR_STATUS: Deed(about="asks the other state where the movement stands (IE904)", by={_OFFICE: "IE801"}),
        Do.NOTHING: Deed(about="never answers", by=dict.fromkeys(Actor, "IE801")),
    }
)

_BOTH: Final = ("IE801", "IE802", "IE807", "IE813", "IE818", "IE819", "IE837", "IE871", "IE881", "IE905")

REACHED: Final[Mapping[Actor, frozenset[str]]] = MappingProxyType(
    {
        Actor.CONSIGNEE: frozenset({*_BOTH, "IE803"}),
        Actor.CONSIGNOR: frozenset(_BOTH),
        Actor.OFFICE: frozenset({*_BOTH, "IE717", "IE815", "IE840", "IE880", "IE904", "IE906", "IE917"}),
    }
)
"""The messages about a movement that reach somebody: a trader by its mailbox, an office by the gateway of its state."""

SPOKEN: Final[Mapping[Actor, Said]] = MappingProxyType(
    {
        Actor.CONSIGNEE: Said("sim.script_consignee"),
        Actor.CONSIGNOR: Said("sim.script_consignor"),
        Actor.OFFICE: Said("sim.script_office"),
    }
)
"""The parties in sentences."""

SAYS: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {
        "IE818": ("accepted", "accepted although unsatisfactory", "refused", "partially refused"),
        "IE819": ("alert", "rejection"),
        "IE881": ("accepted", "rejected"),
    }
)
"""What messages can say that say one of several things."""


def waits_for(step: ScriptStep) -> tuple[Actor, str]:
    """Who is to be reached by which message: what a step says, or else what its deed is about."""
    by = DEEDS[step.then.do].by
    who = step.when.who or next(iter(by))
    return who, step.when.message or by.get(who, "")
