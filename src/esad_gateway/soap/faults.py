"""Errors as SOAP faults: the problem that REST answers is their detail, and its status tells whom they blame."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final
from xml.sax.saxutils import quoteattr

from lxml import etree

from esad_gateway.errors import EnvelopeRefused, EsadError
from esad_gateway.soap.answers import Letter, element, text_of
from esad_gateway.soap.envelope import SOAP_1_2, NotUnderstood, SoapVersion
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.problems import Problem, problem_of

_OUR_SIDE: Final = 500
"""From this status on it is our side that failed."""

_SENDER_MAY_REPEAT: Final = frozenset({408})
"""Statuses below 500 that say nothing against what was sent: the same may be taken the next time."""

_FIXED: Final[Mapping[str | None, str]] = MappingProxyType({None: "", "http://www.w3.org/XML/1998/namespace": "xml:"})
"""Namespaces that no prefix of ours may stand for (Namespaces in XML, 3 and 6.2), and what stands before a name."""

_KEPT: Final = ("retry-after", "www-authenticate", "accept-encoding")
"""Header fields of a problem that say the same beside a fault."""


def fault_of(version: SoapVersion, error: EsadError) -> Letter:
    """The fault that says why nothing came of a request."""
    answer = error.answer if isinstance(error, Problem) else problem_of(error)
    code = error.code if isinstance(error, EnvelopeRefused) else _blamed(answer.status_code)
    return fault(version, code, answer, error.block if isinstance(error, NotUnderstood) else None)


def fault(version: SoapVersion, code: str, answer: JsonAnswer, block: etree.QName | None = None) -> Letter:
    """The fault with a ``code`` of SOAP 1.1 and a problem; ``block`` is the header block that was not understood.

    What is wrong with a header has no detail (SOAP 1.1, 4.4).
    """
    detail = "" if code in {"MustUnderstand", "VersionMismatch"} else element("Problem", answer.content)
    reason = text_of(answer.content["detail"])
    body = (_fault_12 if version is SOAP_1_2 else _fault_11)(version.codes[code], reason, detail)
    headers = {name: answer.headers[name] for name in _KEPT if name in answer.headers}
    # In SOAP 1.1 every fault comes with 500 (6.2), in 1.2 those that blame the sender alone with 400 (part 2, 7.5.2).
    status = 400 if version.codes[code] == "Sender" else _OUR_SIDE
    return Letter(body, _not_understood(version, block), status, headers)


def _blamed(status: int) -> str:
    return "Client" if status < _OUR_SIDE and status not in _SENDER_MAY_REPEAT else "Server"


def _fault_11(code: str, reason: str, detail: str) -> str:
    inner = f"<detail>{detail}</detail>" if detail else ""
    return f"<e:Fault><faultcode>e:{code}</faultcode><faultstring>{reason}</faultstring>{inner}</e:Fault>"


def _fault_12(code: str, reason: str, detail: str) -> str:
    # One Text, in English: clients show the first one, of whatever language.
    inner = f"<e:Detail>{detail}</e:Detail>" if detail else ""
    said = f'<e:Reason><e:Text xml:lang="en">{reason}</e:Text></e:Reason>'
    return f"<e:Fault><e:Code><e:Value>e:{code}</e:Value></e:Code>{said}{inner}</e:Fault>"


def _not_understood(version: SoapVersion, block: etree.QName | None) -> str:
    """The header of SOAP 1.2 (part 1, 5.4.8) that names a block; in 1.1 there is none."""
    if block is None or version is not SOAP_1_2:
        return ""
    prefix = _FIXED.get(block.namespace, "b:")
    space = f" xmlns:b={quoteattr(block.namespace or '')}" if prefix == "b:" else ""
    return f'<e:NotUnderstood{space} qname="{prefix}{block.localname}"/>'
