"""Who is believed, who signs and who can be reached now: the registry and the trust, followed while they change."""

import math
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TypeVar

from lxml import etree

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.certificates import Registered, current, why_not
from esad_gateway.emcs.delegation import Agency
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured, SignatureRefused
from esad_gateway.faults import said
from esad_gateway.ports.certificates import IssuerSerial, RegisteredCertificates, SubjectKey
from esad_gateway.ports.clock import Clock
from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.signing.steps import Step
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Signed, Verifier
from esad_gateway.store.registry import Directory, Registry

_T = TypeVar("_T")

LOOK_AGAIN = 1.0
"""Seconds: how soon a running gateway notices a change of the registry, of trust or of its peers."""


class LiveVerifier:
    """A verifier that follows the registry: operators, certificates, CAs and revocations may change while it runs.

    It looks for a change at most once a second of ``clock``, and at once when it meets a certificate that it does not
    know. What ``own`` signs is recognised whenever its certificate was in use; what it signs with now may change too.
    """

    def __init__(
        self, data: DataDirectory, registry: Registry, named: RegisteredCertificates, own: str, clock: Clock
    ) -> None:
        self._data = data
        self._registry = registry
        self._named = named
        self._own = own
        self._clock = clock
        self._own_records: tuple[Registered, ...] = ()
        self._own_fingerprints: frozenset[str] = frozenset()
        self._signers: dict[str, XmlSigner] = {}
        self._lock = threading.Lock()
        self._directory = Directory(-1, {}, {})
        self._verifier = Verifier(Trust(()), self._holders)
        self._looked = 0.0
        self._refresh()

    def verify(self, root: etree._Element, at: datetime) -> Signed:
        """Verify with what the registry says now; raises SignatureRefused."""
        # Up to step 12 nothing is taken out of the tree, so that it can be judged again.
        return self.ask(lambda verifier: verifier.verify(root, at))

    def ask(self, question: Callable[[Verifier], _T]) -> _T:
        """Ask what knows what the registry says now, and once more where it knows no such certificate yet."""
        self._look_again()
        verifier = self._verifier
        try:
            return question(verifier)
        except SignatureRefused as refusal:
            if refusal.step != Step.REGISTERED:
                raise
            self._refresh()
            if self._verifier is verifier:
                raise
        return question(self._verifier)

    def named(self, by: IssuerSerial | SubjectKey) -> Sequence[bytes]:
        """The certificates (DER) that the registry knows under that name. Raises StoreUnavailable."""
        return self._named.named(by)

    def agency(self, holders: frozenset[str], at: datetime, *, anew: bool) -> Agency | None:
        """What traders let the holders of a certificate do: ``ports.Agencies``."""
        if anew:
            self._refresh()
        return self._directory.agency_of(holders, at)

    def signer(self) -> XmlSigner:
        """What we sign with at this moment: the registry names the certificate. Raises NotConfigured."""
        self._look_again()
        record = current(self._own_records, self._clock.now())
        if record is None:
            raise NotConfigured(said("key.none", holder=self._own))
        return self._signers[record.fingerprint]

    def peers(self) -> dict[str, str]:
        """Where the administrations listen."""
        self._look_again()
        return dict(self._directory.peers)

    def releases(self) -> Mapping[str, Schedule]:
        """Which release of the messages single administrations read, as far as anything is known."""
        self._look_again()
        return self._directory.releases

    def offices(self) -> frozenset[str] | None:
        """The list of offices as the last message was verified with it; ``None`` where none is kept."""
        return self._directory.offices

    def look(self) -> None:
        """Look for a change before anything else is asked, for whoever made one while the clock stands still."""
        with self._lock:  # a look that is under way may not have seen it
            self._looked = -math.inf

    def _holders(self, fingerprint: str, at: datetime) -> frozenset[str]:
        if fingerprint in self._own_fingerprints:
            return frozenset({self._own})
        holders = self._directory.holders_of(fingerprint, at)
        if not holders and (records := self._directory.records(fingerprint)):
            raise SignatureRefused(Step.REGISTERED, *why_not(records, at))
        return holders

    def _look_again(self) -> None:
        if self._clock.elapsed() - self._looked > LOOK_AGAIN:
            self._refresh()

    def _refresh(self) -> None:
        with self._lock:
            if self._registry.version() != self._directory.version:
                directory, trust = self._registry.directory(), self._data.load_trust()
                self._take_over(directory)
                self._directory, self._verifier = directory, Verifier(trust, self._holders)
            # Last: while a change cannot be taken over, nothing is verified with what was before.
            self._looked = self._clock.elapsed()

    def _take_over(self, directory: Directory) -> None:
        """Load what we sign with now or soon; a key that was loaded before is not read and checked anew."""
        now, everything = self._clock.now(), directory.certificates.values()
        ever = [one for records in everything for one in records if one.holder == self._own]
        own = [one for one in ever if not one.ended(now)]
        wanted = {one.fingerprint for one in own}
        self._signers |= {
            one: load_signer(*self._data.signing_pair(one, self._own)) for one in wanted - self._signers.keys()
        }
        self._own_records = tuple(own)
        self._own_fingerprints = frozenset(one.fingerprint for one in ever)
