"""A provider of identities that stands in for Mano VMI and for VMI's own log-in, in a process of its own.

Run as a module it reads its persons from standard input, as a JSON object of claims by subject, and says its address.
"""

import asyncio
import contextlib
import json
import os
import sys
from collections.abc import AsyncIterator, Mapping
from typing import Any

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said

Claims = Mapping[str, Mapping[str, Any]]
"""What a provider tells of its persons, by the name under which each signs in."""


@contextlib.asynccontextmanager
async def identity_provider(persons: Claims) -> AsyncIterator[str]:
    """Run a provider that knows these persons; its address. Raises NotConfigured when it does not come up."""
    command = (sys.executable, "-m", __name__)
    pipe, environment = asyncio.subprocess.PIPE, {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=pipe, env=environment)
    try:
        yield await _address(process, persons)
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process, persons: Claims) -> str:
    if process.stdin is None or process.stdout is None or process.stderr is None:
        raise TypeError(process)
    process.stdin.write(json.dumps(persons).encode())
    process.stdin.close()
    address = (await process.stdout.readline()).decode().strip()
    if not address:
        words = (await process.stderr.read()).decode(errors="replace").strip().splitlines()
        raise NotConfigured(said("national_demo.no_provider", words=words[-1] if words else ""))
    return address


def _serve(persons: Claims) -> None:
    import logging  # noqa: PLC0415 - what only the provider's own process needs
    from wsgiref.simple_server import WSGIRequestHandler, make_server  # noqa: PLC0415

    import oidc_provider_mock  # noqa: PLC0415

    class Quiet(WSGIRequestHandler):
        def log_message(self, *_: object) -> None:
            pass

    logging.disable()
    users = [oidc_provider_mock.User(sub=name, claims=dict(claims)) for name, claims in persons.items()]
    app = oidc_provider_mock.app(require_nonce=True, user_claims=users)
    server = make_server("127.0.0.1", 0, app, handler_class=Quiet)
    print(f"http://127.0.0.1:{server.server_port}", flush=True)  # noqa: T201 - this is its answer
    server.serve_forever()


if __name__ == "__main__":
    _serve(json.load(sys.stdin))
