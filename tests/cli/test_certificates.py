"""The commands that say who signs with what, beside a gateway that runs: imports, renewals, lists."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from esad_gateway.emcs.messages import IE807
from esad_gateway.identities import header
from esad_gateway.provision import add_trust
from esad_gateway.signing.pem import write_certificate
from esad_gateway.signing.pki import Identity, KeyKind, Period, create_ca, issue, new_key
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.box import Trader
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.xml.binding import Binder
from helpers.command_line import Esad
from helpers.gateway import NOW, SECOND_CONSIGNOR, HandClock, copy_of_box, new_draft
from helpers.protocol import interruption
from helpers.served import Answer, Served, served

PERIOD = Period(not_before=NOW - timedelta(hours=1), not_after=datetime.now(UTC) + timedelta(days=400))


@dataclass(frozen=True)
class World:
    """A gateway whose clock is that of the commands, and the second consignor's keys."""

    gateway: Served
    clock: HandClock
    authority: Identity
    folder: Path

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.gateway.station.member.data.root

    @property
    def old(self) -> Identity:
        """What the consignor was registered with."""
        return self.trader.identity

    @property
    def trader(self) -> Trader:
        """The consignor."""
        return self.gateway.box.traders[SECOND_CONSIGNOR]

    def new(self, name: str) -> tuple[Identity, Path]:
        """Another key of the consignor, with the file of its certificate."""
        identity = issue(self.authority, SECOND_CONSIGNOR, PERIOD, new_key(KeyKind.P256))
        path = self.folder / f"{name}.pem"
        write_certificate(path, identity.certificate)
        return identity, path

    def register(self, **keys: object) -> Path:
        """A registry file with the consignor's record and these keys besides."""
        record = {"name": "UAB Pavyzdys", "type": "certified_consignor", "office": "LT001000", "products": ["W200"]}
        path = self.folder / "operators.json"
        given = {"seed": SECOND_CONSIGNOR, "valid_from": "2023-02-13", **record, **keys}
        path.write_text(json.dumps({"operators": [given]}), encoding="utf-8")
        return path

    def signer(self, identity: Identity) -> XmlSigner:
        """Signs with an identity."""
        return XmlSigner(identity.key, identity.certificate)

    def order(self) -> IE807:
        """An order of an office about a movement that nobody knows."""
        return replace(interruption(), header=header("LT", self.clock.at))

    def submit(self, identity: Identity, later: timedelta = timedelta()) -> Answer:
        """What a fresh draft of the consignor is answered, so much later."""
        self.clock.at = datetime.now(UTC) + later
        draft = new_draft(SECOND_CONSIGNOR, at=self.clock.at)
        return self.gateway.submit(self.signer(identity).sign(Binder("V3.23").write(draft)))


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A gateway with a second CA that it trusts."""
    box, clock = copy_of_box(tmp_path / "box"), HandClock(datetime.now(UTC))
    authority = create_ca("Another CA", PERIOD, new_key(KeyKind.P256))
    add_trust(box.members["LT"].data, [authority.certificate])
    with served(box, clock=clock) as gateway:
        yield World(gateway, clock, authority, tmp_path)


def printed_of(of: Identity) -> str:
    """The fingerprint of an identity."""
    return fingerprint_of(of.certificate)


def test_import_reaches_a_gateway_that_runs(esad: Esad, world: World) -> None:
    """A certificate that was imported a moment ago signs at once, in place of the one before; both are printed."""
    new, path = world.new("new")
    before = world.submit(new)

    imported = esad("registry", "import", world.register(certificates=[path.name]), "--data", world.data)
    again = esad("registry", "import", world.register(certificates=[path.name]), "--data", world.data, "--json")

    assert (before.status, before.json["step"]) == (403, 12)
    assert imported.out.splitlines() == [
        "1 operator imported; certificates: 1 added, 1 removed",
        f"  + {SECOND_CONSIGNOR} {printed_of(new)}",
        f"  - {SECOND_CONSIGNOR} {printed_of(world.old)}",
    ]
    assert again.objects == [{"operators": 1, "offices": 0, "added": [], "removed": []}]
    assert world.submit(new).status == 201
    assert world.submit(world.old).json["step"] == 12


def test_import_that_leaves_certificates_out_keeps_them(esad: Esad, world: World) -> None:
    """A record without the key says nothing about certificates; an empty list takes them away, and that is printed."""
    kept = esad("registry", "import", world.register(products=["W200", "B000"]), "--data", world.data, "--json")
    assert (kept.objects[0]["added"], kept.objects[0]["removed"]) == ([], [])
    assert world.submit(world.old).status == 201

    taken = esad("registry", "import", world.register(certificates=[]), "--data", world.data, "--json")
    assert taken.objects[0]["removed"] == [{"holder": SECOND_CONSIGNOR, "fingerprint": printed_of(world.old)}]
    world.submit(world.new("unknown")[0])  # makes the gateway look at the registry at once
    answer = world.submit(world.old)
    assert (answer.status, answer.json["step"]) == (403, 12)
    assert "is no longer believed since" in answer.json["reason"]


def test_import_of_a_certificate_that_can_never_sign_changes_nothing(esad: Esad, world: World) -> None:
    """A CA's certificate in place of the trader's is refused, with the reason, and the trader keeps its own."""
    ca = world.folder / "ca.pem"
    ca.write_bytes((world.data / "pki" / "ca.pem").read_bytes())

    refused = esad("registry", "import", world.register(certificates=[ca.name]), "--data", world.data)

    assert refused.code == 2
    assert SECOND_CONSIGNOR in refused.err
    assert "it is the certificate of a CA" in refused.err
    assert world.submit(world.old).status == 201


def test_import_of_an_office_with_its_certificate(esad: Esad, world: World) -> None:
    """An office of the file signs with the certificates that it is given, and an export has them."""
    identity, path = world.new("office")
    file, target = world.folder / "offices.json", world.folder / "out.json"
    offices = [{"reference": reference, "certificates": [path.name]} for reference in ("LT001000", "LT002000")]
    file.write_text(json.dumps({"operators": [], "offices": offices}), encoding="utf-8")

    imported = esad("registry", "import", file, "--data", world.data, "--json")
    exported = esad("registry", "export", target, "--data", world.data)

    added = [(one["holder"], one["fingerprint"]) for one in imported.objects[0]["added"]]
    assert added == [("LT001000", printed_of(identity)), ("LT002000", printed_of(identity))]
    assert exported.code == 0
    assert [len(office["certificates"]) for office in json.loads(target.read_text())["offices"]] == [1, 1]


def test_export_and_import_keep_every_certificate(esad: Esad, world: World) -> None:
    """What is exported is imported again without a difference."""
    target = world.folder / "out" / "register.json"
    target.parent.mkdir()
    assert esad("registry", "export", target, "--data", world.data).code == 0

    again = esad("registry", "import", target, "--data", world.data, "--json")

    assert (again.objects[0]["added"], again.objects[0]["removed"]) == ([], [])
    assert world.submit(world.old).status == 201


def test_trader_renews_with_an_overlap(esad: Esad, world: World) -> None:
    """Both keys pass in the overlap; then the old one is refused, with what replaced it, and the new one passes."""
    new, path = world.new("new")

    printed = esad(
        "registry", "renew", SECOND_CONSIGNOR, "--data", world.data, "--certificate", path, "--overlap", "2d"
    )

    assert printed.code == 0
    assert f"{SECOND_CONSIGNOR} signs with {printed_of(new)} from" in printed.out
    assert (world.submit(new).status, world.submit(world.old).status) == (201, 201)
    late = world.submit(world.old, timedelta(days=3))
    assert (late.status, late.json["step"]) == (403, 12)
    assert f"was replaced by {printed_of(new)}, and is no longer believed since" in late.json["reason"]
    assert SECOND_CONSIGNOR not in late.json["reason"]
    assert world.submit(new, timedelta(days=3)).status == 201


def test_renewal_of_a_trader_is_taken_back(esad: Esad, world: World) -> None:
    """The replacement is refused at once, the key before has no end any more, and the register shows that."""
    new, path = world.new("new")
    esad("registry", "renew", SECOND_CONSIGNOR, "--data", world.data, "--certificate", path)
    shown = esad("registry", "show", SECOND_CONSIGNOR, "--data", world.data, "--json")

    back = esad("registry", "restore", SECOND_CONSIGNOR, "--data", world.data)
    again = esad("registry", "show", SECOND_CONSIGNOR, "--data", world.data)
    world.submit(world.new("unknown")[0])

    assert [one["replacedBy"] for one in shown.objects[0]["certificates"]] == [printed_of(new), None]
    assert (back.code, again.out.count("  certificate: ")) == (0, 1)
    assert world.submit(new).json["step"] == 12
    assert world.submit(world.old, timedelta(days=30)).status == 201


def test_office_renews_its_certificate(esad: Esad, world: World) -> None:
    """An order signed with the new key is the office's; after the overlap one signed with the old key is refused."""
    new, path = world.new("office")
    old = world.gateway.box.office("LT")

    printed = esad("registry", "renew", "LT001000", "--data", world.data, "--certificate", path, "--overlap", "1d")
    world.clock.at = datetime.now(UTC) + timedelta(days=2)
    answers = [
        world.gateway.submit(signer.sign(Binder("V3.23").write(world.order()))) for signer in (world.signer(new), old)
    ]

    assert printed.code == 0
    # It names a movement that nobody knows: so far it comes, as the office's.
    assert [answer.status for answer in answers] == [422, 403]
    assert (answers[0].json["message"], answers[1].json["step"]) == ("IE807", 12)


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ("LT00000000999", "is neither in the register nor an office of LT"),
        ("PL001000", "is an office of another state"),
        ("lt001000", "is no office reference"),
        ("NDEA.LT", "is neither in the register"),
    ],
)
def test_holder_that_cannot_sign_here_is_refused(esad: Esad, world: World, holder: str, reason: str) -> None:
    """Numbers that are not registered, other states' offices, and administrations, which have commands of their own."""
    _, path = world.new("new")
    printed = esad("registry", "renew", holder, "--data", world.data, "--certificate", path)
    assert (printed.code, reason in printed.err) == (2, True)


def test_file_with_several_certificates_is_no_renewal(esad: Esad, world: World) -> None:
    """Which of them signs has to be said."""
    _, first = world.new("first")
    _, second = world.new("second")
    (world.folder / "both.pem").write_bytes(first.read_bytes() + second.read_bytes())

    printed = esad(
        "registry", "renew", SECOND_CONSIGNOR, "--data", world.data, "--certificate", world.folder / "both.pem"
    )

    assert (printed.code, "holds 2 certificates" in printed.err) == (2, True)
