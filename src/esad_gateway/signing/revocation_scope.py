"""What a revocation list speaks for: all certificates of its key, or less, which is said by what it is."""

from collections.abc import Callable, Iterable
from typing import Final

from cryptography import x509

from esad_gateway.signing.extensions import extension

_UNDERSTOOD: Final = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)

# RFC 5280 5.2.5, in words; an address alone limits nothing if the certificates name the same one.
_LIMITS: Final[tuple[tuple[Callable[[x509.IssuingDistributionPoint], object], str], ...]] = (
    (lambda point: point.indirect_crl, "an indirect list: it also speaks for certificates of other CAs"),
    (lambda point: point.only_some_reasons, "limited to some reasons of revocation"),
    (lambda point: point.only_contains_user_certs, "limited to end certificates"),
    (lambda point: point.only_contains_ca_certs, "limited to CA certificates"),
    (lambda point: point.only_contains_attribute_certs, "limited to attribute certificates"),
    (lambda point: point.relative_name, "limited to a distribution point that has a relative name, not an address"),
)


def partial(crl: x509.CertificateRevocationList) -> str | None:
    """What keeps the list from speaking for all certificates of its key, in words; ``None`` for a complete list.

    A limit counts whether its extension is marked critical or not. Raises what ``UNREADABLE`` names.
    """
    delta = extension(crl.extensions, x509.DeltaCRLIndicator)
    if delta is not None:
        return f"a delta list: it holds what changed since number {delta.crl_number}"
    point = extension(crl.extensions, x509.IssuingDistributionPoint)
    limit = None if point is None else next((words for limits, words in _LIMITS if limits(point)), None)
    return limit or _not_understood(crl)


def addresses_of(names: Iterable[x509.GeneralName] | None) -> frozenset[str]:
    """The names of a distribution point, comparable; empty when it has none."""
    return frozenset(
        name.value if isinstance(name, x509.UniformResourceIdentifier) else repr(name) for name in names or ()
    )


def _not_understood(crl: x509.CertificateRevocationList) -> str | None:
    """RFC 5280 5.2 and 5.3: a list with a critical extension that nobody understands revokes nothing for certain."""
    for item in crl.extensions:
        if item.critical and not isinstance(item.value, _UNDERSTOOD):
            return f"one with the critical extension {item.oid.dotted_string}, which is not understood here"
    for entry in crl:
        for item in entry.extensions:
            if isinstance(item.value, x509.CertificateIssuer):
                return "an indirect list: an entry names another issuer"
            if item.critical:
                return f"one whose entries have the critical extension {item.oid.dotted_string}"
    return None
