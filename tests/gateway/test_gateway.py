"""The gateway as the doors see it: what waits for what."""

import asyncio

from esad_gateway.gateway.access import A_TRADER
from esad_gateway.gateway.intake import Submission
from esad_gateway.gateway.turns import WORKERS
from helpers.gateway import CONSIGNOR, Box, Station, edited, new_draft

MANY = 12


def test_submission_does_not_wait_for_dry_runs(box: Box, lt: Station) -> None:
    """However many ask what is wrong with their documents, a submission is taken meanwhile."""
    gateway = lt.runtime.gateway
    signer = box.traders[CONSIGNOR].signer
    wrong = edited(
        box.signed(CONSIGNOR, new_draft()), signer, (b"<ie:TransportMode>", b"<ie:A/>" * 8_000 + b"<ie:TransportMode>")
    )
    submission = Submission(raw=box.signed(CONSIGNOR, new_draft()), principal=A_TRADER, channel="test")

    async def submitted_among_dry_runs() -> int:
        asked = [asyncio.create_task(gateway.dry_run(wrong)) for _ in range(MANY)]
        await asyncio.sleep(0)
        await gateway.take(submission)
        finished = sum(task.done() for task in asked)
        verdicts = await asyncio.gather(*asked)
        assert all(verdict.faults for verdict in verdicts)
        return finished

    gateway.writer.start()
    finished = asyncio.run(submitted_among_dry_runs())
    gateway.writer.stop()

    # With the dry runs first, it would wait for most of them.
    assert finished <= 2 * WORKERS
    assert len(lt.mailbox(CONSIGNOR)) == 2
