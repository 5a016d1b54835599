"""Draws the page and the JSON Schema of scripts: ``python tests/helpers/draw_scripts.py`` writes both anew."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

from esad_gateway.simulator.scripts.deeds import DEEDS, REACHED, SAYS, Deed
from esad_gateway.simulator.scripts.keys import FAULT, SCRIPT, STEP, THEN, TRAFFIC, WHEN, Table
from esad_gateway.simulator.scripts.schema import script_schema

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "scripts.md"
SCHEMA = ROOT / "schemas" / "gateway" / "script.schema.json"
TABLES: Final[Mapping[str, Table]] = {
    "The script": SCRIPT,
    "`[[step]]`": STEP,
    "`when`": WHEN,
    "`then`": THEN,
    "`[[traffic]]`": TRAFFIC,
    "`[[fault]]`": FAULT,
}

INTRODUCTION = """# Scripts of simulated member states

A script says how traders and excise offices of simulated member states act, in TOML or in Python; both are one model
(`esad_gateway.simulator.scripts.model`). This page and the schema
[script.schema.json](../../schemas/gateway/script.schema.json), which editors understand, are made of what reads
scripts: `python tests/helpers/draw_scripts.py`. `esad script schema > script.schema.json` puts it beside a script.

```toml
#:schema script.schema.json
title = "Winter"

[[step]]
when = { state = "PL", product = "W200", at_least = 500 }
then = { do = "accept", after = "3 working days", shortages = { 1 = 20 } }

[[step]]
when = { state = "PL", product = "W200", nth = 2 }
then = { do = "refuse", after = "36 hours", reason = "Frozen on the way" }

[[step]]
when = { state = "LT", says = "refused" }
then = { do = "take back", after = "1 day" }

[[step]]
then = { do = "report the return", after = "2 days" }

[[step]]
when = { state = "DE" }
then = { do = "interrupt", after = "2 hours" }

[[traffic]]
from = "PL"
to = "LT"
product = "S200"
every = "6 hours"
spread = "1 hour"
at_least = 100
at_most = 400
count = 20

[[fault]]
name = "duplicate"
state = "PL"
message = "IE818"
```

Of the steps that fit a message the first is taken; what fits none has no answer, and neither has what a step answers
with `nothing`. The file `winter.toml` above, played:

<!-- run -->
```python
from esad_gateway.testing import Emcs, wine

with Emcs(script="winter.toml", seed=7) as emcs:
    vilnius, warsaw, berlin = emcs.consignor("LT"), emcs.consignee("PL"), emcs.consignee("DE")
    large, small = (vilnius.dispatch(to=warsaw, lines=[wine(litres)]) for litres in (900, 100))
    stopped = vilnius.dispatch(to=berlin)
    emcs.clock.advance(days=7)
    print(large.state, small.state, stopped.state)
    print(len(emcs.movements) - 3, "movements from Poland")
```

`Emcs(script=…)` and `emcs.play(…)` take the file of a script, its text, or a `Script`; `emcs.play(…, by=warsaw)`
lets one trader alone act by it, before what is for everybody. What is at random (`chance`, `spread`, quantities of
traffic, faults) follows the seed: the same script with the same seed is the same again, but for ARCs, identifiers and
keys.

In a test with pytest, the script of its world is `@pytest.mark.emcs(script="winter.toml")`:
[test-your-system.md](../how-to/test-your-system.md).

A trader acts on what stands in its mailbox, an excise office on what has reached the gateway of its state. Each
document is signed by who acts, and the gateway of its state judges it like any other.

## What has to happen

Left without an error, `Emcs` checks its scripts (`emcs.check()` does at any time), and raises `ScriptUnmet`
(`esad_gateway.testing.ScriptUnmet`) with everything at once:

- a step that never happened, unless it is `optional` or has a `chance`: what it waited for, and the message that was
  the nearest, with what was expected and what came; or when it is due, where the clock has not got there;
- where the script is `complete`, a message that its steps could wait for and that fits none, with the nearest step;
- a deed that the gateway of who acts has refused, with every fault;
- a `[[fault]]` that has struck nothing, unless it has a `share` below 1.

## What a script cannot say

Unknown keys, values that cannot be, contradictions and steps that can never happen (one before takes everything) are
refused before anything begins, all at once, each with its place, what stands there, what was expected, and the
nearest word that there is:

```
winter.toml: line 5, step[1].when.product: did you mean W200? (got "W2000")
winter.toml: line 9, step[2].then.shortages: 'refuse' has no use for this (got { 1 = 20 })
winter.toml: line 13, step[3]: can never happen: step[1] takes everything that it could take; …
```

`esad script check winter.toml` tells them without playing anything, of several files as well: exit code 1 says that
something is wrong. `esad_gateway.testing.read_script` reads a file and raises these,
`esad_gateway.simulator.scripts.contradictions.check` asks a script that was made in Python, and
`esad_gateway.testing.script_text` writes one as TOML.
"""

PYTHON = """## The same in Python

<!-- run -->
```python
from datetime import timedelta
from decimal import Decimal

from esad_gateway.testing import Do, InWorkingDays, Script, ScriptStep, Then, When, injection_of, script_text

script = Script(
    (
        ScriptStep(
            when=When(state="PL", product="W200", at_least=Decimal(500)),
            then=Then(do=Do.ACCEPT, after=InWorkingDays(3), shortages={1: Decimal(20)}),
        ),
        ScriptStep(when=When(state="PL", nth=1), then=Then(do=Do.REFUSE, after=timedelta(hours=36))),
    ),
    title="Winter",
    faults=(injection_of("duplicate PL message=IE818"),),
)
print(script_text(script))
```
"""


def page() -> str:
    """The whole page."""
    return "\n".join([INTRODUCTION, *_tables(), *_deeds(), *_messages(), PYTHON])


def schema() -> str:
    """The schema as its file has it."""
    return json.dumps(script_schema(), indent=2, ensure_ascii=False) + "\n"


def _tables() -> Iterator[str]:
    for heading, table in TABLES.items():
        yield f"## {heading}\n\n{table.about}\n\n| Key | Must be there | Meaning |\n|---|---|---|"
        yield from (f"| `{key.name}` | {'yes' if key.required else ''} | {key.about} |" for key in table.keys)
        yield ""


def _deeds() -> Iterator[str]:
    yield "## What can be done\n"
    yield "Who does it is the first that is named, on the message beside it, unless `when` says otherwise.\n"
    yield "| `do` | By, on | What else `then` may say | Meaning |\n|---|---|---|---|"
    for do, deed in DEEDS.items():
        by = ", ".join(f"{who} {'only ' if deed.only else ''}on {message}" for who, message in deed.by.items())
        keys = (f"`{key.name}`{'!' if key.name in deed.must else ''}" for key in THEN.keys if _says(deed, key.name))
        yield f"| `{do}` | {by} | {', '.join(keys)} | {deed.about} |"
    yield "\nWhat has an exclamation mark must be said.\n"


def _says(deed: Deed, key: str) -> bool:
    return key in deed.may | deed.must


def _messages() -> Iterator[str]:
    yield "## What reaches whom\n\n| Who | Messages |\n|---|---|"
    yield from (f"| {who} | {', '.join(sorted(messages))} |" for who, messages in REACHED.items())
    yield "\n| Message | `says` |\n|---|---|"
    yield from (f"| {message} | {', '.join(f'`{word}`' for word in words)} |" for message, words in SAYS.items())
    yield ""


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
    SCHEMA.write_text(schema(), encoding="utf-8")
