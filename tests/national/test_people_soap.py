"""Persons at the SOAP door: the same roles as in REST decide what they read, submit and acknowledge."""

from collections.abc import Iterator

import pytest

from esad_gateway.soap.envelope import SOAP_1_2
from helpers.gateway import CONSIGNEE, CONSIGNOR, SECOND_CONSIGNOR, copy_of_box, new_draft
from helpers.people import ENTITY, PERSON
from helpers.served import Served, served
from helpers.soap import ByHand, Fault, texts
from helpers.staff import Staff, staff_of

OTHER = "38001010004"


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose person may dispatch; another one enters the SAAD list."""
    with served(copy_of_box(tmp_path_factory.mktemp("box"))) as running:
        yield running
        assert running.station.checked().problems == ()


@pytest.fixture(scope="module")
def staff(gateway: Served) -> Staff:
    """They have their roles already."""
    staff = staff_of(gateway)
    staff.granted("certified_consignor", CONSIGNOR)
    staff.granted("other_person", CONSIGNEE, person=OTHER)
    staff.arrived()
    return staff


@pytest.fixture
def soap(gateway: Served) -> ByHand:
    """A client of SOAP 1.2."""
    return ByHand(gateway, SOAP_1_2)


def refused(soap: ByHand, operation: str, token: str, **members: object) -> Fault:
    """The fault that answers an operation."""
    return soap.fault_of(soap.post(soap.request(operation, members), token))


def draft(gateway: Served, consignor: str = CONSIGNOR) -> bytes:
    """A new draft, signed."""
    return gateway.box.signed(consignor, new_draft(consignor, at=gateway.station.clock.at))


def test_person_submits_reads_and_acknowledges(soap: ByHand, gateway: Served, staff: Staff) -> None:
    """ROL-1: each change is kept with who did it and as what."""
    token = staff.token()
    seq = texts(soap.call("SubmitMessage", token, document=draft(gateway)), "seq")[0]
    messages = soap.call("ListMessages", token, trader=CONSIGNOR)
    soap.call("AcknowledgeMessage", token, trader=CONSIGNOR, seq=2)
    soap.call("AcknowledgeMessages", token, trader=CONSIGNOR, through=2)

    assert len(messages)
    acts = staff.office.acts(ENTITY, 0, 500)
    assert [(one.what, one.about) for one in acts if one.by.name == PERSON] == [
        ("message.handed_in", f"{CONSIGNOR}/{seq}"),
        ("message.acknowledged", f"{CONSIGNOR}/2-2"),
    ]
    assert {one.by.role for one in acts if one.by.name == PERSON} == {"certified_consignor"}


def test_person_without_the_role_is_refused(soap: ByHand, gateway: Served, staff: Staff) -> None:
    """ROL-1, ROL-4 and RCV-4: another number, the wrong role, and a mailbox that does not exist for the person."""
    assert "certified consignor" in refused(soap, "SubmitMessage", staff.token(OTHER), document=draft(gateway)).reason
    of_another = refused(soap, "SubmitMessage", staff.token(), document=draft(gateway, SECOND_CONSIGNOR))
    assert f"{SECOND_CONSIGNOR} is not one of the entity" in of_another.reason
    assert of_another.said("type") == ["/problems/role-missing"]
    assert refused(soap, "ListMessages", staff.token(), trader=CONSIGNEE).said("status") == ["404"]
    assert refused(soap, "ListMessages", "person.none", trader=CONSIGNOR).said("status") == ["401"]
    assert refused(soap, "SubmitMessage", "person.none", document=draft(gateway)).said("status") == ["401"]
    assert refused(soap, "GetBatch", staff.token(), trader=CONSIGNEE, batch="0" * 32).said("status") == ["403"]
