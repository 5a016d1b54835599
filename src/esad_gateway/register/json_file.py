"""The registry as a file: operators with addresses and certificates, and offices, for import and for offline checks.

``{"operators": [{"seed", "name", "type", "office", "valid_from", "valid_to", "products", "categories", "address",
"temporary", "certificates"}], "offices": [{"reference", "name", "certificates"}], "agents": [{"agent", "certificates",
"delegations": [{"seed", "signs", "reads", "from", "until"}]}]}``; the last seven of an operator, the last two of an
office or an agent, and all offices and agents may be left out, and paths of certificates are relative to the file. A
number may stand in it several times, with a ``valid_from`` of its own each time. Certificates that are left out are
``None``: nothing is said about them, which is not the same as none.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, NamedTuple, TypeAlias

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from esad_gateway.emcs.delegation import Delegation
from esad_gateway.emcs.identifiers import ExciseNumber, OfficeReference
from esad_gateway.emcs.registry import (
    CATEGORIES,
    ExciseOffice,
    LinkedTrader,
    Operator,
    OperatorType,
    TemporaryAuthorisation,
)
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error, why
from esad_gateway.json_errors import why_no_json
from esad_gateway.letters import UNWRITABLE
from esad_gateway.xml.plain_json import read_json
from esad_gateway.xml.plain_values import ValueKind, kind_of

_LETTERS: Final = sorted(CATEGORIES)


class RegistryEntry(NamedTuple):
    """One operator of the file. ``address`` has street, postcode, city, language and perhaps number, or is empty."""

    operator: Operator
    address: Mapping[str, str]
    certificates: tuple[x509.Certificate, ...] | None


class _Agent(NamedTuple):
    """One agent of the file, with what it signs with and what traders let it do."""

    name: str
    certificates: tuple[x509.Certificate, ...] | None
    delegations: tuple[Delegation, ...]


class RegistryFile(NamedTuple):
    """What stands in a registry file, in its order."""

    operators: tuple[RegistryEntry, ...]
    offices: tuple[ExciseOffice, ...]
    signing: Mapping[str, tuple[x509.Certificate, ...]]
    """The certificates of those offices and agents that the file gives any, by reference."""
    delegations: tuple[Delegation, ...] = ()
    """What traders let agents do."""


def read_registry(path: Path) -> RegistryFile:
    """The operators and offices of a registry file.

    Raises UnreadableInput, with every wrong place on a line of its own, when the file or a certificate cannot be read,
    a key is unknown or missing, a value is of the wrong form, or a SEED number stands twice with the same beginning,
    or an office twice.
    Not checked: that product codes exist, that a temporary authorisation belongs to a temporary type, and whether a
    certificate is trusted.
    """
    faults: list[Said] = []
    data = _read_object(_load(path), _top_keys(path.parent), "", faults)
    operators = tuple(entry for entry in data.get("operators", ()) if entry is not None)
    listed = tuple(office for office in data.get("offices", ()) if office is not None)
    offices = tuple(office for office, _ in listed)
    agents = tuple(agent for agent in data.get("agents", ()) if agent is not None)
    faults += _repeated("operators", ((one.operator.seed, str(one.operator.valid_from)) for one in operators))
    faults += _repeated("offices", ((office.reference, "") for office in offices))
    faults += _repeated("agents", ((agent.name, "") for agent in agents))
    if faults:
        raise UnreadableInput(*(said("file.named", file=str(path), why=fault) for fault in faults))
    signing = {office.reference: certificates for office, certificates in listed if certificates is not None}
    signing |= {agent.name: agent.certificates for agent in agents if agent.certificates is not None}
    delegations = tuple(one for agent in agents for one in agent.delegations)
    return RegistryFile(operators, offices, MappingProxyType(signing), delegations)


def holders_by_fingerprint(file: RegistryFile) -> Mapping[str, frozenset[str]]:
    """The traders and offices that each certificate (SHA-256 of its DER form, in hexadecimal) is registered for."""
    traders = [(entry.operator.seed, entry.certificates or ()) for entry in file.operators]
    holders: dict[str, frozenset[str]] = {}
    for holder, certificates in (*traders, *file.signing.items()):
        for certificate in certificates:
            fingerprint = certificate.fingerprint(SHA256()).hex()
            holders[fingerprint] = holders.get(fingerprint, frozenset()) | {holder}
    return MappingProxyType(holders)


def _repeated(place: str, names: Iterable[tuple[str, str]]) -> list[Said]:
    """What stands several times: numbers with the day from which they are valid, if they have one."""
    several = [name for name, times in sorted(Counter(names).items()) if times > 1]
    told = (said("register_file.since", name=name, day=day) if day else name for name, day in several)
    return [said("register_file.repeated", place=place, name=name) for name in told]


Read: TypeAlias = Callable[[Any, str, list[Said]], Any]


@dataclass(frozen=True, slots=True)
class _Key:
    """How the value of a key is read: a fault is noted with its place, and then the result is ``None``."""

    read: Read
    required: bool = True


def _load(path: Path) -> Any:
    try:
        return read_json(path.read_bytes())
    except OSError as error:
        raise UnreadableInput(file_error(path, error)) from error
    except ValueError as error:
        raise UnreadableInput(said("rows.no_json", file=str(path), why=why_no_json(error))) from error


def _read_object(data: Any, keys: Mapping[str, _Key], place: str, faults: list[Said]) -> dict[str, Any]:
    if not isinstance(data, dict):
        where = place or Said("register_file.file")
        faults.append(said("register_file.object", place=where, keys=", ".join(keys)))
        return {}
    inside = f"{place}." if place else ""
    unknown = [name for name in data if name not in keys]
    missing = [name for name, key in keys.items() if key.required and data.get(name) is None]
    faults += [said("register_file.unknown", place=f"{inside}{name}", keys=", ".join(keys)) for name in unknown]
    faults += [said("register_file.missing", place=f"{inside}{name}") for name in missing]
    present = {name: key for name, key in keys.items() if data.get(name) is not None}
    return {name: key.read(data[name], f"{inside}{name}", faults) for name, key in present.items()}


def _value(convert: Callable[[Any], Any], expected: Said, data: Any, place: str, faults: list[Said]) -> Any:
    try:
        return convert(data)
    except ValueError:
        faults.append(said("register_file.value", place=place, given=f"{data!r:.60}", wanted=expected))
        return None


def _list(read: Read, data: Any, place: str, faults: list[Said]) -> tuple[Any, ...]:
    if not isinstance(data, list):
        faults.append(said("register_file.list", place=place))
        return ()
    return tuple(read(item, f"{place}[{number}]", faults) for number, item in enumerate(data, start=1))


def _address(data: Any, place: str, faults: list[Said]) -> Mapping[str, str]:
    return MappingProxyType(_read_object(data, _ADDRESS_KEYS, place, faults))


def _quantities(data: Any, place: str, faults: list[Said]) -> Mapping[str, Decimal]:
    if not isinstance(data, dict):
        faults.append(said("register_file.quantities", place=place))
        return {}
    for product in data:
        _product(product, place, faults)
    return MappingProxyType({product: _quantity(data[product], f"{place}.{product}", faults) for product in data})


def _linked(data: Any, place: str, faults: list[Said]) -> LinkedTrader | None:
    before = len(faults)
    values = _read_object(data, _LINKED_KEYS, place, faults)
    return None if len(faults) > before else LinkedTrader(**values)


def _excise_office(
    folder: Path, data: Any, place: str, faults: list[Said]
) -> tuple[ExciseOffice, tuple[x509.Certificate, ...] | None] | None:
    before = len(faults)
    values = _read_object(data, _office_keys(folder), place, faults)
    certificates = _flat(values.pop("certificates", None))
    return None if len(faults) > before else (ExciseOffice(**values), certificates)


def _agent(folder: Path, data: Any, place: str, faults: list[Said]) -> _Agent | None:
    before = len(faults)
    values = _read_object(data, _agent_keys(folder), place, faults)
    if len(faults) > before:
        return None
    name, given = values["agent"], values.get("delegations", ())
    return _Agent(name, _flat(values.get("certificates")), tuple(Delegation(agent=name, **one) for one in given))


def _delegation(data: Any, place: str, faults: list[Said]) -> dict[str, Any]:
    """What a trader lets an agent do: the members of a delegation but for the agent."""
    values = _read_object(data, _DELEGATION_KEYS, place, faults)
    kinds = {name: frozenset(values.get(name, ())) for name in ("signs", "reads")}
    return {"trader": values.get("seed"), "since": values.get("from"), "until": values.get("until"), **kinds}


def _moment(data: Any) -> datetime:
    """A moment of ISO 8601, in UTC unless it names a zone."""
    if not isinstance(data, str):
        raise ValueError(data)  # noqa: TRY004 - as other values of the wrong form
    given = datetime.fromisoformat(data)
    return given.replace(tzinfo=UTC) if given.tzinfo is None else given.astimezone(UTC)


def _temporary(data: Any, place: str, faults: list[Said]) -> TemporaryAuthorisation:
    return TemporaryAuthorisation(**_read_object(data, _TEMPORARY_KEYS, place, faults))


def _certificates(folder: Path, data: Any, place: str, faults: list[Said]) -> tuple[x509.Certificate, ...]:
    name = _text(data, place, faults)
    if name is None:
        return ()
    path = folder / name
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except OSError as error:
        faults.append(said("register_file.no_file", place=place, file=str(path), why=why(error)))
    except ValueError:
        faults.append(said("register_file.no_pem", place=place, file=str(path)))
    return ()


def _operator(folder: Path, data: Any, place: str, faults: list[Said]) -> RegistryEntry | None:
    """One operator, ``None`` when anything in it is wrong."""
    before = len(faults)
    values = _read_object(data, _operator_keys(folder), place, faults)
    valid_from, valid_to = values.get("valid_from"), values.get("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        faults.append(said("register_file.before", place=place))
    seed, office = values.get("seed"), values.get("office")
    if seed and office and seed[:2] != office[:2]:
        faults.append(said("register_file.other_state", place=place, office=office, seed=seed))
    if len(faults) > before:
        return None
    address, certificates = values.pop("address", {}), _flat(values.pop("certificates", None))
    for name in ("products", "categories"):
        values[name] = frozenset(values.get(name, ()))
    operator = Operator(operator_type=values.pop("type"), **values)
    return RegistryEntry(operator, address, certificates)


def _flat(files: tuple[tuple[x509.Certificate, ...], ...] | None) -> tuple[x509.Certificate, ...] | None:
    """The certificates of several files, ``None`` where none were named."""
    return None if files is None else tuple(one for file in files for one in file)


def _of_kind(kind: ValueKind) -> Read:
    return partial(_value, kind.read, kind.expected)


def _matching(value: type[ExciseNumber | OfficeReference], expected: Said) -> Read:
    def convert(data: Any) -> str:
        return value(kind_of(str).read(data)).value

    return partial(_value, convert, expected)


def _up_to(most: int) -> Read:
    """A text that is not blank, and not longer than the messages have room for; they can hold all of its letters."""

    def convert(data: Any) -> str:
        text: str = kind_of(str).read(data)
        if not text.strip() or len(text) > most or UNWRITABLE.search(text):
            raise ValueError(data)
        return text

    return partial(_value, convert, said("register_file.up_to", most=most))


def _code(pattern: str, expected: Said) -> Read:
    def convert(data: Any) -> str:
        if not isinstance(data, str) or not re.fullmatch(pattern, data):
            raise ValueError(data)
        return data

    return partial(_value, convert, expected)


def _measured(data: Any) -> Decimal:
    quantity: Decimal = kind_of(Decimal).read(data)
    _, digits, exponent = quantity.as_tuple()
    if quantity <= 0 or len(digits) > 15 or int(exponent) < -3:  # noqa: PLR2004 - as told where this is used
        raise ValueError(data)
    return quantity


_text: Final = _of_kind(kind_of(str))
_name: Final = _up_to(182)
_quantity: Final = partial(_value, _measured, Said("register_file.quantity"))
_product: Final = _code("[A-Z][0-9]{3}", Said("register_file.product"))
_category: Final = _code(f"[{''.join(_LETTERS)}]", said("register_file.category", letters=", ".join(_LETTERS)))
_seed: Final = _matching(ExciseNumber, Said("register_file.seed"))
_agent_name: Final = _code(r"AG\.[A-Z]{2}[A-Z0-9]{1,15}|[A-Z]{2}[a-zA-Z0-9]{11}", Said("register_file.agent"))
_kind: Final = _code(r"IE[0-9]{3}|\*", Said("register_file.kind"))
_at: Final = partial(_value, _moment, Said("register_file.moment"))
_office: Final = _matching(OfficeReference, Said("register_file.office"))

_PLACE_KEYS: Final[Mapping[str, _Key]] = MappingProxyType(
    {
        "street": _Key(_up_to(65)),
        "number": _Key(_up_to(11), required=False),
        "postcode": _Key(_up_to(10)),
        "city": _Key(_up_to(50)),
        "language": _Key(_code("[a-z]{2}", Said("register_file.language"))),
    }
)
_ADDRESS_KEYS: Final[Mapping[str, _Key]] = MappingProxyType(
    {**_PLACE_KEYS, "country": _Key(_code("[A-Z]{2}", Said("register_file.country")), required=False)}
)
_LINKED_KEYS: Final[Mapping[str, _Key]] = MappingProxyType({"name": _Key(_name), **_PLACE_KEYS})
_TEMPORARY_KEYS: Final[Mapping[str, _Key]] = MappingProxyType(
    {
        "counterparty": _Key(_seed, required=False),
        "reusable": _Key(_of_kind(kind_of(bool)), required=False),
        "quantities": _Key(_quantities, required=False),
        "small_wine_producer": _Key(_of_kind(kind_of(bool)), required=False),
        "linked": _Key(_linked, required=False),
    }
)

_DELEGATION_KEYS: Final[Mapping[str, _Key]] = MappingProxyType(
    {
        "seed": _Key(_seed),
        "signs": _Key(partial(_list, _kind), required=False),
        "reads": _Key(partial(_list, _kind), required=False),
        "from": _Key(_at),
        "until": _Key(_at, required=False),
    }
)


def _operator_keys(folder: Path) -> Mapping[str, _Key]:
    return {
        "seed": _Key(_seed),
        "name": _Key(_name),
        "type": _Key(_of_kind(kind_of(OperatorType))),
        "office": _Key(_office),
        "valid_from": _Key(_of_kind(kind_of(date))),
        "valid_to": _Key(_of_kind(kind_of(date)), required=False),
        "products": _Key(partial(_list, _product), required=False),
        "categories": _Key(partial(_list, _category), required=False),
        "address": _Key(_address, required=False),
        "temporary": _Key(_temporary, required=False),
        "certificates": _certificate_key(folder),
    }


def _office_keys(folder: Path) -> Mapping[str, _Key]:
    return {
        "reference": _Key(_office),
        "name": _Key(_name, required=False),
        "certificates": _certificate_key(folder),
    }


def _agent_keys(folder: Path) -> Mapping[str, _Key]:
    return {
        "agent": _Key(_agent_name),
        "certificates": _certificate_key(folder),
        "delegations": _Key(partial(_list, _delegation), required=False),
    }


def _certificate_key(folder: Path) -> _Key:
    return _Key(partial(_list, partial(_certificates, folder)), required=False)


def _top_keys(folder: Path) -> Mapping[str, _Key]:
    return {
        "operators": _Key(partial(_list, partial(_operator, folder))),
        "offices": _Key(partial(_list, partial(_excise_office, folder)), required=False),
        "agents": _Key(partial(_list, partial(_agent, folder)), required=False),
    }
