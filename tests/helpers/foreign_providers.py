"""Providers of identities that others have made, each in a process of its own."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from helpers.gateway import PATIENCE
from helpers.own_provider import CLIENT, SECRET
from helpers.programs import require, require_packages
from helpers.signing_in import RETURN

FOLDER: Final = Path(__file__).parents[1] / "signin" / "javascript"

_MOCK: Final = """
import sys, json, socket, logging
from wsgiref.simple_server import make_server, WSGIRequestHandler
import oidc_provider_mock
from oidc_provider_mock._storage import User
WSGIRequestHandler.log_message = lambda *_: None
logging.disable()
claims = json.load(sys.stdin)
app = oidc_provider_mock.app(require_nonce=True, user_claims=[User(sub="person-1", claims=claims)])
server = make_server("127.0.0.1", 0, app)
print(f"http://127.0.0.1:{server.server_port}", flush=True)
server.serve_forever()
"""


@contextmanager
def oidc_provider(person: Mapping[str, Any]) -> Iterator[str]:
    """The address of ``oidc-provider`` for JavaScript: keys of RSA, claims at its userinfo alone, a client's secret."""
    require("node")
    require_packages(FOLDER / "node_modules")
    with _started(("node", str(FOLDER / "provider.mjs"), CLIENT, SECRET, RETURN), person) as issuer:
        yield issuer


@contextmanager
def provider_mock(person: Mapping[str, Any]) -> Iterator[str]:
    """The address of ``oidc-provider-mock`` for Python: no PKCE, claims in the token or not, a form to sign in."""
    with _started((sys.executable, "-c", _MOCK), person) as issuer:
        yield issuer


@contextmanager
def _started(command: tuple[str, ...], person: Mapping[str, Any]) -> Iterator[str]:
    environment = {**os.environ, "AUTHLIB_INSECURE_TRANSPORT": "1"}
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, text=True
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(json.dumps(person))
        process.stdin.close()
        try:
            yield process.stdout.readline().strip()
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(PATIENCE)
