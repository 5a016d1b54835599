"""A server that is told to stop: who is not answered by then is told to come again."""

import asyncio
import json
import threading
from contextlib import closing
from http.client import HTTPConnection, HTTPResponse

from starlette.types import Receive, Scope, Send

from helpers.gateway import PATIENCE
from helpers.listening import listening


def test_request_that_is_not_answered_in_time_is_told_to_come_again() -> None:
    """Neither silence nor 500: with 503 a client sends the same again, and hears what became of it."""
    arrived = threading.Event()
    answers: list[tuple[HTTPResponse, bytes]] = []

    async def never(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            for kind in ("startup", "shutdown"):
                await receive()
                await send({"type": f"lifespan.{kind}.complete"})
            return
        arrived.set()
        await asyncio.Event().wait()

    with listening(never) as port, closing(HTTPConnection("127.0.0.1", port, timeout=PATIENCE)) as connection:
        connection.request("GET", "/")
        assert arrived.wait(PATIENCE)

        def read() -> None:
            answer = connection.getresponse()
            answers.append((answer, answer.read()))

        reader = threading.Thread(target=read)
        reader.start()
    reader.join(PATIENCE)
    [(answer, body)] = answers

    assert (answer.status, answer.headers["Retry-After"]) == (503, "5")
    assert json.loads(body)["type"] == "/problems/try-again"
