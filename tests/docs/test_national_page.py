"""Every national requirement has its row, and all that a row names is there."""

import re
from pathlib import Path
from typing import Final

import pytest

from esad_gateway.explain.requirements import EVERY_REQUIREMENT, REQUIREMENTS
from helpers.draw_national import ANEW, PAGE, REPOSITORY, missing, page, rows
from helpers.gateway import copy_of_box
from helpers.served import served

SOURCE: Final = REPOSITORY.parent / "shared" / "domain" / "lithuania.md"
"""The list of requirements, on a machine that has it beside the repository."""


def test_every_requirement_has_a_row() -> None:
    """None is missing, and none is unknown."""
    assert sorted(row.id for row in rows()) == sorted(EVERY_REQUIREMENT)


def test_all_that_a_row_names_is_there(tmp_path: Path) -> None:
    """Names of this package, tests, operations of a gateway, commands and pages."""
    with served(copy_of_box(tmp_path)) as gateway:
        operations = gateway.get("/openapi.json").json["paths"]

    assert [one for row in rows() for one in missing(row, operations)] == []


def test_page_of_requirements_is_as_drawn() -> None:
    """The page is never stale."""
    assert PAGE.read_text(encoding="utf-8") == page(), ANEW


def test_list_of_requirements_is_that_of_its_source() -> None:
    """Every requirement of the source is asked for, and none that it does not have."""
    if not SOURCE.is_file():
        pytest.skip("the list of requirements (shared/domain/lithuania.md) is not on this machine")
    listed = re.findall(r"^\| ([A-Z]+-\d+) \|", SOURCE.read_text(encoding="utf-8"), re.MULTILINE)

    assert [one for one in listed if one.split("-")[0] in REQUIREMENTS] == list(EVERY_REQUIREMENT)
