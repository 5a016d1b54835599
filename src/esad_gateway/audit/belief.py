"""Whom the check believes beside the configured CAs: those who were registered when a document came."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509
from sqlalchemy import Connection, select

from esad_gateway.audit.findings import placed
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.delegation import Delegation
from esad_gateway.faults import Said, said
from esad_gateway.signing.trust import Trust
from esad_gateway.store import tables
from esad_gateway.store.delegations import by_agent, delegation_of_row
from esad_gateway.store.rows import moment

_UNDER_WAY: Final = timedelta(minutes=1)
"""A signature is verified before the commit whose moment is kept: a certificate may have ended in between."""


class Anybody(Trust):
    """Asks of a certificate only whether it fits the document: whose it may be is asked elsewhere."""

    def check(self, certificate: x509.Certificate, at: datetime) -> None:
        """Believe it."""


class Use(NamedTuple):
    """That a certificate signed a document of ``signer``, which was recorded at ``at`` (as stored).

    ``kind`` is its type. ``doubt`` is why no configured CA stands for it as of then, ``None`` when one does.
    """

    place: Said
    fingerprint: str
    signer: str
    at: str
    doubt: Said | None
    kind: str = ""


class Holders:
    """Whose each certificate is or was, and when; ``ours`` are those of our administration ``own``, at all times.

    An office acts for its administration.
    """

    def __init__(self, connection: Connection, ours: Iterable[str], own: str) -> None:
        self._periods: defaultdict[str, list[tuple[str, str, str | None]]] = defaultdict(list)
        for row in connection.execute(select(tables.certificate)):
            holder = own if party_of(row.holder) is Party.OFFICE else row.holder
            self._periods[row.fingerprint].append((holder, row.believed_from, row.believed_until))
        for fingerprint in ours:
            self._periods[fingerprint].append((own, "", None))
        rows = connection.execute(select(tables.delegation)).mappings()
        self._agents = by_agent([delegation_of_row(row) for row in rows])

    def why_not(self, use: Use) -> Said | None:
        """What is wrong with a use of a certificate; ``None`` when it was registered then, or a CA stood for it."""
        if use.fingerprint not in self._periods:
            return use.doubt and placed(use.place, said("found.no_signer", doubt=use.doubt))
        periods = [(since, until) for who, since, until in self._periods[use.fingerprint] if who == use.signer]
        if not periods:
            if self.agents_for(use.fingerprint, use.signer, use.kind, use.at):
                return None
            return placed(use.place, said("found.other_holder", fingerprint=use.fingerprint, signer=use.signer))
        if any(_counts(period, use.at) for period in periods):
            return None
        told = said("found.not_believed", fingerprint=use.fingerprint, signer=use.signer, at=use.at)
        return placed(use.place, told)

    def names(self, fingerprint: str) -> frozenset[str]:
        """Everybody for whom a certificate is or was registered."""
        return frozenset(name for name, _, _ in self._periods.get(fingerprint, ()))

    def agents_for(self, fingerprint: str, trader: str, kind: str, at: str) -> tuple[Delegation, ...]:
        """The delegations under which the holders of a certificate could sign a kind of messages for a trader then."""
        names = [name for name, *period in self._periods.get(fingerprint, ()) if _counts(period, at)]
        rows = (one for name in names for one in self._agents.get(name, ()) if one.trader == trader)
        return tuple(one for one in rows if one.signs_kind(kind) and _counts(_period(one), at))


def _period(one: Delegation) -> tuple[str, str | None]:
    return moment(one.since), None if one.end is None else moment(one.end)


def _counts(period: Sequence[str | None], at: str) -> bool:
    """Whether a period covers a moment; it may have ended while the message was under way."""
    since, until = period
    return (since or "") <= at and (until is None or moment(datetime.fromisoformat(at) - _UNDER_WAY) < until)
