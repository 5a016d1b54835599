"""Settings of the national domain: which one it is, and what an administration decides otherwise of its figures."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationInfo

if TYPE_CHECKING:
    from esad_gateway.ais.domain import NationalDomain

# What national law consists of is loaded where something of it is set, or asked for: a gateway begins without it.


_NO_CHOICES: Final[Mapping[str, str]] = MappingProxyType({})


class FigureDecision(BaseModel):
    """What is decided of one figure of national law; of a term, its unit as well, and whether its last day rolls."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    number: Annotated[float, Field(ge=0, le=1_000_000_000)]
    unit: Literal["working_days", "calendar_days", "months", "day_of_next_month"] | None = None
    rolls: bool | None = None


def _alone(value: object) -> object:
    """A number alone decides no more than itself."""
    return {"number": value} if isinstance(value, int | float) and not isinstance(value, bool) else value


Decision = Annotated[FigureDecision, BeforeValidator(_alone)]


def check_domain(named: str, info: ValidationInfo) -> str:
    """Refuse the name of something else than the domain of this state, with ValueError."""
    if named and "state" in info.data:
        national_domain(info.data["state"], named, {})
    return named


def check_decisions(decisions: dict[str, FigureDecision], info: ValidationInfo) -> dict[str, FigureDecision]:
    """Refuse decisions about figures that the domain does not have, or that those cannot be, with ValueError."""
    if decisions and {"state", "national"} <= info.data.keys():
        national_domain(info.data["state"], info.data["national"], decisions)
    return decisions


def check_choices(choices: dict[str, str], info: ValidationInfo) -> dict[str, str]:
    """Refuse choices that the domain does not have, or that cannot be made, with ValueError."""
    if choices and {"state", "national"} <= info.data.keys():
        national_domain(info.data["state"], info.data["national"], {}, choices)
    return choices


def national_domain(
    state: str, named: str, decisions: Mapping[str, FigureDecision], choices: Mapping[str, str] = _NO_CHOICES
) -> "NationalDomain | None":
    """The domain with what is decided of it; ``None`` for a state that has none. Raises ValueError."""
    from esad_gateway.ais.figures import Decided  # noqa: PLC0415 - see above
    from esad_gateway.ais.terms import Unit  # noqa: PLC0415
    from esad_gateway.profiles.national import domain_of  # noqa: PLC0415

    taken: dict[str, Any] = {
        name: Decided(number=Decimal(str(one.number)), unit=one.unit and Unit(one.unit), rolls=one.rolls)
        for name, one in decisions.items()
    }
    return domain_of(state, named, taken, choices)
