"""The page ``docs/reference/saad.md``: made of the rules, the fixtures and what the profile of Lithuania admits."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from types import MappingProxyType

from esad_gateway.ais.saad.law import Admission
from esad_gateway.ais.saad.rules import SAAD_RULES
from esad_gateway.explain.saad import period_said
from esad_gateway.faults import Said
from esad_gateway.texts import say
from helpers.saad_list import INVALID, law

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "saad.md"
DECIDED = "tests/ais/test_saad_deciding.py"

SOURCES = MappingProxyType(
    {
        "FBK": "the Lithuanian notice on the e-SAD of February 2023, on states that were not ready: 1 which, 2 what is "
        "entered, 3 what the administrations do, 4 from when until when",
        "MVV": "the same notice, on wine of small producers: 1 who may receive it, 2 what is entered and when, 4 by "
        "what a document is known, 5 where other states differ",
        "CCE": "the same notice, on certified consignees: 5 warehousekeepers need that status too, 6 what a temporary "
        "one is good for, 8 who has to register for good",
        "ROL": "the same notice, on roles: 4 a number is used in the status that it was given for",
        "SYS": "the same notice, on the lists of the excise information system (AIS): 8 the SAAD list",
        "DIR": "Directive (EU) 2020/262, by its article",
        "R, C, BR, BC": "the rule, condition or code list of EMCS that asks the same of an e-SAD: [rules.md](rules.md)",
    }
)

HEAD = """\
# The SAAD list

Goods with duty paid that came without an e-SAD are entered by hand: those of member states that took part late, with a
SAAD or an e-SAD on paper, and wine of small producers with a wine accompanying document (MVV).
This page is made from the code and the fixtures; a test compares it with them (`pytest tests/ais --update-golden` makes
it anew). `esad explain SAAD`, `MVV`, `FBK` and `SAAD-3` say the same at the command line, in both languages.

No message of EMCS follows from an entry: the administrations exchange these data by other means (FBK-3).

## Records

| What happens | Version | Status |
|---|---|---|
| a document is entered until the first working day after its receipt | the first | entered |
| later, by the calendar of the state and its day (Europe/Vilnius) | the first | late: taken, and marked |
| it is entered again word for word | none | as it was; the rules are not asked again |
| it is entered again and something differs | one more | corrected; the earlier ones stay |
| it is withdrawn | one more | withdrawn; again: none |
| a withdrawn document is entered, or its record corrected | one more | entered or late, by that day; it is said |

A correction may say from which version it was made: the column *Version* of an exported list, `version` of
`POST …/corrections`, `esad saad correct --version`. It is refused when another one stands (SAAD-36): so nobody sets
back unseen what somebody else has corrected meanwhile.

A document is one record of its trader: the same state, consignor and number, whatever the case and blanks in which they
are written. To correct one of these three, withdraw the record and enter the other one.
A correction has no term of its own. Whether it is late is asked of the entry that it goes back to, by the day of
receipt that the correction gives; so a correction of that day may make a record late, or in time.

## What may be entered

Lithuania keeps such a list; the other states have no rows (SAAD-1). Where it is not known on which day a state began
the e-SAD (EL, NL), documents on paper are taken without an end; `esad_from` in `settings.toml` sets that day, and the
one before it is then the last. What counts is the day of dispatch.
"""


def page() -> str:
    """The whole page."""
    return "\n".join([HEAD, *_admissions(), *_rules(), *_texts()])


def _admissions() -> Iterator[str]:
    yield from _table(
        ("Documents", "From", "Left", "Received", "By", "Products", "Written in"), map(_admission, law().admissions)
    )


def _admission(row: Admission) -> tuple[str, ...]:
    capacities = [
        f"{say(Said(f'operator.{one}'))}{' (into the warehouse)' if one in row.into_warehouse else ''}"
        for one in sorted(row.capacities)
    ]
    return (
        ", ".join(sorted(row.documents)),
        ", ".join(sorted(row.states or ["every other state"])),
        "<br>".join(map(say, period_said(row.dispatched))),
        "<br>".join(map(say, period_said(row.received))),
        "<br>".join(capacities),
        ", ".join(sorted(row.products or ["all"])),
        row.source,
    )


def _rules() -> Iterator[str]:
    yield "## Rules"
    yield ""
    yield "Rules that ask the register or what stands already are not asked offline."
    yield ""
    yield from _table(("Sources", "Are"), SOURCES.items())
    yield from _table(
        ("Rule", "Code", "Field", "Asks", "Source", "Fixtures, or the tests"),
        (
            (
                number,
                rule.code.value,
                f"`{rule.path}`",
                "register" if rule.stateful else "content",
                rule.source,
                " ".join(f"`{name}`" for name in _fixtures(number)) or f"`{DECIDED}`",
            )
            for number, rule in SAAD_RULES.items()
        ),
    )


def _texts() -> Iterator[str]:
    yield "## Texts"
    yield ""
    told = ((number, *(say(Said(f"{number}.text"), language) for language in ("en", "lt"))) for number in SAAD_RULES)
    yield from _table(("Rule", "English", "Lithuanian"), told)


def _fixtures(number: str) -> list[str]:
    return [path.stem for path in INVALID if path.stem.startswith(f"{number}-")]


def _table(head: tuple[str, ...], lines: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield f"|{'---|' * len(head)}"
    yield from (f"| {' | '.join(line)} |" for line in lines)
    yield ""
