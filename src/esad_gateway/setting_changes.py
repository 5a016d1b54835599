"""Settings of days: what is decided otherwise from one on, and how a calendar is corrected."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from pydantic import BaseModel, ConfigDict

from esad_gateway.setting_values import Days, DaysToChange, DaysToWait, FormalitiesDays, Law, OptionalRule


class ChangeFromDay(BaseModel):
    """What an administration decides otherwise from a day on; what is not named stays as it was."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    formalities_days: FormalitiesDays | None = None
    days_to_change: DaysToChange | None = None
    days_to_wait: DaysToWait | None = None
    maximum_journey_days: dict[str, Days] | None = None
    rules_off: list[OptionalRule] | None = None
    law: Law | None = None

    def decided(self) -> Mapping[str, Any]:
        """What is decided, by the names of the profile."""
        decided: dict[str, Any] = {
            "formalities": _days(self.formalities_days),
            "time_to_change": _days(self.days_to_change),
            "time_to_wait": _days(self.days_to_wait),
            "maximum_journey_days": self.maximum_journey_days,
            "rules_off": None if self.rules_off is None else frozenset(self.rules_off),
            "law": self.law,
        }
        return {name: value for name, value in decided.items() if value is not None}


def _days(number: float | None) -> timedelta | None:
    return None if number is None else timedelta(days=number)


class WorkingDays(BaseModel):
    """What an administration corrects in the calendar of a member state."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    off: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()
