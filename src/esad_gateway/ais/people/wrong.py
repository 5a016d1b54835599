"""How what is wrong about persons and roles is told."""

from datetime import UTC, datetime
from typing import Final

from esad_gateway.faults import Fault, Said
from esad_gateway.place import Place

_IN_DATA: Final = Place(in_data=True)


def wrong(rule: str, field: str, value: str | None, text: Said, hint: Said, code: str = "") -> Fault:
    """The fault that ``value`` of a field breaks a requirement; its code is that of the requirement unless given."""
    return Fault(code=code or rule, rule=rule, place=_IN_DATA / field, value=value, text=text, hint=hint)


def shown(at: datetime) -> str:
    """A moment (aware) as it is told, in UTC to the second."""
    return f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"
