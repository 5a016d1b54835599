"""The gateway of Lithuania at the time of the machine; its traders as clients that wait, and that are awaited."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from inspect import iscoroutine
from typing import Any, TypeAlias

import pytest

from esad_gateway.client import AsyncGatewayClient, GatewayClient, load_signer
from esad_gateway.signing.pem import write_certificate, write_key
from helpers.batch_door import present
from helpers.gateway import CONSIGNEE, FOREIGN_CONSIGNOR, Box, copy_of_box, new_draft
from helpers.served import Served, served
from helpers.two_states import deliver


@pytest.fixture(scope="module")
def box(tmp_path_factory: pytest.TempPathFactory) -> Box:
    """Member states of a module."""
    return copy_of_box(tmp_path_factory.mktemp("box"))


@pytest.fixture(scope="module")
def gateway(box: Box) -> Iterator[Served]:
    """The gateway of Lithuania."""
    with served(box, clock=present()) as running:
        assert running.get("/v1/nothing").status == 404  # its framework is loaded, which changes filters of warnings
        yield running


class Awaited:
    """An AsyncGatewayClient whose methods are run to their end, so that a test reads the same for both."""

    def __init__(self, runner: asyncio.Runner, client: AsyncGatewayClient) -> None:
        self._runner = runner
        self._client = client

    def __getattr__(self, name: str) -> Callable[..., Any]:
        method = getattr(self._client, name)

        async def run(*arguments: Any, **named: Any) -> Any:
            came = method(*arguments, **named)
            return await came if iscoroutine(came) else came

        return lambda *arguments, **named: self._runner.run(run(*arguments, **named))


ClientOf: TypeAlias = Callable[..., Any]


@pytest.fixture(params=["waiting", "awaited"])
def client_of(
    request: pytest.FixtureRequest, gateway: Served, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ClientOf]:
    """Makes the client of a trader, of either kind; at another address, or with other options, if these are given."""
    with ExitStack() as end:
        runner = end.enter_context(asyncio.Runner())

        def made(trader_seed: str, url: str | None = None, **options: Any) -> Any:
            trader, folder = gateway.box.traders[trader_seed], tmp_path_factory.mktemp("keys")
            write_key(folder / "key.pem", trader.identity.key)
            write_certificate(folder / "certificate.pem", trader.identity.certificate)
            signer = load_signer(folder / "key.pem", folder / "certificate.pem")
            given = {"seed": trader_seed, "token": trader.token, "signer": signer, **options}
            if request.param == "waiting":
                return end.enter_context(GatewayClient(url or gateway.url, **given))
            client = AsyncGatewayClient(url or gateway.url, **given)
            end.callback(lambda: runner.run(client.close()))
            return Awaited(runner, client)

        yield made


@pytest.fixture
def e_sad(box: Box, gateway: Served) -> bytes:
    """An e-SAD that Poland has issued to a consignee of Lithuania, where it has arrived."""
    now = datetime.now(UTC)
    with box.open("PL", present()) as poland:
        poland.take(box.signed(FOREIGN_CONSIGNOR, new_draft(FOREIGN_CONSIGNOR, CONSIGNEE, now)))
        document = poland.due()[-1][1]
    asyncio.run(deliver(gateway.trader(CONSIGNEE).member, document))
    return document
