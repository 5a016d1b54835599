"""Documents as rows: packed, and their certificates apart, once for all documents of a signer that carry the same."""

from collections.abc import Mapping
from hashlib import sha256
from types import MappingProxyType
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, RowMapping

from esad_gateway.ports.writing import Document
from esad_gateway.store import tables
from esad_gateway.store.database import Row
from esad_gateway.store.packing import cut, pack, unpack

WHOLE: Final = tables.document.join(tables.carried)
"""Documents with what they carry."""

BODY: Final[tuple[ColumnElement[Any], ...]] = (tables.document.c.body, tables.carried.c.text.label("certificates"))
"""The columns of ``WHOLE`` that ``body_of`` reads."""

SIGNER: Final = tables.carried.c.fingerprint
"""The column of ``WHOLE`` that says with which certificate a document was signed."""


def body_of(row: Row | RowMapping) -> bytes:
    """The bytes of a document, of a row with the columns of ``BODY``. Raises StoreDamaged."""
    return unpack(row["body"], row["certificates"])


NAME_BYTES: Final = 16
"""How much of a digest names a row of ``carried``: each document repeats it, and half is enough to tell signers apart.
Who finds two texts with the same half has spoiled documents of its own, whose digests are whole."""


def name_of(fingerprint: str, certificates: bytes) -> bytes:
    """The name of a row of ``carried``: the beginning of the SHA-256 digest of what is in it."""
    return sha256(fingerprint.encode() + certificates).digest()[:NAME_BYTES]


class Packed(NamedTuple):
    """The bytes of a document as they are kept: compressed without its certificates, and these as they stand in it."""

    body: bytes
    certificates: bytes


def packed(body: bytes) -> Packed:
    """The bytes of a document as they are kept."""
    rest, certificates = cut(body)
    return Packed(pack(rest), certificates)


def document_rows(
    documents: Mapping[bytes, Document],
    received: Mapping[bytes, Mapping[str, Any]],
    ready: Mapping[bytes, Packed] = MappingProxyType({}),
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Documents by their digest as rows, and the rows of ``carried`` that these need, each once.

    ``received`` are the rows of the messages that documents came as; of our own ones there is none. ``ready`` are those
    that were packed before.
    """
    rows, carried = [], {}
    for digest, document in documents.items():
        body, certificates = ready.get(digest) or packed(document.body)
        name, came = name_of(document.fingerprint, certificates), received.get(digest)
        carried[name] = {"sha256": name, "fingerprint": document.fingerprint, "text": certificates}
        rows.append(
            {
                "sha256": digest,
                "body": body,
                "carried": name,
                "size": len(document.body),
                "mailbox": came and came["mailbox"],
                "seq": came and came["seq"],
            }
        )
    return rows, list(carried.values())
