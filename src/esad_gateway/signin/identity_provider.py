"""A provider of identities as our administration has agreed with it."""

from dataclasses import field
from datetime import timedelta
from pathlib import Path
from typing import Final

from esad_gateway.ais.people.identity import ClaimNames, Means
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import said
from esad_gateway.frozen import frozen

ALGORITHMS: Final = ("RS256", "PS256", "ES256")
"""By which algorithms a provider signs, unless it is agreed otherwise. There is none with a shared secret."""


@frozen(kw_only=True)
class IdentityProvider:
    """Where somebody signs in, under the ``name`` of its settings.

    ``issuer`` is its exact address, ``client_id`` we are to it. In ``secret_file`` stands the secret
    that it has given us, where there is one. ``claims`` says which of its claims tells what. ``skew`` is how far its
    clock may differ from ours, ``seconds`` how long an answer may take.
    """

    name: str
    issuer: str
    client_id: str
    means: Means
    secret_file: Path | None = None
    scope: str = "openid profile"
    claims: ClaimNames = field(default_factory=ClaimNames)
    algorithms: tuple[str, ...] = ALGORITHMS
    skew: timedelta = timedelta(minutes=1)
    seconds: float = 10

    def secret(self) -> str:
        """The secret as it stands in its file now, so that another one counts at once; empty where there is none.

        Raises NotConfigured when it cannot be read.
        """
        if self.secret_file is None:
            return ""
        try:
            return self.secret_file.read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise NotConfigured(said("sign_in.setting.secret", file=str(self.secret_file))) from error
