"""The folder of revocation lists of a gateway: a new list takes the place of the older one of its key and scope."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.signing.pem import load_crls, write_revocation_list
from esad_gateway.signing.revocation import RevocationList, Scope, accepted, newer

_Authorities = tuple[x509.Certificate, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ListFile:
    """A revocation list, the file it lies in or is to lie in, and the list as the CA made it."""

    file: Path
    content: RevocationList
    crl: x509.CertificateRevocationList


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """A list that was given: where it lies now, and the edition it replaces; ``None`` when there was none."""

    file: ListFile
    replaces: RevocationList | None
    obsolete: tuple[Path, ...]


def plan(folder: Path, given: Iterable[Path], authorities: _Authorities) -> tuple[Taken, ...]:
    """What taking the lists of the files ``given`` into ``folder`` changes; nothing is changed yet.

    ``authorities`` are the CAs that are trusted, or will be. Of several editions the newest is taken. A list that is
    held already is taken again without effect.

    Raises ``NotConfigured`` for lists that cannot be taken, and for one that is not newer than the list of its key and
    scope that is held: by number and date.
    """
    held = _by_scope(_read(sorted(folder.glob("*.pem")), authorities))
    taken = (_newest(files) for files in _by_scope(_read(given, authorities)).values())
    return tuple(_taken(folder, one, held.get(one.content.scope, [])) for one in taken)


def carry_out(taken: Iterable[Taken]) -> None:
    """Do what was planned. A list is written before the one it replaces is removed."""
    for one in taken:
        write_revocation_list(one.file.file, one.file.crl)
        for path in one.obsolete:
            path.unlink(missing_ok=True)


def _read(paths: Iterable[Path], authorities: _Authorities) -> Iterable[ListFile]:
    for path in paths:
        for crl in load_crls(path):
            yield ListFile(file=path, content=accepted(crl, path, authorities), crl=crl)


def _by_scope(files: Iterable[ListFile]) -> dict[Scope, list[ListFile]]:
    sorted_out: dict[Scope, list[ListFile]] = {}
    for one in files:
        sorted_out.setdefault(one.content.scope, []).append(one)
    return sorted_out


def _newest(files: list[ListFile]) -> ListFile:
    first, *others = files
    for one in others:
        first = first if newer(one.file, first.content, one.content) is first.content else one
    return first


def _taken(folder: Path, one: ListFile, held: list[ListFile]) -> Taken:
    present = _newest(held).content if held else None
    if present is not None and present != one.content and not one.content.is_newer_than(present):
        raise NotConfigured(
            said("crl.not_newer", file=str(one.file), edition=one.content.edition, present=present.edition)
        )
    key, issuer, addresses = one.content.scope
    named = hashlib.sha256("\n".join([key, issuer, *sorted(addresses)]).encode()).hexdigest()
    target = folder / f"{named[:16]}.pem"
    return Taken(
        file=ListFile(file=target, content=one.content, crl=one.crl),
        replaces=None if present == one.content else present,
        obsolete=tuple(file.file for file in held if file.file != target),
    )
