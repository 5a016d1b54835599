"""Which texts of documents tell who somebody is, by how they are called and by their form."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.simulator.recording.redrawing import is_arc
from esad_gateway.simulator.recording.walking import plain_name

_ELEMENTS: Final = (
    *("Traderid", "TraderExciseNumber", "TraderName", "StreetName", "StreetNumber", "Postcode", "City", "Name"),
    *("VatNumber", "EoriNumber", "ReferenceOfTaxWarehouse", "TemporaryAuthorisationReference"),
    *("AdministrativeReferenceCode", "UpstreamArc", "DownstreamArc", "LocalReferenceNumber", "InvoiceNumber"),
    *("MessageIdentifier", "CorrelationIdentifier", "CommercialSealIdentification", "SealInformation"),
    *("IdentityOfTransportUnits", "SubmitterIdentification", "ExciseOfficerIdentification", "ControlOfficerIdentity"),
    *("PhoneNumber", "FaxNumber", "EmailAddress", "SubmittingPersonComplement", "GlobalExciseTraderIdentifier"),
    *("ImportCustomsDeclarationNumber", "OtherAccompanyingDocumentNumber", "SerialNumberOfCertificateOfExemption"),
    *("ReferenceOfDocument", "DocumentReference", "DocumentDescription", "ReferenceOfEvidence", "IssuingAuthority"),
    *("ComplementaryInformation", "AcoComplementaryInformation", "Comments", "Explanation", "OtherInformation"),
    *("Justification", "BrandNameOfProducts", "ShippingMarks", "FiscalMark", "ImageOfEvidence"),
)
_MEMBERS: Final = ("seed", "consignor", "consignee", "counterparty", "holder", "lrn", "arc")
"""How JSON calls some of them."""

IDENTITIES: Final = frozenset(map(plain_name, (*_ELEMENTS, *_MEMBERS)))
_SECRETS: Final = (
    *("token", "password", "passwd", "passphrase", "secret", "apikey", "privatekey", "accesskey"),
    *("authorization", "cookie", "credential", "sessionid", "jwt"),
)
"""What is left out, whoever's it is, also where it is a part of a longer name (``access_token``)."""

_TOKENS: Final = re.compile(r"eyJ[\w-]{8,}=*\.[\w-]+=*\.[\w-]*|\b[Bb]earer\s+[A-Za-z0-9._~+/=-]{16,}", re.ASCII)
"""What opens something, wherever it stands: tokens of JWT, and what has the form of a field of HTTP."""

SPOKEN: Final = frozenset(map(plain_name, ("outcome", "message", "state", "stateName", "type", "status", "title")))
"""What such members say are words of the protocol, which stay where they are no identities."""

LEFT_OUT: Final = "[left out]"
WHOLE: Final = 5
"""Characters from which on an identity is looked for inside of texts: of what is shorter, too much would be one."""

_LONG: Final = 8
"""Characters from which on it is found in the midst of a word."""

_ADMINISTRATION: Final = re.compile(r"NDEA\.[A-Z]{2}")
HOST: Final = re.compile(r"(https?://)[^/?#\s\"'<>]+")
"""Where somebody listens tells who that is."""

_UUID: Final = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_FORMS: Final = re.compile(
    rf"(?<![A-Za-z0-9])(?:[0-9]{{2}}[A-Z]{{2}}[A-Z0-9]{{16}}[0-9]|(?:{'|'.join(sorted(NATIONAL_ADMINISTRATIONS))})"
    rf"(?=[A-Za-z]*[0-9])[A-Za-z0-9]{{11}}|(?:[A-Z]{{2}}-)?{_UUID})(?![A-Za-z0-9])"
)


def is_secret(name: str) -> bool:
    """Whether something is left out, since it is called so."""
    return name == "key" or any(one in name for one in _SECRETS)


def tells(name: str, text: str) -> bool:
    """Whether a text says who somebody is, since it is called so."""
    return name in IDENTITIES and bool(text) and not _ADMINISTRATION.fullmatch(text) and text != LEFT_OUT


def found_in(text: str) -> Iterator[str]:
    """The identities that are known by their form, wherever they stand: ARCs, excise numbers, message identifiers."""
    for one in _FORMS.findall(text):
        if len(one) != len("26LT0000000000000000P") or is_arc(one):
            yield one


@dataclass(slots=True)
class Noticed:
    """The identities of documents that are walked through, and the words that are none."""

    identities: set[str] = field(default_factory=set)
    words: set[str] = field(default_factory=set)

    def leaf(self, name: str, text: str) -> str:
        """Notice what a text tells; it stays as it is."""
        bare = text.strip()
        if is_secret(name):
            return text
        if tells(name, bare):
            self.identities.add(bare)
        elif name in SPOKEN:
            self.words.add(bare)
        self.identities.update(found_in(text))
        return text


class Replacing:
    """Puts other identities in the place of those that are known: in whole texts, and inside of others.

    ``words`` stay inside of texts. ``hosts``: also where somebody listens is replaced.
    """

    def __init__(self, replacements: Mapping[str, str], words: Iterable[str] = (), *, hosts: bool = True) -> None:
        self._all = {**_in_other_cases(replacements), **replacements}
        self._hosts = hosts
        inside = [one for one in self._all if len(one) >= WHOLE and one not in set(words)]
        self._inside = _any_of(inside)

    def leaf(self, name: str, text: str) -> str:
        """A text with other identities."""
        bare = text.strip()
        if is_secret(name):
            return LEFT_OUT if bare else text
        text = _TOKENS.sub(LEFT_OUT, text)
        if tells(name, bare) and bare in self._all:
            return text.replace(bare, self._all[bare])
        other = self._inside(lambda found: self._all[found], text)
        return HOST.sub(r"\1gateway.invalid", other) if self._hosts else other


def _in_other_cases(replacements: Mapping[str, str]) -> dict[str, str]:
    """Those that are long enough to be known in small letters as well, or in capitals."""
    long = {original: other for original, other in replacements.items() if len(original) >= _LONG}
    return {written(one): written(other) for one, other in long.items() for written in (str.lower, str.upper)}


def _any_of(texts: Iterable[str]) -> Callable[[Callable[[str], str], str], str]:
    """Replaces any of the texts, the longest first; the shorter ones as words of their own only."""
    ordered = sorted(texts)
    long = [one for one in ordered if len(one) >= _LONG]
    short = [one for one in ordered if len(one) < _LONG]
    parts = [_radix(long)] if long else []
    parts += [rf"(?<![^\W_])(?:{_radix(short)})(?![^\W_])"] if short else []
    if not parts:
        return lambda _, text: text
    pattern = re.compile("|".join(parts))
    return lambda other, text: pattern.sub(lambda found: other(found[0]), text)


def _radix(ordered: list[str]) -> str:
    """A pattern of texts in their order, of which each is found at its first character: the longest that there is."""
    common = _common(ordered[0], ordered[-1])
    branches: dict[str, list[str]] = {}
    for one in ordered:
        branches.setdefault(one[len(common) : len(common) + 1], []).append(one[len(common) :])
    further = [_radix(rest) for first, rest in branches.items() if first]
    told = re.escape(common)
    if not further:
        return told
    return f"{told}(?:{'|'.join(further)}){'?' if '' in branches else ''}"


def _common(one: str, other: str) -> str:
    """How both begin."""
    same = next((at for at, (left, right) in enumerate(zip(one, other, strict=False)) if left != right), None)
    return one[:same] if same is not None else min(one, other, key=len)
