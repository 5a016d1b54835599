"""The page on the SAAD list shows what the code says."""

import re

from esad_gateway.ais.saad.rules import SAAD_RULES
from helpers.saad_page import PAGE, SOURCES, page


def test_page_of_the_saad_list(*, update_golden: bool) -> None:
    """The page has every rule, fixture and admission as it is."""
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def test_page_explains_every_source() -> None:
    """What rules name as their source begins with letters that the page explains, and it explains no others."""
    named = {re.split(r"[- ]?\d", source)[0] for one in SAAD_RULES.values() for source in one.source.split(", ")}
    assert named == {letters for group in SOURCES for letters in group.split(", ")}
