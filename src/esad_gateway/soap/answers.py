"""Views as XML: the members of what REST answers in JSON, by the same names, one element a member.

What is absent has no element. A list is its elements one after the other, each by the name for one of them; a
sentence in several languages is one element a language; values by name are elements with a ``name``.
"""

import base64
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final
from xml.sax.saxutils import escape, quoteattr

from esad_gateway.soap.envelope import NS, SoapVersion
from esad_gateway.texts import ENGLISH
from esad_gateway.views.elements import BY_NAME, ONE_OF, TOLD

_NO_XML: Final = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Markup:
    """What is XML already."""

    xml: str


@dataclass(frozen=True, slots=True)
class Letter:
    """An answer before it is in an envelope: the XML of its body and its header blocks, and what HTTP says of it.

    ``document`` goes beside the envelope, where ``body`` includes it; ``whole`` is the body with it in its place.
    """

    body: str
    header: str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    document: bytes | None = None
    whole: str = ""


def text_of(value: object) -> str:
    """A value as XML writes it; what XML cannot hold is replaced by U+FFFD."""
    text = str(value).lower() if isinstance(value, bool) else str(value)
    # A carriage return would be read as a line end.
    return escape(_NO_XML.sub("\ufffd", text), {"\r": "&#13;"})


def element(name: str, view: Mapping[str, Any]) -> str:
    """An element of the gateway's namespace with the members of a view."""
    return f'<{name} xmlns="{NS}">{"".join(_members(view))}</{name}>'


def envelope(version: SoapVersion, body: str, header: str = "") -> bytes:
    """An envelope around the XML of its body and its header blocks, whose prefix for the envelope is ``e``."""
    block = f"<e:Header>{header}</e:Header>" if header else ""
    return f'<e:Envelope xmlns:e="{version.namespace}">{block}<e:Body>{body}</e:Body></e:Envelope>'.encode()


def _members(view: Mapping[str, Any]) -> Iterator[str]:
    said_in_full = {TOLD[name] for name in TOLD if name in view and TOLD[name] != name}
    for name, value in view.items():
        if value is not None and name not in said_in_full:
            yield from _member(name, value)


def _member(name: str, value: Any) -> Iterator[str]:
    if name in TOLD:
        one = TOLD[name]
        for language in sorted(value, key=lambda language: (language != ENGLISH, language)):
            yield f"<{one} language={quoteattr(language)}>{text_of(value[language])}</{one}>"
    elif name in BY_NAME:
        one = BY_NAME[name]
        for key, inner in value.items():
            yield f"<{one} name={quoteattr(text_of(key))}>{text_of(inner)}</{one}>"
    elif name == "remarks":
        yield from (_element(ONE_OF[name], {"text": one}) for one in value)
    elif isinstance(value, list):
        yield from (_element(ONE_OF[name], one) for one in value)
    else:
        yield _element(name, value)


def _element(name: str, value: Any) -> str:
    return f"<{name}>{_content(value)}</{name}>"


def _content(value: Any) -> str:
    if isinstance(value, Mapping):
        return "".join(_members(value))
    if isinstance(value, bytes):
        # On one line: clients that verify a reply compare it as it is.
        return base64.b64encode(value).decode()
    return value.xml if isinstance(value, Markup) else text_of(value)
