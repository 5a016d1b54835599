"""A usual SOAP stack, for comparison: zeep reads the envelope, then the usual pipeline, one commit a message.

``python -m esad_gateway.benchmarks.usual_soap FOLDER PORT`` serves it, with the keys of a world in ``FOLDER``, until it
is told to end. One thread works beside the server's, since Python runs no two of them at a time.
"""

import asyncio
import sys
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import Any, Final

import uvicorn
import zeep
from lxml import etree
from lxml.builder import ElementMaker
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from esad_gateway import resources
from esad_gateway.benchmarks.prepared import numbered
from esad_gateway.benchmarks.usual import Usual
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.pki import Identity
from esad_gateway.simulator.exchange import OPERATORS
from esad_gateway.soap.envelope import NS
from esad_gateway.soap.wsdl import PATH
from esad_gateway.transport.envelope import CONTENT_TYPE, SOAP
from esad_gateway.xml.release import CURRENT

DATABASE: Final = "usual-soap.db"

_OPERATION: Final = "SubmitMessage"
_SOAP: Final = ElementMaker(namespace=SOAP, nsmap={"e": SOAP})
_OURS: Final = ElementMaker(namespace=NS, nsmap={None: NS})


class UsualSoap:
    """Takes envelopes with signed drafts, one at a time, and keeps what comes of them in ``folder``."""

    def __init__(self, folder: Path) -> None:
        key, certificate = load_key(folder / "agent.key"), load_certificate(folder / "agent.pem")
        agent = Identity(certificate=certificate, key=key)  # type: ignore[arg-type]  # made for this, of a kind that signs
        operators = numbered(OPERATORS[0]) + numbered(OPERATORS[2])
        schema = resources.schemas() / "emcs" / CURRENT / "ie815.xsd"
        self._stack = Usual(folder / DATABASE, schema, certificate, agent, operators)

    @cached_property
    def _message(self) -> Any:
        """What reads the envelope of the one operation."""
        document = zeep.Client(str(resources.schemas() / "gateway" / "gateway.wsdl")).wsdl
        return document.bindings[f"{{{NS}}}GatewaySoap"].get(_OPERATION).input

    def answer(self, envelope: bytes) -> bytes:
        """The envelope of the receipt. Raises what its libraries raise for what is wrong."""
        # zeep leaves out what holds one member only.
        document: bytes = self._message.deserialize(etree.fromstring(envelope))
        self._stack.round_trip([document])
        receipt = _OURS(f"{_OPERATION}Response", _OURS("outcome", "accepted"))
        return etree.tostring(_SOAP("Envelope", _SOAP("Body", receipt)))

    def stored(self) -> int:
        """How many messages there are."""
        return self._stack.stored()

    def close(self) -> None:
        """Give back the connections."""
        self._stack.close()


def app(stack: UsualSoap) -> Starlette:
    """What a server serves."""
    worker = ThreadPoolExecutor(max_workers=1)

    async def submit(request: Request) -> Response:
        envelope = await request.body()
        answer = await asyncio.get_running_loop().run_in_executor(worker, stack.answer, envelope)
        return Response(answer, media_type=CONTENT_TYPE)

    async def state(_: Request) -> Response:
        return JSONResponse({"state": "LT"})

    return Starlette(routes=[Route(PATH, submit, methods=["POST"]), Route("/{path:path}", state)])


if __name__ == "__main__":
    served = app(UsualSoap(Path(sys.argv[1])))
    uvicorn.run(served, port=int(sys.argv[2]), log_level="error", access_log=False)
