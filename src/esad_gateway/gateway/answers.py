"""The answers of a group, which are told when everything that they tell of has its place."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeAlias

from esad_gateway.errors import IdentifierReused, NotDecided, OwnError, SenderError
from esad_gateway.gateway.group import Group
from esad_gateway.gateway.intake import Accepted
from esad_gateway.gateway.undecided import committed_before, keep
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Earlier, Records
from esad_gateway.xml.payload import same_content


@dataclass(frozen=True, slots=True)
class Placed:
    """The answer to a message of this group, told when it has its place; ``again`` is what uses its identity again."""

    item: Accepted
    again: Accepted | None = None

    def told(self, records: Records) -> Receipt | IdentifierReused:
        """The answer, when everything has its place."""
        earlier = records.receipts[self.item.identity]
        return again(self.again, earlier, lambda: self.item.raw) if self.again else earlier.receipt


AnyAnswer: TypeAlias = Receipt | SenderError | OwnError | Placed


def placed(records: Records, answer: AnyAnswer) -> Receipt | SenderError | OwnError:
    """An answer, when everything has its place."""
    return answer.told(records) if isinstance(answer, Placed) else answer


def again(item: Accepted, earlier: Earlier, first: Callable[[], bytes | None]) -> Receipt | IdentifierReused:
    """The answer to a message whose identity was used before, for the document that ``first`` gives."""
    content = None if earlier.sha256 == item.sha256 else first()
    # A client that saw no answer may sign again: with an EC key the bytes are others each time.
    if content is None or same_content(content, item.raw):
        return replace(earlier.receipt, repeated=True)
    done = earlier.receipt
    return IdentifierReused(item.incoming.identifier, done.mailbox, done.seq, done.arc)


def told(group: Group, item: Accepted, defect: str) -> Receipt | NotDecided:
    """The answer to a message that runs into a defect: its first receipt when there is one, and else it is kept."""
    done = committed_before(group.asked, item)
    return replace(done, repeated=True) if done is not None else keep(group.records, item, defect)
