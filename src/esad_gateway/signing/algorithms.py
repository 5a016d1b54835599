"""The two signature algorithms of ESAD-SIG-1, in one table: which keys each takes, how it verifies, how it signs.

Both write and read the signature value as XML signatures do: RSA as the block itself, ECDSA as ``r`` and ``s`` in
32 bytes each (RFC 6931 2.3.6), not as the DER sequence that X.509 uses.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, TypeAlias

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes, PublicKeyTypes
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature

from esad_gateway.faults import Said, Value, said
from esad_gateway.signing.profile import ECDSA_SHA256, MAX_RSA_BITS, MIN_RSA_BITS, P256_BYTES, RSA_SHA256

Check: TypeAlias = Callable[[bytes, bytes], bool]
"""(signature value, signed bytes) -> whether the signature holds."""
Sign: TypeAlias = Callable[[bytes], bytes]
"""Bytes to sign -> signature value."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Algorithm:
    """A signature algorithm: its URI, its name, the keys it takes in words, and both directions.

    ``check`` and ``sign`` give ``None`` for a key that the algorithm does not take. ``may_have`` says whether a value
    of so many bytes can come from any key of its kind, also from one that is refused by name later (step 14);
    ``length`` is the one length that a key writes.
    """

    uri: str
    name: str
    key: Said
    may_have: Callable[[int], bool]
    length: Callable[[PublicKeyTypes], int]
    length_in_words: Said
    check: Callable[[PublicKeyTypes], Check | None]
    sign: Callable[[PrivateKeyTypes], Sign | None]


# These say which scheme it is and hold nothing of a message: made once for all of them.
_PKCS1: Final = (padding.PKCS1v15(), hashes.SHA256())
_ECDSA: Final = ec.ECDSA(hashes.SHA256())


def _rsa_check(key: PublicKeyTypes) -> Check | None:
    if not isinstance(key, rsa.RSAPublicKey) or not MIN_RSA_BITS <= key.key_size <= MAX_RSA_BITS:
        return None

    def check(value: bytes, signed: bytes) -> bool:
        try:
            key.verify(value, signed, *_PKCS1)
        except InvalidSignature:
            return False
        return True

    return check


def _rsa_sign(key: PrivateKeyTypes) -> Sign | None:
    if not isinstance(key, rsa.RSAPrivateKey) or _rsa_check(key.public_key()) is None:
        return None
    return lambda signed: key.sign(signed, *_PKCS1)


def _ecdsa_check(key: PublicKeyTypes) -> Check | None:
    if not isinstance(key, ec.EllipticCurvePublicKey) or not isinstance(key.curve, ec.SECP256R1):
        return None

    def check(value: bytes, signed: bytes) -> bool:
        if len(value) != 2 * P256_BYTES:
            return False
        r, s = int.from_bytes(value[:P256_BYTES]), int.from_bytes(value[P256_BYTES:])
        try:
            key.verify(encode_dss_signature(r, s), signed, _ECDSA)
        except InvalidSignature:
            return False
        return True

    return check


def _ecdsa_sign(key: PrivateKeyTypes) -> Sign | None:
    if not isinstance(key, ec.EllipticCurvePrivateKey) or _ecdsa_check(key.public_key()) is None:
        return None

    def sign(signed: bytes) -> bytes:
        r, s = decode_dss_signature(key.sign(signed, _ECDSA))
        return r.to_bytes(P256_BYTES) + s.to_bytes(P256_BYTES)

    return sign


def _bytes_of(key: PublicKeyTypes) -> int:
    """How long an RSA key's signature values are: as the key itself."""
    return (key.key_size + 7) // 8 if isinstance(key, rsa.RSAPublicKey) else 0


def _bytes(number: int) -> Said:
    return said("count.bytes", count=number)


_SHORTEST_RSA, _LONGEST_RSA = 128, 1_024  # bytes, of keys of 1024 to 8192 bit
_EC_VALUES: Final = frozenset({2 * P256_BYTES, 2 * 48, 2 * 66})  # P-256, P-384, P-521

ALGORITHMS: Final[Mapping[str, Algorithm]] = MappingProxyType(
    {
        RSA_SHA256: Algorithm(
            uri=RSA_SHA256,
            name="RSA-SHA256",
            key=said("key.rsa_range", least=MIN_RSA_BITS, largest=MAX_RSA_BITS),
            may_have=lambda size: _SHORTEST_RSA <= size <= _LONGEST_RSA,
            length=_bytes_of,
            length_in_words=said("wanted.rsa_length", least=MIN_RSA_BITS // 8, largest=MAX_RSA_BITS // 8),
            check=_rsa_check,
            sign=_rsa_sign,
        ),
        ECDSA_SHA256: Algorithm(
            uri=ECDSA_SHA256,
            name="ECDSA-SHA256",
            key=said("key.ec", curve="P-256"),
            may_have=_EC_VALUES.__contains__,
            length=lambda _key: 2 * P256_BYTES,
            length_in_words=said("wanted.ec_length", size=_bytes(2 * P256_BYTES), half=_bytes(P256_BYTES)),
            check=_ecdsa_check,
            sign=_ecdsa_sign,
        ),
    }
)
"""URI -> algorithm; what is not here is refused."""


def key_name(key: PublicKeyTypes) -> Value:
    """A public key in words, for refusals."""
    if isinstance(key, rsa.RSAPublicKey):
        return said("key.rsa", bits=key.key_size)
    if isinstance(key, ec.EllipticCurvePublicKey):
        return said("key.ec", curve=key.curve.name)
    return type(key).__name__.removesuffix("PublicKey")
