"""Every exception of the package, in one tree. Each class says whose fault it is and how the front doors answer.

EsadError
├── SenderError              what was sent cannot be taken: the sender must change it
│   ├── MalformedXml         not one well-formed UTF-8 document within the limits (400)
│   ├── EnvelopeRefused      a SOAP envelope that cannot be processed (a fault with its code)
│   ├── TooLarge             more bytes than a message may have (413)
│   │   └── TooLargeToIssue  what is made of it would have more than others take (413)
│   ├── SlowBody             the body did not arrive in its time (408)
│   ├── EncodedBody          the body is compressed or otherwise encoded (415)
│   ├── SignatureRefused     a numbered step of ESAD-SIG-1 failed (403)
│   ├── SignerNotAllowed     the signature holds, but its holder may not act for that trader (403)
│   ├── IssuedHere           the signature holds, and is our own: what we issued is no news (403)
│   ├── IdentifierReused     the message identifier was used before, with other content (409)
│   ├── KeyReused            an Idempotency-Key was used before, for another file (409)
│   ├── NoToken              who reads has to show a token that was issued and not revoked (401)
│   ├── NotFound             there is no such thing, or it is somebody else's (404)
│   ├── OverQuota            so many messages of this sender were refused or wait that no more are kept (429)
│   ├── UnreadableInput      a file or an option given to a command cannot be used
│   ├── Unreadable           a file of rows that cannot be read as one: every fault is told (422)
│   └── ComposeRefused       plain data are no message: every wrong field is a fault (422)
├── PeerError                another administration or server did not do its part; tried again later
└── OwnError                 our side
    ├── Busy                 there is no room for this now: send the same again (503)
    ├── NotDecided           kept, and not decided by a defect of ours: nothing need be sent again (500)
    ├── StoreUnavailable     nothing was committed, nothing was acknowledged: try again (503)
    │   └── StoreDamaged     what the store holds cannot be read as it was written (503)
    └── NotConfigured        settings, keys or schemas are missing or contradict each other
"""

from datetime import timedelta

from esad_gateway.faults import Faults
from esad_gateway.texts import say

__all__ = [
    "Busy",
    "ComposeRefused",
    "EncodedBody",
    "EnvelopeRefused",
    "EsadError",
    "IdentifierReused",
    "IssuedHere",
    "KeyReused",
    "MalformedXml",
    "NoToken",
    "NotConfigured",
    "NotDecided",
    "NotFound",
    "OverQuota",
    "OwnError",
    "PeerError",
    "SenderError",
    "SignatureRefused",
    "SignerNotAllowed",
    "SlowBody",
    "StoreDamaged",
    "StoreUnavailable",
    "TooLarge",
    "TooLargeToIssue",
    "Unreadable",
    "UnreadableInput",
]


class EsadError(Exception):
    """Root of all exceptions raised on purpose; the message is fit for the one who caused it."""


class SenderError(EsadError):
    """The sender must change what was sent."""


class MalformedXml(SenderError):
    """The bytes are not one well-formed XML document within the limits; nothing about its sender is known."""

    def __init__(self, reason: str, line: int = 1, column: int = 1) -> None:
        super().__init__(f"{reason} (line {line}, column {column})")
        self.reason = reason
        self.line = line
        self.column = column


class EnvelopeRefused(SenderError):
    """A SOAP envelope cannot be processed; ``code`` is the fault code of SOAP 1.1, 4.4.1."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


class TooLarge(SenderError):
    """The document has more bytes than a message may have."""

    def __init__(self, limit: int) -> None:
        super().__init__(f"a document may have at most {limit} bytes")
        self.limit = limit


class TooLargeToIssue(TooLarge):
    """What would be issued of the document is larger than other administrations take."""

    def __init__(self, size: int, limit: int) -> None:
        super().__init__(limit)
        self.args = (f"written out as others get it, this message has {size} bytes; expected at most {limit}",)


class SlowBody(SenderError):
    """The body of a request did not arrive in its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(f"the body did not arrive within {seconds:g} seconds; send the same again")


class EncodedBody(SenderError):
    """The body is encoded, as ``field`` says: what is signed is signed as it is, and nothing is unpacked here."""

    def __init__(self, field: str, encoding: str) -> None:
        super().__init__(f"the body has {field} {encoding!r}; expected no coding: send the document as it is")
        self.encoding = encoding


class SignatureRefused(SenderError):
    """A step of the signature profile failed; ``expected`` says what would have passed.

    ``besides`` is what else is wrong with the form of the same signature, as far as it was looked into.
    """

    besides: tuple["SignatureRefused", ...] = ()

    def __init__(self, step: int, reason: str, expected: str) -> None:
        super().__init__(f"step {step}: {reason}; expected {expected}")
        self.step = step
        self.reason = reason
        self.expected = expected


class SignerNotAllowed(SenderError):
    """The signature is good, but the certificate's holder may not act for the trader that the message names."""

    def __init__(self, trader: str, holders: frozenset[str]) -> None:
        super().__init__(f"the signing certificate is not registered for {trader}")
        self.trader = trader
        self.holders = holders


class IssuedHere(SenderError):
    """This administration signed the document itself: it says nothing new here, no matter who posts it."""

    def __init__(self, address: str, type_name: str) -> None:
        super().__init__(
            f"{address} signed this {type_name} itself, and what an administration issued is never news to it; "
            "expected the signature of a trader, of an excise office or, through /ndea, of another administration"
        )


class IdentifierReused(SenderError):
    """The same sender used this message identifier before, for other content: message ``seq`` of ``mailbox``.

    ``arc`` is the ARC of that message, ``None`` when it has none.
    """

    def __init__(self, identifier: str, mailbox: str, seq: int, arc: str | None) -> None:
        about = f", about {arc}" if arc else ""
        place = f"message {seq} of {mailbox}{about}"
        super().__init__(f"message identifier {identifier!r} was already used for other content: {place}")
        self.identifier = identifier
        self.mailbox = mailbox
        self.seq = seq
        self.arc = arc


class KeyReused(SenderError):
    """The same trader used this Idempotency-Key before, for another file: that of ``batch``."""

    def __init__(self, key: str, batch: str) -> None:
        super().__init__(
            f"the Idempotency-Key {key!r} was used for another file, that of batch {batch}; expected a key of its own "
            "for each file, and the same only where the same is sent again"
        )
        self.batch = batch


class NoToken(SenderError):
    """Reading needs an access token: none was shown, or one that this gateway does not know or has revoked."""

    def __init__(self, *, shown: bool = False) -> None:
        none = "send the header Authorization: Bearer and a token that was issued and not revoked"
        other = "the token that was shown is not known to this gateway, or was revoked; esad token issue gives one"
        super().__init__(other if shown else none)


class NotFound(SenderError):
    """There is no such thing for the one who asks: it does not exist, or it is somebody else's."""


class OverQuota(SenderError):
    """A message would be refused or have to wait, and its sender has as many of those as are kept; nothing was kept.

    ``limit`` is how many, ``setting`` where that stands, ``pause`` when the same may be sent again, in seconds.
    """

    def __init__(self, sender: str, state: str, setting: str, limit: int, pause: timedelta) -> None:
        super().__init__(
            f"{limit} messages of {sender} {state}, as many as are kept ({setting}); this one would be one more and "
            "was not kept: correct it before it is sent again, or wait"
        )
        self.limit = limit
        self.setting = setting
        self.pause = max(1, round(pause.total_seconds()))


class UnreadableInput(SenderError):
    """A file or an option given to a command cannot be used."""


class Unreadable(SenderError):
    """A file of rows (CSV, XLSX, ODS, XML, JSON lines) cannot be read as one; ``faults`` says why and where."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(
            "; ".join(f"{fault.path}: {say(fault.text)}" if fault.place.steps else say(fault.text) for fault in faults)
        )
        self.faults = faults


class ComposeRefused(SenderError):
    """Plain data (JSON, CSV) cannot be made into a message; ``faults`` has every field that is in the way."""

    def __init__(self, faults: Faults) -> None:
        super().__init__("; ".join(f"{fault.path}: {say(fault.text)}" for fault in faults))
        self.faults = faults


class PeerError(EsadError):
    """Another administration or server did not do its part; the same bytes are tried again later."""


class OwnError(EsadError):
    """Our side failed; the sender may send the same again."""


class Busy(OwnError):
    """There is more to do, or to hold, than there is room for; nothing was committed of this."""


class NotDecided(OwnError):
    """A message is kept, and could not be decided by a defect of ours: it will be, when that is mended.

    ``reference`` is the name under which an operator finds it, ``identifier`` its message identifier; ``repeated``
    says that it was kept before, and sent again.
    """

    def __init__(self, reference: str, identifier: str, *, repeated: bool = False) -> None:
        super().__init__(
            f"message {identifier!r} is kept under the reference {reference}, and could not be decided by a defect of "
            "this gateway; it will be, once that is mended, and the answer will be in the mailbox: do not send it again"
        )
        self.reference = reference
        self.identifier = identifier
        self.repeated = repeated


class StoreUnavailable(OwnError):
    """Nothing was committed and nothing was acknowledged (disk full, database locked or gone)."""


class StoreDamaged(StoreUnavailable):
    """What stands in the store is not what was written there, and stays so until somebody brings it back."""

    def __init__(self, reason: str) -> None:
        super().__init__(
            f"the store is damaged: {reason}; esad store check tells where, and a copy of the data directory brings "
            "back what was there"
        )
        self.reason = reason


class NotConfigured(OwnError):
    """Settings, keys or schemas are missing or contradict each other."""
