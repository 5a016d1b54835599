"""How an envelope says which certificate signed it: in a token, by issuer and serial number, by its key's identifier.

Nothing of this is believed: whichever certificate it leads to has to be registered, and its key has to verify.
"""

from typing import Final, TypeAlias

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.ports.certificates import IssuerSerial, SubjectKey
from esad_gateway.signing.differences import children, clipped
from esad_gateway.signing.shape import ds, local_name
from esad_gateway.signing.values import certificate_value, key_identifier
from esad_gateway.signing.wss.names import BASE64, SUBJECT_KEY, X509_TOKEN, wsse, wsu
from esad_gateway.signing.wss.steps import SecurityStep, as_here, refuse

Token: TypeAlias = bytes | IssuerSerial | SubjectKey
"""A certificate (DER, unread), or what tells which of the registered ones it is."""

_DIGITS: Final = 60  # serial numbers have at most 20 bytes (RFC 5280 4.1.2.2)
_MAX_NAME: Final = 2_048  # characters of an issuer's name


def token_of(reference: etree._Element, token: etree._Element | None) -> Token:
    """What a SecurityTokenReference means; ``token`` is the BinarySecurityToken beside the signature, if any.

    Raises SecurityRefused (steps 11 and 12).
    """
    if reference.tag != wsse("SecurityTokenReference") or len(reference) != 1:
        refuse(SecurityStep.TOKEN, _holds("SecurityTokenReference", reference))
    means = _FORMS.get(str(reference[0].tag))
    if means is None:
        refuse(SecurityStep.TOKEN, _holds("SecurityTokenReference", reference))
    with as_here():
        return means(reference[0], token)


def _direct(reference: etree._Element, token: etree._Element | None) -> Token:
    """By the Id of the token (X509 3.2)."""
    pointer = reference.get("URI", "")
    identifier = "" if token is None else token.get(wsu("Id")) or token.get("Id") or ""
    if token is None or not identifier or pointer != f"#{identifier}":
        found = said("security.token_pointer", pointer=clipped(pointer), identifier=clipped(identifier))
        refuse(SecurityStep.TOKEN, found, Said("security.token_expected"))
    _check_value_type(reference, X509_TOKEN, required=False)
    _check_value_type(token, X509_TOKEN)
    _check_binary(token)
    return certificate_value(token)


def _key_identifier(reference: etree._Element, _: etree._Element | None) -> Token:
    """By the identifier of its key, or as a whole (X509 3.2.1)."""
    whole = reference.get("ValueType") == X509_TOKEN
    _check_value_type(reference, X509_TOKEN if whole else SUBJECT_KEY)
    _check_binary(reference)
    return certificate_value(reference) if whole else SubjectKey(key_identifier(reference))


def _x509_data(data: etree._Element, _: etree._Element | None) -> Token:
    """By issuer and serial number, with the certificate beside them or without it (X509 3.2.3)."""
    found = {str(child.tag): child for child in data[:2]}
    certificate, named = found.get(ds("X509Certificate")), found.get(ds("X509IssuerSerial"))
    if len(found) != len(data) or {*found} - {ds("X509Certificate"), ds("X509IssuerSerial")}:
        refuse(SecurityStep.TOKEN, _holds("X509Data", data))
    if certificate is not None:
        _check_binary(certificate)
        return certificate_value(certificate)
    if named is None:
        refuse(SecurityStep.TOKEN, _holds("X509Data", data))
    if [one.tag for one in named] != [ds("X509IssuerName"), ds("X509SerialNumber")]:
        refuse(SecurityStep.TOKEN, _holds("X509IssuerSerial", named))
    return _issuer_serial(named[0].text or "", (named[1].text or "").strip())


def _issuer_serial(name: str, serial: str) -> IssuerSerial:
    if not (serial.isascii() and serial.isdecimal() and len(serial) <= _DIGITS):
        refuse(SecurityStep.TOKEN, said("security.serial", found=clipped(serial)))
    if len(name) > _MAX_NAME:
        size = said("count.characters", count=len(name))
        refuse(SecurityStep.TOKEN, said("refused.long", name="X509IssuerName", size=size))
    return IssuerSerial(name.strip(), int(serial))


_FORMS: Final = {
    wsse("Reference"): _direct,
    wsse("KeyIdentifier"): _key_identifier,
    ds("X509Data"): _x509_data,
}


def _check_value_type(element: etree._Element, wanted: str, *, required: bool = True) -> None:
    found = element.get("ValueType")
    if found != wanted and (required or found is not None):
        name = local_name(str(element.tag))
        told = said("refused.attribute", name=name, key="ValueType", found=clipped(found or ""))
        refuse(SecurityStep.TOKEN, told, said("said.as_it_is", text=wanted))


def _check_binary(element: etree._Element) -> None:
    """That an element holds base64 and nothing else."""
    name = local_name(str(element.tag))
    if len(element):
        refuse(SecurityStep.TOKEN, _holds(name, element))
    found = element.get("EncodingType", BASE64)
    if found != BASE64:
        told = said("refused.attribute", name=name, key="EncodingType", found=clipped(found))
        refuse(SecurityStep.TOKEN, told, said("said.as_it_is", text=BASE64))


def _holds(name: str, element: etree._Element) -> Said:
    return said("refused.holds", name=name, what=children(element))
