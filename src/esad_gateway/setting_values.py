"""Kinds of settings that are no addresses: numbers within bounds, days, rules, laws, releases."""

from datetime import date
from typing import Annotated

from pydantic import AfterValidator, Field

from esad_gateway.emcs.identifiers import Malformed, MemberState
from esad_gateway.emcs.releases import Schedule
from esad_gateway.emcs.rules.catalogue import OPTIONAL
from esad_gateway.faults import said
from esad_gateway.profiles.laws import law_named

Seconds = Annotated[float, Field(gt=0, le=30 * 24 * 3600)]
Count = Annotated[int, Field(gt=0, le=1_000_000_000)]
Days = Annotated[int, Field(gt=0, le=3650)]
DaysKept = Annotated[int, Field(ge=0, le=36_500)]
Megabytes = Annotated[int, Field(gt=0, le=100_000_000)]
FormalitiesDays = Annotated[float, Field(ge=0, le=365)]
DaysToChange = Annotated[float, Field(gt=0, le=3650)]
DaysToWait = Annotated[float, Field(gt=0, le=3650)]
State = Annotated[str, AfterValidator(lambda value: MemberState(value).code)]


Release = Annotated[str, AfterValidator(lambda value: str(Schedule.read(value)))]
ReleaseOrNone = Annotated[str, AfterValidator(lambda value: value and str(Schedule.read(value)))]


def _optional(value: str) -> str:
    """A rule that a member state may leave out; raises ValueError for any other one."""
    if value not in OPTIONAL:
        known = ", ".join(sorted(OPTIONAL))
        raise Malformed(said("setting.optional_rule", value=value, known=known))
    return value


def _day(value: str) -> str:
    """A day in the one form in which no other text is the same day; raises ValueError for anything else."""
    try:
        day = date.fromisoformat(value).isoformat()
    except ValueError:
        day = ""
    if value != day:
        raise Malformed(said("setting.day", value=value))
    return day


def _law(value: str) -> str:
    """The name of a national law that can be imported; raises ValueError for anything else."""
    if value:
        law_named(value)
    return value


OptionalRule = Annotated[str, AfterValidator(_optional)]
Day = Annotated[str, AfterValidator(_day)]
Law = Annotated[str, AfterValidator(_law)]
