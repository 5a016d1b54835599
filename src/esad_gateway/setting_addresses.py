"""Kinds of settings that are addresses: of a gateway, of a machine, and of networks."""

import ipaddress
import re
from collections.abc import Iterable
from typing import Annotated, Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import said
from esad_gateway.notify.addresses import EVERY

_HOST: Final = re.compile(r"(\*\.)?[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")

Networks: TypeAlias = tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]


def networks(values: Iterable[str]) -> Networks:
    """Networks that were read as settings."""
    return tuple(map(ipaddress.ip_network, values))


def public_address(value: str) -> str:
    """An address without the slash at its end; raises Malformed for what no client could use."""
    parts = urlsplit(value)
    plain = value.isascii() and not any(sign.isspace() or sign in "?#@" for sign in value)
    if value and not (plain and parts.scheme in {"http", "https"} and parts.hostname and _has_a_port(parts)):
        raise Malformed(said("setting.public", value=value))
    return value.rstrip("/")


def _has_a_port(parts: SplitResult) -> bool:
    """Whether the port, if one is named, can be one."""
    try:
        return parts.port != 0
    except ValueError:
        return False


PublicUrl = Annotated[str, AfterValidator(public_address)]


def _ip(value: str) -> str:
    """The address of a machine, as it is usually written; raises ValueError for what is none."""
    try:
        return str(ipaddress.ip_address(value))
    except ValueError as error:
        raise Malformed(said("setting.ip", value=value)) from error


Address = Annotated[str, AfterValidator(_ip)]


def _network(value: str) -> str:
    """A network, or the one of a single address, as it is usually written; raises ValueError for what is none."""
    try:
        return str(ipaddress.ip_network(value))
    except ValueError as error:
        raise Malformed(said("setting.network", value=value)) from error


Network = Annotated[str, AfterValidator(_network)]


def _webhook_host(value: str) -> str:
    """A host that may be called; raises ValueError for what is none, such as a whole address."""
    host = value.lower().rstrip(".")
    if not _HOST.fullmatch(host) and host != EVERY and not _is_ip(host):
        raise Malformed(said("setting.webhook_host", value=value))
    return host


def _is_ip(value: str) -> bool:
    try:
        return bool(ipaddress.ip_address(value))
    except ValueError:
        return False


WebhookHost = Annotated[str, AfterValidator(_webhook_host)]
