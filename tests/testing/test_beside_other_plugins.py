"""EMCS in suites that use pytest-asyncio and time-machine as well."""

from pathlib import Path

from helpers.suites import Suite

OTHERS = ("-p", "pytest_asyncio.plugin", "-o", "asyncio_default_fixture_loop_scope=function")


def test_test_that_is_a_coroutine(tmp_path: Path) -> None:
    """Its event loop is its own: member states live in another thread, and answer it over HTTP too."""
    ran = Suite(tmp_path).apart(
        """
        import asyncio
        import pytest

        @pytest.mark.asyncio
        async def test_it(emcs, emcs_server):
            movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="accept"))
            emcs.clock.advance(days=1)
            assert movement.delivered
            reader, writer = await asyncio.open_connection("127.0.0.1", emcs_server.port)
            writer.write(b"GET /lt/health HTTP/1.1\\r\\nHost: here\\r\\nConnection: close\\r\\n\\r\\n")
            assert b"200 OK" in await reader.read()
            writer.close()
            await writer.wait_closed()
        """,
        *OTHERS,
    )
    assert "1 passed" in ran, ran


def test_time_of_the_machine_that_travels(tmp_path: Path) -> None:
    """Certificates, timers and documents follow the clock of the world; what the machine shows is nobody's business."""
    ran = Suite(tmp_path).apart(
        """
        from datetime import UTC, datetime
        import pytest
        import time_machine

        @pytest.mark.parametrize("tick", [False, True])
        @pytest.mark.parametrize("year", [1999, 2038])
        def test_it(emcs, emcs_server, year, tick):
            with time_machine.travel(datetime(year, 6, 1, tzinfo=UTC), tick=tick):
                movement = emcs.consignor("LT").dispatch(to=emcs.consignee("PL", will="accept"))
                emcs.clock.advance(days=1)
                assert datetime.now(UTC).year == year
            assert movement.delivered
            assert {event.at.year for event in movement.timeline} == {2026}
        """,
    )
    assert "4 passed" in ran, ran
