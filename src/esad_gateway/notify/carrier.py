"""Carries notifications to webhooks; what does it is loaded with the first one, as that takes long."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from esad_gateway.transport.later import Later

if TYPE_CHECKING:
    from esad_gateway.notify.addresses import Allowed
    from esad_gateway.notify.calling import Calling
    from esad_gateway.ports.webhooks import Called


class HookCarrier:
    """Calls webhooks that are ``allowed``; ``seconds`` is how long a call may take."""

    def __init__(self, allowed: Allowed, seconds: float) -> None:
        self._calling = Later(partial(_calling, allowed, seconds))

    async def call(self, url: str, body: bytes, headers: dict[str, str]) -> Called:
        """Post a body; however the receiver behaves is a value and no exception."""
        return await (await self._calling.get()).call(url, body, headers)

    async def close(self) -> None:
        """Close what is open."""
        if self._calling.made is not None:
            await self._calling.made.close()


def _calling(allowed: Allowed, seconds: float) -> Calling:
    from esad_gateway.notify.calling import Calling  # noqa: PLC0415 - see HookCarrier

    return Calling(allowed, seconds)
