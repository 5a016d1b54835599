"""The reference that follows from what is there is drawn from it, and never stale."""

from pathlib import Path

import pytest

from helpers import draw_reference
from helpers.draw_reference import ANEW, FOLDER, PAGES
from helpers.gateway import copy_of_box
from helpers.served import served


@pytest.mark.parametrize("name", PAGES)
def test_page_is_as_drawn(name: str) -> None:
    """Commands with every option, settings with what they take, operations of SOAP with their types."""
    assert (FOLDER / name).read_text("utf-8") == PAGES[name](), ANEW


def test_page_of_rest_is_as_drawn(tmp_path: Path) -> None:
    """Every operation of the document that a gateway serves, with its parameters, answers and an example."""
    with served(copy_of_box(tmp_path)) as gateway:
        document = gateway.get("/openapi.json").json

    assert (FOLDER / "rest.md").read_text("utf-8") == draw_reference.rest_page(document), ANEW
