"""Replacing what an administration signs with, at home and at its peers: one act each, with an overlap, and undone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esad_gateway.bootstrap import Parts, build
from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import IssuedHere, NotConfigured, SignatureRefused, UnreadableInput
from esad_gateway.ports.outbox import DeliveryOutcome
from esad_gateway.provision import add_trust, issue_certificate
from esad_gateway.signing.pem import load_certificate, write_certificate, write_key, write_revocation_list
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key, revoke
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.xml.binding import Binder
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, Box, HandClock, Station, copy_of_box, new_draft

LT = "NDEA.LT"


@dataclass(frozen=True)
class Pair:
    """Lithuania and Poland, by the clock of the commands."""

    box: Box
    lt: Station
    pl: Station
    clock: HandClock

    @property
    def data(self) -> Path:
        """Lithuania's data directory."""
        return self.lt.member.data.root

    @property
    def poland(self) -> Path:
        """Poland's."""
        return self.pl.member.data.root

    def present(self, later: timedelta = timedelta()) -> None:
        """It is so much later than now, and both gateways look at what was changed."""
        self.clock.at = datetime.now(UTC) + later
        stranger = create_ca(
            "Stranger", Period(not_before=self.clock.at, not_after=self.clock.at), new_key(KeyKind.P256)
        )
        document = XmlSigner(stranger.key, stranger.certificate).sign(Binder("V3.23").write(new_draft()))
        for station in (self.lt, self.pl):
            with pytest.raises(SignatureRefused, match="step 12"):
                station.intake(document)

    def sent(self) -> bytes:
        """The e-SAD of a fresh draft, as it waits in Lithuania's outbox."""
        draft = new_draft(at=self.clock.at)
        assert self.lt.take(self.box.signed(CONSIGNOR, draft)).faults == ()
        return self.lt.due()[-1][1]

    def signers(self) -> list[str]:
        """Who signed what waits in Lithuania's outbox, oldest first."""
        by_digest = {row["sha256"]: row["fingerprint"] for row in self.lt.documents()}
        return [by_digest[row["document"]] for row in self.lt.rows("outbox") if row["delivered_at"] is None]

    def renewed(self, esad: Esad, *options: object) -> str:
        """Renew Lithuania's key; the new certificate's file."""
        printed = esad("key", "renew", "--data", self.data, "--kind", "p256", "--json", *options)
        assert printed.code == 0, printed.err
        return str(printed.objects[0]["certificate"])


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[Pair]:
    """Both gateways, not running: tests hand over what is due."""
    box, clock = copy_of_box(tmp_path / "box"), HandClock(datetime.now(UTC))
    with box.open("LT", clock) as lt, box.open("PL", clock) as pl:
        yield Pair(box, lt, pl, clock)


def fingerprint(file: str | Path) -> str:
    """The fingerprint of a file's certificate."""
    return fingerprint_of(load_certificate(Path(file)))


def outside(folder: Path, name: str = LT) -> tuple[Identity, Path, Path, Path]:
    """A key of a CA that nobody trusts yet, with the files of certificate, key and CA."""
    now = datetime.now(UTC)
    period = Period(not_before=now - timedelta(days=1), not_after=now + timedelta(days=400))
    ca = create_ca("Outside CA", period, new_key(KeyKind.P256))
    identity = issue(ca, name, period, new_key(KeyKind.P256))
    files = (folder / "new.pem", folder / "new.key", folder / "new-ca.pem")
    write_certificate(files[0], identity.certificate)
    write_key(files[1], identity.key)
    write_certificate(files[2], ca.certificate)
    return identity, *files


def test_renewed_key_signs_what_comes_and_what_waits_still_arrives(esad: Esad, pair: Pair) -> None:
    """A gateway that runs signs with the new key; what was signed before goes out as it is, to a peer that has both."""
    old = pair.box.administration("LT").fingerprint
    pair.sent()
    file = pair.renewed(esad)
    loaded = esad("peer", "renew", "--data", pair.poland, "--state", "LT", "--certificate", file)
    pair.present()
    pair.sent()

    assert (loaded.code, pair.signers()) == (0, [old, fingerprint(file)])
    assert pair.lt.deliver_to(pair.pl) == [DeliveryOutcome.ACCEPTED] * 2


def test_old_key_of_a_peer_is_refused_after_the_overlap(esad: Esad, pair: Pair) -> None:
    """In the overlap both pass; after it the old one does not, and the reason names what replaced it and when."""
    first, second = pair.sent(), pair.sent()
    file = pair.renewed(esad)
    esad("peer", "renew", "--data", pair.poland, "--state", "LT", "--certificate", file, "--overlap", "7d")
    pair.present(timedelta(days=6))
    assert pair.pl.take(first, Origin.ADMINISTRATION).faults == ()

    pair.present(timedelta(days=8))
    with pytest.raises(SignatureRefused, match=f"was replaced by {fingerprint(file)}") as refused:
        pair.pl.intake(second, Origin.ADMINISTRATION)
    assert refused.value.expected == "a signature with the key that took its place"


def test_renewal_is_taken_back(esad: Esad, pair: Pair) -> None:
    """At home and at the peer: the key before signs again, and what the other one signed meanwhile still arrives."""
    old = pair.box.administration("LT").fingerprint
    file = pair.renewed(esad)
    esad("peer", "renew", "--data", pair.poland, "--state", "LT", "--certificate", file)
    pair.present()
    pair.sent()
    back = esad("key", "restore", "--data", pair.data, "--json")
    there = esad("peer", "restore", "--data", pair.poland, "--state", "LT", "--overlap", "1d")
    pair.present()
    pair.sent()

    assert (back.code, there.code, pair.signers()) == (0, 0, [fingerprint(file), old])
    assert back.objects[0]["peers"][0]["command"] == "esad peer restore --data DIR --state LT --overlap 7d"
    assert pair.lt.deliver_to(pair.pl) == [DeliveryOutcome.ACCEPTED] * 2


def test_lead_gives_peers_time_to_load(esad: Esad, pair: Pair) -> None:
    """Until then the old key signs, then the new one; what peers are told covers both times."""
    old = pair.box.administration("LT").fingerprint
    printed = esad("key", "renew", "--data", pair.data, "--kind", "p256", "--lead", "36h", "--overlap", "7d", "--json")
    file = printed.objects[0]["certificate"]
    for later in (timedelta(hours=35), timedelta(hours=37)):
        pair.present(later)
        pair.sent()

    assert pair.signers() == [old, fingerprint(file)]
    commands = [peer["command"] for peer in printed.objects[0]["peers"]]
    name = Path(file).name
    assert commands == [f"esad peer renew --data DIR --state LT --certificate {name} --overlap 204h"] * 2


def test_key_of_an_outside_ca_needs_trust_first(esad: Esad, pair: Pair, tmp_path: Path) -> None:
    """A pair of one's own is taken when it belongs together and its CA is trusted; until then nothing changes."""
    _, certificate, key, ca = outside(tmp_path)
    given = ("key", "renew", "--data", pair.data, "--certificate", certificate)
    before = sorted((pair.data / "keys").iterdir())

    untrusted = esad(*given, "--key", key)
    alone = esad(*given)
    assert esad("trust", "add", "--data", pair.data, ca).code == 0
    mixed = esad(*given, "--key", pair.lt.member.data.key)
    known = esad(
        "key",
        "renew",
        "--data",
        pair.data,
        "--certificate",
        pair.lt.member.data.certificate,
        "--key",
        pair.lt.member.data.key,
    )
    assert sorted((pair.data / "keys").iterdir()) == before
    taken = esad(*given, "--key", key)
    pair.present()
    pair.sent()

    assert [one.code for one in (untrusted, alone, mixed, known, taken)] == [2, 2, 2, 2, 0]
    assert "esad trust add" in untrusted.err
    assert "go together" in alone.err
    assert "belongs to another key" in mixed.err
    assert "already" in known.err
    assert pair.signers() == [fingerprint(certificate)]
    assert "issued by CN=Outside CA\n" in taken.out


def test_files_that_were_replaced_by_hand_replace_no_key(pair: Pair) -> None:
    """A start refuses a pair that is not the registered one, and names the command that takes it."""
    data = pair.lt.member.data
    identity = issue_certificate(data, LT, datetime.now(UTC), KeyKind.P256)
    data.key.unlink()
    write_key(data.key, identity.key)
    write_certificate(data.certificate, identity.certificate)

    with pytest.raises(NotConfigured, match=r"which NDEA\.LT signs with.*esad key renew --data"):
        build(Parts(data.root, clock=pair.clock))


def test_key_that_is_gone_is_not_restored(esad: Esad, pair: Pair) -> None:
    """The old key was deleted: the renewal stays, and the gateway goes on signing."""
    file = pair.renewed(esad)
    pair.lt.member.data.key.unlink()
    pair.lt.member.data.certificate.unlink()

    printed = esad("key", "restore", "--data", pair.data)
    pair.present()
    pair.sent()

    assert (printed.code, "has no certificate" in printed.err) == (2, True)
    assert pair.signers() == [fingerprint(file)]


def test_own_documents_stay_own_after_a_renewal(esad: Esad, pair: Pair) -> None:
    """What the replaced key signed is never news, also after the overlap."""
    document = pair.sent()
    pair.renewed(esad, "--overlap", "0")
    pair.present(timedelta(days=1))

    with pytest.raises(IssuedHere):
        pair.lt.intake(document, Origin.ADMINISTRATION)


def test_restore_without_a_renewal_is_refused(esad: Esad, pair: Pair) -> None:
    """There is nothing to take back: not at home, not at a peer, not after the overlap."""
    peer = ("peer", "restore", "--data", pair.poland, "--state", "LT")
    assert "no certificate that was replaced" in esad("key", "restore", "--data", pair.data).err
    assert esad(*peer).code == 2
    esad("peer", "renew", "--data", pair.poland, "--state", "LT", "--certificate", pair.renewed(esad), "--overlap", "0")
    assert esad(*peer).code == 2


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (("--overlap", "1w"), "is no time"),
        (("--overlap", "-1d"), "is no time"),
        (("--state", "DE", "--overlap", "7d"), None),
        (("--state", "FR"), "is no administration that is known here"),
        (("--state", "ZZ"), "is no national administration"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_peer_that_cannot_be_renewed_so(
    esad: Esad, pair: Pair, tmp_path: Path, options: tuple[str, ...], reason: str | None
) -> None:
    """Times and states of a wrong form, and a certificate whose CA is not trusted."""
    _, certificate, _, _ = outside(tmp_path, "NDEA.DE")

    state = () if "--state" in options else ("--state", "DE")
    printed = esad("peer", "renew", "--data", pair.data, "--certificate", certificate, *state, *options)

    assert (printed.code, (reason or "esad trust add") in printed.err) == (2, True)


def test_administration_is_no_peer_of_itself(esad: Esad, pair: Pair) -> None:
    """Its own address is refused, and so is its certificate under another's."""
    file = pair.lt.member.data.certificate
    common = (
        "peer",
        "add",
        "--data",
        pair.data,
        "--url",
        "http://127.0.0.1:1/ndea",
        "--certificate",
        file,
        "--untried",
    )

    itself, other = esad(*common, "--state", "LT"), esad(*common, "--state", "DE")

    assert (itself.code, "is this administration itself" in itself.err) == (2, True)
    assert (other.code, "is made out to NDEA.LT" in other.err) == (2, True)


def test_certificate_of_an_administration_is_no_traders(pair: Pair) -> None:
    """In either order: what an administration signed is known by its certificate alone."""
    registry, trader = pair.lt.runtime.registry, pair.box.traders[CONSIGNOR]
    own = load_certificate(pair.lt.member.data.certificate)

    with pytest.raises(UnreadableInput, match=r"is that of NDEA\.LT"):
        registry.add_operators([(trader.operator, {}, (own,))])
    with pytest.raises(UnreadableInput, match=f"is that of {CONSIGNOR}"):
        registry.add_peer("NDEA.DE", "http://127.0.0.1:1/ndea", (trader.identity.certificate,))


def test_lists_show_what_is_believed_and_until_when(esad: Esad, pair: Pair) -> None:
    """Keys and peers: old and new in the overlap, with the end and its successor; exit code 0."""
    file = pair.renewed(esad)
    esad("peer", "renew", "--data", pair.poland, "--state", "LT", "--certificate", file)

    keys = esad("key", "list", "--data", pair.data, "--json")
    peers = esad("peer", "list", "--data", pair.poland, "--json")
    printed = esad("peer", "list", "--data", pair.poland)

    own = [line for line in keys.objects[0]["certificates"] if line["of"] == LT]
    theirs = [line for line in peers.objects[0]["peers"] if line["of"] == LT]
    assert (keys.code, peers.code) == (0, 0)
    for old, new in (own, theirs):
        assert (old["replacedBy"], new["fingerprint"]) == (fingerprint(file),) * 2
        assert (new["until"], new["wrong"], new["soon"]) == (None, [], [])
        assert old["soon"] == [f"is replaced {old['until']}"]
    assert {line["of"] for line in keys.objects[0]["certificates"]} == {LT, "LT001000"}
    assert printed.out.splitlines()[0] == "of\tcertificate\tbelieved until\tvalid to\twarnings"
    assert sum(f"is replaced {theirs[0]['until']}" in line for line in printed.out.splitlines()) == 1


def test_lists_warn_of_what_ends_and_refuse_what_has_ended(esad: Esad, pair: Pair, tmp_path: Path) -> None:
    """A CA that expires soon is a warning; a revocation list that is overdue is an exit code, with what it costs."""
    now = datetime.now(UTC)
    period = Period(not_before=now - timedelta(days=9), not_after=now + timedelta(days=9))
    ca = create_ca("Ending CA", period, new_key(KeyKind.P256))
    write_certificate(tmp_path / "ca.pem", ca.certificate)
    german = issue(ca, "NDEA.DE", period, new_key(KeyKind.P256))
    write_certificate(tmp_path / "de.pem", german.certificate)
    assert esad("trust", "add", "--data", pair.data, tmp_path / "ca.pem").code == 0
    assert esad("peer", "renew", "--data", pair.data, "--state", "DE", "--certificate", tmp_path / "de.pem").code == 0
    soon = esad("trust", "list", "--data", pair.data, "--json")

    late = Period(not_before=now - timedelta(days=8), not_after=now - timedelta(days=1))
    write_revocation_list(pair.lt.member.data.revocations / "late.pem", revoke(ca, {}, late))
    authorities = esad("trust", "list", "--data", pair.data, "--json")
    peers = esad("peer", "list", "--data", pair.data, "--json")

    [ending] = [line for line in soon.objects[0]["authorities"] if line["of"] == "CN=Ending CA"]
    [overdue] = [line for line in authorities.objects[0]["authorities"] if line["of"] == "CN=Ending CA"]
    [believed] = [line for line in peers.objects[0]["peers"] if line["fingerprint"] == fingerprint(tmp_path / "de.pem")]
    assert (soon.code, ending["wrong"]) == (0, [])
    assert ending["soon"] == [f"expires {ending['validTo']}"]
    assert (authorities.code, "was due anew by" in overdue["wrong"][0]) == (1, True)
    assert (peers.code, "refused, step 18" in believed["wrong"][0]) == (1, True)


def test_list_of_peers_names_a_ca_that_is_not_trusted(esad: Esad, pair: Pair, tmp_path: Path) -> None:
    """A peer was added without its CA: the list says why nothing of it would pass."""
    identity, certificate, _, ca = outside(tmp_path, "NDEA.DE")
    added = esad(
        "peer",
        "add",
        "--data",
        pair.data,
        "--state",
        "DE",
        "--url",
        "http://127.0.0.1:1/ndea",
        "--certificate",
        certificate,
        "--untried",
    )
    before = esad("peer", "list", "--data", pair.data, "--json")
    add_trust(pair.lt.member.data, [load_certificate(ca)])
    after = esad("peer", "list", "--data", pair.data)

    assert f"  + {fingerprint_of(identity.certificate)}" in added.out.splitlines()
    assert (before.code, after.code) == (1, 0)
    assert "refused, step 16" in json.dumps(before.objects)
