"""Documents by where they stand."""

from collections.abc import Iterator

from sqlalchemy import Connection, select

from esad_gateway.audit.findings import message, placed
from esad_gateway.faults import Said, said
from esad_gateway.store import tables
from esad_gateway.store.documents import name_of
from esad_gateway.store.rows import entries_of

_document = tables.document.c
_message = tables.message.c
_RECEIVED_ELSEWHERE = (
    select(_message.mailbox, _message.seq)
    .join(tables.document, _document.sha256 == _message.document)
    .where(_message.direction == "in")
    .where(_document.mailbox.is_distinct_from(_message.mailbox) | _document.seq.is_distinct_from(_message.seq))
)
_NEVER_RECEIVED = (
    select(_document.sha256)
    .outerjoin(tables.message, (_message.mailbox == _document.mailbox) & (_message.seq == _document.seq))
    .where(_document.mailbox.is_not(None) | _document.seq.is_not(None))
    .where(_message.document.is_distinct_from(_document.sha256) | _message.direction.is_distinct_from("in"))
)
_OF_NOBODY = (
    select(_document.sha256)
    .where(_document.sha256.not_in(select(_message.document)))
    .where(_document.sha256.not_in(select(tables.held.c.document)))
)


def documents(connection: Connection) -> Iterator[Said]:
    """Documents that stand elsewhere than they say, or nowhere, and certificates that are not as they were.

    Not checked: the bytes of documents, and signatures.
    """
    for row in connection.execute(_RECEIVED_ELSEWHERE):
        yield placed(message(row.seq, row.mailbox), Said("found.received_elsewhere"))
    for digest in connection.execute(_NEVER_RECEIVED).scalars():
        yield placed(said("found.document", digest=digest.hex()), Said("found.not_received"))
    for row in connection.execute(select(tables.carried)):
        if name_of(row.fingerprint, row.text) != row.sha256:
            yield placed(said("found.certificates", digest=row.sha256.hex()), Said("found.other_certificates"))
    for digest in set(connection.execute(_OF_NOBODY).scalars()) - _for_later(connection):
        yield placed(said("found.document", digest=digest.hex()), Said("found.in_no_mailbox"))


def _for_later(connection: Connection) -> set[bytes]:
    """The documents of entries that are held."""
    texts = connection.execute(select(tables.held.c.entries)).scalars()
    return {entry.document for text in texts for entry in entries_of(text)}
