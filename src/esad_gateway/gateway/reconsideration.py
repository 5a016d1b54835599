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
from esad_gateway.ports.writing import Ended, Undecided

log = structlog.get_logger(__name__)


class KeptUndecided(Protocol):
    """Where what is undecided is kept."""

    def find(self, reference: str) -> Undecided | Ended | None:
        """What waits under a reference; ``None`` when nothing does. Raises StoreUnavailable."""


@dataclass(frozen=True, slots=True)
class Reconsideration:
    """Decides again what is undecided."""

    kept: KeptUndecided
    intake: Intake
    committer: Committer
    clock: Clock

    def decide(self, reference: str, by: str) -> Receipt | Ended | SenderError | OwnError | None:
        """Decide what is kept under ``reference``; ``by`` is who asks for that.

        Signature and content are judged as of the moment at which the message came, the movement as it stands now. A
        message that runs into a defect again stays undecided, and so does one that is over a quota; then the answer is
        an exception. A clock or a parked message acts as at the moment at which its time ended, and is itself the
        answer. Returns ``None`` when nothing is kept under ``reference``. Raises StoreUnavailable.
        """
        one = self.kept.find(reference)
        if one is None:
            return None
        if isinstance(one, Ended):
            return self.committer.end_again(one, by, self.clock.now()) or one
        return self._decide(one, by)

    def _decide(self, one: Undecided, by: str) -> Receipt | SenderError | OwnError:
        reference = one.reference
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
