"""What is wrong with a draft of which not all could be read: rules that ask for the rest of it say nothing.

A rule that is asked of every line of goods stops at the first one that it cannot read. So it is asked once more of each
line by itself: one that cannot be read hides nothing about another.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Final

from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.rules import content_rules
from esad_gateway.emcs.rules.mechanism import Check, Context, Finding, in_document_order, run
from esad_gateway.faults import Faults
from esad_gateway.place import Place, PlaceStep
from esad_gateway.unread import UnreadError, guarded

_LINE: Final = "BodyEadEsad"

_ACROSS_LINES: Final = frozenset({"R060", "R251"})
"""Rules that compare lines with each other: of one by itself they would find what is not so."""


def part_faults(draft: IE815, context: Context) -> Faults:
    """Every fault in the content of ``draft`` that shows in what could be read of it, in document order.

    The rest is ``UNREAD`` in it. What is told is told of the whole draft as well, whatever those values are. Not
    checked: what :func:`esad_gateway.emcs.rules.content_faults` does not.
    """
    part = guarded(draft)
    lines = [guarded(replace(draft, body_ead_esad=(line,))) for line in draft.body_ead_esad]
    rules = [
        replace(rule, check=_as_far_as_read(rule.check, () if rule.number in _ACROSS_LINES else lines))
        for rule in content_rules(part, context)
    ]
    return in_document_order(part, run(rules, part, context))


def _as_far_as_read(check: Check, lines: Iterable[IE815]) -> Check:
    def asked(part: IE815, context: Context) -> list[Finding]:
        try:
            return list(check(part, context))
        except UnreadError:
            alone = enumerate(lines, start=1)
            return [_at_line(one, number) for number, line in alone for one in _found(check, line, context)]

    return asked


def _found(check: Check, line: IE815, context: Context) -> Iterator[Finding]:
    """What a rule finds in a line that stands alone, as far as it is read."""
    try:
        yield from (one for one in check(line, context) if any(step.name == _LINE for step in one.place.steps[:1]))
    except UnreadError:
        return


def _at_line(finding: Finding, number: int) -> Finding:
    return replace(finding, place=Place((PlaceStep(_LINE, number), *finding.place.steps[1:])))
