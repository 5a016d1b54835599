"""Documents of which all are taken or none, and those that are judged as if they were taken.

What decides is what decides about every other message, in a group that is written only when each of its messages is
accepted. So whoever wants to know what would become of a document asks by the same way, which ends before the commit.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from typing import Protocol, TypeAlias

from esad_gateway.emcs.procedure import Known
from esad_gateway.errors import OwnError, SenderError
from esad_gateway.faults import Fault, Faults, said
from esad_gateway.frozen import frozen
from esad_gateway.gateway.answers import AnyAnswer, Placed, placed
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.filing import Filing
from esad_gateway.gateway.group import Group, Settled
from esad_gateway.gateway.intake import Accepted, Submission
from esad_gateway.gateway.undecided import kept_before
from esad_gateway.ports.reading import Outcome, Receipt
from esad_gateway.ports.writing import Transaction


@frozen(kw_only=True)
class Foreseen:
    """What would become of a document if it were taken now, and every fault of it."""

    outcome: Outcome
    faults: Faults = ()


Numbered: TypeAlias = tuple[int, Submission]
"""A document, and the number by which others are told of it."""

Judged: TypeAlias = Receipt | Foreseen | SenderError
"""What became of a document, what would become of it, or why it cannot be attributed or has somebody else's name."""

_Item: TypeAlias = tuple[int, Accepted]

Walked: TypeAlias = tuple[int, Accepted | Receipt | SenderError]
"""A numbered document as it was taken in; or what it was answered before, or why it cannot be attributed."""


class Remembered(Protocol):
    """Which document has what nobody else may use, by text. A ``dict`` is one."""

    def get(self, key: str, /) -> int | None:
        """The number of the document, ``None`` where none has it."""

    def __setitem__(self, key: str, number: int, /) -> None:
        """Remember that a document has it."""


class Rehearsal:
    """What would be there if the documents that were judged by now were taken; nothing of it is written anywhere."""

    def __init__(self, remembered: Remembered) -> None:
        self._remembered = remembered
        self._brought: Known | None = None

    def begin(self, group: Group) -> None:
        """Have a group reckon with what was judged before it."""
        if self._brought is not None:
            group.known.reckon(self._brought)

    def judge(self, committer: Committer, group: Group, item: Accepted, number: int) -> tuple[AnyAnswer, Judged]:
        """What would become of a document of a group, which reckons with it from then on."""
        if (earlier := self._remembered.get(_named(*item.identity))) is not None:
            return Placed(group.taken.get(item.identity, item), again=item), self._again(item, earlier)
        numbers = self._take_up_numbers(group, item)
        answer = committer.answer(group, item)
        if not isinstance(answer, Placed):
            return answer, _sender_told(answer)
        settled = next(one for one in reversed(group.settled) if one.item is item)
        if settled.outcome is Outcome.ACCEPTED:
            self._learn(group, settled, number)
        return answer, Foreseen(outcome=settled.outcome, faults=tuple(_by_row(one, numbers) for one in settled.faults))

    def _again(self, item: Accepted, earlier: int) -> Judged:
        """The same bytes would get the same receipt; other ones have to have an identifier of their own."""
        if self._remembered.get(item.sha256.hex()) is not None:
            return Foreseen(outcome=Outcome.ACCEPTED)
        row = said("detail.row_of_batch", row=earlier)
        return SenderError(said("detail.reused", identifier=item.incoming.identifier, place=row))

    def _take_up_numbers(self, group: Group, item: Accepted) -> Mapping[str, int]:
        """Reckon with local reference numbers that were taken before; whose they are, by what stands for the ARC."""
        found = {lrn: self._remembered.get(_named("lrn", *lrn)) for lrn in item.incoming.asked.lrns}
        taken = {lrn: number for lrn, number in found.items() if number is not None}
        group.known.used_lrns.update({lrn: str(number) for lrn, number in taken.items()})
        return {str(number): number for number in taken.values()}

    def _learn(self, group: Group, settled: Settled, number: int) -> None:
        """Remember what a document would use, for those after it in this group and in later ones."""
        if (item := settled.item) is not None:
            for key in (_named(*item.identity), item.sha256.hex()):
                self._remembered[key] = number
            for lrn in item.incoming.asked.lrns:
                self._remembered[_named("lrn", *lrn)] = number
        brought = self._brought or Known(now=group.known.now, profile=group.known.profile, identifiers=iter(()))
        brought.learn(settled.answer)
        # What a movement takes up is entered by now; itself it is nowhere, and its ARC is told to nobody.
        brought.movements.clear()
        brought.used_lrns.clear()
        self._brought = brought


def take_together(
    committer: Committer, walked: Sequence[Walked], before: Rehearsal | None, now: datetime
) -> Sequence[Judged]:
    """Commit documents that were taken in, all of them or none; see :meth:`.Gateway.take_together`.

    Raises StoreUnavailable, and the defect that one of them runs into: then nothing was written.
    """
    items = [(number, one) for number, one in walked if isinstance(one, Accepted)]
    others = (one for _, one in walked if not isinstance(one, Accepted))
    writes = before is None and all(map(is_accepted, others))
    answers = iter(_judged(committer, items, before, now, writes=writes) if items else ())
    return [next(answers) if isinstance(one, Accepted) else one for _, one in walked]


def is_accepted(judged: Judged) -> bool:
    """Whether a document was accepted, or would be."""
    return not isinstance(judged, SenderError) and judged.outcome is Outcome.ACCEPTED


def _judged(
    committer: Committer, items: Sequence[_Item], before: Rehearsal | None, now: datetime, *, writes: bool
) -> Sequence[Judged]:
    with committer.store.transaction() as transaction:
        group, answers, judged = _rehearsed(committer, items, before, now, transaction)
        if not (writes and all(map(is_accepted, judged))):
            return judged
        group.sign(partial(committer.published, group))
        transaction.prepare(group.documents())
        if not transaction.lock():
            group, answers, judged = _rehearsed(committer, items, before, now, transaction)
            if not all(map(is_accepted, judged)):
                return judged
            group.sign(partial(committer.published, group))
        records = Filing.of(group, transaction).records
        transaction.write(records)
    return [_sender_told(placed(records, answer)) for answer in answers]


def _rehearsed(
    committer: Committer, items: Sequence[_Item], before: Rehearsal | None, now: datetime, asked: Transaction
) -> tuple[Group, list[AnyAnswer], list[Judged]]:
    """A group with its answers, by which it would be written, and what they come to."""
    _check_decidable([item for _, item in items], asked)
    group = committer.opened(asked, [item for _, item in items], now)
    group.keeps = group.signs_at_once = False
    rehearsal = before or Rehearsal({})
    rehearsal.begin(group)
    found = [
        rehearsal.judge(committer, group, item, number) for item, (number, _) in zip(group.items, items, strict=True)
    ]
    return group, [answer for answer, _ in found], [judged for _, judged in found]


def _check_decidable(items: Sequence[Accepted], asked: Transaction) -> None:
    """Raise what a document is told that has run into a defect of ours, now or before."""
    undecided = asked.undecided({item.signed_as for item in items})
    for item in items:
        if (kept := kept_before(item, undecided)) is not None:
            raise kept
        if item.defect:
            raise OwnError(said("detail.internal", name=item.defect))


def _sender_told(answer: Receipt | SenderError | OwnError | Placed) -> Judged:
    """An answer that its sender is told. Raises one that is ours."""
    if isinstance(answer, Receipt | SenderError):
        return answer
    raise answer if isinstance(answer, OwnError) else TypeError(answer)


def _by_row(fault: Fault, numbers: Mapping[str, int]) -> Fault:
    """A fault about a local reference number that another document has, which has no ARC to tell."""
    number = numbers.get(fault.arc or "")
    return fault if number is None else replace(fault, arc=None, hint=said("hint.lrn_of_row", row=number))


def _named(*parts: str) -> str:
    return "\x1f".join(parts)
