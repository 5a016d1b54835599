"""Refused fixtures whose signature has not the form of ESAD-SIG-1 (steps 1 to 11), each for one reason."""

from base64 import b64encode

from cryptography.hazmat.primitives.serialization import Encoding

from helpers import templates
from helpers.pki import load
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
    full,
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
    ("ecdsa-named-for-rsa", 11, "an RSA value, ECDSA named", b"more#rsa-", b"more#ecdsa-"),
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
SIGNED_END = b"</xades:SignedProperties>"
COUNTER = b"<xades:CounterSignature><ds:Signature/></xades:CounterSignature>"
UNSIGNED = b"<xades:UnsignedProperties/>"
PROPERTIES_TRANSFORM = b'#signed-properties"><ds:Transforms><ds:Transform Algorithm="' + EXCLUSIVE + b'"/>'
PROPERTIES_XPATH = PROPERTIES_TRANSFORM.replace(EXCLUSIVE, b"http://www.w3.org/TR/1999/REC-xpath-19991116")
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
    ("unsigned-properties-twice", 9, "unsigned properties twice", SIGNED_END, SIGNED_END + UNSIGNED * 2),
    ("properties-twice", 9, "signed properties twice", SIGNED_END, SIGNED_END + b"<xades:SignedProperties/>"),
    ("properties-xpath", 9, "a program chooses the properties", PROPERTIES_TRANSFORM, PROPERTIES_XPATH),
    (
        "properties-two-transforms",
        9,
        "two transforms",
        PROPERTIES_TRANSFORM,
        PROPERTIES_TRANSFORM + TRANSFORM_EXCLUSIVE,
    ),
    ("two-objects", 4, "a second ds:Object", b"</ds:Object>", b"</ds:Object><ds:Object/>"),
    ("object-with-more", 9, "something beside the properties", b"</ds:Object>", b"<ds:Manifest/></ds:Object>"),
    ("properties-other-version", 9, "the namespace of XAdES 1.1.1", b"01903/v1.3.2#", b"01903/v1.1.1#"),
    (
        "properties-inclusive",
        9,
        "inclusive canonical form of the properties",
        b'#signed-properties"><ds:Transforms><ds:Transform Algorithm="' + EXCLUSIVE,
        b'#signed-properties"><ds:Transforms><ds:Transform Algorithm="' + INCLUSIVE,
    ),
)

KEY_INFO_REFERENCE = b'<ds:Reference URI="#key-info-id-1">'
FULL: tuple[Edit, ...] = (
    ("key-info-elsewhere", 9, "the third reference is a part of the message", b"#key-info-id-1", b"#part"),
    ("key-info-id-twice", 9, "the Id of KeyInfo is used twice", b"<ie818:Body>", b'<ie818:Body Id="key-info-id-1">'),
    (
        "key-info-signed-twice",
        9,
        "two references to KeyInfo, none to the properties",
        TYPE + b' URI="#xades-id-1"',
        b' URI="#key-info-id-1"',
    ),
    (
        "properties-signed-twice",
        9,
        "two references to the properties",
        KEY_INFO_REFERENCE,
        b"<ds:Reference" + TYPE + b' URI="#xades-id-1">',
    ),
    ("four-references", 4, "one reference too many", KEY_INFO_REFERENCE, SECOND_REFERENCE + KEY_INFO_REFERENCE),
    (
        "counter-signature",
        2,
        "a signature of the signature",
        b"<xades:SignatureTimeStamp",
        COUNTER + b"<xades:SignatureTimeStamp",
    ),
    (
        "unsigned-properties-first",
        9,
        "unsigned properties before the signed ones",
        b"<xades:SignedProperties ",
        UNSIGNED + b"<xades:SignedProperties ",
    ),
)
WITHOUT_TRANSFORMS: tuple[Edit, ...] = (
    (
        "attribute-inherited",
        9,
        "an attribute that the properties' digest takes in",
        b"<ie818:IE818",
        b'<ie818:IE818 xml:lang="lt"',
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
        *made_wrong(FOLDER, full(), FULL),
        *made_wrong(FOLDER, full(transforms=False), WITHOUT_TRANSFORMS),
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
        ("nine-certificates", 10, "more certificates than a chain has", certificate, certificate * 9),
        ("no-certificate", 10, "hints without a certificate", certificate, b"<ds:X509SKI>AAAA</ds:X509SKI>"),
        ("nine-hints", 10, "hints without end", certificate, certificate + b"<ds:X509SKI>AAAA</ds:X509SKI>" * 9),
        ("certificate-list", 10, "a revocation list", certificate, certificate + b"<ds:X509CRL>AAAA</ds:X509CRL>"),
        ("two-key-values", 10, "two bare keys", data, KEY_VALUE * 2 + data),
        (
            "key-value-with-more",
            10,
            "a key without end",
            data,
            KEY_VALUE.replace(b"AQAB<", b"AQAB" + b"<a/>" * 60 + b"<", 1) + data,
        ),
        ("key-name-beside", 10, "a name beside the certificate", data, data + b"<ds:KeyName>a</ds:KeyName>"),
        ("two-certificate-lists", 10, "a second X509Data", data, data * 2),
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
    der = load("trader-rsa").certificate.public_bytes(Encoding.DER)
    digest, value, certificate = (part(good, name) for name in ("DigestValue", "SignatureValue", "X509Certificate"))
    return (
        ("digest-not-base64", 11, "letters to be skipped", digest, digest.replace(b"</", b"~~~~</")),
        (
            "digest-in-hexadecimal",
            11,
            "a digest in hexadecimal",
            digest,
            b"<ds:DigestValue>" + b"0a" * 32 + b"</ds:DigestValue>",
        ),
        ("value-in-base64url", 11, "another alphabet", value, value.replace(b"</", b"-_</")),
        ("value-too-short", 11, "shorter than any key's", value, b"<ds:SignatureValue>AAAA</ds:SignatureValue>"),
        (
            "value-of-another-length",
            11,
            "a byte short for this key",
            value,
            b"<ds:SignatureValue>" + b64encode(bytes(255)) + b"</ds:SignatureValue>",
        ),
        (
            "certificate-in-pem",
            11,
            "the lines of a PEM file",
            certificate,
            certificate.replace(b"Certificate>", b"Certificate>-----BEGIN CERTIFICATE-----", 1),
        ),
        (
            "certificate-encoded-twice",
            11,
            "base64 of base64",
            certificate,
            b"<ds:X509Certificate>" + b64encode(b64encode(der)) + b"</ds:X509Certificate>",
        ),
        ("digest-too-short", 11, "a digest of three bytes", digest, b"<ds:DigestValue>AAAA</ds:DigestValue>"),
        ("value-empty", 11, "an empty signature value", value, b"<ds:SignatureValue></ds:SignatureValue>"),
        ("value-too-long", 11, "longer than any key's", value, value.replace(b"</", b"A" * 2_048 + b"</")),
        ("certificate-not-ascii", 11, "no base64", certificate, certificate.replace(b"</", "ą</".encode())),
        ("certificate-too-long", 11, "longer than any", certificate, certificate.replace(b"</", b"A" * 8_192 + b"</")),
    )
