"""What is proved of a signed envelope, and remembering which ones were used."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from esad_gateway.frozen import frozen


@frozen
class Proof:
    """A registered certificate has signed Body and Timestamp of an envelope, within the window of time.

    ``holders`` are those for whom the certificate is registered, ``fingerprint`` its SHA-256 in hexadecimal. ``digest``
    is that of what was signed: nobody but the signer can make another envelope with it. ``until`` is when the window
    ends, from when on the envelope is refused for its age.
    """

    holders: frozenset[str]
    fingerprint: str
    digest: bytes
    until: datetime


@frozen
class Reply:
    """What is answered: the namespace of the envelope, and the XML of its body and of its header blocks.

    ``whole`` is the body as it is signed, where a part of it is sent beside the envelope (XOP): with that in its place.
    The prefix of the envelope is ``e``.
    """

    namespace: str
    body: str
    header: str = ""
    whole: str = ""


class UsedEnvelopes(Protocol):
    """The envelopes that were used within their window, by digest: of every gateway of a store, and after a restart."""

    def first_uses(self, used: Sequence[tuple[bytes, datetime]], now: datetime) -> Sequence[bool]:
        """Note envelopes, each until it is too old, and return of each whether this is its first use.

        Raises StoreUnavailable.
        """
