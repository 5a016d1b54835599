"""What signing in keeps between two requests, for every process on the store: each is taken once."""

from datetime import datetime
from hashlib import sha256
from typing import Final

from sqlalchemy import bindparam, delete, func, insert, select

from esad_gateway.errors import Busy
from esad_gateway.faults import Said
from esad_gateway.store.database import writing
from esad_gateway.store.national.sign_in_tables import sign_in_step
from esad_gateway.store.rows import moment
from esad_gateway.store.store import SqlStore

MOST: Final = 10_000
"""How many are kept at a time: anybody may begin to sign in, and each attempt is a row until its end."""

_step = sign_in_step.c
_COUNT: Final = select(func.count()).select_from(sign_in_step)
_OVER: Final = delete(sign_in_step).where(_step.until <= bindparam("now"))
_KEEP: Final = insert(sign_in_step)
_TAKE: Final = delete(sign_in_step).where(_step.sha256 == bindparam("digest")).returning(_step.content, _step.until)


class SignInSteps:
    """``ports.SingleUse`` in the store. The secrets themselves are kept nowhere."""

    def __init__(self, store: SqlStore, most: int = MOST) -> None:
        self._store = store
        self._most = most

    def keep(self, secret: str, content: str, until: datetime, now: datetime) -> None:
        """Keep a text until then; what is over is forgotten. Raises Busy where as many are kept as may be."""
        with writing(self._store.writer) as connection:
            connection.execute(_OVER, {"now": moment(now)})
            if connection.execute(_COUNT).scalar_one() >= self._most:
                raise Busy(Said("sign_in.visitor.full"))
            connection.execute(_KEEP, {"sha256": _digest(secret), "content": content, "until": moment(until)})

    def take(self, secret: str, now: datetime) -> str | None:
        """The text, which is then gone; ``None`` when there is none, or its time is over."""
        with writing(self._store.writer) as connection:
            row = connection.execute(_TAKE, {"digest": _digest(secret)}).one_or_none()
        return row.content if row is not None and moment(now) < row.until else None


def _digest(secret: str) -> bytes:
    return sha256(secret.encode()).digest()
