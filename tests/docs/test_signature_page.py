"""The reference page of the signature profile lists the steps that the verifier takes."""

import re
from pathlib import Path

from esad_gateway.signing.steps import STEPS

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "signature.md"


def test_page_lists_every_step_of_the_verifier() -> None:
    """Numbers and texts on the page are those of the program."""
    rows = re.findall(r"^\| (\d+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert {int(number): text for number, text in rows} == {int(step): text for step, text in STEPS.items()}


def test_page_names_scripts_that_exist() -> None:
    """What is said of other libraries can be seen again, and the script pins the version that the page names."""
    rows = re.findall(
        r"^\| ([^|]+) \|[^|]+\|[^|]+\| `([\w-]+\.sh)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE
    )
    assert len(rows) == 5
    for libraries, script in rows:
        text = (ROOT / "findings" / script).read_text(encoding="utf-8")
        assert [version for version in re.findall(r"\d+\.\d+\.\d+", libraries) if version not in text] == []
