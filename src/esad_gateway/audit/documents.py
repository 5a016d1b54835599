"""Documents by their bytes: unpacked, digested, measured, and the certificate in them looked at."""

import hashlib
import os
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context
from typing import Final, TypeAlias, TypeVar

from sqlalchemy import Connection, select
from zstandard import ZstdError

from esad_gateway.store import tables
from esad_gateway.store.rows import entries_of, unpack

Kept: TypeAlias = tuple[bytes, bytes, int, str]
"""A row of ``document``: digest, packed bytes, size, and the fingerprint of the certificate."""

_Item = TypeVar("_Item")
_Found = TypeVar("_Found")

_CHUNK: Final = 250
_FEW: Final = 8
_FEW_DIGESTS: Final = 100
"""How many chunks are looked at here: other processes would only have started by then."""

_document = tables.document.c
_message = tables.message.c
_KEPT = select(_document.sha256, _document.body, _document.size, _document.fingerprint)
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
_CERTIFICATES: Final = re.compile(rb"X509Certificate>([A-Za-z0-9+/=\s]+)<")


def documents(connection: Connection) -> Iterator[str]:
    """What is wrong with the documents of a store, each looked at once. Not checked: signatures."""
    rows = connection.execution_options(yield_per=_CHUNK).execute(_KEPT)
    yield from spread((tuple(row) for row in rows), _looked_at, _FEW_DIGESTS)
    for row in connection.execute(_RECEIVED_ELSEWHERE):
        yield f"message {row.seq} of {row.mailbox}: its document says that it was received elsewhere"
    for digest in connection.execute(_NEVER_RECEIVED).scalars():
        yield f"document {digest.hex()}: it was not received where it says"
    for digest in set(connection.execute(_OF_NOBODY).scalars()) - _for_later(connection):
        yield f"document {digest.hex()}: it stands in no mailbox"


def _for_later(connection: Connection) -> set[bytes]:
    """The documents of entries that are held."""
    texts = connection.execute(select(tables.held.c.entries)).scalars()
    return {entry.document for text in texts for entry in entries_of(text)}


def spread(
    items: Iterable[_Item], work: Callable[[Sequence[_Item]], list[_Found]], few: int = _FEW
) -> Iterator[_Found]:
    """What ``work`` finds in chunks of the items: the first ``few`` are worked on here, others by a process a core."""
    remaining = iter(items)
    for chunk in islice(iter(lambda: list(islice(remaining, _CHUNK)), []), few):
        yield from work(chunk)
    first = list(islice(remaining, _CHUNK))
    if not first:
        return
    # Not forked: a lock that another thread holds just now would be held for ever.
    with ProcessPoolExecutor(os.cpu_count(), get_context("spawn")) as pool:
        under_way = [pool.submit(work, first)]
        for chunk in iter(lambda: list(islice(remaining, _CHUNK)), []):
            under_way.append(pool.submit(work, chunk))
            # So that no more than a few chunks are in memory.
            if len(under_way) > _FEW:
                yield from under_way.pop(0).result()
        for one in under_way:
            yield from one.result()


def _looked_at(kept: Sequence[Kept]) -> list[str]:
    return [f"document {one[0].hex()}: {problem}" for one in kept for problem in _problems(*one)]


def _problems(sha256: bytes, packed: bytes, size: int, fingerprint: str) -> Iterator[str]:
    try:
        body = unpack(packed)
    except ZstdError:
        yield "its bytes cannot be unpacked"
        return
    if hashlib.sha256(body).digest() != sha256:
        yield "its bytes have another digest"
    if len(body) != size:
        yield f"it has {len(body)} bytes, and should have {size}"
    if fingerprint not in _fingerprints(body):
        yield f"the certificate {fingerprint} is not in it"


def _fingerprints(body: bytes) -> Iterator[str]:
    for text in _CERTIFICATES.findall(body):
        try:
            yield hashlib.sha256(b64decode(text)).hexdigest()
        except NotBase64:
            continue
