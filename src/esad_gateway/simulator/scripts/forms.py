"""The kinds of values in a script: how each is read from TOML and written there, and which of them can be."""

import json
from collections.abc import Callable, Collection, Mapping
from datetime import timedelta
from decimal import Decimal
from difflib import get_close_matches
from enum import StrEnum
from typing import Any, Final, TypeVar

from esad_gateway.emcs.identifiers import (
    ARC,
    NATIONAL_ADMINISTRATIONS,
    ExciseNumber,
    LocalReferenceNumber,
    Malformed,
    MemberState,
)
from esad_gateway.emcs.rules.code_lists import EXCISE_PRODUCTS
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.letters import UNWRITABLE
from esad_gateway.simulator.goods import BY_PRODUCT
from esad_gateway.simulator.scripts import waits
from esad_gateway.simulator.scripts.deeds import REACHED, SAYS
from esad_gateway.simulator.scripts.model import Actor, Do

E = TypeVar("E", bound=StrEnum)

LONGEST_TEXT: Final = 350
"""Letters that a reason or the name of a place may have at most, as their messages have room for."""


_MOST_DIGITS: Final = 15
"""Before the point of a number, and behind it before the first that counts; messages have room for fewer."""

_LONGEST_WAIT: Final = timedelta(days=3650)
"""As long as certificates of simulated states last."""


class UnfitValue(ValueError):
    """A value is not of the form; ``expected`` says what was expected."""

    def __init__(self, expected: Said) -> None:
        super().__init__(expected)
        self.expected = expected


@frozen(kw_only=True)
class ValueForm:
    """A kind of value.

    ``read`` makes one of what TOML has, and raises UnfitValue; ``check`` says what was expected instead of one that
    cannot be. ``written`` is the TOML of one, ``schema`` its JSON Schema.
    """

    read: Callable[[Any], Any]
    schema: Mapping[str, Any]
    check: Callable[[Any], Said | None] = lambda _: None
    written: Callable[[Any], str] = json.dumps


def among(value: str, known: Collection[str]) -> Said | None:
    """What was expected instead of a word that is not among those that are known: the nearest, or all."""
    if value in known:
        return None
    near = get_close_matches(value.casefold(), {one.casefold(): one for one in known}, n=1)
    found = next((one for one in known if near and one.casefold() == near[0]), None)
    if found:
        return said("sim.script_meant", near=found)
    return said("sim.script_one_of", known=", ".join(known))


def text_fault(value: Any, most: int) -> Said | None:
    """What was expected instead of a text that no message can say: it is one, it has room, and all of its letters."""
    if not isinstance(value, str):
        return Said("sim.script_text")
    if not 0 < len(value) <= most:
        return said("sim.script_short", most=most)
    return Said("sim.script_letters") if UNWRITABLE.search(value) else None


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise UnfitValue(Said("sim.script_text"))
    return value


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise UnfitValue(Said("sim.script_whole"))
    return value


def _number(value: Any) -> Decimal:
    if not isinstance(value, int | Decimal) or isinstance(value, bool):
        raise UnfitValue(Said("sim.script_number"))
    number = Decimal(value)
    if not number.is_finite() or not -_MOST_DIGITS < number.adjusted() < _MOST_DIGITS:
        raise UnfitValue(Said("sim.script_number"))
    return number


def _flag(value: Any) -> bool:
    if not isinstance(value, bool):
        raise UnfitValue(Said("sim.script_flag"))
    return value


def _lines(value: Any) -> Mapping[int, Decimal]:
    if not isinstance(value, dict) or not all(number.isascii() and number.isdigit() for number in value):
        raise UnfitValue(Said("sim.script_lines"))
    return {int(number): _number(quantity) for number, quantity in value.items()}


def _wait(value: Any) -> waits.Wait:
    found = waits.wait_of(_text(value))
    if found is None:
        raise UnfitValue(Said("sim.script_wait"))
    return found


def _span(value: Any) -> timedelta:
    found = _wait(value)
    if not isinstance(found, timedelta):
        raise UnfitValue(Said("sim.script_span"))
    return found


def _word(kind: type[E]) -> Callable[[Any], E]:
    def read(value: Any) -> E:
        wrong = among(_text(value), list(kind))
        if wrong:
            raise UnfitValue(wrong)
        return kind(value)

    return read


def one_of(known: Collection[str]) -> ValueForm:
    """One of some words."""
    return ValueForm(read=_text, schema={"enum": list(known)}, check=lambda value: among(value, known))


def _identified(kind: Callable[[str], object], pattern: str) -> ValueForm:
    return ValueForm(
        read=_text, schema={"type": "string", "pattern": f"^{pattern}$"}, check=lambda value: _why(kind, value)
    )


def _why(kind: Callable[[str], object], value: str) -> Said | None:
    try:
        kind(value)
    except Malformed as malformed:
        return malformed.why
    return None


def _state(value: str) -> Said | None:
    wrong = among(value, sorted(NATIONAL_ADMINISTRATIONS))
    return _why(MemberState, value) if wrong else None


def _from_one(value: int) -> Said | None:
    return None if value >= 1 else Said("sim.script_from_one")


def _above_nothing(value: Any) -> Said | None:
    return None if value > type(value)(0) else Said("sim.script_above_nothing")


def _each_line(value: Mapping[int, Decimal]) -> Said | None:
    if any(number < 1 for number in value):
        return Said("sim.script_line_number")
    return next(filter(None, map(_above_nothing, value.values())), None)


def _possible(value: float) -> Said | None:
    return None if 0 < value < 1 else Said("sim.script_possible")


def _short(value: str) -> Said | None:
    return text_fault(value, LONGEST_TEXT)


def _ten_years(value: waits.Wait) -> Said | None:
    span = timedelta(days=value.days) if isinstance(value, waits.InWorkingDays) else value
    return None if timedelta(0) <= span <= _LONGEST_WAIT else said("sim.script_wait_long", most=_LONGEST_WAIT.days)


def _journey(value: int) -> Said | None:
    return None if 1 <= value <= _LONGEST_JOURNEY else said("sim.script_journey", most=_LONGEST_JOURNEY)


def _plain(number: Decimal | float) -> str:
    return format(number, "f") if isinstance(number, Decimal) else repr(number)


def _quantities(value: Mapping[int, Decimal]) -> str:
    return f"{{ {', '.join(f'{number} = {_plain(quantity)}' for number, quantity in value.items())} }}"


def quoted(value: str) -> str:
    """A text in TOML."""
    # JSON's texts are TOML's, but for the surrogates that stand for letters beyond 16 bits, and for DEL.
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")


_LONGEST_JOURNEY: Final = 92
"""Days that a journey may take at most, as the text of a movement has room for and no state allows more."""

_QUANTITY: Final = {"type": "number", "exclusiveMinimum": 0}

TEXT: Final = ValueForm(
    read=_text,
    schema={"type": "string", "minLength": 1, "maxLength": LONGEST_TEXT},
    check=_short,
    written=quoted,
)
FLAG: Final = ValueForm(read=_flag, schema={"type": "boolean"})
COUNT: Final = ValueForm(read=_whole, schema={"type": "integer", "minimum": 1}, check=_from_one)
DAYS: Final = ValueForm(
    read=_whole, schema={"type": "integer", "minimum": 1, "maximum": _LONGEST_JOURNEY}, check=_journey
)
CHANCE: Final = ValueForm(
    read=lambda value: float(_number(value)),
    schema={"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 1},
    check=_possible,
    written=_plain,
)
QUANTITY: Final = ValueForm(read=_number, schema=_QUANTITY, check=_above_nothing, written=_plain)
LINES: Final = ValueForm(
    read=_lines,
    schema={
        "type": "object",
        "patternProperties": {"^[1-9][0-9]*$": _QUANTITY},
        "additionalProperties": False,
        "minProperties": 1,
    },
    check=_each_line,
    written=_quantities,
)
WAIT: Final = ValueForm(
    read=_wait,
    schema={"type": "string", "pattern": f"^({waits.WAIT})$"},
    check=_ten_years,
    written=lambda wait: json.dumps(waits.in_words(wait)),
)
SPAN: Final = ValueForm(
    read=_span,
    schema={"type": "string", "pattern": f"^({waits.SPAN})$"},
    check=_ten_years,
    written=lambda span: json.dumps(waits.in_words(span)),
)
DO: Final = ValueForm(read=_word(Do), schema={"enum": list(Do)})
PARTY: Final = ValueForm(read=_word(Actor), schema={"enum": list(Actor)})
STATE: Final = ValueForm(read=_text, schema={"enum": sorted(NATIONAL_ADMINISTRATIONS)}, check=_state)
PRODUCT: Final = one_of(sorted(EXCISE_PRODUCTS))
GOODS: Final = one_of(sorted(BY_PRODUCT))
MESSAGE: Final = one_of(sorted(set().union(*REACHED.values())))
SAID: Final = one_of(list(dict.fromkeys(word for words in SAYS.values() for word in words)))
TRADER: Final = _identified(ExciseNumber, "[A-Z]{2}[a-zA-Z0-9]{11}")
ARC_FORM: Final = _identified(ARC, "[0-9]{2}[A-Z]{2}[A-Z0-9]{16}[0-9]")
LRN: Final = _identified(LocalReferenceNumber, ".{1,22}")
