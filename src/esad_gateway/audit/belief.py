"""Whom the check believes beside the configured CAs: those who were registered when a document came."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from cryptography import x509
from sqlalchemy import Connection, select

from esad_gateway.audit.findings import placed
from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.faults import Said, said
from esad_gateway.signing.trust import Trust
from esad_gateway.store import tables
from esad_gateway.store.rows import moment

_UNDER_WAY: Final = timedelta(minutes=1)
"""A signature is verified before the commit whose moment is kept: a certificate may have ended in between."""


class Anybody(Trust):
    """Asks of a certificate only whether it fits the document: whose it may be is asked elsewhere."""

    def check(self, certificate: x509.Certificate, at: datetime) -> None:
        """Believe it."""


class Use(NamedTuple):
    """That a certificate signed a document of ``signer``, which was recorded at ``at`` (as stored).

    ``doubt`` is why no configured CA stands for it as of then, ``None`` when one does.
    """

    place: Said
    fingerprint: str
    signer: str
    at: str
    doubt: Said | None


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

    def why_not(self, use: Use) -> Said | None:
        """What is wrong with a use of a certificate; ``None`` when it was registered then, or a CA stood for it."""
        if use.fingerprint not in self._periods:
            return use.doubt and placed(use.place, said("found.no_signer", doubt=use.doubt))
        periods = [(since, until) for who, since, until in self._periods[use.fingerprint] if who == use.signer]
        if not periods:
            return placed(use.place, said("found.other_holder", fingerprint=use.fingerprint, signer=use.signer))
        verified = moment(datetime.fromisoformat(use.at) - _UNDER_WAY)
        if any(since <= use.at and (until is None or verified < until) for since, until in periods):
            return None
        told = said("found.not_believed", fingerprint=use.fingerprint, signer=use.signer, at=use.at)
        return placed(use.place, told)
