"""ESAD-SIG-1 in constants: names, algorithms and limits. Each says where it comes from.

Sources: XMLDSIG = W3C XML Signature Syntax and Processing 1.1; EXC-C14N = W3C Exclusive XML Canonicalization 1.0;
RFC 6931 = additional XML security URIs; XADES = ETSI EN 319 132-1; the choice among them is design section 5.
"""

from typing import Final

DS: Final = "http://www.w3.org/2000/09/xmldsig#"  # XMLDSIG 1.3
XADES: Final = "http://uri.etsi.org/01903/v1.3.2#"  # XADES 4.2

SIGNATURE: Final = f"{{{DS}}}Signature"

EXCLUSIVE_C14N: Final = "http://www.w3.org/2001/10/xml-exc-c14n#"  # EXC-C14N 4, the form without comments
ENVELOPED: Final = "http://www.w3.org/2000/09/xmldsig#enveloped-signature"  # XMLDSIG 6.6.4
SHA256: Final = "http://www.w3.org/2001/04/xmlenc#sha256"  # XMLDSIG 6.2.2
RSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#rsa-sha256"  # RFC 6931 2.3.2
ECDSA_SHA256: Final = "http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256"  # RFC 6931 2.3.6
SIGNED_PROPERTIES: Final = "http://uri.etsi.org/01903#SignedProperties"  # XADES 4.4.2, the Type of its reference

MIN_RSA_BITS: Final = 2048  # design section 5
MAX_RSA_BITS: Final = 4096  # design section 5; a verification costs the square of the size
P256_BYTES: Final = 32  # one coordinate on P-256: r and s are written with this length each (RFC 6931 2.3.6)
DIGEST_BYTES: Final = 32  # SHA-256

MAX_NAMESPACES: Final = 64  # design section 5; in scope at one element
MAX_PROPERTIES: Final = 128  # elements in SignedProperties; real XAdES-B signers write 10 to 30
MAX_UNSIGNED: Final = 512  # elements in UnsignedProperties: time stamps and the chains and lists behind them
MAX_CERTIFICATES: Final = 8  # design section 5: the registered one and a chain
MAX_HINTS: Final = 8  # X509IssuerSerial, X509SubjectName and X509SKI, together
MAX_KEY_INFO: Final = 64  # elements in KeyInfo, an EC key with explicit parameters included
MAX_REFERENCES: Final = 3  # design section 5: the document, SignedProperties, KeyInfo
MAX_DIGEST_TEXT: Final = 128  # characters of base64: 44 and white space
MAX_SIGNATURE_TEXT: Final = 2_048  # characters of base64: RSA of 8192 bit fits, so that its key is refused by name
MAX_CERTIFICATE_TEXT: Final = 8_192  # characters of base64: 6 KB, twice the longest qualified certificates
MAX_QUOTE: Final = 120  # characters of somebody else's text repeated in a refusal
MAX_REASON: Final = 300  # characters of what a library says, kept in a refusal
