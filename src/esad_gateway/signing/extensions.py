"""Reading X.509 certificates and lists: what is absent is ``None``, what is unreadable is one tuple of exceptions."""

from typing import Final, TypeVar

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

UNREADABLE: Final = (
    ValueError,
    UnsupportedAlgorithm,
    x509.DuplicateExtension,
    x509.InvalidVersion,
    x509.UnsupportedGeneralNameType,
)
"""What reading a certificate or list may raise: their parts are parsed when they are first asked for."""

E = TypeVar("E", bound=x509.ExtensionType)


def extension(extensions: x509.Extensions, kind: type[E]) -> E | None:
    """The value of the one extension of this kind, ``None`` when it is absent."""
    try:
        return extensions.get_extension_for_class(kind).value
    except x509.ExtensionNotFound:
        return None
