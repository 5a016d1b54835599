"""Whether a request that changes something was made by a page of somebody else, which a browser has open."""

from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers

from esad_gateway.faults import Said, said

_OWN: Final = frozenset({"", "same-origin", "none"})
"""What a browser says of a request that its own page or its user has made; other programs say nothing."""


def foreign(headers: Headers) -> Said | None:
    """Why nothing is changed for such a page; ``None`` for a program, and for a page of this address."""
    origin, site = headers.get("origin"), headers.get("sec-fetch-site", "")
    if site in _OWN and (origin is None or urlsplit(origin).netloc == headers.get("host", "")):
        return None
    return said("page.origin", origin=f"{origin!r:.80}")
