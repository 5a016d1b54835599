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
│   ├── RoleMissing          a person lacks the role for what is asked: every fault is told (403)
│   │   └── NotAdmitted      somebody may not sign in: every fault is told, and until when to try again (403)
│   ├── IssuedHere           the signature holds, and is our own: what we issued is no news (403)
│   ├── IdentifierReused     the message identifier was used before, with other content (409)
│   ├── KeyReused            an Idempotency-Key was used before, for another file (409)
│   ├── NoToken              who reads has to show a token that was issued and not revoked (401)
│   ├── NotFound             there is no such thing, or it is somebody else's (404)
│   ├── WebhookRefused       a webhook that cannot be, or that our administration does not let us call (422)
│   ├── OverQuota            so many messages of this sender were refused or wait that no more are kept (429)
│   ├── TooMany              somebody asks for more, or more often, than one may (429)
│   ├── UnreadableInput      a file or an option given to a command cannot be used
│   ├── Unreadable           a file of rows that cannot be read as one: every fault is told (422)
│   └── ComposeRefused       plain data are no message: every wrong field is a fault (422)
│       └── NationalRefused  a national procedure does not allow what is asked: every fault is told (422)
├── PeerError                another administration or server did not do its part; tried again later
└── OwnError                 our side
    ├── Busy                 there is no room for this now: send the same again (503)
    ├── NotDecided           kept, and not decided by a defect of ours: nothing need be sent again (500)
    ├── StoreUnavailable     nothing was committed, nothing was acknowledged: try again (503)
    │   └── StoreDamaged     what the store holds cannot be read as it was written (503)
    └── NotConfigured        settings, keys or schemas are missing or contradict each other
"""

from datetime import datetime, timedelta

from esad_gateway.faults import Faults, Said, listed, said
from esad_gateway.texts import say

__all__ = [
    "Busy",
    "ComposeRefused",
    "EncodedBody",
    "EnvelopeRefused",
    "EsadError",
    "FileRemoved",
    "IdentifierReused",
    "IssuedHere",
    "KeyReused",
    "MalformedXml",
    "NationalRefused",
    "NoToken",
    "NotAdmitted",
    "NotConfigured",
    "NotDecided",
    "NotFound",
    "OverQuota",
    "OwnError",
    "PeerError",
    "RoleMissing",
    "SecurityRefused",
    "SenderError",
    "SignatureRefused",
    "SignerNotAllowed",
    "SlowBody",
    "StoreDamaged",
    "StoreUnavailable",
    "TooLarge",
    "TooLargeToIssue",
    "TooMany",
    "Unreadable",
    "UnreadableInput",
    "WebhookRefused",
]


class EsadError(Exception):
    """Root of all exceptions raised on purpose; the message is fit for the one who caused it.

    ``what`` is the message without a language, for those who show it; the text of the exception is English. Words that
    are handed in as they are have no translation: they come from elsewhere, and are quoted.
    """

    def __init__(self, what: str | Said) -> None:
        super().__init__(what)
        self.what = what if isinstance(what, Said) else said("said.as_it_is", text=what)

    def __str__(self) -> str:
        return say(self.what)


class SenderError(EsadError):
    """The sender must change what was sent."""


class MalformedXml(SenderError):
    """The bytes are not one well-formed XML document within the limits; nothing about its sender is known."""

    def __init__(self, why: Said, line: int = 1, column: int = 1) -> None:
        super().__init__(said("xml.at", why=why, line=line, column=column))
        self.why = why
        self.line = line
        self.column = column

    @property
    def reason(self) -> str:
        """Why, in English, without the place."""
        return say(self.why)


class EnvelopeRefused(SenderError):
    """A SOAP envelope cannot be processed; ``code`` is the fault code of SOAP 1.1, 4.4.1."""

    def __init__(self, code: str, reason: str | Said) -> None:
        super().__init__(reason)
        self.code = code


class TooLarge(SenderError):
    """The document has more bytes than a message may have."""

    def __init__(self, limit: int, what: Said | None = None) -> None:
        super().__init__(what or said("detail.too_large", most=said("count.bytes", count=limit)))
        self.limit = limit


class TooLargeToIssue(TooLarge):
    """What would be issued of the document is larger than other administrations take."""

    def __init__(self, size: int, limit: int) -> None:
        has = said("count.bytes", count=size)
        super().__init__(limit, said("detail.too_large_to_issue", size=has, number=limit))


class SlowBody(SenderError):
    """The body of a request did not arrive in its time."""

    def __init__(self, seconds: float) -> None:
        super().__init__(said("detail.slow", seconds=f"{seconds:g}"))


class EncodedBody(SenderError):
    """The body is encoded, as ``field`` says: what is signed is signed as it is, and nothing is unpacked here."""

    def __init__(self, field: str, encoding: str) -> None:
        super().__init__(said("detail.encoded", field=field, encoding=encoding))
        self.encoding = encoding


class SignatureRefused(SenderError):
    """A step of the signature profile failed: ``why``, and ``wanted`` is what would have passed.

    ``reason`` and ``expected`` are the same in English.
    ``besides`` is what else is wrong with the form of the same signature, as far as it was looked into.
    """

    besides: tuple["SignatureRefused", ...] = ()

    def __init__(self, step: int, why: Said, wanted: Said) -> None:
        super().__init__(said("refused.step", number=step, why=why, wanted=wanted))
        self.step = step
        self.why = why
        self.wanted = wanted

    @property
    def reason(self) -> str:
        """Why, in English."""
        return say(self.why)

    @property
    def expected(self) -> str:
        """What would have passed, in English."""
        return say(self.wanted)


class SecurityRefused(SenderError):
    """A step of WS-Security failed at the SOAP door: its number, ``why``, and what would have passed.

    ``reason`` and ``expected`` are the last two in English.
    """

    def __init__(self, step: int, why: Said, wanted: Said) -> None:
        super().__init__(said("security.refused", number=step, why=why, wanted=wanted))
        self.step = step
        self.why = why
        self.wanted = wanted

    @property
    def reason(self) -> str:
        """Why, in English."""
        return say(self.why)

    @property
    def expected(self) -> str:
        """What would have passed, in English."""
        return say(self.wanted)


class SignerNotAllowed(SenderError):
    """The signature is good, but the certificate's holder may not act for the trader that the message names.

    ``why`` is the cause where the holder is an agent: what its delegations lack.
    """

    def __init__(self, trader: str, holders: frozenset[str], why: Said | None = None) -> None:
        told = said("detail.not_allowed", trader=trader)
        super().__init__(told if why is None else said("detail.not_delegated", why=why))
        self.trader = trader
        self.holders = holders


class RoleMissing(SenderError):
    """A person may not do this for that number: ``faults`` say which role is missing, and who can give it."""

    def __init__(self, faults: Faults) -> None:
        super().__init__(said("said.as_it_is", text=listed((one.text for one in faults), "; ")))
        self.faults = faults


class NotAdmitted(RoleMissing):
    """Somebody who has proved who that is may not sign in; until ``retry_until`` (aware) it is worth trying again."""

    def __init__(self, faults: Faults, retry_until: datetime | None = None) -> None:
        super().__init__(faults)
        self.retry_until = retry_until


class IssuedHere(SenderError):
    """This administration signed the document itself: it says nothing new here, no matter who posts it."""

    def __init__(self, address: str, type_name: str) -> None:
        super().__init__(said("detail.issued_here", address=address, message=type_name))


class IdentifierReused(SenderError):
    """The same sender used this message identifier before, for other content: message ``seq`` of ``mailbox``.

    ``arc`` is the ARC of that message, ``None`` when it has none.
    """

    def __init__(self, identifier: str, mailbox: str, seq: int, arc: str | None) -> None:
        place = said("detail.place", seq=seq, mailbox=mailbox)
        about = said("detail.place_about", place=place, arc=arc) if arc else place
        super().__init__(said("detail.reused", identifier=identifier, place=about))
        self.identifier = identifier
        self.mailbox = mailbox
        self.seq = seq
        self.arc = arc


class KeyReused(SenderError):
    """The same trader used this Idempotency-Key before, for another file: that of ``batch``."""

    def __init__(self, key: str, batch: str) -> None:
        super().__init__(said("detail.key_reused", key=key, batch=batch))
        self.batch = batch


class NoToken(SenderError):
    """Reading needs an access token: none was shown, or one that this gateway does not know or has revoked."""

    def __init__(self, *, shown: bool = False) -> None:
        super().__init__(Said("detail.other_token") if shown else Said("detail.no_token"))


class NotFound(SenderError):
    """There is no such thing for the one who asks: it does not exist, or it is somebody else's."""


class FileRemoved(NotFound):
    """It was there, and was removed when it had been kept long enough."""


class WebhookRefused(SenderError):
    """A webhook cannot be as it was asked for: its address, or one more of them."""


class OverQuota(SenderError):
    """A message would be refused or have to wait, and its sender has as many of those as are kept; nothing was kept.

    ``limit`` is how many, ``setting`` where that stands, ``pause`` when the same may be sent again, in seconds.
    """

    def __init__(self, sender: str, state: Said, setting: str, limit: int, pause: timedelta) -> None:
        number = said("count.messages", count=limit)
        super().__init__(said("detail.over_quota", messages=number, sender=sender, state=state, setting=setting))
        self.limit = limit
        self.setting = setting
        self.pause = max(1, round(pause.total_seconds()))


class TooMany(SenderError):
    """Somebody asks for more at a time, or more often, than one may; nothing was done.

    ``limit`` is how much one may, ``setting`` where that stands, ``pause`` when to ask again, in seconds.
    """

    def __init__(self, what: Said, setting: str, limit: int, pause: int) -> None:
        super().__init__(what)
        self.limit = limit
        self.setting = setting
        self.pause = pause


class UnreadableInput(SenderError):
    """A file or an option given to a command cannot be used, for one reason or for several at once."""

    def __init__(self, *reasons: str | Said) -> None:
        super().__init__(reasons[0] if len(reasons) == 1 else said("said.as_it_is", text=listed(reasons, "\n")))
        # All of them: an error that comes from another process is made anew of these.
        self.args = self.reasons = reasons

    @property
    def told(self) -> tuple[Said, ...]:
        """Each of them as a sentence."""
        return tuple(one if isinstance(one, Said) else said("said.as_it_is", text=one) for one in self.reasons)


class Unreadable(SenderError):
    """A file of rows (CSV, XLSX, ODS, XML, JSON lines) cannot be read as one; ``faults`` says why and where."""

    def __init__(self, faults: Faults) -> None:
        told = (said("detail.fault", path=one.path, text=one.text) if one.place.steps else one.text for one in faults)
        super().__init__(said("said.as_it_is", text=listed(told, "; ")))
        self.faults = faults

    def __reduce__(self) -> tuple[type["Unreadable"], tuple[Faults]]:
        """It comes from another process as it was."""
        return Unreadable, (self.faults,)


class ComposeRefused(SenderError):
    """Plain data (JSON, CSV) cannot be made into a message; ``faults`` has every field that is in the way."""

    def __init__(self, faults: Faults) -> None:
        told = (said("detail.fault", path=fault.path, text=fault.text) for fault in faults)
        super().__init__(said("said.as_it_is", text=listed(told, "; ")))
        self.faults = faults


class NationalRefused(ComposeRefused):
    """A national procedure does not allow what is asked; ``faults`` has all that is wrong with it."""


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
        super().__init__(said("detail.undecided", identifier=identifier, reference=reference))
        self.reference = reference
        self.identifier = identifier
        self.repeated = repeated


class StoreUnavailable(OwnError):
    """Nothing was committed and nothing was acknowledged (disk full, database locked or gone)."""


class StoreDamaged(StoreUnavailable):
    """What stands in the store is not what was written there, and stays so until somebody brings it back."""

    def __init__(self, why: Said) -> None:
        super().__init__(said("store.damaged", reason=why))
        self.why = why

    @property
    def reason(self) -> str:
        """What is wrong with it, in English."""
        return say(self.why)


class NotConfigured(OwnError):
    """Settings, keys or schemas are missing or contradict each other."""
