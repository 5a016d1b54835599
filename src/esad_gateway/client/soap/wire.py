"""Requests over SOAP: each becomes the operation that is its twin, and its answer the JSON of REST again."""

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from threading import local
from types import MappingProxyType
from typing import Any, Final, Protocol
from urllib.parse import unquote
from uuid import uuid4

import zeep
import zeep.exceptions
from lxml import etree
from zeep.transports import Transport

from esad_gateway import resources
from esad_gateway.client.request import GatewayAnswer, Request, RequestWire, Upload
from esad_gateway.client.soap.answers import NS, json_of
from esad_gateway.client.soap.mtom import packed
from esad_gateway.errors import ComposeRefused, NotConfigured, PeerError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.texts import fault_json, in_every_language
from esad_gateway.xml.plain import message_from_plain, with_header
from esad_gateway.xml.release import current
from esad_gateway.xml.write import document_bytes

PATH: Final = "/soap/gateway"
BINDINGS: Final[Mapping[str, str]] = MappingProxyType({"1.1": "GatewaySoap", "1.2": "GatewaySoap12"})

_REFUSED: Final = 422
_TRADER: Final = "/v1/traders/{trader}"


class Plugin(Protocol):
    """What signs requests and verifies answers, as zeep asks for it."""

    def apply(self, envelope: etree._Element, headers: dict[str, str]) -> tuple[etree._Element, dict[str, str]]:
        """Sign a request."""
        ...

    def verify(self, envelope: etree._Element) -> etree._Element:
        """Verify an answer. Raises PeerError."""
        ...


class SoapWire:
    """Sends requests to ``/soap/gateway`` by zeep; see :class:`esad_gateway.client.soap.SoapGatewayClient`."""

    def __init__(
        self,
        http: RequestWire,
        headers: Mapping[str, str],
        secured: Plugin | None,
        version: str,
        *,
        mtom: bool,
        seed: str | None,
    ) -> None:
        if version not in BINDINGS:
            raise NotConfigured(said("client.no_version", version=version, known=", ".join(BINDINGS)))
        self.url = http.url
        self._http = http
        self._seed = seed
        self._over = _OverHttp(http, headers, mtom=mtom)
        wsdl = str(resources.schemas() / "gateway" / "gateway.wsdl")
        self._client = zeep.Client(wsdl, wsse=secured, transport=self._over)
        self._service = self._client.create_service(f"{{{NS}}}{BINDINGS[version]}", http.url + PATH)

    def send(self, request: Request) -> GatewayAnswer:
        """Ask for the twin of a request. Raises PeerError, and NotConfigured where it has none."""
        if request.path == "/v1/messages/compose":
            return self._answer(*_composed(request, self._seed))
        name, arguments = _twin(request)
        try:
            self._over.asks(request)
            found = getattr(self._service, name)(**arguments)
        except zeep.exceptions.Fault as fault:
            return self._problem(fault)
        except (zeep.exceptions.Error, etree.LxmlError) as error:
            raise PeerError(said("client.no_soap", url=self.url, words=str(error)[:200])) from error
        return self._answer(200, found) if isinstance(found, bytes) else self._answer(200, json_of(found))

    def close(self) -> None:
        """Close the connections that are kept."""
        self._http.close()

    def _problem(self, fault: zeep.exceptions.Fault) -> GatewayAnswer:
        problems = [] if fault.detail is None else fault.detail.findall(f"{{{NS}}}Problem")
        if not problems:
            raise PeerError(said("client.no_soap", url=self.url, words=str(fault.message)))
        found = json_of(self._client.wsdl.types.deserialize(problems[0]))
        return self._answer(int(found["status"]), found)

    def _answer(self, status: int, content: Any) -> GatewayAnswer:
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        return GatewayAnswer(url=self.url, status=status, headers=self._over.headers(), body=body)


class _Response:
    """What zeep wants to know of an answer."""

    encoding = "utf-8"

    def __init__(self, answer: GatewayAnswer) -> None:
        self.status_code = answer.status
        self.content = answer.body
        self.headers = {"Content-Type": answer.headers.get("content-type", "text/xml")}


class _Exchange(local):
    """What a thread asks, and the header fields of what it was answered."""

    def __init__(self) -> None:
        self.asked = Request(path=PATH)
        self.headers: Mapping[str, str] = {}


class _OverHttp(Transport):  # type: ignore[misc]
    """The transport of zeep over our own HTTP: the same deadlines, the same words when nobody answers."""

    def __init__(self, http: RequestWire, headers: Mapping[str, str], *, mtom: bool) -> None:
        super().__init__(cache=None)
        self.session.close()
        self._http = http
        self._headers = headers
        self._mtom = mtom
        self._now = _Exchange()

    def asks(self, request: Request) -> None:
        """What this thread posts next may take as long as a request may."""
        self._now.asked = request

    def headers(self) -> Mapping[str, str]:
        """The header fields of the last answer."""
        return self._now.headers

    def post(self, _address: str, message: bytes, headers: Mapping[str, str]) -> _Response:
        """Post an envelope."""
        return self._posted(message, headers)

    def post_xml(self, address: str, envelope: etree._Element, headers: dict[str, str]) -> _Response:
        """Post an envelope, with its binary parts beside it if that is wanted."""
        if not self._mtom:
            return self.post(address, etree.tostring(envelope), headers)
        content_type, body = packed(envelope, headers["Content-Type"])
        return self.post(address, body, {**headers, "Content-Type": content_type})

    def _posted(self, body: bytes, headers: Mapping[str, str]) -> _Response:
        asked, sent = self._now.asked, {**self._headers, **headers}
        request = replace(asked, method="POST", path=PATH, query=None, body=body, headers=sent)
        answer = self._http.send(request)
        self._now.headers = answer.headers
        return _Response(answer)


def _twin(request: Request) -> tuple[str, dict[str, Any]]:
    """The operation and its arguments. Raises NotConfigured when there is none in SOAP."""
    for method, pattern, name, more in _TWINS:
        found = pattern.fullmatch(request.path)
        if found and method == request.method and request.headers != _FIELDS:
            named = {key: unquote(value) for key, value in found.groupdict().items()}
            return name, {**named, **_query(request), **more(request)}
    raise NotConfigured(said("client.not_in_soap", operation=f"{request.method} {request.path}"))


def _query(request: Request) -> dict[str, Any]:
    given = {name: value for name, value in (request.query or {}).items() if value is not None}
    for name, value in given.items():
        if isinstance(value, float):
            # zeep would write 1e-07 for it, and binary fractions have no place in what is declared.
            raise UnreadableInput(said("client.no_float", name=name, value=str(value)))
    return {_HUMP.sub(lambda found: found[1].upper(), name): value for name, value in given.items()}


def _document(request: Request) -> dict[str, Any]:
    if not isinstance(request.body, bytes):
        raise UnreadableInput(Said("client.no_bytes"))
    return {"document": request.body}


def _file(request: Request) -> dict[str, Any]:
    body = request.body
    if not isinstance(body, Upload) or body.asked is None:
        raise UnreadableInput(Said("client.no_bytes"))
    told = body.asked
    named = {"name": told.name, "idempotencyKey": told.key, "signature": told.signature}
    return {
        **told.fields,
        "file": body.file.read_bytes(),
        **{key: one for key, one in named.items() if one is not None},
    }


def _reads(request: Request) -> dict[str, Any]:
    asked = json.loads(request.body if isinstance(request.body, bytes) else b"{}")
    return {{"messages": "seq"}.get(name, name): value for name, value in asked.items()}


def _nothing(_: Request) -> dict[str, Any]:
    return {}


_HUMP: Final = re.compile("_([a-z])")
_FIELDS: Final = {"Accept": "application/json"}
"""Asks for the fields of a message, which SOAP does not have."""

_TWINS: Final[tuple[tuple[str, re.Pattern[str], str, Callable[[Request], dict[str, Any]]], ...]] = tuple(
    (method, re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), name, more)
    for method, path, name, more in (
        ("POST", "/v1/messages", "SubmitMessage", _document),
        ("POST", "/v1/messages/validate", "ValidateMessage", _document),
        ("GET", "/v1/traders/{trader}/messages", "ListMessages", _nothing),
        ("GET", "/v1/traders/{trader}/messages/{seq}", "FetchMessage", _nothing),
        ("PUT", "/v1/traders/{trader}/messages/{seq}/acknowledgement", "AcknowledgeMessage", _nothing),
        ("POST", "/v1/traders/{trader}/messages/acknowledgements", "AcknowledgeMessages", _reads),
        ("GET", "/v1/traders/{trader}/movements", "ListMovements", _nothing),
        ("GET", "/v1/traders/{trader}/movements/{arc}", "GetMovement", _nothing),
        ("GET", "/v1/operators/{seed}", "CheckOperator", _nothing),
        ("POST", "/v1/traders/{trader}/batches", "SubmitBatch", _file),
        ("GET", "/v1/traders/{trader}/batches/{batch}", "GetBatch", _nothing),
    )
)
"""Method and path in REST -> the operation, and what its request holds beside what path and query say."""


def _composed(request: Request, seed: str | None) -> tuple[int, Any]:
    """A document made here: SOAP has no operation for that. Status, and the document or the problem."""
    fields = json.loads(request.body if isinstance(request.body, bytes) else b"{}")
    own = f"NDEA.{seed[:2]}" if seed else None
    data = with_header(fields, now=datetime.now(UTC), identifier=str(uuid4()), sender=own, recipient=own)
    try:
        return 200, document_bytes(current().write(message_from_plain(data)))
    except ComposeRefused as refused:
        told = in_every_language(refused.what)
        faults = [fault_json(fault) for fault in refused.faults]
        return _REFUSED, {"type": "compose-refused", "detail": told["en"], "details": told, "faults": faults}
