"""The simulator's page in a real browser: by mouse, by keyboard, in the dark, on a narrow screen, on paper."""

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from io import BytesIO
from urllib.parse import urlsplit

import pytest
from pypdf import PdfReader
from selenium.webdriver import Chrome
from selenium.webdriver.common.keys import Keys
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse
from starlette.routing import Route

from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.movements import SimulatedMovement
from helpers.browser import (
    DRIVER,
    ELSEWHERE,
    INSTALLED,
    PROGRAM,
    barriers,
    browser,
    click,
    enter,
    press,
    seen,
    tab_to,
    unreadable,
)
from helpers.listening import listening
from helpers.programs import require, require_packages

HOSTILE = "<script>document.title = 'taken'</script><img src=x onerror=alert(1)>"


@dataclass(frozen=True)
class Played:
    """A world that is served, in which refused goods went home, and a message was sent twice."""

    server: EmcsServer
    movement: SimulatedMovement

    @property
    def sim(self) -> str:
        """The address of its page."""
        return self.server.base("sim")

    @property
    def pages(self) -> dict[str, str]:
        """A page of every kind."""
        arc, seed = self.movement.arc, self.movement.consignor.seed
        return {
            "overview": self.sim,
            "movement": f"{self.sim}/movements/{arc}",
            "message": f"{self.sim}/messages/LT/{seed}/2",
            "fault": f"{self.sim}/injected/duplicate",
            "refusal": f"{self.sim}/movements/nothing",
        }


@pytest.fixture(scope="module")
def chrome() -> Iterator[Chrome]:
    """One browser for all tests."""
    require(PROGRAM)
    require(DRIVER)
    with browser() as found:
        yield found


@pytest.fixture(scope="module")
def played() -> Iterator[Played]:
    """A world with a history; tests here move its clock forwards only."""
    with Emcs(seed=7) as emcs, EmcsServer(emcs) as server:
        vilnius = emcs.consignor("LT", name=HOSTILE)
        warsaw = emcs.consignee("PL", will="refuse", reason="goods damaged")
        emcs.faults.inject("duplicate", "PL")
        movement = vilnius.dispatch(warsaw)
        emcs.clock.advance(days=3)
        vilnius.return_to_dispatch(movement)
        yield Played(server, movement)


@pytest.fixture(autouse=True)
def as_usual(chrome: Chrome) -> None:
    """By light, on a wide screen."""
    seen(chrome)


def test_movement_is_seen_on_both_sides(chrome: Chrome, played: Played) -> None:
    """One click leads from the list to the picture; another one to what a message says, and how it has changed."""
    chrome.get(played.sim)
    click(chrome, chrome.find_element("link text", played.movement.arc))
    lanes = [one.text for one in chrome.find_elements("css selector", ".sequence .lane")]
    assert lanes == [played.movement.consignor.seed, "LT", "PL", played.movement.consignee.seed]
    assert "duplicate" in chrome.find_element("css selector", ".sequence .strike").text
    click(chrome, chrome.find_elements("css selector", ".sequence a")[0])
    assert chrome.find_element("tag name", "h1").text.startswith("IE815 LT")
    assert played.movement.arc in [one.text for one in chrome.find_elements("css selector", "ins")]
    assert "compared with IE815" in chrome.find_element("tag name", "main").text


def test_clock_is_moved_by_keyboard_alone(chrome: Chrome, played: Played) -> None:
    """The first stop leads past everything; a button is reached by the tabulator, and Enter moves the clock."""
    chrome.get(played.pages["movement"])
    press(chrome, Keys.TAB)
    assert chrome.switch_to.active_element.get_attribute("href") == f"{played.pages['movement']}#content"
    outline = chrome.execute_script("return getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    before = played.server.emcs.clock.now
    tab_to(chrome, "+3 days")
    enter(chrome)
    assert played.server.emcs.clock.now == before + timedelta(days=3)
    assert chrome.current_url == played.pages["movement"]
    shown = chrome.find_element("css selector", ".now").text
    assert shown == f"{played.server.emcs.clock.now:%Y-%m-%d %H:%M:%S} UTC"


def test_text_is_readable_by_light_and_in_the_dark(chrome: Chrome, played: Played) -> None:
    """Every text of every page has the contrast that it needs, and the two look different."""
    pictures = {}
    for scheme in ("light", "dark"):
        seen(chrome, scheme=scheme)
        for name, url in played.pages.items():
            chrome.get(url)
            assert unreadable(chrome) == [], f"{name}, {scheme}"
            pictures[scheme, name] = chrome.get_screenshot_as_png()
    assert all(pictures["light", name] != pictures["dark", name] for name in played.pages)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_nobody_is_kept_away(chrome: Chrome, played: Played, scheme: str) -> None:
    """What axe knows of barriers for people who do not see or point: none that is serious, in both languages."""
    require_packages(INSTALLED)
    seen(chrome, scheme=scheme)
    for name, url in played.pages.items():
        chrome.get(f"{url}?language={'lt' if scheme == 'dark' else 'en'}")
        assert barriers(chrome) == [], name
    chrome.delete_all_cookies()


def test_page_fits_a_narrow_screen(chrome: Chrome, played: Played) -> None:
    """Only tables and the picture are wider than a telephone, and they are moved by themselves."""
    seen(chrome, width=360)
    for url in played.pages.values():
        chrome.get(url)
        assert chrome.execute_script("return document.documentElement.scrollWidth") <= 360


def test_page_is_printed_without_its_buttons(chrome: Chrome, played: Played) -> None:
    """What happened stands on paper; what can be pressed does not."""
    chrome.get(played.pages["movement"])
    made = chrome.execute_cdp_cmd("Page.printToPDF", {})
    text = "".join(page.extract_text() for page in PdfReader(BytesIO(base64.b64decode(made["data"]))).pages)
    assert played.movement.arc in text
    assert "Advance" not in text


def test_hostile_name_is_shown_and_does_nothing(chrome: Chrome, played: Played) -> None:
    """A page has no script and no image, whoever has written what stands on it."""
    for url in (played.sim, played.pages["message"]):
        chrome.get(url)
        assert HOSTILE in chrome.find_element("tag name", "main").text
        assert chrome.find_elements("css selector", "script, img, iframe, [onerror]") == []
        assert "taken" not in chrome.title
    chrome.get(f"{played.pages['message']}/raw")
    assert chrome.execute_script("return document.contentType") == "text/plain"


def test_page_of_somebody_else_cannot_move_the_clock(chrome: Chrome, played: Played) -> None:
    """Its form is refused, whether its name is another one or it is led to this machine; and so is its script."""
    before = played.server.emcs.clock.now

    async def elsewhere(_: Request) -> HTMLResponse:
        form = f'<form method="post" action="{played.sim}/clock/order"><button name="advance" value="1 days">!</button>'
        return HTMLResponse(f"<title>elsewhere</title>{form}</form>")

    with listening(Starlette(routes=[Route("/", elsewhere)])) as port:
        for host in ("127.0.0.1", "localhost", ELSEWHERE):
            chrome.get(f"http://{host}:{port}/")
            click(chrome, chrome.find_element("tag name", "button"))
            assert "cannot change anything here" in chrome.page_source
    asked = f"http://{ELSEWHERE}:{urlsplit(played.sim).port}/sim"
    chrome.get(asked)
    assert "may be anybody" in chrome.page_source
    assert played.server.emcs.clock.now == before > BEGINS
