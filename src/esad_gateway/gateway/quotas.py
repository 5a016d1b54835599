"""Quotas: how many refused and how many waiting messages of one sender the gateway keeps.

The store keeps both with their verdicts, so a sender that goes on sending them would fill it. The gateway judges what
comes beyond a quota, and does not keep it: it tells the sender the quota and when to try again. Nothing is lost, since
nothing was acknowledged. Messages that are accepted have no quota.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from esad_gateway.emcs.procedure import Answer
from esad_gateway.errors import OverQuota
from esad_gateway.faults import Said
from esad_gateway.gateway.group import Group
from esad_gateway.gateway.intake import Accepted
from esad_gateway.ports.reading import Outcome

_DAY: Final = timedelta(days=1)
_SOON: Final = timedelta(minutes=1)
"""When a place may be free for a message that has to wait: as soon as one of those that wait is decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """``refused`` messages of one sender, a trader or an administration, within a day; ``parked`` ones at a time."""

    refused: int = 10_000
    parked: int = 10_000

    def check(self, group: Group, item: Accepted, answer: Answer) -> None:
        """Raise OverQuota when a new message with this answer would be one too many of its sender.

        ``group`` has what it has settled already. One that waits already has its place.
        """
        if item.place is not None:
            return
        if answer.until is not None:
            self._check_parked(group, item.incoming.sender)
        elif answer.faults:
            self._check_refused(group, item.incoming.sender)

    def _check_parked(self, group: Group, sender: str) -> None:
        here = sum(one.is_new(sender, Outcome.PARKED) for one in group.settled)
        if group.asked.parked_of(sender) + here >= self.parked:
            raise OverQuota(sender, Said("detail.waiting"), "parked_at_once", self.parked, _SOON)

    def _check_refused(self, group: Group, sender: str) -> None:
        here = sum(one.is_new(sender, Outcome.REFUSED) for one in group.settled)
        now = group.known.now
        oldest = now if here >= self.refused else group.asked.nth_refused(sender, self.refused - here)
        if oldest is not None and (pause := oldest + _DAY - now) > timedelta():
            raise OverQuota(sender, Said("detail.refused"), "refused_a_day", self.refused, pause)
