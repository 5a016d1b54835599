"""Settings of the providers at which people sign in, below ``[sign_in.NAME]``."""

import re
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.faults import said
from esad_gateway.setting_addresses import public_address

if TYPE_CHECKING:
    from esad_gateway.signin.identity_provider import IdentityProvider

_NAME: Final = re.compile(r"[a-z][a-z0-9-]{0,39}")
_SECRET_FILE: Final = re.compile(r"keys/[A-Za-z0-9_][A-Za-z0-9_.-]*\.secret")
_HERE: Final = re.compile(r"http://(127\.0\.0\.1|localhost|\[::1\])([:/]|$)")

Algorithm = Literal["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "Ed25519"]
Claim = Literal["personal_code", "user_name", "name", "resident", "country", "permit", "entity", "rights"]


def _provider_name(value: str) -> str:
    if not _NAME.fullmatch(value):
        raise Malformed(said("sign_in.setting.name", value=value))
    return value


def _issuer(value: str) -> str:
    """The address of an issuer, word for word: the slash at its end belongs to it."""
    if not value or not (value.startswith("https://") or _HERE.match(value)):
        raise Malformed(said("sign_in.setting.issuer", value=value))
    public_address(value)
    return value


def _secret_file(value: str) -> str:
    if not _SECRET_FILE.fullmatch(value):
        raise Malformed(said("sign_in.setting.secret_file", value=value))
    return value


ProviderName = Annotated[str, AfterValidator(_provider_name)]


class SignInProvider(BaseModel):
    """A provider of identities, as it was agreed with."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    issuer: Annotated[str, AfterValidator(_issuer)]
    client_id: Annotated[str, Field(min_length=1, max_length=200)]
    means: Literal["mano_vmi", "vmi"]
    client_secret_file: Annotated[str, AfterValidator(_secret_file)] | None = None
    scope: str = "openid profile"
    claims: dict[Claim, str] = Field(default_factory=dict)
    algorithms: Annotated[list[Algorithm], Field(min_length=1)] = ["RS256", "PS256", "ES256"]
    clock_skew: float = Field(60, ge=0, le=600)
    answer_seconds: float = Field(10, gt=0, le=60)

    def provider(self, name: str, root: Path) -> "IdentityProvider":
        """The same as signing in takes it; ``root`` is the data directory, in which its secret lies."""
        # Loaded when somebody signs in: a gateway begins without it.
        from esad_gateway.ais.people.identity import ClaimNames, Means  # noqa: PLC0415
        from esad_gateway.signin.identity_provider import IdentityProvider  # noqa: PLC0415

        return IdentityProvider(
            name=name,
            issuer=self.issuer,
            client_id=self.client_id,
            means=Means(self.means),
            secret_file=root / self.client_secret_file if self.client_secret_file else None,
            scope=self.scope,
            claims=ClaimNames(**self.claims),
            algorithms=tuple(self.algorithms),
            skew=timedelta(seconds=self.clock_skew),
            seconds=self.answer_seconds,
        )
