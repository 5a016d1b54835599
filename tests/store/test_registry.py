"""The registry: tokens, certificates, the security log, and a gateway that follows changes while it runs."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from esad_gateway.emcs.registry import Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.errors import NotConfigured, SignatureRefused, UnreadableInput
from esad_gateway.live_trust import LOOK_AGAIN
from esad_gateway.ports.writing import Unattributed
from esad_gateway.provision import add_trust, issue_certificate
from esad_gateway.signing.pem import load_certificate, load_key, write_revocation_list
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key, revoke
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.signing.steps import Step
from esad_gateway.store.registry import Peer
from esad_gateway.store.store import SECURITY_LOG_ENTRIES
from esad_gateway.xml.binding import Binder
from helpers.gateway import CONSIGNOR, NOW, SECOND_CONSIGNOR, Box, Station, new_draft

LIMITED = TemporaryAuthorisation(counterparty="PL00000000201", reusable=True, quantities={"W200": Decimal("0.5")})
PERIOD = Period(not_before=NOW - timedelta(hours=1), not_after=NOW + timedelta(days=30))


def signed_by(identity: Identity) -> bytes:
    """A draft of the consignor, signed with that identity."""
    return XmlSigner(identity.key, identity.certificate).sign(Binder("V3.23").write(new_draft()))


def step_of(station: Station, document: bytes) -> int | None:
    """The step that refuses a document, ``None`` when it is taken in."""
    try:
        station.intake(document)
    except SignatureRefused as refusal:
        return refusal.step
    return None


def use(box: Box, station: Station, identity: Identity) -> None:
    """Register a certificate for the consignor, in place of the one it had."""
    operator = box.traders[CONSIGNOR].operator
    station.runtime.registry.add_operators([(operator, {}, (identity.certificate,))])


def test_token_is_kept_as_a_hash_only(lt: Station) -> None:
    """Nothing on disk opens a mailbox."""
    token = lt.runtime.registry.issue_token(CONSIGNOR, NOW)
    data = lt.member.data.root
    on_disk = b"".join(path.read_bytes() for path in data.glob("store.db*"))

    assert len(token) >= 43
    assert token.encode() not in on_disk
    assert hashlib.sha256(token.encode()).digest() in on_disk
    assert lt.runtime.registry.holder_of_token(token) == CONSIGNOR


def test_tokens_of_one_mailbox_are_revoked(lt: Station) -> None:
    """All of them, and nobody else's."""
    registry = lt.runtime.registry
    mine = [registry.issue_token(CONSIGNOR, NOW) for _ in range(2)]
    other = registry.issue_token(SECOND_CONSIGNOR, NOW)

    revoked = registry.revoke_tokens(CONSIGNOR, NOW)

    # One more was issued when the box was made.
    assert (revoked, registry.revoke_tokens(CONSIGNOR, NOW)) == (3, 0)
    assert [registry.holder_of_token(token) for token in mine] == [None, None]
    assert registry.holder_of_token(other) == SECOND_CONSIGNOR


def test_token_that_was_never_issued_opens_nothing(lt: Station) -> None:
    """Whatever its form."""
    assert [lt.runtime.registry.holder_of_token(token) for token in ("", "x", "\xe9\u0142")] == [None] * 3


@pytest.mark.parametrize(
    "temporary",
    [None, TemporaryAuthorisation(), LIMITED],
    ids=["lasting", "temporary", "limited"],
)
def test_operator_is_kept_as_it_was_imported(lt: Station, temporary: TemporaryAuthorisation | None) -> None:
    """Every field of a record comes back, and a second import replaces it."""
    operator = Operator(
        seed="LT00000000104",
        name="UAB „Ąžuolas“",
        operator_type=OperatorType.TEMPORARY_CERTIFIED_CONSIGNOR,
        office="LT001000",
        valid_from=date(2026, 1, 1),
        valid_to=date(2026, 12, 31),
        products=frozenset({"W200"}),
        temporary=temporary,
    )
    address: Mapping[str, str] = {"street": "Pavyzdžio g.", "city": "Vilnius"}
    lt.runtime.registry.add_operators([(operator, address, ())])
    assert lt.runtime.registry.operator(operator.seed) == (operator, address)

    renamed = replace(operator, name="UAB Kitas", valid_to=None, products=frozenset())
    lt.runtime.registry.add_operators([(renamed, {}, ())])

    assert lt.runtime.registry.operator(operator.seed) == (renamed, {})
    assert lt.runtime.registry.operator("LT00000000999") is None


def test_security_log_stays_bounded(lt: Station) -> None:
    """A flood of rubbish leaves the newest refusals, and only so many."""
    lt.run_sql(
        "WITH RECURSIVE number(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM number WHERE n < 10005) "
        "INSERT INTO security_log SELECT n, '2026', 'rest', '', 'old', x'00', 1 FROM number"
    )
    for number in range(3):
        lt.runtime.store.refuse(
            Unattributed(at=NOW, channel="rest", client="192.0.2.7", reason=f"new {number}", sha256=b"", size=0)
        )

    log = lt.rows("security_log")

    assert len(log) == SECURITY_LOG_ENTRIES
    assert [entry["reason"] for entry in log[-4:]] == ["old", "new 0", "new 1", "new 2"]
    assert log[0]["id"] == 10_008 - SECURITY_LOG_ENTRIES + 1


def test_new_certificate_is_taken_at_once(box: Box, lt: Station) -> None:
    """A gateway that runs knows a certificate as soon as it is imported."""
    identity = issue_certificate(lt.member.data, CONSIGNOR, NOW, KeyKind.P256)
    document = signed_by(identity)
    assert step_of(lt, document) == Step.REGISTERED

    use(box, lt, identity)

    assert step_of(lt, document) is None


def test_new_authority_is_trusted_at_once(box: Box, lt: Station) -> None:
    """A CA that was trusted a moment before its first certificate is used."""
    ca = create_ca("Another CA", PERIOD, new_key(KeyKind.P256))
    identity = issue(ca, CONSIGNOR, PERIOD, new_key(KeyKind.P256))
    assert step_of(lt, signed_by(box.traders[CONSIGNOR].identity)) is None

    add_trust(lt.member.data, [ca.certificate])
    use(box, lt, identity)

    assert step_of(lt, signed_by(identity)) is None


def test_changes_are_noticed_soon(box: Box, lt: Station) -> None:
    """A certificate that was replaced, and one that its CA has revoked, sign nothing any more after a second."""
    data = lt.member.data
    first, second = box.traders[CONSIGNOR].identity, box.traders[SECOND_CONSIGNOR]
    of_second = second.signer.sign(Binder("V3.23").write(new_draft(SECOND_CONSIGNOR)))
    assert (step_of(lt, signed_by(first)), step_of(lt, of_second)) == (None, None)

    use(box, lt, issue_certificate(data, CONSIGNOR, NOW, KeyKind.P256))
    key = load_key(data.authority_key)
    ca = Identity(certificate=load_certificate(data.authority_certificate), key=key)  # type: ignore[arg-type]
    revoked = revoke(ca, {second.identity.certificate: NOW - timedelta(minutes=1)}, PERIOD)
    write_revocation_list(data.revocations / "list.pem", revoked)
    lt.runtime.registry.changed()
    lt.clock.move(seconds=LOOK_AGAIN + 0.05)

    assert step_of(lt, signed_by(first)) == Step.REGISTERED
    assert step_of(lt, of_second) == Step.REVOCATION


def test_trust_that_cannot_be_read_lets_nobody_in(box: Box, lt: Station) -> None:
    """With a broken file among the CAs nothing is verified, with what was before neither, until it is mended."""
    document = signed_by(box.traders[CONSIGNOR].identity)
    broken = lt.member.data.trust / "broken.pem"
    broken.write_text("no certificate")
    lt.runtime.registry.changed()
    lt.clock.move(seconds=LOOK_AGAIN + 0.05)

    for _ in range(2):
        with pytest.raises(NotConfigured, match=r"broken\.pem"):
            lt.intake(document)
    broken.unlink()

    assert step_of(lt, document) is None


def test_peer_that_moved_is_found(box: Box, lt: Station) -> None:
    """The delivery asks for addresses as they are now."""
    registry = lt.runtime.registry
    certificate = load_certificate(box.members["PL"].data.certificate)
    before = registry.directory()

    registry.add_peer("NDEA.PL", "http://127.0.0.1:1/ndea", (certificate,))

    assert before.peers["NDEA.PL"] != registry.directory().peers["NDEA.PL"] == "http://127.0.0.1:1/ndea"
    assert registry.directory().version > before.version


def test_peers_are_added_all_or_none(box: Box, lt: Station) -> None:
    """One that cannot be registered keeps the others out, and the directory is as it was."""
    registry, trader = lt.runtime.registry, box.traders[CONSIGNOR].identity
    before = registry.directory()
    estonia = create_ca("NDEA.EE", PERIOD, new_key(KeyKind.P256)).certificate
    peers = [Peer("NDEA.EE", "http://127.0.0.1:1/ndea", (estonia,))]

    with pytest.raises(UnreadableInput, match="needs one of its own"):
        registry.add_peers([*peers, Peer("NDEA.LV", "http://127.0.0.1:2/ndea", (trader.certificate,))])
    assert registry.directory() == before

    registry.add_peers(peers)
    assert dict(registry.directory().peers) == {**before.peers, "NDEA.EE": "http://127.0.0.1:1/ndea"}
