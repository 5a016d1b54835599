"""Somebody with a browser that keeps cookies and follows where it is sent, and runs no scripts."""

import json
from dataclasses import dataclass, field
from http.client import HTTPMessage
from http.cookiejar import CookieJar
from typing import IO, Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from helpers.gateway import PATIENCE


@dataclass(frozen=True)
class Page:
    """What a browser shows in the end: where it is, and what stands there."""

    status: int
    url: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class _Stops(HTTPRedirectHandler):
    """Follows redirects, but not to where an address begins as ``ends``."""

    def __init__(self, ends: str) -> None:
        self.ends = ends

    def redirect_request(
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> Request | None:
        """The next request; none where it ends."""
        if self.ends and newurl.startswith(self.ends):
            return None
        return super().redirect_request(req, fp, code, msg, headers, newurl)


@dataclass
class Visitor:
    """A visitor; ``ends`` is where somebody stops who is sent there."""

    ends: str = ""
    cookies: CookieJar = field(default_factory=CookieJar)

    def go(self, url: str, form: dict[str, str] | None = None) -> Page:
        """Open an address, or send a form there, and follow."""
        body = None if form is None else urlencode(form).encode()
        try:
            with self._opener().open(Request(url, body), timeout=PATIENCE) as found:  # noqa: S310 - of a test
                return _page(found.status, found.url, found.headers, found.read())
        except HTTPError as error:
            with error:
                return _page(error.code, error.url, error.headers, error.read())

    def _opener(self) -> OpenerDirector:
        return build_opener(ProxyHandler({}), HTTPCookieProcessor(self.cookies), _Stops(self.ends))


def _page(status: int, url: str, headers: Any, body: bytes) -> Page:
    return Page(status, url, {name.lower(): value for name, value in headers.items()}, body)
