"""What a revocation list speaks for: all certificates of its key, or less, which is said by what it is."""

from collections.abc import Callable, Iterable
from typing import Final

from cryptography import x509

from esad_gateway.faults import Said, said
from esad_gateway.signing.extensions import extension

_UNDERSTOOD: Final = (x509.IssuingDistributionPoint, x509.DeltaCRLIndicator)

# RFC 5280 5.2.5, in words; an address alone limits nothing if the certificates name the same one.
_LIMITS: Final[tuple[tuple[Callable[[x509.IssuingDistributionPoint], object], Said], ...]] = (
    (lambda point: point.indirect_crl, Said("crl.indirect")),
    (lambda point: point.only_some_reasons, Said("crl.some_reasons")),
    (lambda point: point.only_contains_user_certs, Said("crl.end_certificates")),
    (lambda point: point.only_contains_ca_certs, Said("crl.ca_certificates")),
    (lambda point: point.only_contains_attribute_certs, Said("crl.attribute_certificates")),
    (lambda point: point.relative_name, Said("crl.relative_name")),
)


def partial(crl: x509.CertificateRevocationList) -> Said | None:
    """What keeps the list from speaking for all certificates of its key, in words; ``None`` for a complete list.

    A limit counts whether its extension is marked critical or not. Raises what ``UNREADABLE`` names.
    """
    delta = extension(crl.extensions, x509.DeltaCRLIndicator)
    if delta is not None:
        return said("crl.delta", number=delta.crl_number)
    point = extension(crl.extensions, x509.IssuingDistributionPoint)
    limit = None if point is None else next((words for limits, words in _LIMITS if limits(point)), None)
    return limit or _not_understood(crl)


def addresses_of(names: Iterable[x509.GeneralName] | None) -> frozenset[str]:
    """The names of a distribution point, comparable; empty when it has none."""
    return frozenset(
        name.value if isinstance(name, x509.UniformResourceIdentifier) else repr(name) for name in names or ()
    )


def _not_understood(crl: x509.CertificateRevocationList) -> Said | None:
    """RFC 5280 5.2 and 5.3: a list with a critical extension that nobody understands revokes nothing for certain."""
    for item in crl.extensions:
        if item.critical and not isinstance(item.value, _UNDERSTOOD):
            return said("crl.extension", oid=item.oid.dotted_string)
    for entry in crl:
        for item in entry.extensions:
            if isinstance(item.value, x509.CertificateIssuer):
                return Said("crl.indirect_entry")
            if item.critical:
                return said("crl.entry_extension", oid=item.oid.dotted_string)
    return None
