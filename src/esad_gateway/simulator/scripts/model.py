"""A script: steps that say when somebody acts, what is done, and how long it takes; movements, and faults."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from esad_gateway.frozen import frozen
from esad_gateway.simulator.injected.model import Injection
from esad_gateway.simulator.scripts.waits import Wait


class Actor(StrEnum):
    """Who acts: one of the two traders of a movement, or an excise office of one of its two states."""

    CONSIGNEE = "consignee"
    CONSIGNOR = "consignor"
    OFFICE = "office"


class Do(StrEnum):
    """What can be done about a message that has arrived; :data:`.DEEDS` says by whom and about which."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    PARTIALLY_REFUSE = "partially refuse"
    ALERT = "alert"
    REJECT = "reject"
    EXPLAIN_DELAY = "explain a delay"
    EXPLAIN_SHORTAGE = "explain a shortage"
    TAKE_BACK = "take back"
    REPORT_RETURN = "report the return"
    SEND_ELSEWHERE = "send to another place"
    INTERRUPT = "interrupt"
    ASK_TO_CLOSE = "ask to close by hand"
    CLOSE = "close by hand"
    REFUSE_TO_CLOSE = "refuse to close by hand"
    ASK_FOR_STATUS = "ask for status"
    NOTHING = "nothing"


@frozen(kw_only=True)
class When:
    """What a step waits for; what is left out fits everything.

    ``message`` is a type (IE801) that reaches ``who``: a trader by its mailbox, an office by the gateway of its state.
    Left out, both are what the deed is about. ``state`` and ``trader`` are whom it reaches, ``arc`` and ``lrn`` its
    movement, ``says`` what it says where it can say several things. ``product`` is an excise product code that a line
    must have, with a quantity ``at_least`` or ``at_most`` so many units of it; ``nth`` which of those that fit so far,
    counted from 1.
    """

    who: Actor | None = None
    message: str | None = None
    state: str | None = None
    trader: str | None = None
    arc: str | None = None
    lrn: str | None = None
    says: str | None = None
    product: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    nth: int | None = None


@frozen(kw_only=True)
class Then:
    """What is done, and how long ``after`` that.

    Quantities are by the number of the line, in the unit of its product; ``reason`` is told with it, in English;
    ``place`` is where the goods go then.
    """

    do: Do
    after: Wait = timedelta(days=1)
    shortages: Mapping[int, Decimal] = field(default_factory=dict)
    excesses: Mapping[int, Decimal] = field(default_factory=dict)
    refused: Mapping[int, Decimal] = field(default_factory=dict)
    reason: str = ""
    place: str = ""


@frozen(kw_only=True)
class ScriptStep:
    """One step of a script: ``when`` something is seen, ``then`` that is done; ``times`` at most, ``None`` always.

    ``chance`` is how likely it is taken when it fits, by the seed; ``optional``: it is no failure if it never was.
    """

    then: Then
    when: When = When()
    times: int | None = None
    chance: float | None = None
    optional: bool = False


@frozen(kw_only=True)
class Traffic:
    """Movements from one state to another, one ``every`` so long, the first one ``after`` the script begins.

    Each is at random up to ``spread`` later, by the seed. Their goods are of one ``product``, of a ``quantity`` or one
    at random from ``at_least`` to ``at_most``, in the unit of the product. ``count`` is how many, ``None`` for no end.
    ``consignor`` and ``consignee`` are traders of the two states, some of their own where left out.
    """

    origin: str
    destination: str
    every: timedelta
    product: str = "W200"
    quantity: Decimal | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None
    spread: timedelta = timedelta(0)
    after: Wait = timedelta(0)
    count: int | None = None
    journey_days: int = 5
    consignor: str | None = None
    consignee: str | None = None


@frozen
class Script:
    """Steps in their order: the first that fits is taken; the movements that it begins, and what goes wrong.

    ``faults`` are committed by administrations, as ``emcs.faults.inject`` has them. ``complete``: a message that its
    steps could wait for, and that fits none, is a failure. ``title`` names it.
    """

    steps: tuple[ScriptStep, ...] = ()
    traffic: tuple[Traffic, ...] = ()
    title: str = ""
    complete: bool = False
    faults: tuple[Injection, ...] = ()
