"""Draws the page of national requirements: each with where it is decided, what shows it, and how a user meets it.

``python tests/helpers/draw_national.py`` writes it anew. Its rows stand in ``tests/data/national``, a file a part.
"""

import pkgutil
import sys
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from esad_gateway.ais.figures import choices_of, figures_of
from esad_gateway.ais.terms import Term
from esad_gateway.cli.group import SUMMARIES, load
from esad_gateway.explain.requirements import EVERY_REQUIREMENT
from esad_gateway.profiles.national import domain_of

REPOSITORY: Final = Path(__file__).parents[2]
ROWS: Final = REPOSITORY / "tests" / "data" / "national"
PAGE: Final = REPOSITORY / "docs" / "reference" / "national.md"
ANEW: Final = "write it anew: cd tests && PYTHONPATH=. python helpers/draw_national.py"

HEAD: Final = """# National requirements

What a member state's own procedures are asked for: people, registrations, guarantees, tariffs, declarations. Each
requirement has its number, what it says, where it is decided, the test that shows it, and how a user meets it. All of
that exists: a test looks it up.

| Requirement | What it says | Decided by | Shown by | Met at |
|---|---|---|---|---|
"""
FIGURES: Final = """
## Figures

What Lithuania's procedures reckon with, and where that is written: S in a document of the administration itself, V in
another source, I inferred, M remembered, NF not found and therefore chosen. An administration that knows better decides
otherwise in `settings.toml`, and the figure then says so: [settings.md](settings.md), `national_terms`.

| Name | Number | Unit | Mark | Source |
|---|---|---|---|---|
"""
CHOICES: Final = """
## Choices

What no figure says and no source either, and is chosen therefore; an administration chooses otherwise by
`national_choices`.

| Name | Chosen | Among | Mark | Source |
|---|---|---|---|---|
"""


@dataclass(frozen=True)
class Row:
    """One requirement, as a file of a part has it."""

    id: str
    says: str
    decided: tuple[str, ...]
    tests: tuple[str, ...]
    met: tuple[str, ...]


def rows() -> list[Row]:
    """All of them, in the order of the files; what several parts say of one requirement is one row."""
    found: dict[str, Row] = {}
    for one in (one for file in sorted(ROWS.glob("*.toml")) for one in _listed(file)):
        known = found.get(one["id"], Row(one["id"], one["says"], (), (), ()))
        more = (tuple(dict.fromkeys((*getattr(known, name), *one[name]))) for name in ("decided", "tests", "met"))
        found[known.id] = Row(known.id, known.says, *more)
    return list(found.values())


def _listed(file: Path) -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = tomllib.loads(file.read_text(encoding="utf-8"))["requirement"]
    return listed


def page() -> str:
    """The page as it has to be."""
    known = sorted(rows(), key=lambda row: EVERY_REQUIREMENT.index(row.id))
    return HEAD + "".join(map(_line, known)) + FIGURES + "".join(_figures()) + CHOICES + "".join(_choices())


def _line(row: Row) -> str:
    cells = (f"`{row.id}`", _plain(row.says), *map(_codes, (row.decided, row.tests, row.met)))
    return f"| {' | '.join(cells)} |\n"


def _codes(names: tuple[str, ...]) -> str:
    return "<br>".join(_linked(name) for name in names)


def _linked(name: str) -> str:
    """A page as a link, and everything else as it is typed."""
    return f"[{name}]({Path('..', *Path(name).parts[1:])})" if name.startswith("docs/") else f"`{_short(name)}`"


def _short(name: str) -> str:
    return name.removeprefix("esad_gateway.").removeprefix("tests/")


def _figures() -> Iterator[str]:
    for name, figure in sorted(figures_of(domain_of("LT")).items()):
        unit = figure.unit.value.replace("_", " ") if isinstance(figure, Term) else ""
        source = figure.provenance
        yield f"| `{name}` | {figure.number} | {unit} | {source.mark} | {_plain(source.source)} |\n"


def _choices() -> Iterator[str]:
    for name, choice in sorted(choices_of(domain_of("LT")).items()):
        source, among = choice.provenance, ", ".join(f"`{one}`" for one in choice.among)
        yield f"| `{name}` | `{choice.chosen}` | {among} | {source.mark} | {_plain(source.source)} |\n"


def _plain(text: str) -> str:
    return text.replace("|", "\\|")


def missing(row: Row, operations: Mapping[str, Any]) -> Iterator[str]:
    """What a row names and is not there; ``operations`` are the paths of the description of a gateway."""
    for name in row.decided:
        if not _there(name):
            yield f"{row.id}: nothing is called {name}"
    for name in row.tests:
        file, *_, test = name.split("::")
        if not (REPOSITORY / file).is_file() or f"def {test}(" not in (REPOSITORY / file).read_text(encoding="utf-8"):
            yield f"{row.id}: there is no test {name}"
    for name in row.met:
        if not _met(name, operations):
            yield f"{row.id}: nobody meets {name}"
    if not (row.says and row.decided and row.tests and row.met):
        yield f"{row.id}: a column is empty"


def _there(name: str) -> bool:
    try:
        pkgutil.resolve_name(name)
    except (ImportError, AttributeError, ValueError):
        return False
    return name.startswith("esad_gateway.")


def _met(name: str, operations: Mapping[str, Any]) -> bool:
    if name.startswith("docs/"):
        return (REPOSITORY / name).is_file()
    if name.startswith("esad "):
        return name in _commands(name.split()[1])
    method, _, path = name.partition(" ")
    return method.lower() in operations.get(path, {})


def _commands(command: str) -> Iterator[str]:
    if command in SUMMARIES:
        yield f"esad {command}"
        yield from (f"esad {command} {below}" for below in getattr(load(command), "commands", {}))


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1]))
    PAGE.write_text(page(), encoding="utf-8")
