"""The reference page of the signature profile lists the steps that the verifier takes."""

import re
from pathlib import Path

from esad_gateway.signing.steps import STEPS

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "signature.md"


def test_page_lists_every_step_of_the_verifier() -> None:
    """Numbers and texts on the page are those of the program."""
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(number): text for number, text in rows} == {int(step): text for step, text in STEPS.items()}
