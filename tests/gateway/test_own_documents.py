"""What this administration signed is never news to it, and an excise office signs with a certificate of its own."""

import pytest

from esad_gateway.emcs.messages import IE704, IE801, IE840
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import IssuedHere, SignerNotAllowed, UnreadableInput
from esad_gateway.ports.reading import Outcome
from esad_gateway.provision import issue_certificate, keep_pair
from esad_gateway.signing.pki import KeyKind
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, Box, Station, edited, new_draft
from helpers.protocol import event, interruption
from helpers.scenario import Scenario

DOORS = [Origin.TRADER, Origin.ADMINISTRATION]


@pytest.fixture
def way(box: Box, lt: Station, pl: Station) -> Scenario:
    """A movement on its way."""
    return Scenario.begin(box, lt, pl)


@pytest.mark.parametrize("door", DOORS)
def test_e_sad_of_a_traders_mailbox_is_not_taken_back(way: Scenario, door: Origin) -> None:
    """A trader's IE801, posted to either door of the administration that issued it, changes nothing."""
    document = way.lt.document(CONSIGNOR, way.lt.mailbox(CONSIGNOR)[-1].seq)
    before = (way.lt.rows("message"), way.lt.rows("movement"))

    with pytest.raises(IssuedHere, match=r"NDEA\.LT signed this IE801 itself"):
        way.lt.intake(document, door)

    assert (way.lt.rows("message"), way.lt.rows("movement")) == before


@pytest.mark.parametrize("door", DOORS)
def test_event_report_that_a_peer_got_from_us_is_not_taken_back(way: Scenario, door: Origin) -> None:
    """Poland's copy of our event report, posted back, is no new act of our office."""
    assert way.office("LT", event()).faults == ()
    way.deliver()
    copy = way.pl.document("NDEA.LT", way.pl.mailbox("NDEA.LT")[-1].seq)
    assert isinstance(way.pl.last("NDEA.LT"), IE840)

    with pytest.raises(IssuedHere, match="IE840"):
        way.lt.intake(copy, door)


def test_own_document_is_recognised_after_its_certificate_ended(box: Box, way: Scenario) -> None:
    """Whatever an administration ever signed is its own, also when it signs with another key now."""
    document = way.lt.document(CONSIGNOR, way.lt.mailbox(CONSIGNOR)[-1].seq)
    new = issue_certificate(box.members["LT"].data, "NDEA.LT", way.lt.clock.at, KeyKind.P256)
    keep_pair(box.members["LT"].data, new.key, new.certificate)
    way.lt.runtime.registry.add_certificates("NDEA.LT", (new.certificate,))

    with pytest.raises(IssuedHere):
        way.lt.intake(document, Origin.ADMINISTRATION)


def test_own_certificate_is_never_a_traders_too(box: Box, lt: Station) -> None:
    """It is not registered for a trader by mistake, and what it signs for one is still our own."""
    signer = box.administration("LT")
    operator = box.traders[CONSIGNOR].operator
    own = lt.runtime.registry.certificates("NDEA.LT")[0].certificate

    with pytest.raises(UnreadableInput, match=r"is that of NDEA\.LT"):
        lt.runtime.registry.add_operators([(operator, {}, (own,))])
    with pytest.raises(IssuedHere):
        lt.intake(signer.sign(Binder("V3.23").write(new_draft())))


def test_order_of_an_office_is_issued_by_its_administration(box: Box, way: Scenario) -> None:
    """The office's document stays at home: the other state and the trader get one that the administration signed."""
    ordered = way.office("LT", interruption())
    way.deliver()

    rows = {row["sha256"]: row["fingerprint"] for row in way.lt.documents()}
    office, own = box.office("LT").fingerprint, box.administration("LT").fingerprint
    signed = {
        (row["mailbox"], row["direction"]): rows[row["document"]]
        for row in way.lt.rows("message")
        if row["type"] == "IE807"
    }
    assert ordered.outcome is Outcome.ACCEPTED
    assert signed == {("NDEA.LT", "in"): office, ("NDEA.PL", "out"): own, (CONSIGNOR, "out"): own}
    assert way.states() == ("X13", "X13")


def test_office_may_not_sign_for_a_trader(box: Box, lt: Station) -> None:
    """A draft that an office signed is nobody's."""
    with pytest.raises(SignerNotAllowed):
        lt.intake(box.office("LT").sign(Binder("V3.23").write(new_draft())))


def test_office_may_not_speak_to_another_administrations_door(box: Box, way: Scenario) -> None:
    """Administrations know administrations: an office comes through its own administration's door for traders."""
    document = box.office("LT").sign(Binder("V3.23").write(way.about(interruption(), "LT")))

    with pytest.raises(SignerNotAllowed):
        way.lt.intake(document, Origin.ADMINISTRATION)


def test_office_speaks_for_its_own_administration_only(box: Box, way: Scenario) -> None:
    """A sender that is another administration is not the office's to name."""
    document = box.office("LT").sign(Binder("V3.23").write(way.about(interruption(), "PL")))

    with pytest.raises(SignerNotAllowed, match=r"NDEA\.PL"):
        way.lt.intake(document)


def test_order_that_the_schema_refuses_is_answered_in_the_administrations_mailbox(box: Box, way: Scenario) -> None:
    """What an office writes wrongly is refused as what a trader writes wrongly is, where the office reads."""
    right = box.office("LT").sign(Binder("V3.23").write(way.about(interruption(), "LT")))
    broken = edited(
        right,
        box.office("LT"),
        (b"<ie:ReasonForInterruptionCode>", b"<ie:ReasonForInterruption>"),
        (b"</ie:ReasonForInterruptionCode>", b"</ie:ReasonForInterruption>"),
    )

    receipt = way.lt.take(broken)

    assert (receipt.outcome, receipt.mailbox) == (Outcome.REFUSED, "NDEA.LT")
    assert not isinstance(way.lt.last("NDEA.LT"), IE704 | IE801)
