"""The floor of signed drafts: what libxml2, OpenSSL and the disk take for them when nothing is around them."""

import base64
import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from lxml import etree

GROUP: Final = 400
"""Drafts that are synced together: as many as the worker commits at once, at most."""

_SIGNED_INFO: Final = (
    '<ds:SignedInfo xmlns:ds="http://www.w3.org/2000/09/xmldsig#">'
    '<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"></ds:CanonicalizationMethod>'
    '<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"></ds:SignatureMethod>'
    '<ds:Reference URI=""><ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"></ds:DigestMethod>'
    "<ds:DigestValue>{}</ds:DigestValue></ds:Reference></ds:SignedInfo>"
)


class DraftFloor:
    """Signs drafts that exist as bytes by ``key``, valid by the file ``schema``, into the new file ``path``."""

    def __init__(self, path: Path, schema: Path, key: ec.EllipticCurvePrivateKey) -> None:
        self._schema = etree.XMLSchema(etree.parse(schema))
        self._parser = etree.XMLParser(resolve_entities=False, no_network=True, collect_ids=False)
        self._key = key
        self._ecdsa = ec.ECDSA(hashes.SHA256())
        self._file = path.open("xb")

    def sign(self, drafts: Sequence[bytes]) -> None:
        """Parse, the schema's verdict, canonical form, SHA-256, signature, written; one sync a group."""
        for begin in range(0, len(drafts), GROUP):
            for draft in drafts[begin : begin + GROUP]:
                self._file.write(self._signed(draft))
            self._file.flush()
            os.fsync(self._file.fileno())

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    def _signed(self, draft: bytes) -> bytes:
        root = etree.fromstring(draft, self._parser)
        if not self._schema.validate(root):
            raise ValueError(draft)
        form = etree.tostring(root, method="c14n", exclusive=True, with_comments=False)
        info = _SIGNED_INFO.format(base64.b64encode(hashlib.sha256(form).digest()).decode()).encode()
        return form + info + self._key.sign(info, self._ecdsa)
