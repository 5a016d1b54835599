"""Writing the register to a file, as JSON with its certificates beside it or as an IE713 extract; never all at once."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from itertools import islice
from pathlib import Path
from typing import Any, Final

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.emcs.certificates import Party, party_of
from esad_gateway.emcs.delegation import Delegation
from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.messages.groups import Header
from esad_gateway.emcs.registry import ExciseOffice, TemporaryAuthorisation
from esad_gateway.emcs.seed import RegisterEntry, extract_of, fits_extract
from esad_gateway.signing.pem import write_certificate
from esad_gateway.xml.binding import Binder
from esad_gateway.xml.write import document_bytes

CERTIFICATES: Final = "certificates"
"""The folder beside a JSON file that its certificates are written to."""

_PART: Final = 500
_ATTRIBUTES_END: Final = b"</ie:Attributes>"
_BODY_END: Final = f"</ie:{IE713.BODY}>".encode()


def write_json(
    path: Path,
    entries: Iterable[RegisterEntry],
    certificates: Mapping[str, tuple[x509.Certificate, ...]],
    offices: Iterable[ExciseOffice],
    delegations: Sequence[Delegation] = (),
) -> int:
    """Write a registry file, one operator, office or agent a line; returns how many operators.

    It is what ``esad registry import`` reads back.
    """
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write('{"operators": [')
        for entry in entries:
            names = [_write_certificate(path.parent, one) for one in certificates.get(entry.operator.seed, ())]
            file.write(",\n" if count else "\n")
            json.dump(_plain(entry, names), file, ensure_ascii=False)
            count += 1
        lines = ",\n".join(
            json.dumps(asdict(office) | _office_certificates(path.parent, certificates, office), ensure_ascii=False)
            for office in offices
        )
        signing = [one for one in certificates if party_of(one) is Party.AGENT]
        # One that was taken back before it began never said anything.
        begun = [one for one in delegations if one.end is None or one.since < one.end]
        named = dict.fromkeys((*signing, *(one.agent for one in begun)))
        agents = ",\n".join(json.dumps(_agent(path.parent, one, certificates, begun)) for one in named)
        file.write(f'\n], "offices": [\n{lines}\n], "agents": [\n{agents}\n]}}\n')
    return count


def _agent(
    folder: Path,
    name: str,
    certificates: Mapping[str, tuple[x509.Certificate, ...]],
    delegations: Iterable[Delegation],
) -> dict[str, Any]:
    """An agent with what traders let it do. Those of one that is a trader itself stand with the trader."""
    own = certificates.get(name, ()) if party_of(name) is Party.AGENT else ()
    signing = {"certificates": [_write_certificate(folder, one) for one in own]} if own else {}
    return {"agent": name, **signing, "delegations": [_given(one) for one in delegations if one.agent == name]}


def _given(one: Delegation) -> dict[str, Any]:
    kinds = {"signs": sorted(one.signs), "reads": sorted(one.reads)}
    return {"seed": one.trader, **kinds, "from": one.since.isoformat(), "until": one.end and one.end.isoformat()}


def write_extract(path: Path, entries: Iterable[RegisterEntry], header: Header, binder: Binder) -> tuple[int, int]:
    """Write an IE713 extract; returns how many records are in it, and how many it has no room for.

    ``entries`` must have traders before temporary authorisations.
    """
    written = left_out = 0
    head, _, tail = _split(extract_of((), header), binder)
    with path.open("wb") as file:
        file.write(head)
        for part in _parts(entries):
            fitting = [entry for entry in part if fits_extract(entry.operator)]
            written, left_out = written + len(fitting), left_out + len(part) - len(fitting)
            file.write(_split(extract_of(fitting, header), binder)[1])
        file.write(tail)
    return written, left_out


def _split(message: IE713, binder: Binder) -> tuple[bytes, bytes, bytes]:
    """A document up to its occurrences, these, and the rest; markup in values is escaped, so tags are found as text."""
    text = document_bytes(binder.write(message))
    begin = text.index(_ATTRIBUTES_END) + len(_ATTRIBUTES_END)
    end = text.rindex(_BODY_END)
    return text[:begin], text[begin:end], text[end:]


def _parts(entries: Iterable[RegisterEntry]) -> Iterator[list[RegisterEntry]]:
    remaining = iter(entries)
    while part := list(islice(remaining, _PART)):
        yield part


def _office_certificates(
    folder: Path, certificates: Mapping[str, tuple[x509.Certificate, ...]], office: ExciseOffice
) -> dict[str, list[str]]:
    return {"certificates": [_write_certificate(folder, one) for one in certificates.get(office.reference, ())]}


def _write_certificate(folder: Path, certificate: x509.Certificate) -> str:
    name = f"{CERTIFICATES}/{certificate.fingerprint(SHA256()).hex()[:16]}.pem"
    target = folder / name
    target.parent.mkdir(exist_ok=True)
    if not target.exists():
        write_certificate(target, certificate)
    return name


def _plain(entry: RegisterEntry, certificates: list[str]) -> dict[str, Any]:
    operator = entry.operator
    return {
        "seed": operator.seed,
        "name": operator.name,
        "type": operator.operator_type,
        "office": operator.office,
        "valid_from": operator.valid_from.isoformat(),
        "valid_to": operator.valid_to and operator.valid_to.isoformat(),
        "products": sorted(operator.products),
        "categories": sorted(operator.categories),
        "temporary": operator.temporary and _temporary(operator.temporary),
        "certificates": certificates,
        **({"address": dict(entry.address)} if entry.address else {}),
    }


def _temporary(limits: TemporaryAuthorisation) -> dict[str, Any]:
    quantities = {product: str(quantity) for product, quantity in limits.quantities.items()}
    return {field.name: getattr(limits, field.name) for field in fields(limits)} | {
        "quantities": quantities,
        "linked": limits.linked and asdict(limits.linked),
    }
