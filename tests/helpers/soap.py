"""SOAP by hand: envelopes as a test wants them, and answers that the gateway's own schema has judged."""

import base64
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree

from esad_gateway import resources
from esad_gateway.soap.envelope import NS, SOAP_1_2, SoapVersion
from helpers.served import Answer, Served

PATH = "/soap/gateway"


@cache
def schema() -> etree.XMLSchema:
    """The schema of requests and answers."""
    return etree.XMLSchema(etree.parse(resources.schemas() / "gateway" / "gateway.xsd"))


@dataclass(frozen=True)
class Fault:
    """A fault as a client reads it: code, reason, and the problem in its detail, if any."""

    code: str
    reason: str
    problem: etree._Element | None
    not_understood: str = ""

    def said(self, name: str) -> list[str]:
        """The texts of a member of the problem."""
        return [] if self.problem is None else [one.text or "" for one in self.problem.iterfind(f"{{{NS}}}{name}")]


@dataclass(frozen=True)
class ByHand:
    """A client of ``/soap/gateway`` that speaks one version of SOAP."""

    gateway: Served
    version: SoapVersion

    def request(self, operation: str, members: Mapping[str, Any], header: str = "") -> bytes:
        """An envelope that asks for an operation; bytes become base64."""
        inner = "".join(f"<{name}>{_text(value)}</{name}>" for name, value in members.items())
        return self.around(f'<{operation} xmlns="{NS}">{inner}</{operation}>', header)

    def around(self, body: str, header: str = "") -> bytes:
        """An envelope around a body; its prefix is ``s``."""
        block = f"<s:Header>{header}</s:Header>" if header else ""
        return f'<s:Envelope xmlns:s="{self.version.namespace}">{block}<s:Body>{body}</s:Body></s:Envelope>'.encode()

    def post(self, body: bytes, token: str | None = None, **headers: str) -> Answer:
        """Post an envelope."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        access = {"Authorization": f"Bearer {token}"} if token else {}
        return self.gateway.ask("POST", PATH, body, {"Content-Type": self.version.content_type} | access | named)

    def call(self, operation: str, token: str | None = None, **members: Any) -> etree._Element:
        """The element that answers an operation; the schema has found nothing wrong with it."""
        answer = self.post(self.request(operation, members), token)
        body = self.body_of(answer)
        assert (answer.status, body.tag) == (200, f"{{{NS}}}{operation}Response"), answer.body
        schema().assertValid(_alone(body))
        return body

    def body_of(self, answer: Answer) -> etree._Element:
        """What is in the body of an answer, which is in the version of the request."""
        assert answer.headers["content-type"] == self.version.content_type
        found = etree.fromstring(answer.body).find(self.version.name("Body"))
        assert found is not None
        return found[0]

    def fault_of(self, answer: Answer) -> Fault:
        """The fault of an answer, whose status is the one that its version has for the code."""
        element = self.body_of(answer)
        assert element.tag == self.version.name("Fault"), answer.body
        fault = self._fault_12(element) if self.version is SOAP_1_2 else self._fault_11(element)
        assert answer.status == (400 if fault.code == "Sender" else 500)
        if fault.problem is not None:
            schema().assertValid(_alone(fault.problem))
        return fault

    def _fault_11(self, element: etree._Element) -> Fault:
        detail = element.find("detail")
        code = self._code(element, element.findtext("faultcode", ""))
        return Fault(code, element.findtext("faultstring", ""), None if detail is None else detail[0])

    def _fault_12(self, element: etree._Element) -> Fault:
        names = {"s": self.version.namespace}
        detail = element.find("s:Detail", names)
        code = self._code(element, element.findtext("s:Code/s:Value", "", names))
        (reason,) = element.iterfind("s:Reason/s:Text", names)
        block = element.getroottree().getroot().find("s:Header/s:NotUnderstood", names)
        named = "" if block is None else f"{block.nsmap.get('b', '')} {block.get('qname')}"
        return Fault(code, reason.text or "", None if detail is None else detail[0], named)

    def _code(self, element: etree._Element, written: str) -> str:
        prefix, _, code = written.partition(":")
        assert element.nsmap[prefix] == self.version.namespace
        return code


def _text(value: Any) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return str(value).lower() if isinstance(value, bool) else escape(str(value))


def _alone(element: etree._Element) -> etree._Element:
    return etree.fromstring(etree.tostring(element))


def texts(element: etree._Element, name: str) -> list[str]:
    """The texts of the members of an answer with a name."""
    return [one.text or "" for one in element.iterfind(f"{{{NS}}}{name}")]
