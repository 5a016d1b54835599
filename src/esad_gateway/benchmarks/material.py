"""What is measured with: a data directory with its registry, traders, and as many signed drafts as are asked for."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import cycle
from pathlib import Path

from cryptography import x509
from lxml import etree

from esad_gateway.benchmarks.prepared import numbered
from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.documents import Stamp, validated_document
from esad_gateway.emcs.messages import IE815
from esad_gateway.emcs.registry import Operator
from esad_gateway.identities import header, message_identifiers, new_arc
from esad_gateway.provision import create, issue_certificate
from esad_gateway.settings import Settings, read_settings
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.pki import Identity, KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.drafts import Parties, draft
from esad_gateway.simulator.exchange import OPERATORS
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry
from esad_gateway.xml.release import current

STATE, ZONE = "LT", "Europe/Vilnius"


@dataclass(frozen=True, slots=True)
class SignedDraft:
    """One draft of an e-SAD that exists once: as a document without a signature, and as its consignor signed it."""

    unsigned: bytes
    signed: bytes


@dataclass(frozen=True, kw_only=True)
class Material:
    """Keys, registry and traders of one run, below ``root``.

    The consignors' documents are signed by one agent. ``administration`` signs for the pipelines that are compared; the
    gateway has a key of its own, of the same kind.
    """

    root: Path
    now: datetime
    data: DataDirectory
    agent: Identity
    administration: Identity

    @classmethod
    def make(cls, root: Path, kind: KeyKind) -> "Material":
        """A data directory in the empty folder ``root``, with all operators in its registry."""
        now = datetime.now(UTC)
        data = create(root / "ours", STATE, ZONE, now, kind)
        agent, administration = (issue_certificate(data, name, now, kind) for name in ("agent", f"NDEA.{STATE}"))
        material = cls(root=root, now=now, data=data, agent=agent, administration=administration)
        _register(data, ((one, (agent.certificate,)) for one in material.consignors))
        _register(data, ((one, ()) for one in material.consignees))
        return material

    @cached_property
    def consignors(self) -> tuple[Operator, ...]:
        """Those who send."""
        return numbered(OPERATORS[0])

    @cached_property
    def consignees(self) -> tuple[Operator, ...]:
        """Those who receive, in another member state."""
        return numbered(OPERATORS[2])

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Everybody in the registry."""
        return self.consignors + self.consignees

    @cached_property
    def settings(self) -> Settings:
        """The gateway's settings."""
        return read_settings(self.data.root)

    def drafts(self) -> Iterator[SignedDraft]:
        """An endless supply; each has a message identifier and a local reference number of its own."""
        binder, signer = current(), XmlSigner(self.agent.key, self.agent.certificate)
        for message in cycle(self._samples()):
            entry = replace(message.ead_esad_draft, local_reference_number=f"{STATE}-{uuid.uuid4().hex[:12].upper()}")
            root = binder.write(replace(message, header=header(STATE, self.now), ead_esad_draft=entry))
            yield SignedDraft(canonical(root), signer.sign(root))

    def _samples(self) -> list[IE815]:
        """One draft of every consignor."""
        # Tomorrow, so that a run over midnight sends nothing into the past.
        dispatched_on = self.settings.profile().local_date(self.now + timedelta(days=1))
        pairs = zip(self.consignors, self.consignees, strict=True)
        return [draft(Parties(*pair), self.now, dispatched_on) for pair in pairs]

    def e_sad(self) -> etree._Element:
        """The IE801 of a draft, unsigned."""
        stamp = Stamp(
            now=self.now,
            profile=self.settings.profile(),
            arc=new_arc(STATE, self.now),
            identifiers=message_identifiers(STATE),
        )
        return current().write(validated_document(self._samples()[0], stamp))


def _register(data: DataDirectory, operators: Iterator[tuple[Operator, tuple[x509.Certificate, ...]]]) -> None:
    store = open_store(data.database, f"NDEA.{STATE}")
    try:
        Registry(store).add_operators((operator, {}, certificates) for operator, certificates in operators)
    finally:
        store.close()
