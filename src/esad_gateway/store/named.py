"""Registered certificates by what names them beside themselves: issuer and serial number, or their key's identifier."""

import re
from collections import defaultdict
from collections.abc import Sequence
from functools import lru_cache
from threading import Lock
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import bindparam, select

from esad_gateway.ports.certificates import IssuerSerial, SubjectKey
from esad_gateway.store import tables
from esad_gateway.store.database import looking
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore

_certificate = tables.certificate.c
_EVERY = select(_certificate.fingerprint).distinct()
_PEM = select(_certificate.pem).where(_certificate.fingerprint == bindparam("sha")).limit(1)

_CACHED: Final = 1_024  # certificates
_ENCODED: Final = re.compile(r"=\s*#")
"""A value in hexadecimal, as Java writes those of attributes that it has no name for."""


class NamedCertificates:
    """``ports.RegisteredCertificates`` of a store. Each certificate is read once, when one is first asked for so."""

    def __init__(self, store: SqlStore, registry: Registry) -> None:
        self._store = store
        self._registry = registry
        self._lock = Lock()
        self._version = -1
        self._read: set[str] = set()
        self._by: defaultdict[int | bytes, list[str]] = defaultdict(list)
        self._certificate = lru_cache(maxsize=_CACHED)(self._certificate_of)

    def named(self, by: IssuerSerial | SubjectKey) -> Sequence[bytes]:
        """The certificates (DER) that are meant. Raises StoreUnavailable."""
        with self._lock:
            self._follow()
            found = [self._certificate(one) for one in self._by.get(_key(by), ())]
        meant = [one for one in found if isinstance(by, SubjectKey) or _is_issuer(one.issuer, by.issuer)]
        return [one.public_bytes(Encoding.DER) for one in meant]

    def _follow(self) -> None:
        """Read the certificates that were registered since."""
        version = self._registry.version()
        if version == self._version:
            return
        with looking(self._store.reader) as driver:
            registered = {row["fingerprint"] for row in driver.rows(_EVERY)}
        for fingerprint in sorted(registered - self._read):
            certificate = self._certificate_of(fingerprint)
            for key in (certificate.serial_number, _identifier(certificate)):
                self._by[key].append(fingerprint)
            self._read.add(fingerprint)
        self._version = version

    def _certificate_of(self, fingerprint: str) -> x509.Certificate:
        with looking(self._store.reader) as driver:
            return x509.load_pem_x509_certificate(driver.value(_PEM, {"sha": fingerprint}).encode())


def _key(by: IssuerSerial | SubjectKey) -> int | bytes:
    return by.identifier if isinstance(by, SubjectKey) else by.serial


def _identifier(certificate: x509.Certificate) -> bytes:
    """The identifier of the key by its extension, or as RFC 5280 (4.2.1.2) makes it where there is none."""
    try:
        return certificate.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest
    except (x509.ExtensionNotFound, ValueError):
        return x509.SubjectKeyIdentifier.from_public_key(certificate.public_key()).digest


def _is_issuer(issuer: x509.Name, text: str) -> bool:
    """Whether text can stand for a name: it holds every value, in whatever order and under whatever names.

    Programs write names in ways of their own. It is a pointer only: the key of what it leads to has to verify.
    """
    plain = text.replace("\\", "").casefold()
    return _ENCODED.search(text) is not None or all(str(one.value).casefold() in plain for one in issuer)
