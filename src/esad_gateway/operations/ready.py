"""Whether a gateway can do its work now: store, key, clock and disk, each asked for real."""

import asyncio
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.bootstrap import Runtime
from esad_gateway.errors import OwnError
from esad_gateway.faults import Said, said
from esad_gateway.ports.clock import What
from esad_gateway.store.database import writing
from esad_gateway.texts import in_every_language, say
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint
from esad_gateway.web.problems import problem

ANSWERS_WITHIN: Final = 5.0
"""Seconds: a store that does not let us write for longer is not ready."""

MOST_LAG: Final = timedelta(minutes=2)
"""How long something that is due may wait to be done; a group or a backup holds the store for seconds only."""

AS_LONG: Final = 1.0
"""Seconds: what was found is told again for so long, however often it is asked for."""

OWN_DUTIES: Final = (What.CLOCK, What.PARKED, What.HELD)
"""What falls due by our clock alone; everything else waits for other administrations as well."""

NOT_READY: Final = 503


@dataclass(frozen=True, slots=True)
class ReadyNow:
    """What the checks have found: by name, why it is not in order, or ``None``."""

    checks: Mapping[str, Said | None]

    @property
    def ready(self) -> bool:
        """Whether all is in order."""
        return not any(self.checks.values())

    def answer(self) -> JsonAnswer:
        """As it is answered: 200, or a problem with status 503."""
        told = {"ready": self.ready, "checks": {name: _told(why) for name, why in self.checks.items()}}
        if self.ready:
            return JsonAnswer(told)
        wrong = ", ".join(name for name, why in self.checks.items() if why)
        return problem(NOT_READY, "not-ready", said("ready.not", checks=wrong), **told)


def _told(why: Said | None) -> dict[str, Any]:
    return {"ok": True} if why is None else {"ok": False, "why": say(why), "whys": in_every_language(why)}


class Readiness:
    """Asks whether a gateway is ready, at most once a second."""

    def __init__(self, runtime: Runtime) -> None:
        self._runtime = runtime
        self._asking = asyncio.Lock()
        self._asked = -AS_LONG
        self._found = ReadyNow(MappingProxyType({}))

    async def found(self) -> ReadyNow:
        """What is in order now, and what is not."""
        async with self._asking:
            now = self._runtime.clock.elapsed()
            if not self._found.checks or now - self._asked > AS_LONG:
                self._found, self._asked = ReadyNow(await self._look()), now
        return self._found

    async def _look(self) -> Mapping[str, Said | None]:
        checks: Mapping[str, Callable[[], Said | None]] = {"key": self._key, "clock": self._clock, "disk": self._disk}
        found = {name: await asyncio.to_thread(_asked, check) for name, check in checks.items()}
        return {"store": await self._store(), **found}

    async def _store(self) -> Said | None:
        """Why nothing can be written, by the thread that writes."""
        try:
            async with asyncio.timeout(ANSWERS_WITHIN):
                await self._runtime.gateway.writer.write(self._write_nothing)
        except TimeoutError:
            return said("ready.store_slow", seconds=int(ANSWERS_WITHIN))
        except OwnError:
            return Said("ready.store")
        return None

    def _write_nothing(self) -> None:
        with writing(self._runtime.store.writer):
            pass

    def _key(self) -> Said | None:
        self._runtime.verifier.signer()
        return None

    def _clock(self) -> Said | None:
        due = self._runtime.store.upcoming(*OWN_DUTIES)
        lag = self._runtime.clock.now() - due[0].at if due else timedelta(0)
        return said("ready.clock", seconds=int(lag.total_seconds())) if lag > MOST_LAG else None

    def _disk(self) -> Said | None:
        free, least = shutil.disk_usage(self._runtime.data.root).free >> 20, self._runtime.settings.disk_megabytes_free
        return said("ready.disk", free=free, least=least) if free < least else None


def _asked(check: Callable[[], Said | None]) -> Said | None:
    """What a check says. Where it cannot be asked, the way to the reason: that may name files."""
    try:
        return check()
    except (OwnError, OSError):
        return Said("ready.unknown")


def ready_endpoint(readiness: Readiness) -> Endpoint:
    """The endpoint for ``GET /ready``: 200 when the gateway can do its work, 503 with what is wrong when it cannot."""

    async def endpoint(_: Request) -> Response:
        return (await readiness.found()).answer()

    return endpoint
