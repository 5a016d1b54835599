"""Unsigned documents of the signature fixtures, and the signature templates that other programs fill in."""

from base64 import b64encode
from hashlib import sha256, sha512

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding

NAMESPACE = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:IE818:V3.23"
HEADERS = "urn:publicid:-:EC:DGTAXUD:EMCS:PHASE4:TMS:V3.23"

PAYLOAD = f"""<ie818:IE818 xmlns:ie818="{NAMESPACE}" xmlns:tms="{HEADERS}"><ie818:Header>\
<tms:MessageSender>NDEA.PL</tms:MessageSender><tms:MessageRecipient>NDEA.LT</tms:MessageRecipient>\
<tms:DateOfPreparation>2026-01-15</tms:DateOfPreparation><tms:TimeOfPreparation>09:30:00</tms:TimeOfPreparation>\
<tms:MessageIdentifier>fixture-0001</tms:MessageIdentifier></ie818:Header><ie818:Body>\
<ie818:AcceptedOrRejectedReportOfReceiptExport><ie818:ExciseMovement>\
<ie818:AdministrativeReferenceCode>26LT0000000000000000A7</ie818:AdministrativeReferenceCode>\
<ie818:SequenceNumber>1</ie818:SequenceNumber></ie818:ExciseMovement><ie818:ConsigneeTrader language="lt">\
<ie818:Traderid>LT00000000101</ie818:Traderid><ie818:TraderName>Gavėjas &amp; sūnūs „Ąžuolas“</ie818:TraderName>\
</ie818:ConsigneeTrader></ie818:AcceptedOrRejectedReportOfReceiptExport></ie818:Body></ie818:IE818>""".encode()

DEFAULT_NAMESPACE = PAYLOAD.replace(b"ie818:", b"").replace(b"xmlns:ie818=", b"xmlns=")

INDENTED = PAYLOAD.replace(b"><", b">\n  <").replace(b"\n  </ie818:IE818>", b"\n</ie818:IE818>")

_PLAIN = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#"{id}><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{method}"/><ds:Reference URI=""><ds:Transforms>\
<ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>\
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>{reference}\
</ds:SignedInfo><ds:SignatureValue/><ds:KeyInfo><ds:X509Data><ds:X509Certificate/></ds:X509Data></ds:KeyInfo>{object}\
</ds:Signature>"""

_REFERENCE = """<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" \
URI="#signed-properties"><ds:Transforms>\
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>"""

_OBJECT = """<ds:Object>\
<xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#signature">\
<xades:SignedProperties Id="signed-properties"><xades:SignedSignatureProperties>\
<xades:SigningTime>2026-01-15T09:31:00Z</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue>{digest}</ds:DigestValue>\
</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
</xades:SignedProperties></xades:QualifyingProperties></ds:Object>"""


_FULL = """<ds:Signature xmlns:ds="http://www.w3.org/2000/09/xmldsig#" Id="id-1"><ds:SignedInfo>\
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>\
<ds:SignatureMethod Algorithm="http://www.w3.org/2001/04/xmldsig-more#{method}"/><ds:Reference Id="r-id-1" URI="">\
<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2000/09/xmldsig#enveloped-signature"/>\
<ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>\
<ds:Reference Type="http://uri.etsi.org/01903#SignedProperties" URI="#xades-id-1">{transforms}\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference>\
<ds:Reference URI="#key-info-id-1">{transforms}\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha256"/><ds:DigestValue/></ds:Reference></ds:SignedInfo>\
<ds:SignatureValue Id="value-id-1"/><ds:KeyInfo Id="key-info-id-1"><ds:X509Data>\
<ds:X509IssuerSerial><ds:X509IssuerName>CN=Throw-away Test CA</ds:X509IssuerName>\
<ds:X509SerialNumber>{serial}</ds:X509SerialNumber></ds:X509IssuerSerial>\
<ds:X509Certificate>{chain}</ds:X509Certificate><ds:X509Certificate>{own}</ds:X509Certificate>\
<ds:X509SubjectName>{subject}</ds:X509SubjectName><ds:X509SKI>{identifier}</ds:X509SKI></ds:X509Data></ds:KeyInfo>\
<ds:Object><xades:QualifyingProperties xmlns:xades="http://uri.etsi.org/01903/v1.3.2#" Target="#id-1">\
<xades:SignedProperties Id="xades-id-1"><xades:SignedSignatureProperties>\
<xades:SigningTime>2026-01-15T09:31:00Z</xades:SigningTime><xades:SigningCertificateV2><xades:Cert><xades:CertDigest>\
<ds:DigestMethod Algorithm="http://www.w3.org/2001/04/xmlenc#sha512"/><ds:DigestValue>{digest}</ds:DigestValue>\
</xades:CertDigest></xades:Cert></xades:SigningCertificateV2></xades:SignedSignatureProperties>\
<xades:SignedDataObjectProperties><xades:DataObjectFormat ObjectReference="#r-id-1"><xades:MimeType>text/xml\
</xades:MimeType></xades:DataObjectFormat></xades:SignedDataObjectProperties></xades:SignedProperties>\
<xades:UnsignedProperties><xades:UnsignedSignatureProperties><xades:SignatureTimeStamp Id="time-stamp-1">\
<ds:CanonicalizationMethod Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/>\
<xades:EncapsulatedTimeStamp>bm90IGEgdGltZSBzdGFtcA==</xades:EncapsulatedTimeStamp></xades:SignatureTimeStamp>\
</xades:UnsignedSignatureProperties></xades:UnsignedProperties></xades:QualifyingProperties></ds:Object></ds:Signature>"""

_EXCLUSIVELY = """<ds:Transforms><ds:Transform Algorithm="http://www.w3.org/2001/10/xml-exc-c14n#"/></ds:Transforms>"""


def plain(certificate: x509.Certificate, payload: bytes = PAYLOAD) -> bytes:
    """The payload with an unfilled signature of the profile, for the kind of the certificate's key."""
    return _with_signature(payload, _PLAIN.format(id="", method=_method(certificate), reference="", object=""))


def xades(certificate: x509.Certificate, payload: bytes = PAYLOAD) -> bytes:
    """The payload with an unfilled XAdES-B signature of the profile."""
    digest = b64encode(sha256(certificate.public_bytes(Encoding.DER)).digest()).decode()
    content = _OBJECT.format(digest=digest)
    return _with_signature(
        payload,
        _PLAIN.format(id=' Id="signature"', method=_method(certificate), reference=_REFERENCE, object=content),
    )


def full(
    certificate: x509.Certificate, chain: x509.Certificate, payload: bytes = PAYLOAD, *, transforms: bool = True
) -> bytes:
    """The payload with an unfilled XAdES signature that has all that the profile tolerates, laid out as DSS does.

    KeyInfo is signed and holds the chain before the certificate, and hints; there is a time stamp that nobody signed.
    """
    extensions = certificate.extensions
    content = _FULL.format(
        method=_method(certificate),
        transforms=_EXCLUSIVELY if transforms else "",
        serial=certificate.serial_number,
        subject=certificate.subject.rfc4514_string(),
        identifier=b64encode(extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.digest).decode(),
        chain=b64encode(chain.public_bytes(Encoding.DER)).decode(),
        own=b64encode(certificate.public_bytes(Encoding.DER)).decode(),
        digest=b64encode(sha512(certificate.public_bytes(Encoding.DER)).digest()).decode(),
    )
    return _with_signature(payload, content)


def key_value(certificate: x509.Certificate) -> bytes:
    """The bare RSA key of a certificate, as signers write it beside the certificate."""
    key = certificate.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    numbers = key.public_numbers()
    modulus, exponent = (
        b64encode(value.to_bytes((value.bit_length() + 7) // 8)).decode() for value in (numbers.n, numbers.e)
    )
    return (
        f"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>{modulus}</ds:Modulus><ds:Exponent>{exponent}</ds:Exponent>"
        "</ds:RSAKeyValue></ds:KeyValue>"
    ).encode()


def _method(certificate: x509.Certificate) -> str:
    return "rsa-sha256" if isinstance(certificate.public_key(), rsa.RSAPublicKey) else "ecdsa-sha256"


def _with_signature(payload: bytes, signature: str) -> bytes:
    end = payload.rindex(b"</")
    return payload[:end] + signature.encode() + payload[end:]
