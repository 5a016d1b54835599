"""What a recording says: what was asked and answered, one after the other, with other identities."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Final, Literal, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.xml.parse import Limits, parse

VERSION: Final = 1

LARGEST: Final = 16 * 1024 * 1024
"""Bytes of one body, unpacked, that are looked into."""

DOCUMENTS: Final = Limits(max_bytes=LARGEST, max_text=LARGEST)
"""What a document may cost."""


class Ended(StrEnum):
    """How an exchange ended."""

    ANSWERED = "answered"
    UNREACHED = "unreached"
    BROKEN = "broken"
    LEFT = "left"


class _Recorded(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _document(text: str | None) -> str | None:
    """A document that can be read. Raises ValueError for another."""
    if text is not None:
        try:
            parse(text.encode(), DOCUMENTS)
        except (MalformedXml, TooLarge) as error:
            raise ValueError(str(error)) from error
    return text


class RecordedBody(_Recorded):
    """A body: one of XML, JSON, and why it was left out; an empty one has none of these."""

    xml: Annotated[
        str | None,
        AfterValidator(_document),
        Field(description="A document, without signature: where one was, the element signed says by whom and how."),
    ] = None
    value: Annotated[Any, Field(alias="json", description="A value of JSON.")] = None
    left_out: Annotated[str | None, Field(alias="leftOut", description="Why it was not kept, in English.")] = None
    size: Annotated[int, Field(ge=0, description="Bytes of what passed.")] = 0


_Headers: TypeAlias = Annotated[Mapping[str, str], Field(description="The header fields that are kept.")]
_Body: TypeAlias = Annotated[RecordedBody, Field(description="The body.")]


class RecordedRequest(_Recorded):
    """What was asked."""

    method: Annotated[str, Field(pattern="^[A-Z-]+$", description="The method of HTTP.")]
    target: Annotated[str, Field(pattern="^[/*]", description="The path, with what is asked behind a question mark.")]
    headers: _Headers = {}
    body: _Body = RecordedBody()
    token: Annotated[bool, Field(description="Whether it came with a token, which was not kept.")] = False


class RecordedAnswer(_Recorded):
    """What was answered."""

    status: Annotated[int, Field(ge=100, le=599, description="The status of HTTP.")]
    headers: _Headers = {}
    body: _Body = RecordedBody()


class RecordedExchange(_Recorded):
    """A request and its answer: a line of the file."""

    number: Annotated[int, Field(ge=1, description="Which it is, by when it began.")]
    at: Annotated[float, Field(ge=0, description="Seconds after the recording began, by the gateway's clock.")]
    took: Annotated[float, Field(ge=0, description="Seconds from the first byte to the last.")] = 0
    ended: Annotated[
        Ended,
        Field(
            description="Whether it was answered; unreached: nobody was there; broken: the answer broke off; "
            "left: the one who asked did not wait for it."
        ),
    ] = Ended.ANSWERED
    request: Annotated[RecordedRequest, Field(description="What was asked.")]
    answer: Annotated[RecordedAnswer | None, Field(description="What was answered, if it was.")] = None


class RecordingHead(_Recorded):
    """The first line of the file."""

    recording: Annotated[Literal[1], Field(description="The version of this format.")]
    began: Annotated[AwareDatetime, Field(description="When it began, by the gateway's clock.")]
    state: Annotated[str | None, Field(description="The member state of the gateway, if it said so.")] = None
    exchanges: Annotated[int, Field(ge=0, description="How many lines follow.")]
    beyond: Annotated[int, Field(ge=0, description="How many more passed than are kept.")] = 0


class Recording(_Recorded):
    """A recording as a whole: its head, and the exchanges by when they began."""

    head: RecordingHead
    exchanges: tuple[RecordedExchange, ...] = ()

    @property
    def began(self) -> datetime:
        """When it began, by the gateway's clock."""
        return self.head.began

    def lines(self) -> Iterator[str]:
        """The lines of its file."""
        for one in (self.head, *self.exchanges):
            yield one.model_dump_json(by_alias=True, exclude_defaults=True) + "\n"
