"""What came, held against what was recorded: the same but for identities, moments and signatures."""

import base64
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Any, Final

from lxml import etree

from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.frozen import frozen
from esad_gateway.simulator.recording.model import DOCUMENTS, RecordedAnswer, RecordedBody
from esad_gateway.simulator.recording.naming import HOST, found_in, tells
from esad_gateway.simulator.recording.walking import plain_name
from esad_gateway.xml.parse import parse

_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}(?:T[0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?(?:Z|[+-][0-9]{2}:[0-9]{2})?)?"
    r"|(?<![0-9:])[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?![0-9:])"
)
_CERTIFICATE: Final = re.compile(r"\[?certificate of (.*?)\]?")
SHOWN: Final = 200
"""Characters of a value that are told."""


@frozen
class AnswerDifference:
    """Where an answer is another one: an XPath, a JSON pointer or what else; what was recorded there, and what came."""

    where: str
    recorded: str
    came: str


@dataclass(slots=True)
class Pairs:
    """Which identity of a recording is which one now: a bijection that is found out as it goes."""

    now: dict[str, str] = field(default_factory=dict)
    _recorded: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._recorded = {now: recorded for recorded, now in self.now.items()}

    def pair(self, recorded: str, now: str) -> bool:
        """Whether both are the same one, as far as is known; from now on that is known."""
        if recorded not in self.now and now not in self._recorded:
            self.now[recorded], self._recorded[now] = now, recorded
        return self.now.get(recorded) == now and self._recorded.get(now) == recorded

    def copy(self) -> "Pairs":
        """The same as of now."""
        return Pairs(dict(self.now))


@dataclass(slots=True)
class Comparing:
    """Compares answers; ``pairs`` grows."""

    pairs: Pairs

    def answers(self, recorded: RecordedAnswer, came: RecordedAnswer) -> Iterator[AnswerDifference]:
        """Where one answer is another than the one that was recorded."""
        if recorded.status != came.status:
            yield AnswerDifference("status", str(recorded.status), str(came.status))
        kinds = [_kind(one.headers) for one in (recorded, came)]
        if kinds[0] != kinds[1]:
            yield AnswerDifference("content-type", *kinds)
        yield from self.bodies(recorded.body, came.body)

    def bodies(self, recorded: RecordedBody, came: RecordedBody) -> Iterator[AnswerDifference]:
        """Where one body is another."""
        forms = [_form(one) for one in (recorded, came)]
        if forms[0] != forms[1]:
            yield AnswerDifference("body", *forms)
        elif recorded.xml is not None and came.xml is not None:
            yield from self._documents(recorded.xml.encode(), came.xml.encode())
        else:
            yield from self._values("", "", recorded.value, came.value)

    def _documents(self, recorded: bytes, came: bytes, where: str = "") -> Iterator[AnswerDifference]:
        both = parse(recorded, DOCUMENTS), parse(came, DOCUMENTS)
        yield from self._elements(f"{where}/{_local(both[0])}", *both)

    def _elements(self, where: str, recorded: etree._Element, came: etree._Element) -> Iterator[AnswerDifference]:
        if recorded.tag != came.tag:
            yield AnswerDifference(where, str(recorded.tag), str(came.tag))
            return
        for name in sorted({*recorded.attrib, *came.attrib}):
            values = recorded.get(name), came.get(name)
            yield from self._values(f"{where}/@{_plain(name)}", plain_name(_plain(name)), *values)
        texts = ("".join(one.itertext() if not len(one) else [one.text or ""]).strip() for one in (recorded, came))
        yield from self._values(where, plain_name(_local(recorded)), *texts)
        yield from self._children(where, recorded, came)

    def _children(self, where: str, recorded: etree._Element, came: etree._Element) -> Iterator[AnswerDifference]:
        """Elements are held against those of the same name; what has none on the other side is told as a whole."""
        both = _placed(where, recorded), _placed(where, came)
        tags = [[str(one.tag) for _, one in side] for side in both]
        matcher = SequenceMatcher(None, tags[0], tags[1], autojunk=False)
        for what, start, end, start_came, end_came in matcher.get_opcodes():
            if what == "equal":
                for (place, one), (_, other) in zip(both[0][start:end], both[1][start_came:end_came], strict=True):
                    yield from self._elements(place, one, other)
                continue
            yield from (AnswerDifference(place, _text(one), "") for place, one in both[0][start:end])
            yield from (AnswerDifference(place, "", _text(one)) for place, one in both[1][start_came:end_came])

    def _values(self, where: str, name: str, recorded: Any, came: Any) -> Iterator[AnswerDifference]:
        """Where a value of JSON, or a text, is another."""
        if isinstance(recorded, dict) and isinstance(came, dict):
            for key in dict.fromkeys([*recorded, *came]):
                at = f"{where}/{_escaped(key)}"
                yield from self._members(at, key, recorded, came)
        elif isinstance(recorded, list) and isinstance(came, list):
            for number, (one, other) in enumerate(zip_longest(recorded, came, fillvalue=_NOTHING)):
                yield from self._values(f"{where}/{number}", name, one, other)
        elif isinstance(recorded, str) and isinstance(came, str):
            yield from self._texts(where, name, recorded, came)
        elif recorded != came or type(recorded) is not type(came):
            yield AnswerDifference(where, _shown(recorded), _shown(came))

    def _members(
        self, where: str, key: str, recorded: Mapping[str, Any], came: Mapping[str, Any]
    ) -> Iterator[AnswerDifference]:
        return self._values(where, plain_name(key), recorded.get(key, _NOTHING), came.get(key, _NOTHING))

    def _texts(self, where: str, name: str, recorded: str, came: str) -> Iterator[AnswerDifference]:
        nested = [_nested(one) for one in (recorded, came)]
        if nested[0] is not None and nested[1] is not None and nested[0] != nested[1]:
            yield from self._documents(nested[0], nested[1], where)
        elif not self._same(name, recorded, came):
            yield AnswerDifference(where, _shown(recorded), _shown(came))

    def _same(self, name: str, recorded: str, came: str) -> bool:
        if tells(name, recorded) and tells(name, came):
            return self.pairs.pair(recorded, came)
        holders = _CERTIFICATE.fullmatch(recorded), _CERTIFICATE.fullmatch(came)
        if holders[0] and holders[1]:
            return self.pairs.pair(holders[0][1], holders[1][1])
        found = list(found_in(recorded)), list(found_in(came))
        if len(found[0]) != len(found[1]) or not all(map(self.pairs.pair, *found)):
            return False
        return self._bare(recorded, self.pairs.now.get) == self._bare(came, lambda one: one)

    def _bare(self, text: str, other: Callable[[str], str | None]) -> str:
        """A text without moments, with the identities of now."""
        for one in found_in(text):
            text = text.replace(one, other(one) or one)
        return HOST.sub("…", _MOMENT.sub("…", text))


class _Nothing:
    def __repr__(self) -> str:
        return ""


_NOTHING: Final = _Nothing()


def _nested(text: str) -> bytes | None:
    """A document in a text, as it is or in base64."""
    try:
        content = text.encode() if text.startswith("<") else base64.b64decode(text, validate=True)
        parse(content, DOCUMENTS)
    except (ValueError, MalformedXml, TooLarge):
        return None
    return content


def _kind(headers: Mapping[str, str]) -> str:
    return headers.get("content-type", "").partition(";")[0].strip().lower()


def _form(body: RecordedBody) -> str:
    if body.left_out is not None:
        return "what nobody can look into"
    if body.xml is not None:
        return "XML"
    return "JSON" if body.size else "nothing"


def _local(element: etree._Element) -> str:
    return etree.QName(element).localname


def _plain(name: Any) -> str:
    return etree.QName(str(name)).localname


def _placed(where: str, around: etree._Element) -> list[tuple[str, etree._Element]]:
    """The elements in another one, each with its place."""
    numbers: Counter[str] = Counter()
    found = []
    for one in around:
        numbers[_local(one)] += 1
        found.append((f"{where}/{_local(one)}[{numbers[_local(one)]}]", one))
    return found


def _text(element: etree._Element) -> str:
    return _shown(etree.tostring(element, encoding="unicode", with_tail=False))


def _escaped(key: str) -> str:
    return key.replace("~", "~0").replace("/", "~1")


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
