"""Attempts as text, for whoever keeps them."""

import json
from datetime import datetime

from esad_gateway.ports.national.sign_in import Loopback, SignInAttempt


def attempt_text(attempt: SignInAttempt) -> str:
    """An attempt as it is kept."""
    back = attempt.loopback
    return json.dumps(
        {
            "provider": attempt.provider,
            "nonce": attempt.nonce,
            "verifier": attempt.verifier,
            "browser": attempt.browser,
            "until": attempt.until.isoformat(),
            "loopback": [back.port, back.state, back.challenge] if back else None,
        }
    )


def attempt_of(text: str) -> SignInAttempt:
    """The attempt of a text that :func:`attempt_text` has made."""
    plain = json.loads(text)
    back = plain.pop("loopback")
    until = datetime.fromisoformat(plain.pop("until"))
    loopback = Loopback(port=back[0], state=back[1], challenge=back[2]) if back else None
    return SignInAttempt(**plain, until=until, loopback=loopback)
