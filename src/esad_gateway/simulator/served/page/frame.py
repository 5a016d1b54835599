"""What every page has: its head, the way past it, the clock with its buttons, the languages; and how it is sent."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import Final
from urllib.parse import quote

from lxml import etree
from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.faults import Said, said
from esad_gateway.ports.clock import Due, What
from esad_gateway.simulator.served.page.elements import Child, document, element, link
from esad_gateway.texts import ENGLISH, languages, say

HOME: Final = "/sim"
STYLE: Final = f"{HOME}/page.css"
ORDER: Final = f"{HOME}/clock/order"
CHOICE: Final = "language"

HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Vary": "Accept, Accept-Language, Cookie",
    }
)
"""No script at all, nothing from elsewhere, in nobody's frame, and never an old state."""

_NAMES: Final[Mapping[str, str]] = MappingProxyType({"en": "English", "lt": "Lietuvių"})
_STEPS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "1 hours": said("count.hours", count=1),
        "12 hours": said("count.hours", count=12),
        "1 days": said("count.days", count=1),
        "3 days": said("count.days", count=3),
        "1 weeks": said("count.weeks", count=1),
    }
)
"""How far the buttons go, as an order to the clock says it and in words."""

_UNITS: Final[Mapping[str, Said]] = MappingProxyType(
    {
        "minutes": Said("page.minutes"),
        "hours": Said("page.hours"),
        "days": Said("page.days"),
        "weeks": Said("page.weeks"),
    }
)
_DUE: Final[Mapping[What, Said]] = MappingProxyType(
    {
        What.CLOCK: Said("page.due_clock"),
        What.PARKED: Said("page.due_parked"),
        What.HELD: Said("page.due_held"),
        What.REFUSED: Said("page.due_refused"),
        What.WAITING: Said("page.due_waiting"),
        What.ACT: Said("page.due_act"),
    }
)


@dataclass(frozen=True, slots=True)
class ShownClock:
    """What a clock shows when a page is made: the moment, how fast it runs, and what is due next."""

    now: datetime
    rate: float
    due: Due | None


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Who asks for a page: in which language, at which address, and what stands behind the question mark."""

    language: str
    path: str
    query: Mapping[str, str]

    @classmethod
    def of(cls, request: Request) -> "PageRequest":
        """What a request says; the language is that of the address, of the cookie, or of the browser."""
        accepted = (one.partition(";")[0].strip()[:2].lower() for one in _header(request).split(","))
        wanted = (request.query_params.get(CHOICE, ""), request.cookies.get(CHOICE, ""), *accepted)
        language = next((one for one in wanted if one in languages()), ENGLISH)
        return cls(language, request.url.path, dict(request.query_params))

    def say(self, what: Said) -> str:
        """A sentence in the language of this page."""
        return say(what, self.language)

    def number(self, name: str) -> int:
        """A number from 1 on behind the question mark; 1 for anything else."""
        told = self.query.get(name, "")
        return max(1, int(told)) if told.isascii() and told.isdecimal() and len(told) < 8 else 1  # noqa: PLR2004


def _header(request: Request) -> str:
    return request.headers.get("accept-language", "")[:200]


def page(asked: PageRequest, clock: ShownClock, title: str, *content: Child, status: int = 200) -> Response:
    """A whole page; ``content`` stands below the clock."""
    language = asked.query.get(CHOICE, "")
    answer = Response(
        document(_whole(asked, clock, title, *content)), status, dict(HEADERS), media_type="text/html; charset=utf-8"
    )
    if language in languages():
        answer.set_cookie(CHOICE, language, path=HOME, httponly=True, samesite="strict")
    return answer


def _whole(asked: PageRequest, clock: ShownClock, title: str, *content: Child) -> etree._Element:
    named = asked.say(Said("page.simulator"))
    return element(
        "html",
        element(
            "head",
            element("meta", charset="utf-8"),
            element("meta", name="viewport", content="width=device-width, initial-scale=1"),
            element("meta", name="color-scheme", content="light dark"),
            element("title", f"{title} · {named}" if title != named else title),
            element("link", rel="stylesheet", href=STYLE),
            element("link", rel="icon", href="data:,"),
        ),
        element(
            "body",
            link(asked.say(Said("page.skip")), "#content", class_="skip"),
            element("header", element("p", link(named, HOME), class_="name"), _languages(asked)),
            _clock(asked, clock),
            element("main", element("h1", title), *content, id="content", tabindex="-1"),
        ),
        lang=asked.language,
    )


def _languages(asked: PageRequest) -> etree._Element:
    links = (
        link(
            _NAMES.get(one, one),
            f"{asked.path}?{CHOICE}={one}",
            lang=one,
            hreflang=one,
            aria_current="true" if one == asked.language else None,
        )
        for one in languages()
    )
    return element("nav", *links, aria_label=asked.say(Said("page.languages")), class_="languages")


def _clock(asked: PageRequest, clock: ShownClock) -> etree._Element:
    shown = element(
        "p", element("time", f"{clock.now:%Y-%m-%d %H:%M:%S} UTC", datetime=clock.now.isoformat()), class_="now"
    )
    told = [asked.say(said("page.runs", rate=f"{clock.rate:g}") if clock.rate else Said("page.stands"))]
    if clock.due is not None:
        told.append(asked.say(said("page.due", at=f"{clock.due.at:%Y-%m-%d %H:%M}", what=_DUE[clock.due.what])))
    return element(
        "section",
        element("h2", asked.say(Said("page.clock")), id="clock"),
        shown,
        element("p", "; ".join(told)),
        element("div", *_orders(asked, clock), class_="orders"),
        class_="clock",
        aria_labelledby="clock",
    )


def _orders(asked: PageRequest, clock: ShownClock) -> list[etree._Element]:
    steps = [element("button", f"+{asked.say(told)}", name="advance", value=step) for step, told in _STEPS.items()]
    chosen = [element("option", asked.say(told), value=unit) for unit, told in _UNITS.items()]
    chosen[2].set("selected", "selected")
    number = element("input", name="number", type="number", min="0", value="1", required="required")
    to = element("input", name="to", type="datetime-local", step="1", value=f"{clock.now:%Y-%m-%dT%H:%M:%S}")
    rate = element("input", name="rate", type="number", min="0", max="1000000", step="any", value="60")
    return [
        form(asked, *steps),
        form(
            asked,
            element("label", f"{asked.say(Said('page.number'))} ", number),
            element("label", f"{asked.say(Said('page.unit'))} ", element("select", *chosen, name="unit")),
            element("button", asked.say(Said("page.advance"))),
        ),
        form(
            asked,
            element("label", f"{asked.say(Said('page.to'))} ", to),
            element("button", asked.say(Said("page.go"))),
        ),
        form(
            asked,
            element("label", f"{asked.say(Said('page.rate'))} ", rate),
            element("button", asked.say(Said("page.run"))),
            element("button", asked.say(Said("page.freeze")), name="freeze", value="yes"),
        ),
    ]


def form(asked: PageRequest, *children: Child) -> etree._Element:
    """A form that is an order to the clock, and leads back to this page."""
    back = element("input", type="hidden", name="back", value=asked.path)
    return element("form", back, *children, method="post", action=ORDER)


def pages(asked: PageRequest, name: str, whole: int, size: int) -> etree._Element | None:
    """The way to the other pages of a list; nothing where there is one."""
    last = max(1, -(-whole // size))
    if last == 1:
        return None
    here = min(asked.number(name), last)
    kept = "".join(f"&{key}={value}" for key, value in _kept(asked, name))
    near = sorted({1, here - 1, here, here + 1, last} & set(range(1, last + 1)))
    links = [
        element("li", link(str(one), f"?{name}={one}{kept}#{name}", aria_current="page" if one == here else None))
        for one in near
    ]
    return element("nav", element("ol", *links), aria_label=asked.say(Said("page.pages")), class_="pages")


def _kept(asked: PageRequest, name: str) -> list[tuple[str, str]]:
    return [(key, quote(value, safe="")) for key, value in asked.query.items() if key not in {name, CHOICE}]


def of_page(asked: PageRequest, name: str, whole: int, size: int) -> slice:
    """Which of so many lines stand on the page that is asked for."""
    here = min(asked.number(name), max(1, -(-whole // size)))
    return slice((here - 1) * size, here * size)
