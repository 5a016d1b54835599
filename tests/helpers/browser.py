"""A real browser without a screen (Chromium), as people use it who have a mouse, a keyboard, or neither."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from selenium.webdriver import ActionChains, Chrome, ChromeOptions, ChromeService
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.expected_conditions import staleness_of
from selenium.webdriver.support.wait import WebDriverWait

from helpers.gateway import PATIENCE

PROGRAM, DRIVER = "chromium", "chromedriver"
INSTALLED = Path(__file__).parents[1] / "simulator" / "javascript" / "node_modules"
"""Where ``npm ci`` puts the locked packages."""

ELSEWHERE = "elsewhere.example"
"""A name of somebody else, which is led to this machine here."""

READABLE = 4.5
"""The contrast of text that WCAG 2.2 asks for (1.4.3, AA)."""

_CONTRASTS = """
const lum = c => c.map(v => v / 255).map(v => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
  .reduce((sum, v, i) => sum + v * [0.2126, 0.7152, 0.0722][i], 0);
const parts = text => (text.match(/[\\d.]+/g) || []).map(Number);
const ground = one => {
  for (let e = one; e; e = e.parentElement) {
    if (e.tagName === "svg") continue;
    const c = parts(getComputedStyle(e).backgroundColor);
    if (c.length === 3 || c[3] === 1) return c.slice(0, 3);
  }
  return [255, 255, 255];
};
const side = document.querySelector(".sequence .side");
const raised = side && parts(getComputedStyle(side).fill).slice(0, 3);
return [...document.body.querySelectorAll("*")]
  .filter(e => [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim()) && e.tagName !== "title")
  .flatMap(e => {
    const inside = e.ownerSVGElement, style = getComputedStyle(e);
    const colour = parts(inside ? style.fill : style.color).slice(0, 3);
    return (inside && raised ? [ground(e), raised] : [ground(e)]).map(back => {
      const [high, low] = [lum(colour), lum(back)].sort((a, b) => b - a);
      return [(high + 0.05) / (low + 0.05), e.tagName + ": " + e.textContent.slice(0, 40)];
    });
  });
"""


@contextmanager
def browser(*mapped: str) -> Iterator[Chrome]:
    """A browser that is closed at the end of the block; names may be ``mapped`` (``host:port`` and where that is)."""
    options = ChromeOptions()
    options.binary_location = f"/usr/bin/{PROGRAM}"
    flags = ["--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--no-first-run", "--lang=en"]
    rules = ", ".join(f"MAP {one}" for one in (f"{ELSEWHERE} 127.0.0.1", *mapped))
    flags += [f"--host-resolver-rules={rules}", "--no-sandbox"]
    for flag in flags:
        options.add_argument(flag)
    chrome = Chrome(options=options, service=ChromeService(f"/usr/bin/{DRIVER}"))
    chrome.set_page_load_timeout(PATIENCE)
    chrome.set_script_timeout(PATIENCE)
    try:
        yield chrome
    finally:
        chrome.quit()


def seen(chrome: Chrome, *, scheme: str = "light", width: int = 1200, medium: str = "") -> None:
    """Have pages seen by light or in the dark, on a screen so many pixels wide, or as they are printed."""
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": medium, "features": features})
    size = {"width": width, "height": 900, "deviceScaleFactor": 1, "mobile": False}
    chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)


def press(chrome: Chrome, *keys: str) -> None:
    """Press keys one after the other."""
    ActionChains(chrome).send_keys(*keys).perform()


def tab_to(chrome: Chrome, text: str) -> None:
    """Go on by the tabulator until what has the focus is called ``text``."""
    for _ in range(200):
        press(chrome, Keys.TAB)
        if chrome.switch_to.active_element.text == text:
            return
    raise AssertionError(f"{text} is not reached by keyboard")


def enter(chrome: Chrome) -> None:
    """Press Enter on what leads to another page, and wait for that."""
    with _left(chrome):
        press(chrome, Keys.ENTER)


def click(chrome: Chrome, one: WebElement) -> None:
    """Click on what leads to another page, and wait for that: a click has done its part before a form is sent."""
    with _left(chrome):
        one.click()


@contextmanager
def _left(chrome: Chrome) -> Iterator[None]:
    """A block that leaves the page: afterwards another one is there, and whole."""
    page = chrome.find_element("tag name", "html")
    yield
    waiting = WebDriverWait(chrome, PATIENCE)
    waiting.until(staleness_of(page), "no other page has come")
    waiting.until(lambda one: one.execute_script("return document.readyState") == "complete", "the page is not whole")


def unreadable(chrome: Chrome) -> list[Any]:
    """Every text of a page whose contrast is too weak, with that."""
    found: list[Any] = chrome.execute_script(_CONTRASTS)
    assert len(found) > 10
    return [one for one in found if one[0] < READABLE]


def barriers(chrome: Chrome) -> list[str]:
    """What axe finds on a page that keeps people away from it, seriously or worse."""
    chrome.execute_script((INSTALLED / "axe-core" / "axe.min.js").read_text("utf-8"))
    run = "const done = arguments[arguments.length - 1]; axe.run().then(r => done(JSON.stringify(r)));"
    told = json.loads(chrome.execute_async_script(run))
    assert len(told["passes"]) > 10
    wrong = [one for one in told["violations"] if one["impact"] in {"serious", "critical"}]
    return [f"{one['id']}: {node['html']:.200}" for one in wrong for node in one["nodes"]]
