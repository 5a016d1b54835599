"""What is amiss with a declaration, as faults that teach. Each has a name, by which its sentences are found."""

from typing import Final

from esad_gateway.faults import Fault, Value, said
from esad_gateway.place import Place

DECLARATION_RULES: Final = {
    "future": "DEC-2",
    "running": "DEC-2",
    "no_form": "DEC-6",
    "unknown": "DEC-6",
    "form": "DEC-1",
    "payer": "DEC-3",
    "number": "DEC-3",
    "number_filled": "DEC-4",
    "payer_temporary": "DEC-4",
    "wine_temporary": "MVV-3",
    "wine_outside": "MVV-3",
    "route": "DEC-6",
    "zero": "DEC-7",
    "no_tariffs": "DEC-1",
}
"""The requirement behind each fault; its sentences are ``declaration.NAME.text`` and ``declaration.NAME.hint``."""

DECLARED: Final = Place(in_data=True)
"""Where the places of a declaration begin."""


def declaration_fault(name: str, place: Place, value: object, *, arc: str | None = None, **values: Value) -> Fault:
    """The fault of that name. Both of its sentences are given the same values."""
    rule, text = DECLARATION_RULES[name], None if value is None else str(value)
    first, second = (said(f"declaration.{name}.{part}", **values) for part in ("text", "hint"))
    return Fault(code=rule, rule=rule, place=place, value=text, text=first, hint=second, arc=arc)
