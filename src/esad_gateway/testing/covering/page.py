"""The page of what a suite has met: one HTML file a language, without scripts, and nothing from elsewhere."""

import json
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Final

from esad_gateway.faults import Said, Value, said
from esad_gateway.testing.covering.folder import DATA
from esad_gateway.testing.covering.merging import KNOWN, SuiteCoverage
from esad_gateway.testing.covering.observing import MessageWay, MetCell
from esad_gateway.texts import ENGLISH, languages, say

MOST_TESTS: Final = 3
"""Tests that are named where several prove the same; how many more there are is said, and the JSON has all."""

MOST_ROWS: Final = 2000
LONGEST: Final = 160
"""Characters of the name of a test that are shown."""

TABLES: Final = (
    *(f"{what}s" for what in KNOWN),
    *("national", "matrix", "combinations", "failed", "shared", "unread"),
)
"""The tables of the page: each has a title and says what it shows."""

COLUMNS: Final = (
    *KNOWN,
    "way",
    "meaning",
    "proof",
    "why",
    "national_kind",
    *(f"way_{way.name.lower()}" for way in MessageWay),
)
"""The heads of their columns."""

_NONE: Final = "-"
_STYLE: Final = (
    ":root{color-scheme:light dark}body{font:1rem/1.45 system-ui,sans-serif;margin:2rem auto;max-width:78rem;"
    "padding:0 1rem}table{border-collapse:collapse;margin:.5rem 0 2rem;width:100%}caption{text-align:left;"
    "padding:.3rem 0}th,td{border:1px solid GrayText;padding:.25rem .5rem;text-align:left;vertical-align:top}"
    "td.n{text-align:right}code{overflow-wrap:anywhere}.never{font-style:italic}div.wide{overflow-x:auto}"
)
_PAGE: Final = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
<nav>{others}</nav>
<main>
<h1>{title}</h1>
{parts}
</main>
</body>
</html>
"""


def files(coverage: SuiteCoverage) -> dict[str, str]:
    """The page in every language, and the JSON behind it, by the names of their files."""
    data = json.dumps(coverage.json(), ensure_ascii=True, indent=1)
    return {DATA: f"{data}\n", **{file_of(one): page(coverage, one) for one in languages()}}


def file_of(language: str) -> str:
    """The name of the file in a language; the English one is found first."""
    return "index.html" if language == ENGLISH else f"{language}.html"


def summary(coverage: SuiteCoverage, language: str = ENGLISH) -> list[str]:
    """What was met of how much, and why there is nothing where there is nothing."""
    never = coverage.never()
    met: dict[str, Value] = {
        f"{what}s": f"{len(known) - len(never[what])}/{len(known)}" for what, known in KNOWN.items()
    }
    lines = [said("coverage.summary", tests=said("count.tests", count=coverage.met), **met)]
    return [say(one, language) for one in (*lines, *_why_nothing(coverage))]


def page(coverage: SuiteCoverage, language: str) -> str:
    """The page in one language."""
    others = (f'<a href="{file_of(one)}" hreflang="{one}" lang="{one}">{one}</a>' for one in languages())
    return _PAGE.format(
        language=language,
        title=_said("coverage.title", language),
        style=_STYLE,
        others=" ".join(others),
        parts="\n".join(_parts(coverage, language)),
    )


def _parts(coverage: SuiteCoverage, language: str) -> Iterator[str]:
    yield f"<p>{_said('coverage.about', language)}</p>"
    yield from (f"<p>{escape(line)}</p>" for line in summary(coverage, language))
    counted = said("count.tests", count=coverage.others)
    yield f"<p>{escape(say(said('coverage.others', tests=counted), language))}</p>" if coverage.others else ""
    for what in KNOWN:
        yield _met_and_never(coverage, what, language)
    if coverage.national:
        rows = ([_code(kind), _tests(tests, language)] for kind, tests in coverage.national.items())
        yield _table("national", ("national_kind", "proof"), rows, language)
    yield _matrix(coverage, language)
    yield _combinations(coverage, language)
    yield from _not_counted(coverage, language)


def _why_nothing(coverage: SuiteCoverage) -> Iterator[Said]:
    if not coverage.met:
        failed, none = said("coverage.all_failed"), said("coverage.none_opened")
        yield failed if coverage.failed else none if coverage.passed + coverage.others else said("coverage.no_tests")


def _met_and_never(coverage: SuiteCoverage, what: str, language: str) -> str:
    """One of the four lists: everything that there is, what was met first, and the tests that have met it."""
    found = coverage.of(what)
    known = dict.fromkeys((*(one for one in KNOWN[what] if one in found), *found, *KNOWN[what]))
    extra = _WAYS if what == "message" else () if what == "scenario" else ("message",)
    columns = (what, "meaning", *extra, "proof")
    rows = (_row(coverage, what, value, found.get(value, ()), language) for value in known)
    return _table(f"{what}s", columns, rows, language)


_WAYS: Final = tuple(f"way_{way.name.lower()}" for way in MessageWay)


def _row(coverage: SuiteCoverage, what: str, value: str, tests: Sequence[str], language: str) -> list[str]:
    cells = [(cell, proof) for cell, proof in coverage.cells.items() if getattr(cell, what) == value]
    row = [_code(value), escape(_meaning(what, value, language))]
    if what == "message":
        for way in MessageWay:
            proofs = {test for cell, proof in cells if cell.way == way for test in proof}
            row.append(str(len(proofs) or _NONE))
    elif what != "scenario":
        row.append(" ".join(sorted({_code(cell.message) for cell, _ in cells})))
    return [*row, _tests(tests, language)]


def _meaning(what: str, value: str, language: str) -> str:
    key = {"scenario": "scenario.{}", "message": "message.{}", "rule": "{}.text", "fault": "injected.{}.about"}[what]
    try:
        return say(Said(key.format(value)), language)
    except KeyError:  # of a rule that leaves something open, or of national law without a sentence
        return ""


def _matrix(coverage: SuiteCoverage, language: str) -> str:
    """Scenario by message: how many tests have met a message in a movement of the scenario."""
    met: dict[tuple[str, str], set[str]] = {}
    for cell, tests in coverage.cells.items():
        met.setdefault((cell.scenario, cell.message), set()).update(tests)
    messages = sorted({message for _, message in met})
    head = "".join(f'<th scope="col">{_code(message)}</th>' for message in messages)
    body = "\n".join(
        f'<tr><th scope="row">{_code(scenario)}</th>'
        + "".join(f'<td class="n">{len(met.get((scenario, message), ())) or _NONE}</td>' for message in messages)
        + "</tr>"
        for scenario in KNOWN["scenario"]
    )
    title, about = (_said(f"coverage.{key}", language) for key in ("matrix", "matrix_about"))
    first = _said("coverage.column_scenario", language)
    table = f'<caption>{about}</caption>\n<tr><th scope="col">{first}</th>{head}</tr>\n{body}'
    return f'<h2 id="matrix">{title}</h2>\n{_wide("matrix", table)}'


def _combinations(coverage: SuiteCoverage, language: str) -> str:
    shown = list(coverage.cells.items())[:MOST_ROWS]
    rows = [[*_cell(cell, language), _tests(tests, language)] for cell, tests in shown]
    table = _table("combinations", ("scenario", "message", "way", "rule", "fault", "proof"), rows, language)
    left = len(coverage.cells) - len(shown)
    return table + (
        f"<p>{escape(say(said('coverage.more_rows', count=left, file=DATA), language))}</p>" if left else ""
    )


def _cell(cell: MetCell, language: str) -> list[str]:
    way = _said(f"coverage.column_way_{MessageWay(cell.way).name.lower()}", language)
    scenario, message, _, rule, fault = (_code(value) if value else _NONE for value in cell)
    return [scenario, message, way, rule, fault]


def _not_counted(coverage: SuiteCoverage, language: str) -> Iterator[str]:
    """Tests that have opened EMCS and prove nothing, or not all."""
    for key, tests in (("failed", coverage.failed), ("shared", coverage.shared)):
        if tests:
            yield _table(key, ("proof",), ([_code(_short(test))] for test in tests[:MOST_ROWS]), language)
    if coverage.unread:
        rows = ([_code(_short(test)), escape(why)] for test, why in coverage.unread[:MOST_ROWS])
        yield _table("unread", ("proof", "why"), rows, language)


def _table(key: str, columns: Iterable[str], rows: Iterable[Sequence[str]], language: str) -> str:
    head = "".join(f'<th scope="col">{_said(f"coverage.column_{name}", language)}</th>' for name in columns)
    body = "\n".join(f"<tr>{_first(row)}{''.join(map(_data, row[1:]))}</tr>" for row in rows)
    title, about = (_said(f"coverage.{name}", language) for name in (key, f"{key}_about"))
    return f'<h2 id="{key}">{title}</h2>\n' + _wide(key, f"<caption>{about}</caption>\n<tr>{head}</tr>\n{body}")


def _wide(key: str, table: str) -> str:
    return f'<div class="wide" role="region" tabindex="0" aria-labelledby="{key}"><table>\n{table}\n</table></div>'


def _first(row: Sequence[str]) -> str:
    return f'<th scope="row">{row[0]}</th>'


def _data(cell: str) -> str:
    return f'<td class="n">{cell}</td>' if cell.isdigit() or cell == _NONE else f"<td>{cell}</td>"


def _tests(tests: Sequence[str], language: str) -> str:
    """The first tests by name, and how many more there are; that there is none is said in a word."""
    if not tests:
        return f'<span class="never">{_said("coverage.never", language)}</span>'
    named = "<br>".join(_code(_short(test)) for test in tests[:MOST_TESTS])
    more = len(tests) - MOST_TESTS
    return named + (f"<br>{escape(say(said('coverage.more', count=more), language))}" if more > 0 else "")


def _short(test: str) -> str:
    return test if len(test) <= LONGEST else f"{test[: LONGEST - 1]}…"


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _said(key: str, language: str) -> str:
    return escape(say(Said(key), language))
