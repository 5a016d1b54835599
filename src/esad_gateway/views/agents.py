"""JSON views of delegations: who acts for whom."""

from datetime import datetime, tzinfo
from typing import Any

from esad_gateway.emcs.delegation import Delegation
from esad_gateway.emcs.moments import local


def delegation_view(one: Delegation, zone: tzinfo) -> dict[str, Any]:
    """A delegation: whose, to whom, which kinds of messages, and its moments as clocks in ``zone`` show them."""
    return {
        "number": one.number,
        "trader": one.trader,
        "agent": one.agent,
        "signs": sorted(one.signs),
        "reads": sorted(one.reads),
        "since": _shown(one.since, zone),
        "until": _shown(one.until, zone),
        "revokedAt": _shown(one.revoked_at, zone),
    }


def _shown(at: datetime | None, zone: tzinfo) -> str | None:
    return None if at is None else local(at, zone).isoformat(timespec="seconds")
