"""Webhooks by a clock that is moved: each try at its moment, in order with all else that falls due."""

import asyncio
from datetime import timedelta
from pathlib import Path

from esad_gateway.emcs.movement import Origin
from esad_gateway.gateway.access import Principal
from esad_gateway.notify.desk import WebhookWish
from esad_gateway.ports.clock import Due, What
from esad_gateway.simulator.clock import advance_to
from helpers.gateway import CONSIGNOR, NOW, Station, copy_of_box, new_draft
from helpers.receiver import Receiver
from helpers.webhooks import ALLOWED

OWNER = Principal(Origin.TRADER, CONSIGNOR)


def advance(station: Station, **step: float) -> None:
    """Move the clock of a gateway that is open so far; everything on the way happens."""

    async def moved() -> None:
        async with station.runtime.open():
            await advance_to(station.clock.at + timedelta(**step), station.clock, [station.runtime.duties])

    asyncio.run(moved())


def test_tries_come_at_their_moments_and_end(tmp_path: Path, hook: Receiver) -> None:
    """After one and after two seconds; then it is a dead letter, and the clock goes on to where it was sent."""
    box = copy_of_box(tmp_path)
    box.set("LT", **ALLOWED)
    hook.otherwise = 500
    with box.open("LT") as station:
        station.runtime.webhooks.make(OWNER, CONSIGNOR, WebhookWish(url=hook.url, direction="out"))
        before = station.runtime.webhooks.notifier.next_try()
        station.take(box.signed(CONSIGNOR, new_draft()))
        due = station.runtime.duties.next_due()

        advance(station, hours=1)

        (letter,) = station.rows("webhook_dead_letter")
        tried = [int(hook.next().headers["webhook-timestamp"]) for _ in range(3)]

    begun = int(NOW.timestamp())
    assert (before, due) == (None, Due(NOW, What.NOTIFIED))
    assert tried == [begun, begun + 1, begun + 3]
    assert (letter["tries"], letter["at"]) == (3, (NOW + timedelta(seconds=3)).isoformat(timespec="microseconds"))
    assert station.clock.at == NOW + timedelta(hours=1)


def test_clock_that_was_put_back_delays_no_try(tmp_path: Path, hook: Receiver) -> None:
    """What was to be tried in a moment is tried then, and not when the old time has come again."""
    box = copy_of_box(tmp_path)
    box.set("LT", **ALLOWED)
    hook.planned.append(500)
    with box.open("LT") as station:
        station.runtime.webhooks.make(OWNER, CONSIGNOR, WebhookWish(url=hook.url, direction="out"))
        station.take(box.signed(CONSIGNOR, new_draft()))
        station.run_sql("UPDATE webhook SET tries = 1, next_try = '2027-01-01T00:00:00.000000+00:00'")

        assert station.runtime.duties.next_due() == Due(NOW, What.NOTIFIED)


def test_nobody_is_called_while_no_host_is_listed(tmp_path: Path, hook: Receiver) -> None:
    """Webhooks from before stay, and wait for the setting."""
    box = copy_of_box(tmp_path)
    box.set("LT", **ALLOWED)
    with box.open("LT") as station:
        station.runtime.webhooks.make(OWNER, CONSIGNOR, WebhookWish(url=hook.url))
        station.take(box.signed(CONSIGNOR, new_draft()))
    box.set("LT", webhook_hosts=[])

    with box.open("LT") as station:
        assert station.runtime.webhooks.notifier.next_try() is None
        assert asyncio.run(station.runtime.webhooks.notifier.round()) is False
        assert [one.waiting for one in station.runtime.webhooks.every(OWNER, CONSIGNOR)] == [2]
    assert hook.calls.empty()
