"""A script: steps that say when somebody acts, what is done, and how long it takes."""

from collections.abc import Mapping
from dataclasses import field
from datetime import timedelta
from decimal import Decimal
from enum import StrEnum

from esad_gateway.frozen import frozen


class Do(StrEnum):
    """What can be done about an e-SAD that has arrived."""

    ACCEPT = "accept"
    REFUSE = "refuse"
    PARTIALLY_REFUSE = "partially refuse"
    ALERT = "alert"
    REJECT = "reject"
    EXPLAIN_DELAY = "explain a delay"
    NOTHING = "nothing"


@frozen(kw_only=True)
class When:
    """What a step waits for; what is left out fits everything.

    ``message`` is a type (IE801), ``state`` and ``trader`` whom it reaches, ``nth`` which of those that fit so far,
    counted from 1; ``product`` is an excise product code that a line must have, with a quantity ``at_least`` or
    ``at_most`` so many units of it.
    """

    message: str = "IE801"
    state: str | None = None
    trader: str | None = None
    arc: str | None = None
    nth: int | None = None
    product: str | None = None
    at_least: Decimal | None = None
    at_most: Decimal | None = None


@frozen(kw_only=True)
class Then:
    """What is done, and how long ``after`` that.

    Quantities are by the number of the line, in the unit of its product; ``reason`` is told with it, in English.
    """

    do: Do
    after: timedelta = timedelta(days=1)
    shortages: Mapping[int, Decimal] = field(default_factory=dict)
    excesses: Mapping[int, Decimal] = field(default_factory=dict)
    refused: Mapping[int, Decimal] = field(default_factory=dict)
    reason: str = ""


@frozen(kw_only=True)
class ScriptStep:
    """One step of a script: ``when`` something is seen, ``then`` that is done; ``times`` at most, ``None`` always."""

    when: When
    then: Then
    times: int | None = None


@frozen
class Script:
    """Steps in their order: the first that fits is taken."""

    steps: tuple[ScriptStep, ...] = ()
