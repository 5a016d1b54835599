"""Registration cases as they are kept, and as doors ask for them."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Protocol

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.registration.acts import ActKind, EndGround
from esad_gateway.ais.registration.case import CaseState, RegistrationCase
from esad_gateway.ais.registration.request import Channel
from esad_gateway.emcs.registry import OperatorType
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class CaseRow:
    """A case as lists show it: ``seed`` is the number that was given, ``due`` the last day of its next term."""

    number: str
    entity: str
    status: OperatorType
    state: CaseState
    seed: str | None
    due: date | None
    acts: int
    changed_at: datetime
    left: int | None = None
    """How many working days are left until the end of that term, for whoever asked."""


@frozen(kw_only=True)
class ToldPeer:
    """An administration that was told of a change of the register: by which IE713, and what became of that.

    ``standing`` is a word of the outbox (``delivered``), ``refused_for`` what an IE714 says against it.
    """

    peer: str
    identifier: str
    standing: str = ""
    refused_for: tuple[str, ...] = ()


@frozen(kw_only=True)
class TermLeft:
    """What the administration owes, since a day and until another one, by a rule; ``left`` are working days."""

    purpose: str
    since: date
    until: date
    rule: str
    left: int


@frozen(kw_only=True)
class KeptCase:
    """A case with all that was done; ``told`` are the administrations that heard of each act, by its number from 1.

    ``follows`` is what may be done next, and ``terms`` is what is due, for whoever asked.
    """

    row: CaseRow
    case: RegistrationCase
    told: Mapping[int, tuple[ToldPeer, ...]]
    follows: tuple[ActKind, ...] = ()
    terms: tuple[TermLeft, ...] = ()


@frozen(kw_only=True)
class CasePaper:
    """A paper that was handed in; ``digest`` is the SHA-256 of its content in small hexadecimal digits."""

    entity: str
    digest: str
    name: str
    media: str
    size: int
    at: datetime
    by: str


@frozen(kw_only=True)
class CaseNotice:
    """That an entity is told of an act of its case; ``until`` is the last day on which that is in time, by ``rule``."""

    number: int
    case: str
    seq: int
    entity: str
    at: datetime
    act: ActKind
    channel: Channel
    until: date | None
    rule: str | None


@frozen(kw_only=True)
class EndCandidate:
    """That the registration of a case may be ended: on which ground, since when, and by which rule.

    ``until`` is the last day of the term that is over, where there was one. An official decides, and nothing else.
    """

    row: CaseRow
    ground: EndGround
    since: date
    rule: str
    until: date | None


@frozen(kw_only=True)
class CaseAnswer:
    """What became of an act: the case as it stands, or the faults. ``again``: it stood so already.

    ``conflict``: the act does not follow in the state of the case, which stands beside the faults.
    """

    case: KeptCase | None
    faults: Faults = ()
    conflict: bool = False
    again: bool = False


@frozen(kw_only=True)
class CaseQuery:
    """Which cases to list, by number: of an ``entity``, in a ``state``, of a ``status``; ``limit`` after ``after``."""

    entity: str | None = None
    state: CaseState | None = None
    status: OperatorType | None = None
    after: str = ""
    limit: int = 200


class CaseDesk(Protocol):
    """Where cases are begun, gone on with and read. Whoever asks sees what is its own; officials see everything."""

    def submit(self, by: DoneBy, data: Any, on: date | None = None) -> CaseAnswer:
        """Begin a case with the values of a request as plain data; a request that is open already is the same case."""

    def act(self, by: DoneBy, number: str, kind: ActKind, data: Any, on: date | None = None) -> CaseAnswer:
        """Do something in a case. Raises NotFound for one that is not seen."""

    def show(self, by: DoneBy, number: str) -> KeptCase:
        """A case with all that was done. Raises NotFound."""

    def cases(self, by: DoneBy, wanted: CaseQuery) -> Sequence[CaseRow]:
        """Cases, by number."""

    def candidates(self, by: DoneBy) -> Sequence[EndCandidate]:
        """Registrations that may be ended today, by case, each with its ground."""

    def notices(self, by: DoneBy, after: int, limit: int) -> Sequence[CaseNotice]:
        """What an entity is told, oldest first; to officials, what every entity is told."""

    def keep(self, by: DoneBy, name: str, media: str, body: bytes, entity: str = "") -> CasePaper:
        """Keep a paper of an entity, once. Officials name the ``entity``; others hand in what is theirs."""

    def paper(self, by: DoneBy, number: str, digest: str) -> tuple[CasePaper, bytes]:
        """A paper of the entity of a case. Raises NotFound."""
