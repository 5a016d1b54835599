"""The webhooks of traders in the store: where they are, how far each has come, and what nobody took."""

from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, RowMapping, bindparam, delete, func, insert, or_, select, update

from esad_gateway.ports.clock import Due, What
from esad_gateway.ports.reading import Listed
from esad_gateway.ports.webhooks import DeadLetter, Progress, Webhook, WebhookStanding
from esad_gateway.store import tables
from esad_gateway.store.database import looking, reading, writing
from esad_gateway.store.rows import as_written, listed_of_row, moment
from esad_gateway.store.store import SqlStore
from esad_gateway.store.upserts import replacing
from esad_gateway.store.webhook_tables import AGAIN, dead_letter, webhook

_webhook = webhook.c
_dead = dead_letter.c
_message = tables.message.c
_mailbox = tables.mailbox.c

_COLUMNS: Final = tables.message.columns.keys()

_WITH_NEWEST: Final = webhook.outerjoin(tables.mailbox, _mailbox.name == _webhook.trader)
_NEWEST: Final = func.coalesce(_mailbox.last_seq, 0)
_MANY_DEAD: Final = select(func.count()).where(_dead.webhook == _webhook.id).scalar_subquery()
_STANDING: Final = (
    select(webhook, (_NEWEST - _webhook.after).label("waiting"), _MANY_DEAD.label("dead"))
    .select_from(_WITH_NEWEST)
    .where(_webhook.trader == bindparam("owner"))
    .order_by(_webhook.created_at, _webhook.id)
)
_ONE: Final = _STANDING.where(_webhook.id == bindparam("wanted"))
_MANY: Final = select(func.count()).select_from(webhook).where(_webhook.trader == bindparam("owner"))
_LAST_SEQ: Final = select(_mailbox.last_seq).where(_mailbox.name == bindparam("owner"))
_TO_BE_TOLD: Final = or_(
    _webhook.after < _NEWEST, _webhook.id.in_(select(_dead.webhook).where(AGAIN).scalar_subquery())
)
_BEHIND: Final = select(webhook).select_from(_WITH_NEWEST).where(_TO_BE_TOLD)
_LINES: Final = (
    select(tables.message)
    .where(_message.mailbox == bindparam("owner"), _message.seq > bindparam("after"))
    .order_by(_message.seq)
    .limit(bindparam("most"))
)
_LETTERS: Final = (
    select(dead_letter)
    .where(_dead.webhook == bindparam("of"), _dead.seq > bindparam("after"))
    .order_by(_dead.seq)
    .limit(bindparam("most"))
)
_LETTERS_AGAIN: Final = (
    select(dead_letter, *(column.label(f"message_{column.name}") for column in _message))
    .select_from(
        dead_letter.join(webhook).join(
            tables.message, (_message.mailbox == _webhook.trader) & (_message.seq == _dead.seq)
        )
    )
    .where(_dead.webhook == bindparam("of"), AGAIN)
    .order_by(_dead.seq)
)
_COME_SO_FAR: Final = (
    update(webhook)
    .where(_webhook.id == bindparam("of"))
    .values({name: bindparam(f"now_{name}") for name in ("after", "tries", "failing_since", "next_try", "last_error")})
)
_BURY: Final = replacing(dead_letter, "webhook", "seq")
_TAKE_AWAY: Final = delete(dead_letter).where(_dead.webhook == bindparam("of"), _dead.seq == bindparam("number"))


class Webhooks:
    """The webhooks of one administration; see ``ports.webhooks.WebhookStore``. Not checked: who may ask."""

    def __init__(self, store: SqlStore) -> None:
        self._store = store

    def add(self, added: Webhook, most: int) -> bool:
        """Add one, unless its trader has ``most`` already; returns whether it was added."""
        with writing(self._store.writer) as connection:
            if connection.execute(_MANY, {"owner": added.trader}).scalar_one() >= most:
                return False
            connection.execute(insert(webhook), _row(added))
        return True

    def of(self, trader: str) -> Sequence[WebhookStanding]:
        """Those of a trader, the oldest first."""
        with reading(self._store.reader) as connection:
            return list(map(_standing, connection.execute(_STANDING, {"owner": trader}).mappings()))

    def find(self, trader: str, wanted: str) -> WebhookStanding | None:
        """One of a trader; ``None`` for one that there is not, or that is somebody else's."""
        with reading(self._store.reader) as connection:
            row = connection.execute(_ONE, {"owner": trader, "wanted": wanted}).mappings().first()
        return None if row is None else _standing(row)

    def remove(self, trader: str, removed: str) -> bool:
        """Remove one with its dead letters; returns whether there was one."""
        with writing(self._store.writer) as connection:
            if not _has(connection, trader, removed):
                return False
            connection.execute(delete(dead_letter).where(_dead.webhook == removed))
            connection.execute(delete(webhook).where(_webhook.id == removed))
        return True

    def rotate(self, trader: str, rotated: str, salt: bytes, until: datetime) -> bool:
        """Give it another secret; the one until now signs beside it ``until`` a moment. Whether there was one."""
        new = {"salt": salt, "previous_salt": _webhook.salt, "previous_until": moment(until)}
        with writing(self._store.writer) as connection:
            done = connection.execute(update(webhook).where(_owned(trader, rotated)).values(new))
            return done.rowcount > 0

    def newest(self, trader: str) -> int:
        """The number of the newest message of a mailbox; 0 when it has none."""
        with looking(self._store.reader) as driver:
            return int(driver.value(_LAST_SEQ, {"owner": trader}) or 0)

    def due(self, now: datetime, longest: timedelta) -> Sequence[Webhook]:
        """Those that have something to be told of now; a try later than ``longest`` from now is due as well."""
        return [one for one in self._behind() if _next_try(one, now, longest) <= now]

    def upcoming(self, now: datetime, longest: timedelta) -> Due | None:
        """When the first of them has something to be told of; ``None`` for nothing."""
        moments = (_next_try(one, now, longest) for one in self._behind())
        return min((Due(at, What.NOTIFIED) for at in moments), default=None)

    def lines(self, told: Webhook, limit: int) -> Sequence[Listed]:
        """The next messages of its mailbox, all of them, as many as ``limit``."""
        with looking(self._store.reader) as driver:
            rows = driver.rows(_LINES, {"owner": told.trader, "after": told.after, "most": limit})
        return list(map(listed_of_row, rows))

    def dead_letters(self, of: str, after: int, limit: int) -> Sequence[DeadLetter]:
        """What it did not take, by the number in the mailbox."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(_LETTERS, {"of": of, "after": after, "most": limit}).mappings()
            return list(map(_letter, rows))

    def letters_again(self, of: str) -> Sequence[tuple[DeadLetter, Listed]]:
        """What somebody wants sent once more."""
        with reading(self._store.reader) as connection:
            rows = connection.execute(_LETTERS_AGAIN, {"of": of}).mappings().all()
        return [(_letter(row), listed_of_row({name: row[f"message_{name}"] for name in _COLUMNS})) for row in rows]

    def send_again(self, of: str, seqs: Collection[int] | None) -> Sequence[int]:
        """Have dead letters sent once more, ``None`` for all of them, and that at once; returns which."""
        wanted = update(dead_letter).where(_dead.webhook == of).values(again=True).returning(_dead.seq)
        if seqs is not None:
            wanted = wanted.where(_dead.seq.in_(seqs))
        with writing(self._store.writer) as connection:
            found = sorted(connection.execute(wanted).scalars())
            if found:
                connection.execute(update(webhook).where(_webhook.id == of).values(next_try=None))
        return found

    def record(self, progress: Sequence[Progress]) -> None:
        """Write down how far webhooks have come; of one that was removed meanwhile nothing is written."""
        with writing(self._store.writer) as connection:
            for one in progress:
                if connection.execute(_COME_SO_FAR, _come(one)).rowcount:
                    _write_letters(connection, one)

    def claim(self, peer: str, holder: str, now: Callable[[], datetime], lease: timedelta) -> bool:
        """As ``ports.outbox.Outbox.claim``."""
        return self._store.claim(peer, holder, now, lease)

    def give_back(self, holder: str) -> None:
        """As ``ports.outbox.Outbox.give_back``."""
        self._store.give_back(holder)

    def _behind(self) -> Sequence[Webhook]:
        with reading(self._store.reader) as connection:
            return list(map(_of_row, connection.execute(_BEHIND).mappings()))


def _write_letters(connection: Connection, one: Progress) -> None:
    for letter in one.dead:
        connection.execute(_BURY, _row_of_letter(letter))
    for number in one.taken:
        connection.execute(_TAKE_AWAY, {"of": one.id, "number": number})


def _owned(trader: str, wanted: str) -> ColumnElement[bool]:
    return (_webhook.trader == trader) & (_webhook.id == wanted)


def _has(connection: Connection, trader: str, wanted: str) -> bool:
    return connection.execute(select(_webhook.id).where(_owned(trader, wanted))).first() is not None


def _next_try(one: Webhook, now: datetime, longest: timedelta) -> datetime:
    """When it is to be called; what was set by a clock that was put back since is due now."""
    at = one.next_try or now
    return now if at > now + longest else at


def _row(one: Webhook) -> dict[str, Any]:
    moments = ("previous_until", "created_at", "failing_since", "next_try")
    plain = ("id", "trader", "url", "salt", "previous_salt", "direction", "after", "tries", "last_error")
    row = {name: getattr(one, name) for name in plain} | {name: _stored(getattr(one, name)) for name in moments}
    return {**row, "types": ",".join(one.types)}


def _come(one: Progress) -> dict[str, Any]:
    come = {
        "after": one.after,
        "tries": one.tries,
        "failing_since": _stored(one.failing_since),
        "next_try": _stored(one.next_try),
        "last_error": one.last_error,
    }
    return {"of": one.id} | {f"now_{name}": value for name, value in come.items()}


def _row_of_letter(one: DeadLetter) -> dict[str, Any]:
    told = {"tries": one.tries, "reason": one.reason, "again": one.again}
    return {"webhook": one.webhook, "seq": one.seq, "at": moment(one.at), **told}


def _stored(at: datetime | None) -> str | None:
    return moment(at) if at else None


def _read(at: str | None) -> datetime | None:
    return datetime.fromisoformat(at) if at else None


@as_written
def _of_row(row: RowMapping) -> Webhook:
    return Webhook(
        id=row["id"],
        trader=row["trader"],
        url=row["url"],
        salt=row["salt"],
        previous_salt=row["previous_salt"],
        previous_until=_read(row["previous_until"]),
        types=tuple(row["types"].split(",")) if row["types"] else (),
        direction=row["direction"],
        created_at=datetime.fromisoformat(row["created_at"]),
        after=row["after"],
        tries=row["tries"],
        failing_since=_read(row["failing_since"]),
        next_try=_read(row["next_try"]),
        last_error=row["last_error"],
    )


def _standing(row: RowMapping) -> WebhookStanding:
    return WebhookStanding(webhook=_of_row(row), waiting=row["waiting"], dead=row["dead"])


@as_written
def _letter(row: RowMapping) -> DeadLetter:
    return DeadLetter(
        webhook=row["webhook"],
        seq=row["seq"],
        at=datetime.fromisoformat(row["at"]),
        tries=row["tries"],
        reason=row["reason"],
        again=row["again"],
    )
