"""A document is signed as it should not be: with another certificate, in another form, or for other content."""

import base64
from collections.abc import Callable
from typing import Final

from lxml import etree

from esad_gateway.signing.canonical import canonical
from esad_gateway.signing.profile import DS
from esad_gateway.simulator.injected.identities import OTHER_CERTIFICATES, RENEWED
from esad_gateway.simulator.injected.model import FaultKind, Forged, InjectedFault, Original
from esad_gateway.simulator.injected.trees import element
from esad_gateway.xml.parse import parse

FORBIDDEN: Final = f"{DS}rsa-sha1"
"""A signature algorithm that is broken, and that no profile of today takes."""


def _signed_with(name: str) -> Forged:
    return Forged(lambda original: original.others(name).sign(original.payload))


def _altered(payload: etree._Element, original: Original) -> None:
    """The least that a forger could want: it was prepared at another time."""
    time = element(payload, "TimeOfPreparation")
    others = [f"{hour:02}{(time.text or '')[2:]}" for hour in range(24)]
    time.text = original.chance.choice([one for one in others if one != time.text])


def _spoilt(change: Callable[[etree._Element, Original], None]) -> Forged:
    """The signed document changed after it was signed."""

    def make(original: Original) -> bytes:
        root = parse(original.parcel.document)
        change(root, original)
        return canonical(root)

    return Forged(make)


def _other_value(root: etree._Element, original: Original) -> None:
    """One bit of the signature value, which the seed chooses."""
    told = element(root, "SignatureValue")
    value = bytearray(base64.b64decode(told.text or ""))
    bit = original.chance.randrange(8 * len(value))
    value[bit // 8] ^= 1 << bit % 8
    told.text = base64.b64encode(value).decode()


def _wrap(root: etree._Element, original: Original) -> None:
    """What was signed is still there, deep inside, where nobody reads it; what is read is other content."""
    signature = root[-1]
    kept = etree.SubElement(signature, f"{{{DS}}}Object")
    kept.append(original.payload)
    _altered(root, original)


def _forbid(root: etree._Element, _original: Original) -> None:
    element(root, "SignatureMethod").set("Algorithm", FORBIDDEN)


def _sign_twice(root: etree._Element, _original: Original) -> None:
    root.append(etree.fromstring(etree.tostring(root[-1], with_tail=False)))


def _unsigned(original: Original) -> bytes:
    return canonical(original.payload)


def _fault(name: str, act: Forged) -> InjectedFault:
    return InjectedFault(name=name, kind=FaultKind.CRYPTO, act=act)


FAULTS: Final = (
    *(
        InjectedFault(
            name=name, kind=FaultKind.CRYPTO, act=_signed_with(name), lasting=name == RENEWED, certificate=name
        )
        for name in OTHER_CERTIFICATES
    ),
    _fault("wrong-digest", _spoilt(_altered)),
    _fault("wrong-signature", _spoilt(_other_value)),
    _fault("wrapped-signature", _spoilt(_wrap)),
    _fault("forbidden-algorithm", _spoilt(_forbid)),
    _fault("signed-twice", _spoilt(_sign_twice)),
    _fault("no-signature", Forged(_unsigned)),
)
