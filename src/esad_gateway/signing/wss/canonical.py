"""Exclusive canonical forms with a PrefixList: what its prefixes mean is written even where nothing uses them."""

import re
from typing import Final

from lxml import etree

from esad_gateway.faults import Said, said
from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.differences import children, clipped, difference
from esad_gateway.signing.shape import Row, local_name
from esad_gateway.signing.wss.names import INCLUSIVE, MAX_PREFIXES
from esad_gateway.signing.wss.steps import SecurityStep, refuse

DEFAULT: Final = "#default"
"""What a PrefixList calls the namespace without a prefix (EXC-C14N 3)."""

_PREFIX: Final = re.compile(r"[^\W\d][\w.-]{0,63}")
_KNOWN: Final = b'<p:a xmlns:p="urn:p" xmlns="urn:d"/>'
_LIST: Final = Row(step=SecurityStep.CANONICALIZATION, tag=INCLUSIVE, free=("PrefixList",))


def prefixes_of(method: etree._Element, step: SecurityStep) -> tuple[str, ...]:
    """The PrefixList of a CanonicalizationMethod or a Transform; empty where there is none. Raises SecurityRefused."""
    if len(method) == 0:
        return ()
    if len(method) > 1:
        refuse(step, said("refused.holds", name=local_name(str(method.tag)), what=children(method)))
    reason = difference(method[0], _LIST)
    if reason:
        refuse(step, reason, Said("security.prefix_list"))
    prefixes = tuple(method[0].get("PrefixList", "").split())
    wrong = next((one for one in prefixes if one != DEFAULT and not _PREFIX.fullmatch(one)), None)
    if wrong is not None or len(prefixes) > MAX_PREFIXES:
        found = said("security.prefixes", found=clipped(" ".join(prefixes)))
        refuse(step, found, said("security.prefix_list_of", number=MAX_PREFIXES))
    return prefixes


def form(element: etree._Element, prefixes: tuple[str, ...]) -> bytes:
    """The exclusive canonical form of an element in its document, with a PrefixList.

    Raises ``etree.LxmlError`` for a tree without one, and SecurityRefused where the library here cannot make it.
    """
    if not prefixes:
        return canonical(element)
    for one in prefixes:
        _make_known(one)
    if DEFAULT in prefixes and b'xmlns="urn:d"' not in _with(etree.XML(_KNOWN), prefixes):
        refuse(SecurityStep.CANONICALIZATION, Said("security.no_default"), Said("security.without_list"))
    return _with(element, prefixes)


def _with(element: etree._Element, prefixes: tuple[str, ...]) -> bytes:
    return etree.tostring(
        element, method="c14n", exclusive=True, with_comments=False, inclusive_ns_prefixes=list(prefixes)
    )


def _make_known(prefix: str) -> None:
    """Have this thread's parser know a name, since lxml leaves out of a PrefixList what it has never read.

    ``#default`` is no name that a document could have, but for that of a namespace. libxml2 itself honours it.
    """
    etree.XML(f'<a xmlns:a="{prefix}"/>'.encode())
