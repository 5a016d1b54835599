"""Writes the manual's page of injected faults: ``python tests/helpers/draw_injected_faults.py`` writes it anew."""

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from textwrap import wrap

from esad_gateway.simulator.injected.catalogue import INJECTED, fault_list
from esad_gateway.simulator.injected.model import FaultKind
from esad_gateway.simulator.injected.rules import BROKEN, breakable
from esad_gateway.simulator.injected.served import LONGEST, PACE

WIDTH = 120
PAGE = Path(__file__).parents[2] / "docs" / "reference" / "injected-faults.md"
TITLES = {
    FaultKind.TRANSPORT: ("The door answers otherwise", "They strike documents that others send to the state."),
    FaultKind.ORDER: ("Twice, late, in another order, or never", "They strike documents that the state sends."),
    FaultKind.IDENTITY: ("Who says it, to whom, and in answer to what", "They strike documents that the state sends."),
    FaultKind.CONTENT: ("What it says", "They strike documents that the state sends; the signature is right."),
    FaultKind.CRYPTO: ("How it is signed", "They strike documents that the state sends."),
}
INTRODUCTION = """# Injected faults

{count} ways in which a simulated administration does wrong when it is told to, and what a good counterpart does
about each. The simulated states are this same gateway; what stands here as good is what it does, and a test shows
it for every fault. This page is made from the table in `esad_gateway.simulator.injected.catalogue`; a test compares
the two.

## Injecting

The state that is named misbehaves, the other one is to cope. A report of receipt is lost, and found when it is late:

<!-- run -->
```python
from esad_gateway.testing import Emcs

with Emcs(seed=7) as emcs:
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="accept")
    emcs.faults.inject("lost", state="PL", message="IE818")
    movement = vilnius.dispatch(to=warsaw)
    emcs.clock.advance(days=3)
    assert movement.state == "accepted"
    emcs.clock.to("journey over + 1 day")
    assert movement.delivered
    emcs.faults.check()
    print(emcs.faults)
```

| Argument of `inject` | Means |
|---|---|
| `name`, `state` | the fault, and the state whose administration commits it |
| `message`, `movement`, `other` | only messages of this type, about this movement, to or from this state |
| `nth`, `times` | from the how-manieth try that fits on, and how often: once unless it is said, `None` always |
| `share` | the probability with which each that fits is struck |
| `traders` | strikes what traders submit over HTTP (`POST /v1/messages`) in place of what administrations send |
| `rule` | for `breaks-rule`: the rule that is to be broken |
| `after` | for what comes later: how much later, two days unless it is said |

`emcs.faults.at_random("PL", 0.2, kinds=["order", "transport"])` has the seed choose: a fifth of the messages is
struck, each by a fault of these kinds. `emcs.faults.check()` fails when a fault has struck nothing: a test is not
to pass because nothing happened. `emcs.faults.journal` has a line for every strike.
What leaves for several states at the same moment has no order among them: where that counts, name `other`.

`esad simulate --list-faults` prints them all (`--json` for programs), and `--fault 'lost PL message=IE818'` injects
one; when the command ends, it prints what was injected where, and the command that has it again with its seed.
In Python the same words are read by `esad_gateway.simulator.injected.reading.injection_of` with
`"lost PL message=IE818 nth=2 times=always after='3 days'"`, for `emcs.faults.inject_this`.

## The same again

The seed decides where chance does: which messages are struck, by which fault, which bit changes, which rule is
broken. A failure shows the seed, what was injected where, and the one command that has it again, `pytest TEST
--emcs-seed SEED`; `Emcs(seed=SEED)` is the same in Python.

With the same seed and the same test the same faults strike the same messages at the same moments of the clock, and
every message between the administrations has the same bytes in the same order, but for what is drawn anew in each
run: ARCs, message identifiers, local reference numbers, keys and signatures. (A wrong check digit is wrong in each
run, and the bit that changes is the same one of another signature.) Chance is drawn for each message by itself, so
nothing that happens elsewhere at the same moment changes it.

## In one process, and over sockets

Between gateways of one process no network is needed: what the other side would find of it (a connection that is
refused or reset, no answer in time) is what its transport is told. Over HTTP the same faults are committed on real
sockets: `esad_gateway.simulator.injected.served.FaultyApplication` stands in front of the doors of a state, whose
connections are `esad_gateway.simulator.injected.served.CuttableConnection`, and
`esad_gateway.simulator.injected.carrier.FaultyCarrier` carries what the state sends. A reset is a reset then, a
slow answer takes {pace:g} s a byte, and nothing lasts longer than {longest:g} s. With `traders=True` the door of
traders commits faults of transport as well: whoever sends the same bytes again after one has the receipt, and one
movement. What differs: `connection-refused` cuts the connection before anything is answered, since the socket is
that of other states as well; and who was not told of a state's other certificate refuses it at step 12, before it
looks when that was valid.
"""
RULES = """## Rules that can be broken

By `breaks-rule`, in a message that its schema accepts. An administration judges what its own traders write; another one
looks at structure, uniqueness, versions and whose movement it is, and takes what else only the sender answers for.
Without a rule by name the seed chooses among these, which every message of their type can break:

| Rule | In | A good counterpart |
|---|---|---|"""
OTHERS = """Others can be named: every rule on the content of a message that administrations exchange. One item of it
is broken, such that this rule is broken and no other; a message in which nothing can be broken so is sent as it is, and
the fault waits for the next one. A good counterpart takes them, but for R271 in an e-SAD: {rules}.
"""


def page() -> str:
    """The whole page."""
    told = INTRODUCTION.format(count=len(INJECTED), pace=PACE, longest=LONGEST)
    return "\n".join([told, *_kinds(), RULES, *_rules(), _other_rules()])


def _kinds() -> Iterator[str]:
    for kind, faults in groupby(fault_list(), lambda one: one[0].kind):
        title, strikes = TITLES[kind]
        yield f"## {title}\n\nKind `{kind}`. {strikes}\n"
        for fault, about, good in faults:
            only = f" Strikes {', '.join(sorted(fault.messages))}." if fault.messages else ""
            lasting = " Goes on for good unless `times` says otherwise." if fault.lasting else ""
            yield f"**`{fault.name}`**: {about}{only}{lasting}\nA good counterpart: {good[0].lower()}{good[1:]}\n"


def _rules() -> Iterator[str]:
    for number, broken in BROKEN.items():
        good = (
            f"refuses it by {broken.refused_by} (IE906)" if broken.refused_by else "takes it: its sender answers for it"
        )
        yield f"| {number} | {broken.message} | {good} |"


def _other_rules() -> str:
    names = (f"{number} ({', '.join(sorted(found))})" for number, found in breakable().items() if number not in BROKEN)
    told = wrap(OTHERS.format(rules=", ".join(names)), WIDTH, break_on_hyphens=False)
    return "\n".join(("", *told, ""))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
