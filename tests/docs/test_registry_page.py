"""The page on the register says what the code does."""

import re
from pathlib import Path

from esad_gateway.emcs.seed import REASONS

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "registry.md").read_text(encoding="utf-8")


def test_page_has_every_reason() -> None:
    """Each code and rule of the refusals stands in the table, and no other."""
    rows = re.findall(r"^\| ([\d, ]+) \| ([A-Z\d, ]+) \|", PAGE, re.MULTILINE)
    told = {(code, rule) for codes, rules in rows for code in codes.split(", ") for rule in rules.split(", ")}
    assert told == {(ground.reason, ground.rule) for ground in REASONS.values()}
