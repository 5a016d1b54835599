"""The page of one movement: its states on both sides, the picture of what went between whom, all messages, faults."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from lxml import etree

from esad_gateway.emcs.movement import Side
from esad_gateway.faults import Said, said
from esad_gateway.simulator.injected.journal import Strike
from esad_gateway.simulator.served.page.elements import Child, element, link, table
from esad_gateway.simulator.served.page.frame import HOME, PageRequest, form
from esad_gateway.simulator.served.page.reading import MOST, FiledLetter, MovementLine, StoreReader
from esad_gateway.simulator.served.page.sequence import arrows, drawn, in_order

JOURNEY_OVER: Final = "journey over + 1 day"
"""The moment of a movement to which a button of its page leads."""


def movement_page(
    asked: PageRequest,
    line: MovementLine | None,
    letters: Sequence[FiledLetter],
    strikes: Sequence[Strike],
    store: StoreReader,
) -> Iterator[Child]:
    """What stands on the page of a movement, or of a draft that never became one (``line`` is ``None`` then)."""
    if line is None:
        yield element("p", asked.say(Said("page.no_movement")))
    else:
        yield _facts(asked, line)
        movement = element("input", type="hidden", name="movement", value=line.arc)
        over = element("button", asked.say(Said("page.journey_over")), name="moment", value=JOURNEY_OVER)
        yield form(asked, movement, over)
    home = line.arc[2:4] if line else letters[0].home
    shown = in_order(sorted(letters, key=lambda one: one.entry.recorded_at)[:MOST])
    if len(letters) > MOST:
        yield element("p", asked.say(said("page.first", count=MOST)))
    yield element("h2", asked.say(Said("page.picture_head")), id="picture")
    picture = drawn(asked, home, arrows(shown, store.opened), strikes, store.resting)
    yield element("div", picture, class_="wide", tabindex="0", role="region", aria_labelledby="picture")
    yield letter_table(asked, asked.say(Said("page.messages")), shown)
    if strikes:
        yield strike_table(asked, strikes)


def _facts(asked: PageRequest, line: MovementLine) -> etree._Element:
    told: list[tuple[Said, str]] = [
        (Said("box.arc"), line.arc),
        (Said("box.local_reference_number"), line.lrn),
        (Said("box.consignor"), line.consignor),
        (Said("box.consignee"), line.consignee),
        *((Said(f"side.{side}"), state_of(asked, line, side)) for side in Side),
    ]
    parts = (part for what, value in told for part in (element("dt", asked.say(what)), element("dd", value)))
    return element("dl", *parts)


def state_of(asked: PageRequest, line: MovementLine, side: Side) -> str:
    """The state of a movement on a side, in words."""
    known = line.states.get(side)
    return asked.say(Said(f"state.{known}")) if known else asked.say(Said("page.unknown"))


def letter_table(asked: PageRequest, caption: str, letters: Iterable[FiledLetter]) -> etree._Element:
    """Messages with their links."""
    heads = map(asked.say, (Said("page.at"), Said("page.message"), Said("page.where"), Said("page.outcome")))
    rows = (
        (
            f"{one.entry.recorded_at[:19]}Z".replace("T", " "),
            link(one.entry.type, f"{HOME}/messages/{one.path}"),
            asked.say(_where(one)),
            asked.say(Said(f"outcome.{one.entry.outcome}")),
        )
        for one in letters
    )
    return table(caption, heads, rows)


def _where(letter: FiledLetter) -> Said:
    if letter.entry.direction == "in":
        return said("page.from_to", one=letter.entry.mailbox, other=letter.home)
    return said("page.from_to", one=letter.home, other=letter.entry.mailbox)


def strike_table(asked: PageRequest, strikes: Iterable[Strike]) -> etree._Element:
    """Faults that were injected, with links to what each of them is."""
    heads = (Said("page.at"), Said("page.fault"), Said("page.message"), Said("page.where"), Said("page.outcome"))
    rows = (
        (
            f"{one.at:%Y-%m-%d %H:%M:%SZ}",
            link(one.fault, f"{HOME}/injected/{one.fault}"),
            element("span", f"{one.message} ", link(one.arc, f"{HOME}/movements/{one.arc}") if one.arc else None),
            asked.say(said("page.from_to", one=one.sender, other=one.receiver)),
            one.outcome,
        )
        for one in strikes
    )
    return table(asked.say(Said("page.faults")), map(asked.say, heads), rows)
