"""The floor of HTTP: the same server library, and a handler that reads the body and answers. No gateway can do less.

``python -m esad_gateway.benchmarks.bare PORT`` serves it until it is told to end.
"""

import sys
from typing import Final

import uvicorn
from starlette.types import Receive, Scope, Send

_STATE: Final = b'{"state": "LT"}'
_RECEIPT: Final = b'{"outcome": "accepted", "filler": "' + b"x" * 600 + b'"}'


async def bare(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer as a gateway of Lithuania would, and do nothing else."""
    while (await receive()).get("more_body"):
        pass
    status, body = (201, _RECEIPT) if scope["method"] == "POST" else (200, _STATE)
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(bare, port=int(sys.argv[1]), lifespan="off", ws="none", log_level="error", access_log=False)
