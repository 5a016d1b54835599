"""What agents have signed: each under a delegation that let them, and nothing of it without one."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, select

from esad_gateway.audit.belief import Holders
from esad_gateway.audit.findings import message, placed
from esad_gateway.faults import Said, said
from esad_gateway.store import tables

_done, _message, _carried, _row = tables.signed_for.c, tables.message.c, tables.carried.c, tables.delegation.c

_SIGNED = (
    select(
        *(_done.mailbox, _done.seq, _done.delegation.label("number")),
        *(_message.direction, _message.type, _message.recorded_at, _carried.fingerprint),
        *(_row.trader, _row.agent),
    )
    .select_from(tables.signed_for)
    .outerjoin(tables.message, (_message.mailbox == _done.mailbox) & (_message.seq == _done.seq))
    .outerjoin(tables.document, tables.document.c.sha256 == _message.document)
    .outerjoin(tables.carried, _carried.sha256 == tables.document.c.carried)
    .outerjoin(tables.delegation, _row.number == _done.delegation)
)
_OF_AGENTS = select(tables.certificate.c.fingerprint).where(tables.certificate.c.holder.in_(select(_row.agent)))
_OWN = select(tables.certificate.c.holder).where(
    tables.certificate.c.fingerprint == _carried.fingerprint, tables.certificate.c.holder == _message.mailbox
)
_UNTOLD = (
    select(_message.mailbox, _message.seq, _carried.fingerprint)
    .select_from(tables.message)
    .join(tables.document, tables.document.c.sha256 == _message.document)
    .join(tables.carried, _carried.sha256 == tables.document.c.carried)
    .outerjoin(tables.signed_for, (_done.mailbox == _message.mailbox) & (_done.seq == _message.seq))
    .where(_message.direction == "in", _done.delegation.is_(None))
    .where(_carried.fingerprint.in_(_OF_AGENTS), ~_OWN.exists())
)


def agents(connection: Connection, holders: Holders) -> Iterator[Said]:
    """Where it is not said, or said wrongly, who has signed for whom. Not checked: the signatures themselves."""
    for row in connection.execute(_SIGNED):
        yield from (placed(message(row.seq, row.mailbox), problem) for problem in _wrong(row, holders))
    for mailbox, seq, fingerprint in connection.execute(_UNTOLD):
        yield placed(message(seq, mailbox), said("found.signer_untold", fingerprint=fingerprint, signer=mailbox))


def _wrong(row: Any, holders: Holders) -> Iterator[Said]:
    if row.direction != "in":
        yield said("found.signed_for_none", number=row.number)
    elif row.trader is None:
        yield said("found.no_delegation", number=row.number)
    elif row.mailbox in holders.names(row.fingerprint):
        yield said("found.signed_for_itself", number=row.number, signer=row.mailbox)
    else:
        allowed = holders.agents_for(row.fingerprint, row.mailbox, row.type, row.recorded_at)
        if row.number not in {one.number for one in allowed}:
            yield said("found.signed_for_nobody", number=row.number, trader=row.trader, agent=row.agent)
