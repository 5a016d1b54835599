"""The page of one message: what it says in words, in what it differs from another one, and its exact bytes."""

from collections.abc import Iterator, Sequence
from typing import Final

from lxml import etree

from esad_gateway.emcs.messages import NAMES
from esad_gateway.errors import EsadError
from esad_gateway.faults import Said, said
from esad_gateway.simulator.served.page.difference import compared_with, differences
from esad_gateway.simulator.served.page.elements import Child, element, link, table
from esad_gateway.simulator.served.page.frame import HOME, PageRequest, of_page, pages
from esad_gateway.simulator.served.page.reading import FiledLetter, StoreReader
from esad_gateway.simulator.served.page.words import LetterValue, called, meaning, values
from esad_gateway.xml.parse import parse

ROWS: Final = 200
"""Values on one page."""

SHOWN: Final = 32 * 1024
"""Bytes of a document that stand on its page."""

LONGEST: Final = 500
"""Characters of a value that are shown; only what is attached as a file is longer."""

_LISTED: Final = 50
"""Messages that are offered for comparison."""


def letter_page(asked: PageRequest, store: StoreReader, letter: FiledLetter) -> Iterator[Child]:
    """What stands on the page of a message."""
    entry, body = letter.entry, store.body(letter)
    others = store.of_movement(entry.arc) if entry.arc else []
    if entry.arc:
        about = asked.say(said("page.about", arc=entry.arc))
        yield element("p", link(about, f"{HOME}/movements/{entry.arc}"))
    yield element("p", asked.say(Said(f"message.{entry.type}"))) if entry.type in NAMES else None
    yield element("p", asked.say(said("page.filed", **_filed(letter))))
    found = _values(body)
    yield from _decoded(asked, found)
    yield from _compared(asked, store, letter, others, found)
    yield from _raw(asked, letter, body)


def _filed(letter: FiledLetter) -> dict[str, Said | str]:
    entry = letter.entry
    return {
        "state": letter.home,
        "mailbox": entry.mailbox,
        "seq": str(entry.seq),
        "at": f"{entry.recorded_at[:19]}Z",
        "outcome": Said(f"outcome.{entry.outcome}"),
        "way": Said("page.came") if entry.direction == "in" else Said("page.given"),
    }


def _values(body: bytes) -> list[LetterValue]:
    """The values of a document; none of one that cannot be read."""
    try:
        return list(values(parse(body)))
    except EsadError:
        return []


def _decoded(asked: PageRequest, found: Sequence[LetterValue]) -> Iterator[Child]:
    yield element("h2", asked.say(Said("page.decoded")), id="values")
    if not found:
        yield element("p", asked.say(Said("page.unreadable")))
        return
    yield pages(asked, "values", len(found), ROWS)
    heads = (Said("page.words"), Said("page.value"), Said("page.meaning"), Said("page.element"))
    rows = (
        (called(asked, one.path), shortened(asked, one.text), meaning(asked, one), element("code", "/".join(one.path)))
        for one in found[of_page(asked, "values", len(found), ROWS)]
    )
    yield table(asked.say(Said("page.decoded")), map(asked.say, heads), rows)


def shortened(asked: PageRequest, text: str) -> str:
    """A value as it is shown: its beginning, and how long it is, where it is long."""
    if len(text) <= LONGEST:
        return text
    return f"{text[:LONGEST]}… ({asked.say(said('count.characters', count=len(text)))})"


def _compared(
    asked: PageRequest,
    store: StoreReader,
    letter: FiledLetter,
    others: Sequence[FiledLetter],
    found: Sequence[LetterValue],
) -> Iterator[Child]:
    yield element("h2", asked.say(Said("page.difference")), id="differences")
    wanted = next((one for one in others if one.path == asked.query.get("with")), None)
    other = wanted or compared_with(letter, others)
    if other is None:
        yield element("p", asked.say(Said("page.alone")))
        return
    old, new = sorted((other, letter), key=lambda one: (one.entry.recorded_at, one.entry.direction))
    title = asked.say(said("page.compared", one=_title(asked, new), other=_title(asked, old)))
    yield element("p", title)
    if store.body(other) == store.body(letter):
        yield element("p", asked.say(Said("page.same_bytes")))
    else:
        before, after = (found if one is letter else _values(store.body(one)) for one in (old, new))
        yield from _differing(asked, title, before, after)
    choices = (one for one in others[:_LISTED] if one != letter)
    links = (element("li", link(_title(asked, one), f"?with={one.path}#differences")) for one in choices)
    yield element("details", element("summary", asked.say(Said("page.compare"))), element("ul", *links))


def _differing(
    asked: PageRequest, title: str, before: Sequence[LetterValue], after: Sequence[LetterValue]
) -> Iterator[Child]:
    told = list(differences(before, after))
    yield element("p", asked.say(said("count.differences", count=len(told))))
    yield pages(asked, "differences", len(told), ROWS)
    heads = (Said("page.words"), Said("page.before"), Said("page.after"), Said("page.element"))
    rows = (
        (
            called(asked, one.path),
            element("del", shortened(asked, one.before)) if one.before is not None else None,
            element("ins", shortened(asked, one.after)) if one.after is not None else None,
            element("code", "/".join(one.path)),
        )
        for one in told[of_page(asked, "differences", len(told), ROWS)]
    )
    yield table(title, map(asked.say, heads), rows)


def _title(asked: PageRequest, letter: FiledLetter) -> str:
    entry = letter.entry
    version = asked.say(said("page.version", number=entry.sequence)) if entry.sequence else ""
    return " ".join(filter(None, (entry.type, version, f"({letter.home}, {entry.mailbox}, {entry.seq})")))


def _raw(asked: PageRequest, letter: FiledLetter, body: bytes) -> Iterator[etree._Element]:
    title = asked.say(Said("page.raw"))
    yield element("h2", title, id="raw")
    size = asked.say(said("count.bytes", count=len(body)))
    yield element("p", link(asked.say(said("page.exact", size=size)), f"{HOME}/messages/{letter.path}/raw"))
    if len(body) > SHOWN:
        yield element("p", asked.say(said("page.cut", size=said("count.bytes", count=SHOWN))))
    text = body[:SHOWN].decode(errors="replace")
    yield element("pre", text, tabindex="0", role="region", aria_label=title)
