"""National domains of Lithuania with some of its parts, as settings name them: what is not decided, nobody reckons."""

from dataclasses import replace
from typing import Any, Final

from esad_gateway.ais.domain import NationalDomain
from esad_gateway.profiles.lithuania import DOMAIN as WHOLE
from esad_gateway.profiles.lithuania.people import PEOPLE

DOMAIN: Final = NationalDomain(state="LT", people=PEOPLE)
"""One of persons and nothing else."""


def __getattr__(name: str) -> NationalDomain:
    """``WITHOUT_x`` is the whole domain without its part ``x``, ``ONLY_x`` that part alone."""
    how, _, part = name.partition("_")
    if how == "WITHOUT":
        lacking: dict[str, Any] = {part: None}
        return replace(WHOLE, **lacking)
    if how == "ONLY":
        return NationalDomain(state="LT", **{part: getattr(WHOLE, part)})
    raise AttributeError(name)
