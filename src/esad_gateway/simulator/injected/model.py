"""What an injected fault is: its name, its kind, and one of four acts."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Final, TypeAlias

from lxml import etree

from esad_gateway.emcs.messages import Message
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.drafts import read
from esad_gateway.transport.answers import HttpAnswer
from esad_gateway.xml.binding import binder_for, release_in
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import without_signature

ADMINISTRATION: Final = "NDEA."

BY_ITSELF: Final = -1
"""As often as the fault does by itself: once, or for good when it is one that lasts."""

TRADERS: Final = "traders"
"""Who has sent what comes by the door of traders, whoever it was."""


class FaultKind(StrEnum):
    """What a fault is about."""

    TRANSPORT = "transport"
    ORDER = "order"
    IDENTITY = "identity"
    CONTENT = "content"
    CRYPTO = "crypto"


@frozen(kw_only=True)
class Parcel:
    """A signed document on its way between administrations, by the codes of their states.

    ``type`` is that of its message, ``arc`` the movement that it is about.
    """

    sender: str
    receiver: str
    type: str
    identifier: str
    arc: str | None
    document: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Original:
    """A document that a state was about to send, and what it has at hand to send something else.

    ``chance`` decides what the fault leaves open. ``signer`` is what the state signs with, ``others`` signs with a
    certificate that has something wrong, by its name; ``rule`` is the rule that is to be broken, if one was named.
    """

    parcel: Parcel
    chance: Random
    signer: XmlSigner
    others: Callable[[str], XmlSigner]
    rule: str | None = None

    @property
    def message(self) -> Message:
        """What it says."""
        return read(self.parcel.document)

    @property
    def payload(self) -> etree._Element:
        """Its tree without the signature; another one each time, to be changed."""
        return without_signature(parse(self.parcel.document))

    @property
    def release(self) -> str:
        """The release in which it is written (``V3.23``)."""
        return release_in(self.payload)

    def written(self, message: Message) -> etree._Element:
        """Another message as a tree, in the release of the original."""
        return binder_for(self.release).write(message)

    def signed(self, payload: etree._Element) -> bytes:
        """A tree, signed by the state as it should be."""
        return self.signer.sign(payload)


@frozen
class Forged:
    """What is sent is another document, made of the original: in its place, or ``besides``, after it.

    ``make`` returns ``None`` for an original that cannot be made wrong in this way: it is sent as it is.
    """

    make: Callable[[Original], bytes | None]
    besides: bool = False


class Way(StrEnum):
    """How a document goes astray. The state that sent it is told each time that it has arrived."""

    BEHIND = "behind the next one"
    LOST = "lost"
    LATER = "lost, and sent after some days"
    AGAIN = "sent again after some days"


@frozen
class Carried:
    """The document goes another way."""

    way: Way


class Manner(StrEnum):
    """How an answer comes."""

    WHOLE = "whole"
    ENDLESS = "without end"
    CUT = "cut short"
    DRIP = "too slowly"
    SILENT = "not at all"
    RESET = "the connection is reset"
    REFUSED = "there is no connection"


@frozen(kw_only=True)
class Reply:
    """What is answered to a document in place of an acknowledgement, and how."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    manner: Manner = Manner.WHOLE


Answer: TypeAlias = Callable[[HttpAnswer | None, Random], Reply]


@frozen(kw_only=True)
class Answered:
    """The door of a state answers otherwise: after the commit, or without one.

    ``reply`` is made of the right answer after a commit, of ``None`` without; ``to_traders`` is the same at the door of
    traders, ``None`` for what only administrations say.
    """

    reply: Answer
    to_traders: Answer | None
    commits: bool = False


Act: TypeAlias = Forged | Carried | Answered


@frozen(kw_only=True)
class InjectedFault:
    """A fault that a simulated administration commits.

    ``messages`` are the types that it can strike, none for all. ``lasting`` says that it goes on unless it is told
    otherwise. ``certificate`` names the certificate with something wrong that it signs with.
    """

    name: str
    kind: FaultKind
    act: Act
    messages: frozenset[str] = frozenset()
    lasting: bool = False
    certificate: str | None = None

    @property
    def about(self) -> Said:
        """What happens."""
        return Said(f"injected.{self.name}.about")

    @property
    def good_counterpart(self) -> Said:
        """What a good counterpart does about it."""
        return Said(f"injected.{self.name}.good")


@frozen(kw_only=True)
class Injection:
    """Faults that wait for their moment: at each message that fits, the seed chooses one of them.

    ``state`` misbehaves. A message fits when it has the type ``message``, the movement ``arc``, and goes to or comes
    from the state ``other``; what is ``None`` fits everything. It strikes from the ``nth`` try on that fits,
    ``times`` (``None``: always, :data:`BY_ITSELF`: as its faults do), and each with the probability ``share``.
    ``after`` is how long what comes later takes. With ``traders`` it strikes what traders submit, which have a network
    between them and the state.
    """

    faults: tuple[InjectedFault, ...]
    state: str
    message: str | None = None
    arc: str | None = None
    other: str | None = None
    nth: int = 1
    times: int | None = BY_ITSELF
    share: float = 1.0
    rule: str | None = None
    after: timedelta = timedelta(days=2)
    traders: bool = False

    @property
    def certain(self) -> bool:
        """Whether it strikes the first message that fits, whatever the seed."""
        return self.share == 1

    @property
    def never(self) -> Said:
        """That it has struck nothing, as a sentence."""
        return said("injected.waiting", names=", ".join(fault.name for fault in self.faults), state=self.state)

    @property
    def most(self) -> int | None:
        """How many times it strikes at most; ``None`` for no end."""
        if self.times != BY_ITSELF:
            return self.times
        return None if any(fault.lasting for fault in self.faults) else 1
