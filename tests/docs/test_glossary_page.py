"""The page of words names what exists."""

import ast
import re

from esad_gateway.explain.glossary import TERMS
from esad_gateway.faults import Said
from esad_gateway.texts import say
from helpers import pages

PAGE = pages.ROOT / "docs" / "reference" / "glossary.md"


def test_words_of_the_page_are_classes_and_modules_of_the_package() -> None:
    """Every class and module that the page names is there."""
    sources = sorted((pages.ROOT / "src").rglob("*.py"))
    modules = {str(path.relative_to(pages.ROOT / "src").with_suffix("")).replace("/", ".") for path in sources}
    modules |= {name.removesuffix(".__init__") for name in modules}
    trees = [ast.parse(path.read_bytes()) for path in sources]
    classes = {node.name for tree in trees for node in tree.body if isinstance(node, ast.ClassDef)}
    text = PAGE.read_text(encoding="utf-8")
    named = set(re.findall(r"`(esad_gateway[\w.]+)`", text)), set(re.findall(r"`([A-Z]\w+)`", text))

    assert all(named)
    assert (named[0] - modules, named[1] - classes) == (set(), set())


def test_page_says_of_a_term_what_esad_explain_says() -> None:
    """The sentences stand once, in the texts: the page has each in a row."""
    rows = {cells[1].strip(): cells[2].strip() for line in pages_rows() if len(cells := line.split("|")) > 2}

    assert {name: rows.get(name) for name in TERMS} == {name: say(Said(f"term.{name}")) for name in TERMS}


def pages_rows() -> list[str]:
    """The rows of the tables."""
    return [line for line in PAGE.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
