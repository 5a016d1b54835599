"""Claims to deliver: which process sends to an administration, and until when."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, bindparam, delete, select

from esad_gateway.store import tables
from esad_gateway.store.database import locked
from esad_gateway.store.rows import moment
from esad_gateway.store.upserts import replacing

_claim = tables.delivery_claim.c
_OF_PEER = locked(
    select(_claim.holder, _claim.until).where(_claim.destination == bindparam("peer")), _claim.destination
)
_TAKE = replacing(tables.delivery_claim, "destination")
_GIVE_BACK = delete(tables.delivery_claim).where(_claim.holder == bindparam("whose"))


def claim(connection: Connection, peer: str, holder: str, now: Callable[[], datetime], lease: timedelta) -> bool:
    """Claim a peer for ``lease`` from ``now()`` on, or renew the claim; returns whether it is ours.

    ``connection`` is inside a write transaction, which others may have held up, so the clock is asked behind them.
    Another process's claim counts until it ends. When it ends a whole lease later than one could that is made now, the
    clock was put back since: then it does not count. Clocks of two machines may differ by less than that.
    """
    there = connection.execute(_OF_PEER, {"peer": peer}).first()
    at = now()
    if there is not None and there.holder != holder and at < datetime.fromisoformat(there.until) <= at + 2 * lease:
        return False
    connection.execute(_TAKE, {"destination": peer, "holder": holder, "until": moment(at + lease)})
    return True


def give_back(connection: Connection, holder: str) -> None:
    """End all claims of a holder."""
    connection.execute(_GIVE_BACK, {"whose": holder})
