"""``GET /soap/gateway?wsdl`` and ``?xsd=…``: the description, with the address that clients are to use in it."""

from pathlib import Path
from typing import Final
from xml.sax.saxutils import quoteattr

from starlette.requests import Request
from starlette.responses import Response

from esad_gateway.errors import NotFound
from esad_gateway.faults import said
from esad_gateway.web.address import address_of
from esad_gateway.web.body import Endpoint

PATH: Final = "/soap/gateway"
_WSDL: Final = "gateway.wsdl"
_SCHEMAS: Final = ("gateway.xsd",)


def wsdl_endpoint(folder: Path, public_url: str) -> Endpoint:
    """The endpoint for ``GET /soap/gateway``: the description in ``folder``, and with ``?xsd=`` a schema of it.

    Its address is that of ``public_url``, or else the socket that was asked: never what a header says.
    """
    wsdl = (folder / _WSDL).read_text(encoding="utf-8")
    schemas = {name: (folder / name).read_bytes() for name in _SCHEMAS}

    async def endpoint(request: Request) -> Response:
        named = request.query_params.get("xsd")
        if named is None:
            return Response(_placed(wsdl, f"{address_of(request, public_url)}{PATH}"), media_type="text/xml")
        if named not in schemas:
            raise NotFound(said("detail.soap_schema", known=", ".join(schemas)))
        return Response(schemas[named], media_type="text/xml")

    return endpoint


def _placed(wsdl: str, address: str) -> str:
    """The description at an address; its schemas are there as well."""
    placed = wsdl.replace(f'"http://localhost{PATH}"', quoteattr(address))
    for name in _SCHEMAS:
        placed = placed.replace(f'schemaLocation="{name}"', f"schemaLocation={quoteattr(f'{address}?xsd={name}')}")
    return placed
