"""What the checkpoints of a data directory vouch for."""

import hashlib
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from lxml import etree

from esad_gateway.audit.belief import Anybody
from esad_gateway.audit.findings import placed, why
from esad_gateway.errors import SenderError
from esad_gateway.faults import Said, said
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Verifier
from esad_gateway.store.checkpoints import BOOK, CHECKPOINT, REGISTER, SETTINGS, files_of, heads_in
from esad_gateway.store.seal import Seal
from esad_gateway.xml.parse import parse

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)
"""Where it does not matter when: nobody is asked whether the certificate counts."""


@dataclass(slots=True)
class Vouched:
    """What the administration has signed: heads of chains, and settings from a moment on.

    ``heads`` are, by mailbox, the heads at some of its numbers, ``books`` the same for SAAD lists. ``settings`` are
    texts with the moment (as stored) from which the gateway worked by them, the oldest first; ``register`` is the last
    seal of what no document determines.
    """

    files: int = 0
    heads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    books: dict[str, dict[int, bytes]] = field(default_factory=dict)
    settings: list[tuple[str, str]] = field(default_factory=list)
    register: Seal | None = None
    problems: list[Said] = field(default_factory=list)

    def through(self, mailbox: str) -> int:
        """Up to which number somebody vouches for a mailbox; 0 when nobody does."""
        return max(self.heads.get(mailbox, {0: b""}))


@dataclass(frozen=True, slots=True)
class Witness:
    """Who may sign for our administration: its own certificates, or one that was registered for it.

    Its own count by themselves: they lie beside the key, outside the database, and their CA may have ended.
    """

    own: frozenset[str]
    registered: frozenset[str]
    trust: Trust

    def why_not(self, content: bytes, root: etree._Element) -> Said | None:
        """Why a checkpoint is not our administration's; ``None`` when it is. ``root`` is used up."""
        try:
            signed = Verifier(Anybody(()), None).verify(root, _LONG_AGO)
            if signed.fingerprint in self.own:
                return None
            if signed.fingerprint not in self.registered:
                return said("found.other_signer", fingerprint=signed.fingerprint)
            again = parse(content)
            Verifier(self.trust, None).verify(again, datetime.fromisoformat(again.get("at", "")))
        except (SenderError, ValueError) as error:
            return why(error)
        return None


def vouched(folder: Path, witness: Witness) -> Vouched:
    """Read every checkpoint of a folder: each must be signed by us, and name the digest of the one before it."""
    found, previous = Vouched(), ""
    for number, path in enumerate(files_of(folder), start=1):
        content, place = path.read_bytes(), said("found.checkpoint", name=path.name)
        found.files += 1
        reason = _take(found, content, witness)
        if reason:
            found.problems.append(placed(place, reason))
        if path.stem != f"{number:09}" or f'previous="{previous}"'.encode() not in content:
            found.problems.append(placed(place, Said("found.one_before")))
            break
        previous = hashlib.sha256(content).hexdigest()
    return found


def _take(found: Vouched, content: bytes, witness: Witness) -> Said | None:
    """Add what a checkpoint vouches for; returns why it vouches for nothing."""
    try:
        root = parse(content)
        reason = witness.why_not(content, root)
        if reason is None and root.tag == CHECKPOINT:
            _add(found, root)
            return None
    except (SenderError, ValueError) as error:
        return why(error)
    return reason or Said("found.other_document")


def _add(found: Vouched, root: etree._Element) -> None:
    at = root.get("at", "")
    found.settings += [(at, settings.text or "") for settings in root.iter(SETTINGS)]
    for one in heads_in(root):
        chains = found.books if one.element == BOOK else found.heads
        chains.setdefault(one.mailbox, {})[one.seq] = one.head
    for seal in root.iter(REGISTER):
        found.register = Seal(int(seal.get("changes", "0")), bytes.fromhex(seal.get("sha256", "")))
