"""The same client over SOAP, by zeep: the extra ``soap``. What is easy to get wrong with zeep is settled here.

Every request of the client becomes the operation of SOAP that is its twin, and what that answers becomes the JSON of
REST again: so both clients here do the same steps as those over REST, and values, faults and waits are the same.

- The description is that of this package: nothing is loaded over a network, and the address is the one that you give.
- Documents and files go out as bytes, in MTOM or in base64, and nothing goes out as a binary fraction.
- With the gateway's certificate, requests are signed by WS-Security (Body and a Timestamp of now, with SHA-256), and
  an answer, a fault as well, is believed only when that certificate has signed it. zeep's own plug-ins would verify
  with the client's certificate, sign with SHA-1 and without a Timestamp, and fail on every answer when in a list.
"""

import asyncio
import ssl
from pathlib import Path
from typing import Final

from esad_gateway.client.async_gateway import AsyncGatewayClient
from esad_gateway.client.gateway import GatewayClient
from esad_gateway.client.plan import ClientPlan, Signer
from esad_gateway.client.request import GatewayAnswer, Request, RequestWire, bearer
from esad_gateway.client.soap.security import Secured
from esad_gateway.client.soap.wire import SoapWire
from esad_gateway.client.steps import Retry
from esad_gateway.client.wire import Wire
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import Said
from esad_gateway.signing.pem import load_certificates
from esad_gateway.signing.signer import XmlSigner

__all__ = ["AsyncSoapGatewayClient", "SoapGatewayClient"]

LATEST: Final = "1.2"


class SoapGatewayClient(GatewayClient):
    """:class:`esad_gateway.client.GatewayClient` over SOAP, with the same methods.

    ``certificate`` is the file with the gateway's certificate, or several while it is replaced
    (``/v1/administration`` tells them): with it, requests are signed by ``signer``, which then has to be one of
    ``load_signer``, and answers are verified. Without it a ``token`` reads. ``version`` is that
    of SOAP, 1.1 or 1.2; ``mtom`` sends documents as parts beside the envelope.

    Documents are composed here, by the release and the clock of this machine. What has no operation in SOAP raises
    NotConfigured: ``administration``, ``fields``, ``batch_documents``, ``corrections``, ``resume_batch`` and
    ``withdraw_batch``. Raises PeerError also for an answer that the gateway has not signed.
    """

    def __init__(
        self,
        url: str,
        *,
        seed: str | None = None,
        token: str | None = None,
        signer: Signer | None = None,
        certificate: Path | str | None = None,
        retry: Retry | None = None,
        timeout: float | None = None,
        tls: ssl.SSLContext | None = None,
        version: str = LATEST,
        mtom: bool = True,
    ) -> None:
        super().__init__(url, seed=seed, signer=signer, retry=retry, timeout=timeout, tls=tls)
        self._wire = _wire(self._plan, self._wire, token, certificate, version, mtom=mtom)


class AsyncSoapGatewayClient(AsyncGatewayClient):
    """:class:`SoapGatewayClient`, with methods that are awaited; each request waits in a thread."""

    def __init__(
        self,
        url: str,
        *,
        seed: str | None = None,
        token: str | None = None,
        signer: Signer | None = None,
        certificate: Path | str | None = None,
        retry: Retry | None = None,
        timeout: float | None = None,
        tls: ssl.SSLContext | None = None,
        version: str = LATEST,
        mtom: bool = True,
    ) -> None:
        super().__init__(url, seed=seed, signer=signer, retry=retry, timeout=timeout, tls=tls)
        self._wire = _InThread(_wire(self._plan, Wire(url, {}, tls), token, certificate, version, mtom=mtom))


class _InThread:
    """A wire whose requests wait in threads."""

    def __init__(self, wire: SoapWire) -> None:
        self._wire = wire

    async def send(self, request: Request) -> GatewayAnswer:
        """Send a request and read its answer."""
        return await asyncio.to_thread(self._wire.send, request)

    async def close(self) -> None:
        """Close the connections that are kept."""
        self._wire.close()


def _wire(
    plan: ClientPlan, wire: RequestWire, token: str | None, certificate: Path | str | None, version: str, *, mtom: bool
) -> SoapWire:
    secured = None if certificate is None else Secured(_key(plan.signer), load_certificates(Path(certificate)))
    headers = bearer(token) if secured is None else {}
    return SoapWire(wire, headers, secured, version, mtom=mtom, seed=plan.seed)


def _key(signer: object) -> XmlSigner:
    if not isinstance(signer, XmlSigner):
        raise NotConfigured(Said("client.no_signer"))
    return signer
