"""Draws the page of problems: ``python tests/helpers/draw_problems.py`` writes it anew."""

import json
from collections.abc import Iterator
from pathlib import Path

from esad_gateway.web.problem_pages import problem_examples, problem_view

PAGE = Path(__file__).parents[2] / "docs" / "reference" / "problems.md"
INTRODUCTION = """# Problems

Whatever a gateway does not do is answered as a problem (RFC 9457, `application/problem+json`): `type`, `title` and
`detail` in English, `titles` and `details` in every language, and what else belongs to it. `type` is one of those
below. In SOAP the same is the detail of the fault ([soap.md](soap.md)).

A type is a reference (`/problems/too-large`), the same text at every gateway, so programs compare it as it stands.
Resolved against the address that was asked, it is a page of that very gateway: HTML in both languages for browsers,
JSON for programs, without a token. `/problems` lists all of them. `public_url` in `settings.toml` does not change the
type: a front passes `/problems` on to the gateway, at the root of the address that clients use.

Programs decide by `type`, and by `status` where they do not know a type: from 500 on, and for 408 and 429, the same may
be sent again later (`Retry-After` says when), unless the type is `/problems/undecided`; below that, it has to be
changed first.
"""


def page() -> str:
    """The whole page."""
    sections = (part for kind in sorted(problem_examples()) for part in _section(kind))
    return "\n".join([INTRODUCTION, *_table(), *sections])


def _table() -> Iterator[str]:
    yield "| Kind | Status | |\n|---|---|---|"
    for kind, example in sorted(problem_examples().items()):
        yield f"| [`{kind}`](#{kind}) | {example['status']} | {example['title']} |"
    yield ""


def _section(kind: str) -> Iterator[str]:
    told = problem_view(kind)
    yield f"## {kind}\n"
    yield f"{told['causes']['en']}\n\n{told['remedies']['en']}\n"
    yield f"Lietuviškai: {told['titles']['lt']}. {told['causes']['lt']} {told['remedies']['lt']}\n"
    yield f"```json\n{json.dumps(told['example'], ensure_ascii=False, indent=2)}\n```\n"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
