"""WS-Security in constants: names and limits. Each says where it comes from.

Sources: WSS = OASIS SOAP Message Security 1.0; X509 = its X.509 Token Profile 1.0; the choice among them is design
section 5.
"""

from datetime import timedelta
from typing import Final

from esad_gateway.signing.profile import EXCLUSIVE_C14N

_WSS: Final = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss"
WSSE: Final = f"{_WSS}-wssecurity-secext-1.0.xsd"  # WSS 1.4
WSU: Final = f"{_WSS}-wssecurity-utility-1.0.xsd"  # WSS 1.4

BASE64: Final = f"{_WSS}-soap-message-security-1.0#Base64Binary"  # WSS 6.3, the default as well
X509_TOKEN: Final = f"{_WSS}-x509-token-profile-1.0#X509v3"  # X509 3.1
SUBJECT_KEY: Final = f"{_WSS}-x509-token-profile-1.0#X509SubjectKeyIdentifier"  # X509 3.2.1

WINDOW: Final = timedelta(minutes=5)  # design section 5, by Created and the gateway's clock
LONGEST_MOMENT: Final = 40  # characters; 2026-03-02T10:00:00.000000000+00:00 has 35
MAX_PARTS: Final = 16  # references: Body, Timestamp, the token, and what WS-Addressing has
MAX_PREFIXES: Final = 32  # in a PrefixList; WSS4J writes those in scope, hardly ever more than ten
MAX_SECURITY: Final = 512  # elements in a Security header; sixteen references have some hundred
MAX_ID: Final = 256  # characters of an Id

INCLUSIVE: Final = f"{{{EXCLUSIVE_C14N}}}InclusiveNamespaces"  # EXC-C14N 3, its namespace is the algorithm's name
SECURITY: Final = f"{{{WSSE}}}Security"


def wsse(name: str) -> str:
    """The tag of an element of WS-Security."""
    return f"{{{WSSE}}}{name}"


def wsu(name: str) -> str:
    """The tag of an element, or the name of an attribute, of its utilities."""
    return f"{{{WSU}}}{name}"
