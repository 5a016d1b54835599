"""The members of a request as values: read by name, white space around them taken away, all that is wrong at once."""

import base64
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Any, Final, TypeVar, get_args, get_origin

from lxml import etree
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError
from pydantic.alias_generators import to_camel

from esad_gateway.batch.asked import UploadAsked
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.errors import MalformedXml
from esad_gateway.faults import Said
from esad_gateway.ports.batches import Upload
from esad_gateway.ports.reading import LARGEST_NUMBER
from esad_gateway.soap.envelope import NS
from esad_gateway.soap.parts import INCLUDE, Package
from esad_gateway.views.batches import MODES
from esad_gateway.web.asked import MOST_NUMBERS, Invalid, MailboxAwaited, MovementFilter, ReadsAsked

_Asked = TypeVar("_Asked", bound="BaseModel")

_NIL: Final = "{http://www.w3.org/2001/XMLSchema-instance}nil"
_LONGEST_SHOWN: Final = 100
_EMPTY: Final = (
    "is empty; leave the element out, or give its value as text, such as 2026-03-02 for a day: "
    "some clients write an object that they do not know as nothing"
)


def _from_base64(text: str | bytes) -> bytes:
    """The bytes that base64 stands for; what came as a part of its own is what it is."""
    if isinstance(text, bytes):
        return text
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError as error:
        raise MalformedXml(Said("xml.soap_base64")) from error


Content = Annotated[bytes, BeforeValidator(_from_base64)]
_OF_REQUESTS: Final = ConfigDict(extra="forbid", frozen=True, alias_generator=to_camel)


class OneDocument(BaseModel):
    """A message."""

    model_config = _OF_REQUESTS
    document: Content


class OneMessage(BaseModel):
    """A message of a mailbox, by its number."""

    model_config = _OF_REQUESTS
    trader: str
    seq: int = Field(ge=1, le=LARGEST_NUMBER)


class Mailbox(MailboxAwaited):
    """Messages of a mailbox, and how long to wait for the first of them."""

    model_config = _OF_REQUESTS
    trader: str


class ManyMessages(ReadsAsked):
    """Messages of a mailbox that were read: up to a number, or these, each an element of its own."""

    model_config = ConfigDict(**_OF_REQUESTS, strict=False)
    trader: str
    messages: list[Annotated[int, Field(ge=1, le=LARGEST_NUMBER)]] | None = Field(
        None, alias="seq", min_length=1, max_length=MOST_NUMBERS
    )


class Movements(MovementFilter):
    """Movements of a trader."""

    model_config = _OF_REQUESTS
    trader: str


class OneMovement(BaseModel):
    """A movement of a trader, by its ARC."""

    model_config = _OF_REQUESTS
    trader: str
    arc: str


class OneOperator(BaseModel):
    """A SEED number on a day; today when it is left out."""

    model_config = _OF_REQUESTS
    seed: str
    on: date | None = None


class NewBatch(UploadAsked):
    """A file of rows, and how it is to be taken; ``idempotency_key`` makes it the same batch when it is sent again."""

    model_config = _OF_REQUESTS
    trader: str
    kind: BatchKind
    file: Content
    signature: Content | None = None
    idempotency_key: str | None = Field(None, min_length=1, max_length=255)

    def upload(self) -> Upload:
        """The same as the desk takes it."""
        return Upload(
            trader=self.trader,
            kind=self.kind.value,
            mode=MODES[self.mode],
            name=self.name or "file",
            declared=self.declared(self.format, ""),
            key=self.idempotency_key,
            signature=self.signature,
        )


class OneBatch(BaseModel):
    """A batch by its id."""

    model_config = _OF_REQUESTS
    trader: str
    batch: str


def asked(request: etree._Element, model: type[_Asked], package: Package) -> _Asked:
    """What a request asks for, as a ``model``; members may be parts of its ``package``.

    Raises Problem with everything that is wrong, MalformedXml, and EnvelopeRefused for a part that there is not.
    """
    wrong: list[Mapping[str, Any]] = []
    given: dict[str, Any] = {}
    several = _several(model)
    for name, text, complaint in _members(request, package):
        if complaint or (name in given and name not in several):
            wrong.append({"loc": (name,), "msg": complaint or "given twice", "input": _shown(text)})
        given[name] = [*given.get(name, ()), text] if name in several else text
    try:
        found = model.model_validate(given)
    except ValidationError as error:
        name, known = etree.QName(request).localname, {one["loc"] for one in wrong}
        told = (_told(one, name) for one in error.errors(include_url=False))
        wrong += (one for one in told if one["loc"] not in known)
    if wrong:
        raise Invalid(wrong)
    return found


@cache
def _several(model: type[BaseModel]) -> frozenset[str]:
    """The names of members that may come several times."""
    fields = model.model_fields.values()
    return frozenset(
        str(one.alias) for one in fields if any(get_origin(kind) is list for kind in get_args(one.annotation))
    )


def _members(request: etree._Element, package: Package) -> Iterator[tuple[str, str | bytes, str]]:
    """Name, text and what is wrong with it, of each member; one that is nil is as if it were not there."""
    for member in request:
        name = etree.QName(member)
        if member.get(_NIL, "").strip() in {"1", "true"}:
            continue
        text = (member.text or "").strip()
        if name.namespace != NS:
            yield name.localname, text, f"is in the namespace {name.namespace or ''!r}; expected {NS!r}"
        elif [one.tag for one in member] == [INCLUDE] and not text:
            yield name.localname, package.part(member[0].get("href", "")), ""
        elif len(member):
            yield name.localname, text, f"holds elements, such as {etree.QName(member[0]).text}; expected text"
        else:
            yield name.localname, text, ""


def _told(error: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    """A complaint of pydantic, about a member or else the request; what is missing has no value, a long one is cut."""
    words = _EMPTY if error["input"] == "" else error["msg"]
    return {"loc": error["loc"] or (name,), "msg": words, "input": _shown(error["input"])}


def _shown(value: object) -> str | None:
    return value[:_LONGEST_SHOWN] if isinstance(value, str) else None
