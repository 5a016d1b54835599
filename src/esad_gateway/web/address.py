"""Where a gateway is reached from outside. What a request's headers say of that is a stranger's word."""

from starlette.requests import Request


def address_of(request: Request, public_url: str) -> str:
    """The address that clients are to use: ``public_url`` where it is set, or else the socket that was asked."""
    return public_url or _socket(request)


def _socket(request: Request) -> str:
    host, port = request.scope.get("server") or ("localhost", None)
    named = f"[{host}]" if ":" in host else host
    return f"http://{named}{f':{port}' if port else ''}"
