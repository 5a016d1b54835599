"""What a trader may ask of its mailbox and its movements: read from text, and checked, the same at every door."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, tzinfo
from typing import Annotated, Any, Final, Literal, Self

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, ValidationError, model_validator

from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.identifiers import ARC
from esad_gateway.emcs.messages import NAMES
from esad_gateway.emcs.procedure.stateless import SUSPENSION_ONLY
from esad_gateway.faults import said
from esad_gateway.ports.reading import LARGEST_NUMBER, LARGEST_PAGE, LONGEST_WAIT, MailboxQuery, MovementQuery, Reads
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.problems import Problem, problem


def _in_utc(at: datetime) -> datetime:
    try:
        return at.astimezone(UTC)
    except OverflowError as error:
        raise ValueError("expected a moment that exists in UTC") from error


def _known_type(name: str) -> str:
    if name not in _TYPES:
        raise ValueError(f"no message is of this type; known are {', '.join(_TYPES)}")
    return name


_TYPES = sorted({*NAMES} | SUSPENSION_ONLY)
"""What a mailbox can be asked for: also what exists for duty suspension only, which is refused and kept."""

MOST_NUMBERS: Final = 1000
"""How many numbers are acknowledged in one request."""

Moment = Annotated[AwareDatetime, AfterValidator(_in_utc)]
MessageType = Annotated[str, AfterValidator(_known_type)]
ArcText = Annotated[str, AfterValidator(lambda text: ARC(text).value)]


class MailboxFilter(BaseModel):
    """Which messages of a mailbox to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    after: int = Field(0, ge=0, le=LARGEST_NUMBER, description="sequence number to start after")
    type: MessageType | None = Field(None, description="message type, such as IE801")
    arc: ArcText | None = Field(None, description="only messages of this movement")
    direction: Literal["in", "out"] | None = Field(None, description="in: what you sent; out: what you were sent")
    since: Moment | None = Field(None, description="recorded at this moment or later, with a time zone")
    unread: bool = Field(default=False, description="only what you were sent and have not acknowledged")
    limit: int = Field(50, ge=1, le=LARGEST_PAGE)

    def query(self) -> MailboxQuery:
        """The same as the store takes it."""
        return MailboxQuery(**self.model_dump(include=set(MailboxFilter.model_fields)))


class MailboxAwaited(MailboxFilter):
    """Which messages of a mailbox to show, and how long to wait for the first of them."""

    wait: int = Field(0, ge=0, le=LONGEST_WAIT, description="seconds to wait for a message when there is none")


class ReadsAsked(BaseModel):
    """Which messages were read: up to a number, or these."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    through: int | None = Field(None, ge=1, le=LARGEST_NUMBER, description="all that was sent up to this number")
    messages: list[Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]] | None = Field(
        None, min_length=1, max_length=MOST_NUMBERS, description="these, by their numbers"
    )

    @model_validator(mode="after")
    def _one_of_them(self) -> Self:
        if (self.through is None) is (self.messages is None):
            raise ValueError("expected either through, or the numbers of messages")
        return self

    def reads(self) -> Reads:
        """The same as the store takes it."""
        return Reads(numbers=tuple(self.messages or ()), through=self.through or 0)


def reads_asked(data: Any) -> ReadsAsked:
    """The same from a body in JSON. Raises Invalid."""
    try:
        return ReadsAsked.model_validate(data)
    except ValidationError as error:
        raise Invalid([{**one, "loc": ("body", *one["loc"])} for one in error.errors(include_url=False)]) from error


class MovementFilter(BaseModel):
    """Which movements of a trader to show."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    role: Literal["consignor", "consignee"] | None = None
    state: StatusType | None = None
    due_before: Moment | None = Field(None, description="whose journey limit is before this moment, with a time zone")
    lrn: str | None = Field(
        None, min_length=1, max_length=22, description="whose consignor gave this local reference number"
    )
    since: date | None = Field(None, ge=date(1970, 1, 1), description="that were dispatched on this day or later")
    after: ArcText | None = Field(None, description="ARC to start after")
    limit: int = Field(200, ge=1, le=LARGEST_PAGE)

    def query(self, zone: tzinfo) -> MovementQuery:
        """The same as the store takes it; a day begins by the clocks of ``zone``."""
        asked = self.model_dump(include=set(MovementFilter.model_fields) - {"since"})
        if self.since is not None:
            asked["since"] = datetime.combine(self.since, time.min, zone).astimezone(UTC)
        return MovementQuery(**asked)


class Invalid(Problem):
    """What was asked is not of its kind; ``wrong`` as pydantic tells it, all of it at once."""

    def __init__(self, wrong: Sequence[Mapping[str, Any]]) -> None:
        words = "; ".join(_writable([f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in wrong]))
        super().__init__(422, "invalid-parameter", said("detail.parameters", words=words))
        self.answer = invalid(wrong)


def invalid(errors: Iterable[Mapping[str, Any]]) -> JsonAnswer:
    """The answer to parameters that are not of their kind, all of them at once; ``errors`` as pydantic tells them."""
    wrong = _writable(
        [
            {
                "parameter": ".".join(str(part) for part in fault["loc"]),
                "message": fault["msg"].removeprefix("Value error, "),
                "value": fault["input"],
            }
            for fault in errors
        ]
    )
    detail = "; ".join(f"{item['parameter']}: {item['message']}" for item in wrong)
    return problem(422, "invalid-parameter", said("detail.parameters", words=detail), parameters=wrong)


def _writable(told: Any) -> Any:
    """The same as JSON has it: whoever sends infinity, or half of a pair of surrogates, is told of it in words."""
    text = json.dumps(told, ensure_ascii=False, default=str)
    return json.loads(text.encode(errors="replace"), parse_constant=str)
