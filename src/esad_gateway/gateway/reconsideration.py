"""Decides undecided messages when the defect is mended."""

from dataclasses import dataclass
from typing import Protocol

import structlog

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotDecided, OwnError, SenderError
from esad_gateway.gateway.access import Principal
from esad_gateway.gateway.commit import Committer
from esad_gateway.gateway.intake import Intake, Submission
from esad_gateway.ports.clock import Clock
from esad_gateway.ports.reading import Receipt
from esad_gateway.ports.writing import Undecided

log = structlog.get_logger(__name__)


class KeptUndecided(Protocol):
    """Where what is undecided is kept."""

    def find(self, reference: str) -> Undecided | None:
        """What waits under a reference; ``None`` when nothing does. Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """Decides undecided messages again."""

    kept: KeptUndecided
    intake: Intake
    committer: Committer
    clock: Clock

    def decide(self, reference: str, by: str) -> Receipt | SenderError | OwnError | None:
        """Decide the message that is kept under ``reference``; ``by`` is who asks for that.

        Signature and content are judged as of the moment at which the message came, the movement as it stands now. A
        message that runs into a defect again stays undecided, and so does one that is over a quota; then the answer is
        an exception. Returns ``None`` when nothing is kept under ``reference``. Raises StoreUnavailable.
        """
        one = self.kept.find(reference)
        if one is None:
            return None
        who = Principal(Origin(one.door))
        submission = Submission(raw=one.document.body, principal=who, channel="undecided")
        self.intake.forget(one.sha256)
        try:
            return self.committer.decide_again(self.intake.take(submission, one.at), reference, by, self.clock.now())
        except (SenderError, OwnError) as error:
            return error
        except Exception:
            log.exception("a message is still undecided", reference=reference)
            return NotDecided(reference, one.identifier, repeated=True)
