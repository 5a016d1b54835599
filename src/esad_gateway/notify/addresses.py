"""Whom the gateway may call: the schemes, hosts and networks that its administration lists, and nobody else.

A trader says where its webhook listens, and the gateway stands where a trader does not: behind the firewall of its
administration. So a host has to be listed; and of an address that only machines beside the gateway reach (loopback,
private, link-local, and whatever else is not public) its network has to be listed as well.
"""

import ipaddress
from collections.abc import Collection, Iterator, Sequence
from typing import Final, TypeAlias
from urllib.parse import SplitResult, urlsplit

from esad_gateway.errors import WebhookRefused
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen

EVERY: Final = "*"
"""Among the hosts: every host that has a public address."""

LONGEST: Final = 2000
"""Characters of an address."""

_BELOW: Final = "*."
_PORTS: Final = {"https": 443, "http": 80}
_GLOBAL_UNICAST: Final = ipaddress.ip_network("2000::/3")
_NAT64: Final = ipaddress.ip_network("64:ff9b::/96")
_LAST_32: Final = 0xFFFFFFFF

Ip: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network


@frozen(kw_only=True)
class Allowed:
    """Whom a gateway may call. ``hosts`` are names, ``*.example.lt`` for those below one, addresses, or ``*``.

    ``networks`` are those of addresses that are not public and may be called all the same.
    """

    schemes: frozenset[str]
    hosts: frozenset[str]
    networks: tuple[Network, ...] = ()

    @property
    def any(self) -> bool:
        """Whether anybody may be called at all."""
        return bool(self.schemes and self.hosts)

    def check(self, url: str) -> None:
        """Raise WebhookRefused, with the setting that decides it, unless ``url`` may be called as far as it tells.

        Not checked: where its host is; :meth:`reachable` does, at every call.
        """
        if wrong := self._wrong(url):
            raise WebhookRefused(wrong)

    def reachable(self, addresses: Collection[str]) -> Sequence[str]:
        """Those of the addresses of a host that may be called."""
        return [one for one in addresses if self._may_be_called(one)]

    def _wrong(self, url: str) -> Said | None:
        parts = _parts(url)
        if parts is None or not parts.hostname:
            return said("webhook.no_url", url=url)
        if parts.scheme not in self.schemes:
            return said("webhook.scheme", scheme=parts.scheme, known=", ".join(sorted(self.schemes)))
        host = parts.hostname.rstrip(".")
        if not self._lists(host):
            return said("webhook.host", host=host)
        if (literal := _ip(host)) is not None and not self._may_be_called(str(literal)):
            return said("webhook.network", host=host, address=host)
        return None

    def _lists(self, host: str) -> bool:
        below = (f"{_BELOW}{host[place + 1 :]}" for place, sign in enumerate(host) if sign == ".")
        return not self.hosts.isdisjoint({EVERY, host, *below})

    def _may_be_called(self, address: str) -> bool:
        """Whether an address, and whatever other address is written within it, is public or in a listed network."""
        ip = _ip(address)
        return ip is not None and all(_is_public(one) or self._has_listed(one) for one in _meant(ip))

    def _has_listed(self, ip: Ip) -> bool:
        return any(ip in network for network in self.networks)


def _parts(url: str) -> SplitResult | None:
    """The parts of an address that is one of HTTP and nothing more; ``None`` for any other text."""
    plain = url.isascii() and url.isprintable() and not any(sign in url for sign in " \\#")
    try:
        parts = urlsplit(url)
        usable = parts.scheme in _PORTS and parts.port != 0 and "@" not in parts.netloc and "%" not in parts.netloc
    except ValueError:
        return None
    return parts if plain and usable and len(url) <= LONGEST else None


def _ip(host: str) -> Ip | None:
    try:
        return ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return None


def _meant(ip: Ip) -> Iterator[Ip]:
    """The address that a packet to ``ip`` reaches in the end: of one within an IPv6 address, that one.

    Teredo and 6to4 addresses are tunnels to what stands in them, so both have to be allowed.
    """
    if isinstance(ip, ipaddress.IPv4Address):
        yield ip
        return
    if ip.ipv4_mapped is not None:
        yield ip.ipv4_mapped
        return
    yield ip
    if ip in _NAT64:
        yield ipaddress.IPv4Address(int(ip) & _LAST_32)
    if ip.sixtofour is not None:
        yield ip.sixtofour
    if ip.teredo is not None:
        yield from ip.teredo


def _is_public(ip: Ip) -> bool:
    """Whether anybody on the internet reaches an address, as itself: neither tunnels nor groups of machines are."""
    # The library takes site-local addresses and some for multicast for global ones, and 6to4 in some versions.
    if not ip.is_global or ip.is_multicast or ip.is_reserved:
        return False
    return isinstance(ip, ipaddress.IPv4Address) or (ip in _GLOBAL_UNICAST and not ip.sixtofour and not ip.teredo)
