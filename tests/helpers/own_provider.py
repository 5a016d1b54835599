"""A provider of identities over real HTTP that keeps the rules, but for what a test has it do otherwise."""

import json
import secrets
from base64 import urlsafe_b64encode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from esad_gateway.signin.proofs import challenge_of
from helpers.gateway import PATIENCE

CLIENT, SECRET = "esad", "a secret & more"
Otherwise = Callable[[BaseHTTPRequestHandler], None]


@dataclass
class OwnProvider:
    """Whoever signs in is ``person``; ``claims`` and ``header`` replace what a token has otherwise.

    ``otherwise`` answers a path in its own way. ``asked`` counts the requests of each path.
    """

    issuer: str = ""
    person: dict[str, Any] = field(default_factory=dict)
    told_later: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=dict)
    metadata: dict[str, Any] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=list)
    now: Callable[[], int] = lambda: 0
    otherwise: dict[str, Otherwise] = field(default_factory=dict)
    asked: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Mapping[str, str]] = field(default_factory=dict)
    shared: bytes | None = None
    cut: bool = False

    def rotate(self) -> None:
        """Sign with a new key, and know no older one."""
        self.keys = [RSAKey.generate_key(2048, {"kid": secrets.token_hex(4)})]

    def answers(self, path: str, query: Mapping[str, str], form: Mapping[str, str]) -> tuple[int, dict[str, Any], str]:
        """Status, body, and where to go instead."""
        match path:
            case "/.well-known/openid-configuration":
                return 200, self._described(), ""
            case "/jwks":
                return 200, {"keys": [one.as_dict(private=False) for one in self.keys]}, ""
            case "/authorize":
                return 302, {}, self._back(query)
            case "/token":
                return (*self._exchanged(form), "")
            case "/userinfo":
                return 200, {"sub": "s-1", **self.told_later}, ""
            case _:
                return 404, {}, ""

    def _described(self) -> dict[str, Any]:
        paths = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        told = {name: f"{self.issuer}/{path}" for name, path in {**paths, "userinfo_endpoint": "userinfo"}.items()}
        return {"issuer": self.issuer, **told, "code_challenge_methods_supported": ["S256"], **self.metadata}

    def _back(self, query: Mapping[str, str]) -> str:
        code = secrets.token_urlsafe(8)
        self.codes[code] = query
        return f"{query['redirect_uri']}?{urlencode({'code': code, 'state': query['state'], 'iss': self.issuer})}"

    def _exchanged(self, form: Mapping[str, str]) -> tuple[int, dict[str, Any]]:
        query = self.codes.pop(form.get("code", ""), None)
        if query is None or challenge_of(form.get("code_verifier", "")) != query["code_challenge"]:
            return 400, {"error": "invalid_grant"}
        if query["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant"}
        access = secrets.token_urlsafe(8)
        return 200, {"access_token": access, "token_type": "Bearer", "id_token": self._token(query["nonce"])}

    def _token(self, nonce: str) -> str:
        now = self.now()
        usual = {"iss": self.issuer, "sub": "s-1", "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": nonce}
        claims = {name: value for name, value in {**usual, **self.person, **self.claims}.items() if value is not None}
        named = {"alg": "RS256", "kid": self.keys[0].kid, **self.header}
        header = {name: value for name, value in named.items() if value is not None}
        if header["alg"] == "none":
            return _unsigned(header, claims)
        if self.shared is not None:
            key = OctKey.import_key(self.shared)
            return jwt.encode(header, claims, key, algorithms=["HS256"])
        text = jwt.encode(header, claims, self.keys[0], algorithms=[header["alg"]])
        return text[:-8] + ("A" * 8) if self.cut else text


def _unsigned(header: Mapping[str, Any], claims: Mapping[str, Any]) -> str:
    parts = (urlsafe_b64encode(json.dumps(one).encode()).rstrip(b"=").decode() for one in (header, claims))
    return ".".join((*parts, ""))


@contextmanager
def own_provider(now: Callable[[], int]) -> Iterator[OwnProvider]:
    """The provider, listening until the end of the block."""
    provider = OwnProvider(now=now)
    provider.rotate()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._do(b"")

        def do_POST(self) -> None:
            self._do(self.rfile.read(int(self.headers["Content-Length"])))

        def _do(self, body: bytes) -> None:
            parts = urlsplit(self.path)
            provider.asked[parts.path] += 1
            if parts.path in provider.otherwise:
                provider.otherwise[parts.path](self)
                return
            status, content, location = provider.answers(parts.path, _single(parts.query), _single(body.decode()))
            answer(self, status, json.dumps(content).encode(), location)

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    provider.issuer = f"http://127.0.0.1:{server.server_port}"
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join(PATIENCE)


def answer(handler: BaseHTTPRequestHandler, status: int, body: bytes, location: str = "") -> None:
    """Answer with a status, a body, and where to go."""
    handler.send_response(status)
    if location:
        handler.send_header("Location", location)
    handler.send_header("Content-Type", "application/json")
    handler.send_header("Content-Length", str(len(body)))
    handler.end_headers()
    handler.wfile.write(body)


def _single(text: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(text, keep_blank_values=True).items()}
