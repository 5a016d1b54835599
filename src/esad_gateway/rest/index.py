"""The first page of a gateway: who answers here, and where to ask for what."""

from collections.abc import Mapping
from html import escape

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from esad_gateway.web.accept import preferred
from esad_gateway.web.answer import JsonAnswer
from esad_gateway.web.body import Endpoint

OFFERED = ("application/json", "text/html")

NOTHING_ELSE: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "Vary": "Accept",
}
"""A page without scripts, styles or images of anybody."""

_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{who}</title></head>
<body>
<h1>{who}</h1>
<p>A gateway for e-SADs and reports of receipt.</p>
<dl>
{doors}
</dl>
</body>
</html>
"""


def index_endpoint(address: str, doors: Mapping[str, str]) -> Endpoint:
    """The endpoint for ``GET /``: the administration's address and ``doors``, each path with its purpose.

    JSON, unless the client likes HTML better. Nobody needs a token for it, and it tells nothing of anybody else.
    """
    told = {"administration": address, "doors": dict(doors)}
    listed = "\n".join(
        f'<dt><a href="{escape(path)}">{escape(path)}</a></dt><dd>{escape(doors[path])}</dd>' for path in doors
    )
    page = _PAGE.format(who=escape(address), doors=listed)

    async def endpoint(request: Request) -> Response:
        if preferred(request.headers.get("accept", ""), OFFERED) == "text/html":
            return HTMLResponse(page, headers=dict(NOTHING_ELSE))
        return JsonAnswer(told, headers={"Vary": "Accept"})

    return endpoint
