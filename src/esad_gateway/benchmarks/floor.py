"""The floor: what the C libraries need for a message when nothing is around them. No code of ours, no checks.

Every path is a bare sequence of library calls with everything prepared that can be prepared; no gateway can do less.
Nothing is synced to disk: rows go into one big transaction of a database in memory. ``DurableFloor`` is the same with a
file and a commit that is on disk for all documents that are handed over together, as a group of ours.
"""

import base64
import hashlib
import sqlite3
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeAlias

import zstandard
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from lxml import etree

PrivateKey: TypeAlias = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
Verify: TypeAlias = Callable[[bytes, bytes], None]
Sign: TypeAlias = Callable[[bytes], bytes]


class Floor:
    """``schema`` is the file of the IE815 schema; ``trader`` signed the drafts, ``administration`` signs ``e_sad``."""

    def __init__(self, schema: Path, trader: PrivateKey, administration: PrivateKey, e_sad: etree._Element) -> None:
        self._schema = etree.XMLSchema(etree.parse(schema))
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False)
        self._compressor = zstandard.ZstdCompressor(level=1)
        self._verify = _verification(trader.public_key())
        self._sign = _signature(administration)
        self._e_sad = e_sad
        self._database = self._opened()
        self._database.execute("CREATE TABLE message (sha256 BLOB PRIMARY KEY, body BLOB) WITHOUT ROWID")
        self._database.execute("BEGIN")

    def validate(self, drafts: Sequence[bytes]) -> None:
        """Parse, and ask libxml2 for the verdict."""
        parse, parser, validate = etree.fromstring, self._parser, self._schema.validate
        for draft in drafts:
            validate(parse(draft, parser))

    def store(self, documents: Sequence[bytes]) -> None:
        """Parse, two canonical forms, SHA-256, public key, verdict, compress, insert."""
        for document in documents:
            self._take(document)

    def round_trip(self, documents: Sequence[bytes]) -> None:
        """The same, and of an e-SAD that is already there one canonical form, SHA-256 and private key."""
        for document in documents:
            self._take(document)
            form = _form(self._e_sad)
            hashlib.sha256(form).digest()
            self._sign(form)

    def stored(self) -> int:
        """How many documents were inserted."""
        (count,) = self._database.execute("SELECT count(*) FROM message").fetchone()
        return int(count)

    def close(self) -> None:
        """Forget them."""
        self._database.close()

    def _opened(self) -> sqlite3.Connection:
        return sqlite3.connect(":memory:", isolation_level=None)

    def _take(self, document: bytes) -> None:
        root = etree.fromstring(document, self._parser)
        signature = root[-1]
        signed_info, value = _form(signature[0]), base64.b64decode(signature[1].text or "")
        root.remove(signature)
        digest = hashlib.sha256(_form(root)).digest()
        self._verify(value, signed_info)
        self._schema.validate(root)
        self._database.execute("INSERT INTO message VALUES (?, ?)", (digest, self._compressor.compress(document)))


class DurableFloor(Floor):
    """The floor with a database in the file ``path``, which must not exist: synced as the store syncs its own."""

    def __init__(
        self, path: Path, schema: Path, trader: PrivateKey, administration: PrivateKey, e_sad: etree._Element
    ) -> None:
        self._path = path
        super().__init__(schema, trader, administration, e_sad)

    def store(self, documents: Sequence[bytes]) -> None:
        """The same, and a commit."""
        super().store(documents)
        self._commit()

    def round_trip(self, documents: Sequence[bytes]) -> None:
        """The same, and a commit."""
        super().round_trip(documents)
        self._commit()

    def _opened(self) -> sqlite3.Connection:
        database = sqlite3.connect(self._path, isolation_level=None)
        for pragma in ("journal_mode=WAL", "synchronous=FULL"):
            database.execute(f"PRAGMA {pragma}")
        return database

    def _commit(self) -> None:
        self._database.execute("COMMIT")
        self._database.execute("BEGIN")


def _form(element: etree._Element) -> bytes:
    return etree.tostring(element, method="c14n", exclusive=True, with_comments=False)


def _verification(key: rsa.RSAPublicKey | ec.EllipticCurvePublicKey) -> Verify:
    """Raises InvalidSignature: the floor measures documents that are in order."""
    if isinstance(key, rsa.RSAPublicKey):
        scheme, hashing = padding.PKCS1v15(), hashes.SHA256()
        return lambda value, signed: key.verify(value, signed, scheme, hashing)
    ecdsa = ec.ECDSA(hashes.SHA256())

    def verify(value: bytes, signed: bytes) -> None:
        half = len(value) // 2
        der = encode_dss_signature(int.from_bytes(value[:half]), int.from_bytes(value[half:]))
        key.verify(der, signed, ecdsa)

    return verify


def _signature(key: PrivateKey) -> Sign:
    if isinstance(key, rsa.RSAPrivateKey):
        scheme, hashing = padding.PKCS1v15(), hashes.SHA256()
        return lambda data: key.sign(data, scheme, hashing)
    ecdsa = ec.ECDSA(hashes.SHA256())
    return lambda data: key.sign(data, ecdsa)
