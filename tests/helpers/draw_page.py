"""Draws the picture of a movement as the manual shows it: ``python tests/helpers/draw_page.py`` writes it anew."""

import re
from pathlib import Path

from lxml import etree

from esad_gateway.simulator.served.page import frame
from esad_gateway.simulator.served.page.elements import element
from esad_gateway.simulator.served.page.reading import StoreReader
from esad_gateway.simulator.served.page.sequence import arrows, drawn, in_order
from esad_gateway.simulator.world.emcs import Emcs

PICTURE = Path(__file__).parents[2] / "docs" / "how-to" / "simulate-movement.svg"
STYLE = Path(frame.__file__).with_name("page.css")
NAMESPACE = "http://www.w3.org/2000/svg"


def picture() -> str:
    """Refused wine, which goes home; one message was sent twice."""
    with Emcs(seed=7) as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="refuse")
        emcs.faults.inject("duplicate", "PL")
        movement = vilnius.dispatch(warsaw)
        emcs.clock.advance(days=3)
        vilnius.return_to_dispatch(movement)
        store = StoreReader(emcs.world)
        letters = in_order(store.of_movement(movement.arc))
        asked = frame.PageRequest("en", frame.HOME, {})
        svg = drawn(asked, "LT", arrows(letters, store.opened), emcs.faults.journal, store.resting)
    return _alone(svg)


def _alone(svg: etree._Element) -> str:
    """The picture in a file of its own, with its colours, and with nothing to press."""
    etree.strip_tags(svg, "a")
    css = STYLE.read_text("utf-8")
    dark = css.index("@media (prefers-color-scheme: dark)")
    colours = css[: css.index("\n}\n", dark) + 3]
    rules = "\n".join(re.findall(r"^\.sequence .*$", css, re.MULTILINE))
    ground = ".sequence { background: var(--ground); font-family: system-ui, sans-serif; }"
    svg.insert(0, element("style", f"\n{colours}{ground}\n{rules}\n"))
    svg.set("xmlns", NAMESPACE)
    for part in svg:
        part.tail = "\n"
    return f"{etree.tostring(svg, encoding='unicode')}\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
