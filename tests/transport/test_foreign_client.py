"""A SOAP client that we did not write talks to ``/ndea``, by nothing but its WSDL."""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest
import zeep
import zeep.exceptions

from esad_gateway.emcs.documents import Stamp, validated_document
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.identities import message_identifiers, new_arc
from esad_gateway.settings import read_settings
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import load_signer
from esad_gateway.simulator.box import START_SECONDS, Member, provision, register, running
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.simulator.exchange import OPERATORS, ZONES
from esad_gateway.xml.binding import Binder
from helpers.forked import forked

CONSIGNOR, CONSIGNEE = OPERATORS[0], OPERATORS[2]


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Member]]:
    """Three states know each other; only Poland runs, so that a foreign client can play the others."""
    now, folder = datetime.now(UTC), tmp_path_factory.mktemp("box")
    found = provision(folder, ZONES, now, KeyKind.P256)
    register(found, [CONSIGNOR, CONSIGNEE], now, KeyKind.P256)
    loop = asyncio.new_event_loop()
    ready, stop = asyncio.Event(), asyncio.Event()

    async def serve() -> None:
        async with running([found["PL"]], forked):
            ready.set()
            await stop.wait()

    thread = Thread(target=loop.run_until_complete, args=(serve(),))
    thread.start()
    asyncio.run_coroutine_threadsafe(ready.wait(), loop).result(START_SECONDS)
    yield found
    loop.call_soon_threadsafe(stop.set)
    thread.join()
    loop.close()


@pytest.fixture
def service(members: dict[str, Member]) -> Iterator[zeep.proxy.ServiceProxy]:
    """Poland's ``/ndea`` as zeep sees it."""
    with zeep.Client(f"{members['PL'].url}/ndea?wsdl") as client:
        yield client.service


def e_sad(member: Member, signed_by: Path) -> bytes:
    """A Lithuanian e-SAD for Poland, signed with the administration key of a data directory."""
    settings, now = read_settings(member.data.root), datetime.now(UTC)
    profile: NationalProfile = settings.profile()
    stamp = Stamp(now=now, profile=profile, arc=new_arc("LT", now), identifiers=message_identifiers("LT"))
    made_from = draft(Parties(CONSIGNOR, CONSIGNEE), now, profile.local_date(now) + timedelta(days=1))
    signer = load_signer(signed_by / "administration.key", signed_by / "administration.pem")
    return signer.sign(Binder("V3.23").write(validated_document(made_from, stamp)))


def test_zeep_delivers_an_e_sad(members: dict[str, Member], service: zeep.proxy.ServiceProxy) -> None:
    """A document is accepted once, and the same bytes again are a duplicate with the same identifier."""
    document = e_sad(members["LT"], members["LT"].data.key.parent)
    first, second = service.Deliver(document=document), service.Deliver(document=document)
    assert (first.outcome, second.outcome) == ("accepted", "duplicate")
    assert first.messageIdentifier == second.messageIdentifier


def test_zeep_reads_the_fault_of_an_unknown_signer(
    members: dict[str, Member], service: zeep.proxy.ServiceProxy
) -> None:
    """A document that is not signed by the administration it names is refused with a SOAP fault that says why."""
    forged = e_sad(members["LT"], members["DE"].data.key.parent)
    with pytest.raises(
        zeep.exceptions.Fault, match=r"the signing certificate is not registered for NDEA\.LT"
    ) as caught:
        service.Deliver(document=forged)
    assert caught.value.code.endswith("Client")


def test_zeep_reads_the_fault_of_rubbish(service: zeep.proxy.ServiceProxy) -> None:
    """Bytes that are no XML are refused with a SOAP fault."""
    with pytest.raises(zeep.exceptions.Fault, match="does not begin with '<'"):
        service.Deliver(document=b"no XML")
