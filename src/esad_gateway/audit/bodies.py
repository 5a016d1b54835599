"""What needs the file only: its structure, and the bytes of documents. Loads quickly: processes start with it."""

import hashlib
import re
import sqlite3
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import closing
from functools import lru_cache
from typing import Final

from esad_gateway.audit.findings import DATABASE, placed
from esad_gateway.errors import StoreDamaged
from esad_gateway.faults import Said, said
from esad_gateway.store.packing import unpack

_SHARE: Final = """
    SELECT document.sha256, body, text, size, fingerprint FROM document JOIN carried ON carried.sha256 = carried
    WHERE abs(document.rowid % ?) = ?
"""
_CERTIFICATES: Final = re.compile(rb"X509Certificate>([A-Za-z0-9+/=\s]+)<")
_SENDERS: Final = 100
"""How many certificates are remembered: most documents come with one that was seen just before."""


def structure(file: str) -> list[Said]:
    """What SQLite itself finds wrong with a database file, and with references in it."""
    with closing(sqlite3.connect(file, uri=True)) as connection:
        return [
            placed(DATABASE, said("found.pragma", pragma=pragma, row=str(row)))
            for pragma in ("integrity_check", "foreign_key_check")
            for row in connection.execute(f"PRAGMA {pragma}")
            if row != ("ok",)
        ]


def looked_at(file: str, share: int, shares: int) -> list[Said]:
    """What is wrong with a share of the documents in a database file. Not checked: signatures."""
    with closing(sqlite3.connect(file, uri=True)) as connection:
        return [
            placed(said("found.document", digest=sha256.hex()), problem)
            for sha256, *kept in connection.execute(_SHARE, (shares, share))
            for problem in _problems(sha256, *kept)
        ]


def _problems(sha256: bytes, packed: bytes, certificates: bytes, size: int, fingerprint: str) -> Iterator[Said]:
    try:
        body = unpack(packed, certificates)
    except StoreDamaged as error:
        yield said("found.not_unpacked", why=error.why)
        return
    if hashlib.sha256(body).digest() != sha256:
        yield Said("found.other_digest")
    if len(body) != size:
        yield said("found.size", bytes=said("count.bytes", count=len(body)), size=size)
    if fingerprint not in map(_fingerprint, _CERTIFICATES.findall(body)):
        yield said("found.no_certificate", fingerprint=fingerprint)


@lru_cache(_SENDERS)
def _fingerprint(text: bytes) -> str | None:
    """The fingerprint of a certificate in Base64; ``None`` for other text."""
    try:
        return hashlib.sha256(b64decode(text)).hexdigest()
    except NotBase64:
        return None
