"""What the checkpoints of a data directory vouch for."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from lxml import etree

from esad_gateway.errors import SenderError
from esad_gateway.signing.verifier import Verifier
from esad_gateway.store.checkpoints import CHECKPOINT, SETTINGS, files_of, heads_in
from esad_gateway.xml.parse import parse


@dataclass(slots=True)
class Vouched:
    """What the administration has signed: heads of chains, and settings from a moment on.

    ``heads`` are, by mailbox, the heads at some of its numbers; ``settings`` are texts with the moment (as stored) from
    which the gateway worked by them, the oldest first.
    """

    files: int = 0
    heads: dict[str, dict[int, bytes]] = field(default_factory=dict)
    settings: list[tuple[str, str]] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)

    def through(self, mailbox: str) -> int:
        """Up to which number somebody vouches for a mailbox; 0 when nobody does."""
        return max(self.heads.get(mailbox, {0: b""}))


def vouched(folder: Path, verifier: Verifier, own: Mapping[str, str] | frozenset[str]) -> Vouched:
    """Read every checkpoint of a folder; ``own`` are the fingerprints of our administration's certificates.

    Each must be signed by us as of its time, and name the digest of the one before it.
    """
    found, previous = Vouched(), ""
    for number, path in enumerate(files_of(folder), start=1):
        content = path.read_bytes()
        found.files += 1
        found.problems += [f"checkpoint {path.name}: {reason}" for reason in _take(found, content, verifier, own)]
        if int(path.stem) != number or f'previous="{previous}"'.encode() not in content:
            found.problems.append(f"checkpoint {path.name}: one before it is gone, or is another one")
            break
        previous = hashlib.sha256(content).hexdigest()
    return found


def _take(found: Vouched, content: bytes, verifier: Verifier, own: Mapping[str, str] | frozenset[str]) -> Iterator[str]:
    """Add what a checkpoint vouches for; gives why it vouches for nothing."""
    try:
        root = parse(content)
        at = datetime.fromisoformat(root.get("at", ""))
        signed = verifier.verify(root, at)
        if root.tag != CHECKPOINT or signed.fingerprint not in own:
            yield f"it was not signed by our administration, but with {signed.fingerprint}"
            return
        _add(found, root)
    except (SenderError, ValueError) as error:
        yield str(error)


def _add(found: Vouched, root: etree._Element) -> None:
    found.settings += [(root.get("at", ""), settings.text or "") for settings in root.iter(SETTINGS)]
    for one in heads_in(root):
        found.heads.setdefault(one.mailbox, {})[one.seq] = one.head
