"""Certificates and revocation lists by a clock that is moved: what was good is refused as soon as it has passed."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from http.client import HTTPConnection
from json import dumps, load
from pathlib import Path
from typing import Any, TypeAlias

import pytest
from sqlalchemy import select

from esad_gateway.bootstrap import Parts, build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.signing.pem import (
    load_certificate,
    load_key,
    write_certificate,
    write_revocation_list,
)
from esad_gateway.signing.pki import Identity, Period, issue, new_key, revoke
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.timed.clock import TestClock
from esad_gateway.simulator.timed.gateway import PROBE, timed_application
from esad_gateway.simulator.world.emcs import BEGINS, Emcs
from esad_gateway.simulator.world.foundry import foundry
from esad_gateway.simulator.world.states import SimulatedState
from esad_gateway.simulator.world.world import signed
from esad_gateway.store.database import reading
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.tables import security_log
from helpers.gateway import PATIENCE
from helpers.listening import listening

PERIOD = Period(not_before=BEGINS - timedelta(days=1), not_after=BEGINS + timedelta(days=9, hours=12))
"""What ends nine days and a half after the clock begins."""


def asked(port: int, path: str, body: bytes) -> tuple[int, Any]:
    """Status and JSON of what is answered to a body."""
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/xml"})
        answer = connection.getresponse()
        return answer.status, load(answer)
    finally:
        connection.close()


def authority(data: DataDirectory) -> Identity:
    """The CA of a data directory."""
    key: Any = load_key(data.authority_key)
    return Identity(certificate=load_certificate(data.authority_certificate), key=key)


@pytest.mark.parametrize("what", ["certificate", "list"])
def test_what_a_trader_signs_is_refused_when_its_time_has_passed(tmp_path: Path, what: str) -> None:
    """Over POST /test-clock: taken on the ninth day, refused on the eleventh, with the moment at which it ended."""
    clock, data = TestClock(BEGINS), foundry().copy("LT", tmp_path / "LT")
    with Emcs() as emcs:
        vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL")
        if what == "list":
            write_revocation_list(data.revocations / "own.pem", revoke(authority(data), {}, PERIOD))
        runtime = build(Parts(data.root, clock=clock, probe=PROBE))
        runtime.registry.add_operators(emcs.world.operators.values())
        signer = vilnius.signer
        if what == "certificate":
            short = issue(authority(data), vilnius.seed, PERIOD, new_key())
            runtime.registry.add_certificates(vilnius.seed, (short.certificate,))
            runtime.verifier.look()
            signer = XmlSigner(short.key, short.certificate)
        with listening(timed_application(runtime, clock)) as port:
            answers = []
            for days in (9, 2):
                asked(port, "/test-clock", dumps({"advance": {"days": days}}).encode())
                emcs.clock.to(clock.now())
                answers.append(asked(port, "/v1/messages", signed(signer, vilnius.draft(warsaw, journey_days=30))))
    assert [status for status, _ in answers] == [201, 403]
    refused = answers[1][1]
    assert refused["type"] == "/problems/signature-refused"
    assert "2026-03-11" in refused["detail"]


Shorten: TypeAlias = Callable[[SimulatedState, SimulatedState], None]


def short_certificate(signs: SimulatedState, believes: SimulatedState) -> None:
    """A state signs with another certificate of its key, which ends soon; the other one knows it."""
    key: Any = load_key(signs.data.key)
    short = issue(authority(signs.data), signs.address, PERIOD, key).certificate
    write_certificate(signs.data.certificate, short)
    signs.runtime.registry.add_certificates(signs.address, (short,))
    signs.runtime.verifier.look()
    believes.meet(signs)


def short_list(signs: SimulatedState, believes: SimulatedState) -> None:
    """The last revocation list that a state has got of the other one's CA is current for some days only."""
    write_revocation_list(believes.data.revocations / "last.pem", revoke(authority(signs.data), {}, PERIOD))
    believes.runtime.verifier.look()


@pytest.fixture
def server() -> Iterator[EmcsServer]:
    """Member states that are served."""
    with Emcs() as emcs, EmcsServer(emcs) as found:
        yield found


@pytest.mark.parametrize("shorten", [short_certificate, short_list])
@pytest.mark.parametrize("signs", ["LT", "PL"])
def test_what_a_state_signs_is_refused_when_its_time_has_passed(
    server: EmcsServer, shorten: Shorten, signs: str
) -> None:
    """Over POST /sim/clock, whichever side signs: goods arrive before that; what is sent later stays undelivered."""
    emcs = server.emcs
    states = {code: emcs.state(code) for code in ("LT", "PL")}
    believes = states["PL" if signs == "LT" else "LT"]
    emcs.run(shortened(shorten, states[signs], believes))
    vilnius, warsaw = emcs.consignor("LT"), emcs.consignee("PL", will="accept")
    before = vilnius.dispatch(warsaw)
    asked(server.port, "/sim/clock", dumps({"advance": {"days": 9}}).encode())
    assert before.delivered
    if signs == "PL":
        later = vilnius.dispatch(warsaw)
        asked(server.port, "/sim/clock", dumps({"advance": {"days": 2}}).encode())
        assert (later.state, later.state_at_destination) == ("accepted", "delivered")
    else:
        asked(server.port, "/sim/clock", dumps({"advance": {"days": 2}}).encode())
        later = vilnius.dispatch(warsaw)
        assert later.state_at_destination == "unknown"
    (line,) = Outbox(states[signs].runtime.store).lines()
    assert line.waiting + line.refused > 0
    with reading(believes.runtime.store.reader) as connection:
        reasons = connection.execute(select(security_log.c.reason)).scalars().all()
    assert any("2026-03-11" in reason for reason in reasons)


async def shortened(shorten: Shorten, signs: SimulatedState, believes: SimulatedState) -> None:
    """The same, where the gateways live."""
    shorten(signs, believes)
