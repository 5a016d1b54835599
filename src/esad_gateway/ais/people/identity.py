"""Who somebody is, as a provider of identities has told it: facts only, on which signing in is decided.

Which claim of a token says what is data (:class:`ClaimNames`), since each provider has names of its own.
"""

from collections.abc import Callable, Mapping
from enum import StrEnum
from typing import Final, TypeVar

from esad_gateway.faults import Fault, Faults, Said, Value, said
from esad_gateway.frozen import frozen
from esad_gateway.place import Place

LONGEST_VALUE: Final = 200
"""Characters of a text that a provider tells."""
MOST_RIGHTS: Final = 200
"""Rights that a provider may tell of one person."""


class Means(StrEnum):
    """By which means somebody has proved who that is."""

    MANO_VMI = "mano_vmi"
    """As in Mano VMI: a bank, the Centre of Registers, an electronic signature (ACC-4, ACC-5)."""
    VMI = "vmi"
    """With a user name and a password that VMI has issued (ACC-6)."""


class ResidencePermit(StrEnum):
    """A permit to live in the country."""

    TEMPORARY = "temporary"
    PERMANENT = "permanent"


@frozen(kw_only=True)
class ProvenIdentity:
    """A person whom ``issuer`` (its exact address) knows as ``subject``.

    ``personal_code`` is the national one, ``user_name`` the one that the administration has issued. ``resident`` says
    that the person is in the population register. ``entity`` is the code of whom the person represents now, and
    ``rights`` are those that the person has in Mano VMI for it. What is not told is ``None``, and what is not told of
    ``resident`` or ``rights`` is not the case.
    """

    issuer: str
    subject: str
    means: Means
    personal_code: str | None = None
    user_name: str | None = None
    name: str | None = None
    resident: bool = False
    country: str | None = None
    permit: ResidencePermit | None = None
    entity: str | None = None
    rights: frozenset[str] = frozenset()


@frozen(kw_only=True)
class ClaimNames:
    """Which claim says what; one that a provider does not have is left as it is, and tells nothing."""

    personal_code: str = "personal_code"
    user_name: str = "preferred_username"
    name: str = "name"
    resident: str = "resident"
    country: str = "country"
    permit: str = "residence_permit"
    entity: str = "entity"
    rights: str = "rights"


def read_identity(
    claims: Mapping[str, object], names: ClaimNames, *, issuer: str, means: Means
) -> ProvenIdentity | Faults:
    """The identity that ``claims`` tell, or every fault that they have.

    Needed are ``sub``, and for VMI's own means the user name (ACC-6). Not checked: whether the person may sign in, and
    whether the claims are the issuer's, which is for whoever has the token.
    """
    reading = _Reading(claims, _RULES[means])
    subject = reading.text("sub", needed=True)
    user_name = reading.text(names.user_name, needed=means is Means.VMI)
    identity = ProvenIdentity(
        issuer=issuer,
        subject=subject or "",
        means=means,
        personal_code=reading.text(names.personal_code),
        user_name=user_name if means is Means.VMI else None,
        name=reading.text(names.name),
        resident=reading.said(names.resident, _is_so, said("sign_in.claim.truth")) or False,
        country=reading.text(names.country),
        permit=reading.said(names.permit, _permit, said("sign_in.claim.permit", known=tuple(ResidencePermit))),
        entity=reading.text(names.entity),
        rights=reading.said(names.rights, _rights, said("sign_in.claim.rights", most=MOST_RIGHTS)) or frozenset(),
    )
    return tuple(reading.faults) or identity


_RULES: Final = {Means.MANO_VMI: "ACC-5", Means.VMI: "ACC-6"}
_T = TypeVar("_T")


class _Reading:
    """Reads claims one by one, and keeps the faults that they have."""

    def __init__(self, claims: Mapping[str, object], rule: str) -> None:
        self._claims = claims
        self._rule = rule
        self.faults: list[Fault] = []

    def text(self, name: str, *, needed: bool = False) -> str | None:
        """A text, or ``None`` where there is none."""
        expected = said("sign_in.claim.words", most=LONGEST_VALUE)
        found = self.said(name, _text, expected)
        if needed and self._claims.get(name) is None:
            self._wrong(name, None, said("sign_in.claim.missing"))
        return found

    def said(self, name: str, read: Callable[[object], _T | None], expected: Said) -> _T | None:
        """What a claim says, ``None`` where it is not there or not as ``expected``."""
        value = self._claims.get(name)
        if value is None:
            return None
        found = read(value)
        if found is None:
            self._wrong(name, repr(value)[:LONGEST_VALUE], expected)
        return found

    def _wrong(self, name: str, value: str | None, expected: Value) -> None:
        self.faults.append(
            Fault(
                code=self._rule,
                rule=self._rule,
                place=Place(in_data=True) / name,
                value=value,
                text=said("sign_in.claim.text", name=name, expected=expected),
                hint=said("sign_in.claim.hint"),
            )
        )


def _text(value: object) -> str | None:
    usable = isinstance(value, str) and value.isprintable() and 0 < len(value.strip()) <= len(value) <= LONGEST_VALUE
    return value.strip() if isinstance(value, str) and usable else None


def _is_so(value: object) -> bool | None:
    return value if isinstance(value, bool) else None


def _permit(value: object) -> ResidencePermit | None:
    return next((one for one in ResidencePermit if one == value), None)


def _rights(value: object) -> frozenset[str] | None:
    """Rights by their names: one as a text, or a list of them."""
    several = value if isinstance(value, list) else [value]
    found = [text for one in several if (text := _text(one)) is not None]
    return frozenset(found) if len(found) == len(several) <= MOST_RIGHTS else None
