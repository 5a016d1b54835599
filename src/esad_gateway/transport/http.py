"""``ports.Transport`` over HTTP: hands documents to the ``/ndea`` of other administrations."""

from collections.abc import Callable, Mapping

import aiohttp

from esad_gateway.errors import PeerError
from esad_gateway.ports import DeliveryOutcome
from esad_gateway.transport.envelope import ACTION, CONTENT_TYPE, acknowledgement_of, deliver

LARGEST_ANSWER = 64 * 1024
"""Bytes: an acknowledgement is a few hundred; more is nonsense, and is not read."""


class HttpTransport:
    """Delivers over HTTP. ``peers`` answers where each administration listens now (address -> URL)."""

    def __init__(self, peers: Callable[[], Mapping[str, str]], timeout: float) -> None:
        self._peers = peers
        self._timeout = aiohttp.ClientTimeout(total=timeout)
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, destination: str, document: bytes) -> DeliveryOutcome:
        """Hand over a document; raises PeerError when no acknowledgement came back, whatever the reason."""
        url = self._peers().get(destination)
        if url is None:
            raise PeerError(f"no address is known for {destination}")
        try:
            return acknowledgement_of(await self._post(url, deliver(document))).outcome
        except (aiohttp.ClientError, TimeoutError, ValueError) as error:
            # ValueError: a host that is no name, which the resolver finds out.
            raise PeerError(f"{destination} cannot be reached: {type(error).__name__} {error}") from error

    async def close(self) -> None:
        """Close what is open."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, url: str, envelope: bytes) -> bytes:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        headers = {"Content-Type": CONTENT_TYPE, "SOAPAction": f'"{ACTION}"'}
        async with self._session.post(url, data=envelope, headers=headers, allow_redirects=False) as response:
            # A SOAP fault comes with status 500; its text is worth reading.
            if response.status not in {200, 500}:
                raise PeerError(f"HTTP {response.status}")
            return await _read(response.content)


async def _read(content: aiohttp.StreamReader) -> bytes:
    answer = bytearray()
    while chunk := await content.read(LARGEST_ANSWER):
        answer += chunk
        if len(answer) > LARGEST_ANSWER:
            raise PeerError(f"the answer is longer than {LARGEST_ANSWER} bytes")
    return bytes(answer)
