"""Secrets of signing in, and what is shown of them instead (RFC 7636)."""

import secrets
from base64 import urlsafe_b64encode
from hashlib import sha256

BYTES = 32


def new_secret() -> str:
    """A secret that nobody guesses: 43 characters that an address may have."""
    return secrets.token_urlsafe(BYTES)


def challenge_of(secret: str) -> str:
    """What is shown of a secret first (S256): from it nobody gets the secret, and whoever has that one proves it."""
    return urlsafe_b64encode(sha256(secret.encode()).digest()).rstrip(b"=").decode()


def is_proved(secret: str, challenge: str) -> bool:
    """Whether a secret is the one of which the challenge was shown."""
    return secrets.compare_digest(challenge_of(secret), challenge)
