"""Who may read metrics: addresses that the settings name. To anybody else there are none."""

from collections.abc import Collection
from ipaddress import IPv4Network, IPv6Network, ip_address

from starlette.exceptions import HTTPException
from starlette.requests import Request

from esad_gateway.web.body import client_of

Network = IPv4Network | IPv6Network

_THROUGH_A_FRONT = ("forwarded", "x-forwarded-for")


def check_watcher(request: Request, networks: Collection[Network], *, fronts: bool) -> None:
    """Raise HTTPException (404) unless the request comes from one of these networks.

    Behind a front that no setting names (``fronts``), everybody has its address; so what came through one is refused.
    """
    hidden = not fronts and any(name in request.headers for name in _THROUGH_A_FRONT)
    if hidden or not _within(client_of(request), networks):
        raise HTTPException(404)


def _within(client: str, networks: Collection[Network]) -> bool:
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None) or address
    return any(mapped in network for network in networks)
