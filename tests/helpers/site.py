"""Lays the manual out as a site: ``python tests/helpers/site.py`` fills ``build/site-source``, for ``zensical build``.

Pages stand in four kinds, as their folders do (https://diataxis.fr), each by its first heading. The README is the first
page; what a page links to outside ``docs/`` comes along, so that no link leaves the site for a file.
"""

import json
import os
import re
import shutil
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parents[2]
DOCS: Final = ROOT / "docs"
BUILD: Final = ROOT / "build"
KINDS: Final = {
    "tutorial": "Tutorials",
    "how-to": "How to",
    "reference": "Reference",
    "explanation": "Explanation",
}
BESIDE: Final = {"README.md": "index.md", "CHANGELOG.md": "changelog.md"}
"""Pages that stand elsewhere in the project, and what they are called in the site."""

_LINK: Final = re.compile(r"(?<=\]\()(?!https?:|mailto:|#)([^)\s#]+)")
_CONFIG: Final = """[project]
site_name = "esad-gateway"
site_description = "Signed e-SAD and e-RoR exchange between a national excise domain and other member states"
docs_dir = "site-source"
site_dir = "site"
use_directory_urls = false
nav = {nav}

[project.theme]
language = "en"
font = false
features = ["navigation.indexes", "navigation.tabs", "navigation.top", "content.code.copy", "search.highlight"]
palette = {{ scheme = "default" }}

[project.markdown_extensions.toc]
permalink = true
slugify = {{ object = "pymdownx.slugs.slugify", kwds = {{ case = "lower" }} }}

[project.markdown_extensions.tables]

[project.markdown_extensions.pymdownx.highlight]

[project.markdown_extensions.pymdownx.superfences]
"""


def lay_out(build: Path = BUILD) -> Path:
    """Fill the folder of the site's sources below ``build``, beside its configuration; returns the latter."""
    source = build / "site-source"
    shutil.rmtree(source, ignore_errors=True)
    shutil.copytree(DOCS, source, ignore=shutil.ignore_patterns("*.pyc", "__pycache__"))
    for name, called in BESIDE.items():
        shutil.copyfile(ROOT / name, source / called)
    for page in sorted(source.rglob("*.md")):
        page.write_text(_linked(page, source), encoding="utf-8")
    config = build / "zensical.toml"
    config.write_text(_CONFIG.format(nav=navigation()), encoding="utf-8")
    return config


def navigation() -> str:
    """Every page by its kind, as the configuration has it; those of ``docs/`` itself stand with the explanation."""
    kinds = [{title: [{heading(page): _place(page)} for page in pages_of(kind)]} for kind, title in KINDS.items()]
    return _toml([{"Overview": "index.md"}, *kinds, {"Changes": "changelog.md"}])


def pages_of(kind: str) -> list[Path]:
    """The pages of a kind, by their headings."""
    return sorted((DOCS / kind).rglob("*.md"), key=lambda page: heading(page).lower())


def heading(page: Path) -> str:
    """The first heading of a page."""
    return next(line for line in page.read_text("utf-8").splitlines() if line.startswith("# ")).removeprefix("# ")


def _place(page: Path) -> str:
    return page.relative_to(DOCS).as_posix()


def _linked(page: Path, source: Path) -> str:
    """A page whose links stay within the site: what they lead to comes along."""
    place = page.relative_to(source)
    origin = {called: ROOT / name for name, called in BESIDE.items()}.get(place.as_posix(), DOCS / place)

    def link(found: re.Match[str]) -> str:
        target = (origin.parent / found[1]).resolve()
        if target.is_relative_to(DOCS):
            there = source / target.relative_to(DOCS)
        elif not target.is_relative_to(ROOT) or not target.exists():
            return found[1]
        else:
            there = source / BESIDE.get(target.relative_to(ROOT).as_posix(), f"files/{target.relative_to(ROOT)}")
            _bring(target, there)
        return Path(os.path.relpath(there, page.parent)).as_posix()

    return _LINK.sub(link, page.read_text("utf-8"))


def _bring(target: Path, there: Path) -> None:
    if not there.exists() and target.is_file():
        there.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(target, there)


def _toml(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{json.dumps(key)} = {_toml(one)}" for key, one in value.items()) + " }"
        case list():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case _:
            return json.dumps(value, ensure_ascii=False)


if __name__ == "__main__":
    lay_out()
