"""Agents of traders: each signs with a certificate of its own, and what it may do stands in the register."""

from collections.abc import Iterable
from datetime import datetime

from esad_gateway.emcs.delegation import Delegation
from esad_gateway.provision import issue_certificate
from esad_gateway.signing.pki import KeyKind
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.agents import Agents
from helpers.gateway import NOW, Station

BROKER = "AG.LT302123456"
"""A customs broker in Lithuania, which is no trader of the register."""


def agent(station: Station, name: str = BROKER) -> XmlSigner:
    """Signs as an agent whose certificate is registered at a gateway."""
    identity = issue_certificate(station.member.data, name, station.clock.at, KeyKind.P256)
    station.runtime.registry.add_certificates(name, (identity.certificate,))
    station.runtime.verifier.look()
    return XmlSigner(identity.key, identity.certificate)


def let(
    station: Station,
    trader: str,
    *signs: str,
    name: str = BROKER,
    reads: Iterable[str] = (),
    since: datetime = NOW,
    until: datetime | None = None,
) -> Delegation:
    """Let an agent sign and read for a trader; what it may is in the register of a gateway from then on."""
    given = Delegation(
        trader=trader, agent=name, signs=frozenset(signs), reads=frozenset(reads), since=since, until=until
    )
    station.runtime.registry.add_operators((), delegations=[given])
    return next(one for one in Agents(station.runtime.store).of(trader) if one.content == given.content)


def revoke(station: Station, given: Delegation) -> None:
    """Take a delegation back, as another process does: this gateway is not told."""
    assert Agents(station.runtime.store).revoke(given.trader, given.number, station.clock.now)
