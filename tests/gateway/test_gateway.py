"""The gateway as the doors see it: what waits for what."""

import asyncio
from typing import Any

from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.turns import WORKERS
from esad_gateway.ports.reading import Outcome, Receipt
from helpers.blocked import Blocked
from helpers.counting import statements
from helpers.gateway import CONSIGNOR, Box, Station, edited, new_draft

MANY = 12


def test_submission_does_not_wait_for_dry_runs(box: Box, lt: Station) -> None:
    """However many ask what is wrong with their documents, and however long that takes, a submission is taken."""
    gateway, dear = lt.runtime.gateway, Blocked()
    signer = box.traders[CONSIGNOR].signer
    wrong = edited(box.signed(CONSIGNOR, new_draft()), signer, (b"<ie:TransportMode>", b"<ie:A/><ie:TransportMode>"))
    submission = Submission(raw=box.signed(CONSIGNOR, new_draft()), principal=A_TRADER, channel="test")

    async def submitted_among_dry_runs() -> int:
        kept = [asyncio.create_task(gateway.turns.run(dear, size=1, client="")) for _ in range(WORKERS)]
        await dear.begun(WORKERS)
        asked = [asyncio.create_task(gateway.dry_run(wrong)) for _ in range(MANY)]
        await asyncio.sleep(0)
        await gateway.take(submission)
        finished = sum(task.done() for task in asked)
        dear.free.set()
        assert all(verdict.faults for verdict in await asyncio.gather(*asked))
        await asyncio.gather(*kept)
        return finished

    gateway.writer.start()
    finished = asyncio.run(submitted_among_dry_runs())
    gateway.writer.stop()

    assert finished == 0
    assert len(lt.mailbox(CONSIGNOR)) == 2


class Counting(asyncio.SelectorEventLoop):
    """An event loop that counts how often another thread wakes it."""

    woken = 0

    def call_soon_threadsafe(self, callback: Any, *arguments: Any, context: Any = None) -> Any:  # type: ignore[override]
        """Wake it, as ever."""
        self.woken += 1
        return super().call_soon_threadsafe(callback, *arguments, context=context)


def test_requests_of_a_group_are_woken_once(box: Box, lt: Station) -> None:
    """Sixteen that wait are answered by as many calls of the writer's thread as there were groups."""
    documents = [box.signed(CONSIGNOR, new_draft()) for _ in range(16)]
    submissions = [Submission(raw=one, principal=A_TRADER, channel="test") for one in documents]

    async def taken() -> tuple[list[Receipt], int, int]:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, Counting)
        async with lt.runtime.open():
            before = loop.woken
            with statements(lt.runtime.store.writer) as traced:
                receipts = await asyncio.gather(*(lt.runtime.gateway.take(one) for one in submissions))
            return receipts, loop.woken - before, traced.count("COMMIT")

    with asyncio.Runner(loop_factory=Counting) as runner:
        receipts, woken, groups = runner.run(taken())

    assert all(receipt.outcome is Outcome.ACCEPTED for receipt in receipts)
    assert woken == groups


def test_request_that_has_gone_is_answered_to_nobody(box: Box, lt: Station) -> None:
    """Its message is committed or not; nothing fails for those who wait beside it."""
    documents = [box.signed(CONSIGNOR, new_draft()) for _ in range(2)]
    gone, waits = (Submission(raw=one, principal=A_TRADER, channel="test") for one in documents)

    async def taken() -> Receipt:
        async with lt.runtime.open():
            leaving = asyncio.create_task(lt.runtime.gateway.take(gone))
            await asyncio.sleep(0)
            leaving.cancel()
            return await lt.runtime.gateway.take(waits)

    assert asyncio.run(taken()).outcome is Outcome.ACCEPTED
