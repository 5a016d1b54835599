"""Refused fixtures whose signature has not the form of ESAD-SIG-1 (steps 1 to 11), each for one reason."""

from helpers import templates
from helpers.signature_edits import (
    DIGEST_METHOD,
    EXCLUSIVE,
    INCLUSIVE,
    RSA_SHA256,
    SECOND_REFERENCE,
    SHA256,
    TRANSFORM_ENVELOPED,
    TRANSFORM_EXCLUSIVE,
    Case,
    Edit,
    made_wrong,
    part,
    plain,
    replaced,
    spoiled,
    xades,
)

FOLDER = "structure"
END = b"</ie818:IE818>"
NAMESPACES = b"".join(b' xmlns:n%d="urn:n%d"' % (number, number) for number in range(65))
KEY_VALUE = (
    b"<ds:KeyValue><ds:RSAKeyValue><ds:Modulus>AQAB</ds:Modulus><ds:Exponent>AQAB</ds:Exponent></ds:RSAKeyValue>"
    b"</ds:KeyValue>"
)
C14N = b'<ds:CanonicalizationMethod Algorithm="' + EXCLUSIVE + b'">'
PREFIXES = b'<ec:InclusiveNamespaces xmlns:ec="' + EXCLUSIVE + b'" PrefixList="ie818"/>'

PLACE: tuple[Edit, ...] = (
    ("processing-instruction", 1, "content that no schema sees", b"<ie818:Body>", b"<?a b?><ie818:Body>"),
    ("signature-not-last", 2, "an element after the signature", END, b"<ie818:Body/>" + END),
    ("namespaces", 3, "65 namespaces at the signature", b"<ds:Signature", b"<ds:Signature" + NAMESPACES),
)
FORM: tuple[Edit, ...] = (
    ("object", 4, "a ds:Object that is not XAdES", b"</ds:Signature>", b"<ds:Object/></ds:Signature>"),
    ("stray-text", 4, "text between the parts", b"<ds:KeyInfo>", b"text<ds:KeyInfo>"),
    ("stray-text-inside", 4, "text before the parts", b"<ds:SignedInfo>", b"<ds:SignedInfo>text"),
    ("stray-attribute", 4, "an attribute of nobody", b"<ds:SignedInfo>", b'<ds:SignedInfo Class="a">'),
    ("inclusive-c14n", 5, "inclusive canonical form", C14N, C14N.replace(EXCLUSIVE, INCLUSIVE)),
    ("c14n-with-comments", 5, "canonical form with comments", C14N, C14N.replace(b"c14n#", b"c14n#WithComments")),
    ("prefix-list", 5, "namespaces to be treated inclusively", C14N, C14N + PREFIXES),
    ("rsa-sha1", 6, "SHA-1 in the signature", RSA_SHA256, b"http://www.w3.org/2000/09/xmldsig#rsa-sha1"),
    ("rsa-sha512", 6, "strong, but not of the profile", RSA_SHA256, RSA_SHA256.replace(b"256", b"512")),
    ("method-without-algorithm", 6, "no algorithm named", b' Algorithm="' + RSA_SHA256 + b'"', b""),
    ("rsa-pss", 6, "PSS padding", RSA_SHA256, b"http://www.w3.org/2007/05/xmldsig-more#sha256-rsa-MGF1"),
)
REFERENCES: tuple[Edit, ...] = (
    ("reference-by-id", 7, "only a part is signed", b'URI=""', b'URI="#part"'),
    ("reference-outside", 7, "another document is signed", b'URI=""', b'URI="http://localhost/a.xml"'),
    ("reference-without-uri", 7, "the application has to know what is signed", b' URI=""', b""),
    ("not-enveloped", 7, "no enveloped-signature transform", TRANSFORM_ENVELOPED, TRANSFORM_EXCLUSIVE),
    ("one-transform", 7, "no canonical form named", TRANSFORM_EXCLUSIVE + b"</ds:Transforms>", b"</ds:Transforms>"),
    (
        "transforms-swapped",
        7,
        "the transforms in the other order",
        TRANSFORM_ENVELOPED + TRANSFORM_EXCLUSIVE,
        TRANSFORM_EXCLUSIVE + TRANSFORM_ENVELOPED,
    ),
    (
        "inclusive-transform",
        7,
        "inclusive canonical form of the document",
        TRANSFORM_EXCLUSIVE,
        TRANSFORM_EXCLUSIVE.replace(EXCLUSIVE, INCLUSIVE),
    ),
    (
        "digest-sha1",
        8,
        "SHA-1 in the digest",
        DIGEST_METHOD,
        DIGEST_METHOD.replace(SHA256, b"http://www.w3.org/2000/09/xmldsig#sha1"),
    ),
    ("digest-sha512", 8, "strong, but not of the profile", DIGEST_METHOD, DIGEST_METHOD.replace(b"256", b"512")),
)
TYPE = b' Type="http://uri.etsi.org/01903#SignedProperties"'
TIMES = b"<xades:SigningTime/>" * 200
XADES: tuple[Edit, ...] = (
    (
        "many-properties",
        3,
        "more properties than ever",
        b"<xades:SigningTime>",
        TIMES + b"<xades:SigningTime>",
    ),
    ("properties-without-type", 9, "a second reference that does not say what it is", TYPE, b""),
    ("properties-elsewhere", 9, "the second reference is another element", b"#signed-properties", b"#signature"),
    ("properties-of-another", 9, "properties of another signature", b'Target="#signature"', b'Target="#other"'),
    (
        "properties-id-twice",
        9,
        "the Id of the properties is used twice",
        b"<ie818:Body>",
        b'<ie818:Body id="signed-properties">',
    ),
    (
        "unsigned-properties",
        9,
        "properties that nobody signed",
        b"</xades:SignedProperties>",
        b"</xades:SignedProperties><xades:UnsignedProperties/>",
    ),
    ("properties-other-version", 9, "the namespace of XAdES 1.1.1", b"01903/v1.3.2#", b"01903/v1.1.1#"),
    (
        "properties-inclusive",
        9,
        "inclusive canonical form of the properties",
        b'#signed-properties"><ds:Transforms><ds:Transform Algorithm="' + EXCLUSIVE,
        b'#signed-properties"><ds:Transforms><ds:Transform Algorithm="' + INCLUSIVE,
    ),
)


def cases() -> list[Case]:
    """All of them."""
    good = plain()
    return [
        Case(file=f"{FOLDER}/unsigned.xml", outcome=2, why="no signature", document=templates.PAYLOAD),
        *made_wrong(FOLDER, good, (*PLACE, *FORM, *REFERENCES)),
        *made_wrong(FOLDER, xades(), (*XADES, _nested(good))),
        *made_wrong(FOLDER, good, _key_info(good)),
        *made_wrong(FOLDER, replaced(good, b"<ie818:Body>", b'<ie818:Body Id="part">'), _second_reference()),
        *spoiled(FOLDER, good, (*_missing(good), *_values(good))),
    ]


def _nested(good: bytes) -> Edit:
    start = b"<xades:SignedSignatureProperties>"
    return "signature-in-properties", 2, "a second signature in the properties", start, start + part(good, "Signature")


def _second_reference() -> tuple[Edit, ...]:
    end = b"</ds:SignedInfo>"
    return (("second-reference", 4, "a second reference without XAdES", end, SECOND_REFERENCE + end),)


def _key_info(good: bytes) -> tuple[Edit, ...]:
    info, certificate, data = (part(good, name) for name in ("KeyInfo", "X509Certificate", "X509Data"))
    return (
        ("key-value", 10, "a bare key instead of a certificate", data, KEY_VALUE),
        ("key-name", 10, "a name instead of a certificate", data, b"<ds:KeyName>a</ds:KeyName>"),
        ("two-certificates", 10, "a second certificate", certificate, certificate * 2),
        ("two-certificate-lists", 10, "a second X509Data", data, data * 2),
        ("key-value-and-certificate", 10, "a bare key beside the certificate", data, KEY_VALUE + data),
        ("empty-key-info", 10, "no key at all", info, b"<ds:KeyInfo/>"),
    )


def _missing(good: bytes) -> tuple[Edit, ...]:
    value = part(good, "SignatureValue")
    return (
        ("two-signatures", 2, "a second signature", END, part(good, "Signature") + END),
        ("no-key-info", 4, "no KeyInfo", part(good, "KeyInfo"), b""),
        ("no-signature-value", 4, "no SignatureValue", value, b""),
        ("other-namespace", 4, "SignatureValue of another namespace", value, value.replace(b"ds:", b"ie818:")),
        ("child-in-value", 4, "an element in DigestValue", b"</ds:DigestValue>", b"<ds:a/></ds:DigestValue>"),
    )


def _values(good: bytes) -> tuple[Edit, ...]:
    digest, value, certificate = (part(good, name) for name in ("DigestValue", "SignatureValue", "X509Certificate"))
    return (
        ("digest-not-base64", 11, "letters to be skipped", digest, digest.replace(b"</", b"~~~~</")),
        ("digest-too-short", 11, "a digest of three bytes", digest, b"<ds:DigestValue>AAAA</ds:DigestValue>"),
        ("value-empty", 11, "an empty signature value", value, b"<ds:SignatureValue></ds:SignatureValue>"),
        ("value-too-long", 11, "longer than any key's", value, value.replace(b"</", b"A" * 2_048 + b"</")),
        ("certificate-not-ascii", 11, "no base64", certificate, certificate.replace(b"</", "ą</".encode())),
        ("certificate-too-long", 11, "longer than any", certificate, certificate.replace(b"</", b"A" * 8_192 + b"</")),
    )
