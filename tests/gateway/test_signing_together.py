"""A group is decided as a whole, and then signed as a whole."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime

from lxml import etree

from esad_gateway.errors import NotDecided
from esad_gateway.gateway.commit import Committer
from esad_gateway.ports.crypto import Signer
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.gateway import CONSIGNOR, Box, Station, new_draft


@dataclass
class Watched:
    """A signer that notes when it signs, and fails at documents with a certain text."""

    signer: Signer
    steps: list[str]
    fails_at: bytes | None = None
    fingerprint: str = field(init=False)

    def __post_init__(self) -> None:
        self.fingerprint = self.signer.fingerprint

    def sign(self, payload: etree._Element) -> bytes:
        """Not used here."""
        return self.signer.sign(payload)

    def sign_form(self, document: bytes) -> bytes:
        """Sign, or fail."""
        self.steps.append("signed")
        if self.fails_at is not None and self.fails_at in document:
            raise RuntimeError("this one cannot be signed")
        return self.signer.sign_form(document)


def watched(station: Station, steps: list[str], fails_at: str | None = None) -> Committer:
    """The committer of a station, which notes what it reserves and signs."""
    committer = station.runtime.committer
    signer = Watched(committer.signer(), steps, fails_at.encode() if fails_at else None)
    return replace(committer, signer=lambda: signer, new_arc=_noting(committer.new_arc, steps))


def _noting(new_arc: Callable[[datetime], str], steps: list[str]) -> Callable[[datetime], str]:
    def reserved(now: datetime) -> str:
        steps.append("decided")
        return new_arc(now)

    return reserved


def test_all_of_a_group_is_decided_before_any_of_it_is_signed(box: Box, lt: Station) -> None:
    """Three drafts are three decisions, and then three signatures."""
    steps: list[str] = []
    items = [lt.intake(box.signed(CONSIGNOR, new_draft())) for _ in range(3)]

    answers = watched(lt, steps).commit(items, lt.clock.at)

    assert [isinstance(one, Receipt) and one.outcome is Outcome.ACCEPTED for one in answers] == [True] * 3
    assert steps == ["decided"] * 3 + ["signed"] * 3


def test_message_that_cannot_be_signed_takes_nothing_of_its_group_with_it(box: Box, lt: Station) -> None:
    """It is kept as undecided, and the others are answered and written as if it had not been there."""
    drafts = [new_draft() for _ in range(3)]
    items = [lt.intake(box.signed(CONSIGNOR, draft)) for draft in drafts]
    second = drafts[1].ead_esad_draft.local_reference_number

    first, kept, third = watched(lt, [], second).commit(items, lt.clock.at)

    assert isinstance(first, Receipt)
    assert isinstance(kept, NotDecided)
    assert isinstance(third, Receipt)
    assert [one.arc for one in lt.mailbox(CONSIGNOR)] == [first.arc] * 2 + [third.arc] * 2
