"""Every link of the manual leads somewhere, to the very heading that it names, and every page can be found."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from helpers import site
from helpers.pages import ROOT

PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").rglob("*.md"))]
_FENCED = re.compile(r"^( *)(```+).*?^\1\2 *$", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"(?<!`)\[[^\]\n]*(?:\n[^\]\n]*)?\]\(([^)\s]+)\)")


def prose(page: Path) -> str:
    """A page without what stands in it as code."""
    return re.sub(r"`[^`\n]+`(?!\])", "", _FENCED.sub("", page.read_text("utf-8")))


def anchors(page: Path) -> set[str]:
    """What headings of a page are called in links."""
    headings = re.findall(r"^#+ (.+)$", _FENCED.sub("", page.read_text("utf-8")), re.MULTILINE)
    return {slug(re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", one)) for one in headings}


def slug(heading: str) -> str:
    """As sites and code hosts make it: letters, digits and hyphens."""
    return re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-")


def links(page: Path) -> Iterator[tuple[str, Path, str]]:
    """The links of a page that stay within the project: as written, the file, and the heading."""
    for link in _LINK.findall(prose(page)):
        if not re.match(r"[a-z]+:", link):
            path, _, anchor = link.partition("#")
            yield link, (page.parent / path if path else page), anchor


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_links_lead_somewhere(page: Path) -> None:
    """To a file that is there, and where a heading is named, to one that it has."""
    dead = [
        link
        for link, file, anchor in links(page)
        if not file.exists() or (anchor and file.suffix == ".md" and anchor not in anchors(file))
    ]
    assert dead == []


def test_links_are_found() -> None:
    """There are many, and among them some that name a heading: this looks at what it says."""
    found = [link for page in PAGES for link in links(page)]
    assert len(found) > 200
    assert sum(bool(anchor) for *_, anchor in found) > 20


def test_every_page_is_of_one_of_four_kinds() -> None:
    """The site has a place for it, under its first heading; no two pages of a kind have the same."""
    for kind in site.KINDS:
        headings = [site.heading(page) for page in site.pages_of(kind)]
        assert headings
        assert len(set(headings)) == len(headings)
    placed = {page for kind in site.KINDS for page in site.pages_of(kind)}
    assert set(PAGES) - placed == {ROOT / "README.md", ROOT / "CHANGELOG.md"}


def test_site_has_every_page_and_what_pages_show(tmp_path: Path) -> None:
    """Laid out, the README is the first page, and no link leaves the site for a file of the checkout."""
    config = site.lay_out(tmp_path)
    source = tmp_path / "site-source"
    laid_out = {page.relative_to(source).as_posix() for page in source.rglob("*.md")}

    assert {page.relative_to(ROOT / "docs").as_posix() for page in PAGES[2:]} | {"index.md", "changelog.md"} <= laid_out
    for name in laid_out:
        for link, file, _ in links(source / name):
            assert file.exists(), (name, link)
            assert file.resolve().is_relative_to(source), (name, link)
    assert all(f'"{name}"' in config.read_text("utf-8") for name in laid_out if not name.startswith("files/"))


def test_pictures_are_drawn_from_nothing_else() -> None:
    """They load nothing, run nothing, and say in words what they show."""
    pictures = sorted((ROOT / "docs").rglob("*.svg"))
    assert pictures
    for picture in pictures:
        text = picture.read_text("utf-8").replace('xmlns="http://www.w3.org/2000/svg"', "")
        assert not re.search(r"<script|<foreignObject|https?://|@import", text), picture
        assert "<title" in text
