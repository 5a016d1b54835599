"""``/docs``: the description of the REST door to read and to try, with nothing that comes from another machine.

The files of Swagger UI come from the package fastapi-swagger and are read when a browser first asks for them.
"""

from collections.abc import Mapping
from html import escape
from importlib.resources import files

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.web.body import Endpoint, Route

_PACKAGE = "fastapi_swagger"

_FILES: Mapping[str, str] = {
    "swagger-ui-bundle.js": "text/javascript",
    "swagger-ui.css": "text/css",
    "favicon-32x32.png": "image/png",
}

# Swagger UI sets styles on elements and draws with images that stand in its style sheet.
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

_HEADERS: Mapping[str, str] = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff"}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<title>{title}</title>
<link rel="icon" href="docs/favicon-32x32.png">
<link rel="stylesheet" href="docs/swagger-ui.css">
</head>
<body>
<div id="swagger-ui"></div>
<script src="docs/swagger-ui-bundle.js"></script>
<script src="docs/start.js"></script>
</body>
</html>
"""

# Without an address for the validator, Swagger UI would ask one on the internet.
_START = """SwaggerUIBundle({url: "openapi.json", dom_id: "#swagger-ui", validatorUrl: null, deepLinking: true});
"""


def page(title: str) -> Mapping[Route, Endpoint]:
    """The routes of the page and of everything it asks for, each with its endpoint."""
    fixed = {
        "/docs": _text(_PAGE.format(title=escape(title)), "text/html"),
        "/docs/start.js": _text(_START, "text/javascript"),
    }
    shipped = {f"/docs/{name}": _shipped(name, media_type) for name, media_type in _FILES.items()}
    return {("GET", path): endpoint for path, endpoint in {**fixed, **shipped}.items()}


def _text(text: str, media_type: str) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        return Response(text, media_type=media_type, headers=dict(_HEADERS))

    return endpoint


def _shipped(name: str, media_type: str) -> Endpoint:
    async def endpoint(_: Request) -> Response:
        body = files(_PACKAGE).joinpath("resources", name).read_bytes()
        return Response(body, media_type=media_type, headers={**_HEADERS, "Cache-Control": "max-age=3600"})

    return endpoint
