"""``esad demo --national`` as a program: one small importer, from a sign-in that fails to the deadline board."""

import json
import re
import subprocess
import sys
from decimal import Decimal
from typing import Any

from esad_gateway.cli.demo import STORY
from esad_gateway.texts import languages

LIMIT = 600
"""Seconds: a story that takes longer hangs."""

ERR_1 = "Išorinis ūkio subjekto vartotojas AIS sistemoje nerastas."


def told(steps: list[dict[str, Any]], what: str) -> str:
    """What was seen in the one step in which something was done."""
    (seen,) = [step["seen"] for step in steps if step["what"] == what]
    return str(seen)


def test_story_is_told_from_err_1_to_the_deadline_board() -> None:
    """Every scene in its order; the role comes late, the deposit needs its proof, Poland knows the number."""
    command = (sys.executable, "-m", "esad_gateway", "demo", "--national", "--json")
    ended = subprocess.run(command, capture_output=True, text=True, timeout=LIMIT, check=False)

    assert ended.returncode == 0, ended.stderr
    steps = [json.loads(line) for line in ended.stdout.splitlines()]
    assert list(dict.fromkeys(step["scene"] for step in steps)) == list(STORY)
    assert all(set(step["texts"][part]) == set(languages()) for step in steps for part in ("what", "seen"))
    assert steps[0]["texts"]["seen"]["lt"].startswith(ERR_1)
    assert "try again until" in told(steps, "signs in before that")
    assert told(steps, "takes the IE713 that left with the decision") == "the number is in its register"
    reserved = re.findall(r"reserved ([\d.]+)", told(steps, "finds the e-SAD; its duty is reserved"))
    declared = re.findall(r": ([\d.]+) EUR", told(steps, "looks at the declaration of this month"))
    assert [Decimal(one) for one in reserved] == [Decimal(one) for one in declared] != []
