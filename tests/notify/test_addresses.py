"""Whom a gateway may call: who is listed, and nobody whose address only the gateway can reach."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.errors import WebhookRefused
from esad_gateway.notify.addresses import LONGEST, Allowed

HTTPS = frozenset({"https"})
PUBLIC = Allowed(schemes=HTTPS, hosts=frozenset({"*"}))
LISTED = Allowed(schemes=HTTPS, hosts=frozenset({"hooks.example.lt", "*.trader.lt", "93.184.215.14"}))

NOT_PUBLIC = {
    "loopback": "127.0.0.1",
    "another address of loopback": "127.255.255.254",
    "this machine": "0.0.0.0",  # noqa: S104 - nobody listens there
    "private": "10.1.2.3",
    "private, in the middle": "172.31.255.255",
    "private, at home": "192.168.1.1",
    "link-local, where clouds tell their secrets": "169.254.169.254",
    "of a carrier": "100.64.0.1",
    "for examples": "192.0.2.1",
    "multicast": "224.0.0.1",
    "reserved": "240.0.0.1",
    "broadcast": "255.255.255.255",
    "loopback in IPv6": "::1",
    "no address": "::",
    "unique local": "fd00::1",
    "link-local in IPv6": "fe80::1",
    "link-local with its interface": "fe80::1%eth0",
    "site-local": "fec0::1",
    "multicast in IPv6": "ff02::1",
    "multicast, global": "ff0e::1",
    "for examples in IPv6": "2001:db8::1",
    "IPv4 in IPv6": "::ffff:127.0.0.1",
    "IPv4 in IPv6, in hexadecimal": "::ffff:a9fe:a9fe",
    "IPv4 behind NAT64": "64:ff9b::7f00:1",
    "6to4 to loopback": "2002:7f00:1::1",
    "6to4": "2002:5db8:d822::1",
    "Teredo": "2001:0:53aa:64c:0:0:0:1",
    "IPv4, as it once was": "::127.0.0.1",
}


@pytest.mark.parametrize("address", NOT_PUBLIC.values(), ids=NOT_PUBLIC)
def test_address_that_is_not_public_is_not_called(address: str) -> None:
    """Neither where a name leads there nor where it stands in the URL, whoever is listed."""
    host = f"[{address}]" if ":" in address else address

    assert PUBLIC.reachable([address]) == []
    with pytest.raises(WebhookRefused):
        PUBLIC.check(f"https://{host}/hook")


@pytest.mark.parametrize("address", ["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:93.184.215.14"])
def test_public_address_is_called(address: str) -> None:
    """In either version, and one within the other."""
    assert PUBLIC.reachable([address]) == [address]


@given(st.ip_addresses())
def test_address_within_another_is_as_good_as_by_itself(ip: ipaddress.IPv4Address | ipaddress.IPv6Address) -> None:
    """Writing IPv4 as IPv6 opens no door."""
    if isinstance(ip, ipaddress.IPv4Address):
        assert bool(PUBLIC.reachable([f"::ffff:{ip}"])) == bool(PUBLIC.reachable([str(ip)]))
    assert PUBLIC.reachable([str(ip)]) in ([], [str(ip)])
    assert not (
        PUBLIC.reachable([str(ip)]) and (ip.is_private or ip.is_loopback or ip.is_link_local or ip.is_multicast)
    )


def test_only_what_may_be_called_is_left_of_the_addresses_of_a_name() -> None:
    """A name that leads to both is called at the public one only."""
    assert PUBLIC.reachable(["10.0.0.1", "93.184.215.14", "::1"]) == ["93.184.215.14"]


@pytest.mark.parametrize(
    ("network", "address", "reachable"),
    [
        ("10.1.0.0/16", "10.1.2.3", True),
        ("10.1.0.0/16", "10.2.2.3", False),
        ("10.1.0.0/16", "::ffff:10.1.2.3", True),
        ("fd00::/8", "fd12::1", True),
        ("64:ff9b::/96", "64:ff9b::7f00:1", False),
        ("64:ff9b::/96", "64:ff9b::5db8:d70e", True),
        ("2002::/16", "2002:a00:1::1", False),
    ],
)
def test_network_that_is_listed_is_called(network: str, address: str, reachable: bool) -> None:  # noqa: FBT001
    """That one and no other; of an address that holds another one both have to be allowed."""
    allowed = Allowed(schemes=HTTPS, hosts=frozenset({"*"}), networks=(ipaddress.ip_network(network),))

    assert bool(allowed.reachable([address])) is reachable


@pytest.mark.parametrize(
    "url",
    [
        "https://hooks.example.lt/esad?a=b",
        "https://HOOKS.example.lt.:8443/",
        "https://a.b.trader.lt/",
        "https://93.184.215.14/",
    ],
)
def test_host_that_is_listed_is_called(url: str) -> None:
    """However it is written; below a name at any depth."""
    LISTED.check(url)


REFUSED = {
    "another host": ("https://hooks.example.com/", "webhook_hosts"),
    "the name above": ("https://trader.lt/", "webhook_hosts"),
    "a name that only ends so": ("https://eviltrader.lt/", "webhook_hosts"),
    "below a name that stands alone": ("https://a.hooks.example.lt/", "webhook_hosts"),
    "not encrypted": ("http://hooks.example.lt/", "webhook_schemes"),
    "another scheme": ("file:///etc/passwd", "no address"),
    "no host": ("https:///x", "no address"),
    "a user": ("https://a:b@hooks.example.lt/", "no address"),
    "a fragment": ("https://hooks.example.lt/#x", "no address"),
    "a port that is none": ("https://hooks.example.lt:99999/", "no address"),
    "port 0": ("https://hooks.example.lt:0/", "no address"),
    "a host in brackets that is none": ("https://[hooks]/", "no address"),
    "a backslash": ("https://hooks.example.lt\\@evil.lt/", "no address"),
    "a line": ("https://hooks.example.lt/\nX: y", "no address"),
    "letters beyond ASCII": ("https://hooks.exämple.lt/", "no address"),
    "an encoded host": ("https://hooks%2eexample.lt/", "no address"),
    "too long": ("https://hooks.example.lt/" + "a" * LONGEST, "no address"),
    "nothing": ("", "no address"),
}


@pytest.mark.parametrize(("url", "told"), REFUSED.values(), ids=REFUSED)
def test_address_that_may_not_be_called_is_refused_with_the_setting(url: str, told: str) -> None:
    """What decides it is named, so that the right person can be asked."""
    with pytest.raises(WebhookRefused, match=told):
        LISTED.check(url)


def test_nobody_is_called_where_nobody_is_listed() -> None:
    """As it is without settings."""
    assert not Allowed(schemes=HTTPS, hosts=frozenset()).any
