"""Who is on the other side of a door, and what that one may read and present. No door decides it by itself."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import NotFound, NoToken, RoleMissing, SignerNotAllowed
from esad_gateway.faults import said
from esad_gateway.ports.reading import OF_PERSON, Receipt, TokenHolders

if TYPE_CHECKING:
    from esad_gateway.ais.actors import DoneBy
    from esad_gateway.ais.people.acting import Acting
    from esad_gateway.ais.people.doing import Doing


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who presents a document or asks for something.

    ``origin`` says what the door that it came through is for: traders, offices or administrations. ``name`` is what it
    has proved to be: a SEED number, an office or an administration (``NDEA.PL``). With an empty ``name`` it has proved
    nothing and may read nothing; whose document it presents is told by the signature alone. A ``person`` has no name
    of a mailbox: what it may read and do is told by its roles.
    """

    origin: Origin
    name: str = ""
    person: "Acting | None" = None


A_TRADER: Final = Principal(Origin.TRADER)
"""Anybody at the traders' door: a trader, an office, or a stranger."""

A_PEER: Final = Principal(Origin.ADMINISTRATION)
"""Anybody at the administrations' door."""


@dataclass(frozen=True, slots=True)
class Access:
    """Turns an access token into the principal to whom it was issued.

    ``seen`` is told of each token whether it is good. ``persons`` finds the person who acts by a token, if it is one of
    a person, and ``noting`` keeps what a person has done: by whom, what, about which thing, and more about it.
    """

    tokens: TokenHolders
    seen: Callable[[str, bool], object] = lambda *_: None
    persons: "Callable[[str], Acting | None]" = lambda _: None
    noting: "Callable[[DoneBy, str, str, Mapping[str, Any]], object]" = lambda *_: None

    def bearer(self, token: str) -> Principal:
        """The holder of an access token, which may be empty. Raises NoToken when it was not issued, or is revoked."""
        if is_persons(token):
            return self._person(token)
        holder = self.tokens.holder_of_token(token) if token else None
        if token:
            self.seen(token, holder is not None)
        if holder is None:
            raise NoToken(shown=bool(token))
        return Principal(Origin.TRADER, holder)

    def presenter(self, token: str) -> Principal:
        """Who presents a signed document with a token, which may be empty: a person, or whoever it may be.

        Raises NoToken for a token of a person that opens nothing.
        """
        return self._person(token) if is_persons(token) else A_TRADER

    def did(self, who: Principal, doing: "Doing", seed: str, what: str, about: str, **more: Any) -> None:
        """Keep what was done for a number, if it was a person who did it; nothing about anybody else."""
        if who.person is not None:
            self.noting(who.person.done_by(doing, seed), what, about, more)

    def managed(self, who: Principal, seed: str, what: str, about: str) -> None:
        """Keep what a role manager has changed of how a trader is served."""
        if who.person is not None:
            self.noting(who.person.manager(seed), what, f"{seed}/{about}", {})

    def acknowledged(self, who: Principal, mailbox: str, numbers: Collection[int]) -> None:
        """Keep that a person has acknowledged messages of a mailbox, if there were any."""
        if who.person is not None and numbers:
            about = f"{mailbox}/{min(numbers)}-{max(numbers)}"
            by = who.person.reader_of(mailbox)
            self.noting(by, "message.acknowledged", about, {"messages": sorted(numbers)})

    def handed_in(self, who: Principal, receipt: Receipt) -> None:
        """Keep that a person has handed in a message; the same receipt is kept once, however often it is given."""
        if who.person is not None:
            about = f"{receipt.mailbox}/{receipt.seq}"
            told = {"type": receipt.type, "identifier": receipt.identifier, "outcome": receipt.outcome.value}
            by = who.person.writer_of(receipt.type, receipt.mailbox)
            self.noting(by, "message.handed_in", about, {**told, "arc": receipt.arc})

    def _person(self, token: str) -> Principal:
        found = self.persons(token)
        self.seen(token, found is not None)
        if found is None:
            raise NoToken(shown=True)
        return Principal(Origin.TRADER, person=found)


def is_persons(token: str) -> bool:
    """Whether a token would be one of a person."""
    return token.startswith(OF_PERSON)


def signer_of(holders: frozenset[str], wanted: str) -> Principal:
    """Who asks, where one of these holders of a certificate has signed the request and asks about ``wanted``.

    A certificate may be registered for several: then it is the one who is asked about, if that is among them.
    """
    return Principal(Origin.TRADER, wanted if wanted in holders else min(holders, default=""))


def check_reads(who: Principal, mailbox: str) -> None:
    """Raise NotFound unless the mailbox is the principal's own: a foreign one is answered like one that is missing."""
    if not reads_in_full(who, mailbox):
        raise NotFound(said("detail.no_mailbox", mailbox=mailbox))


def reads_in_full(who: Principal, name: str) -> bool:
    """Return whether a principal may read all about a name: a SEED number, an office or an administration, its own.

    A person reads what came for a number for which it has a role now that lets it.
    """
    return who.name == name != "" if who.person is None else who.person.reads(name)


def check_does(who: Principal, doing: "Doing", seed: str) -> None:
    """Raise NotFound unless a number is the principal's own, and RoleMissing for a person who may not do that."""
    if who.person is None:
        check_reads(who, seed)
        return
    if not who.person.knows(seed):
        raise NotFound(said("detail.no_mailbox", mailbox=seed))
    if faults := who.person.faults_of(doing, seed):
        raise RoleMissing(faults)


def check_manages(who: Principal, seed: str) -> None:
    """Raise NotFound unless a number is the principal's own, and RoleMissing for a person who manages no roles."""
    if who.person is None:
        check_reads(who, seed)
    else:
        from esad_gateway.ais.people.doing import Doing  # noqa: PLC0415 - loaded with the person

        check_does(who, Doing.MANAGE, seed)


def check_writes(who: Principal, kind: str, seeds: frozenset[str]) -> None:
    """Raise RoleMissing for a person who may write a message of a kind for none of these numbers (ROL-1, ROL-4).

    Whose message it is, is told by one number, or else by the certificate, which may be registered for several.
    """
    if who.person is None:
        return
    found = [who.person.faults_of_writing(kind, seed) for seed in sorted(seeds)]
    if all(found):
        raise RoleMissing(found[0])


def check_presents(who: Principal, signers: frozenset[str]) -> None:
    """Raise SignerNotAllowed when a principal with a name presents what somebody else has signed.

    ``signers`` are the holders of the certificate that signed the document. A principal without a name may present
    anything: the gateway judges it by its signature, and answers as it would answer the signer.
    """
    if who.name and who.name not in signers:
        raise SignerNotAllowed(who.name, signers)


def hears_of(who: Principal, mailbox: str, own: str) -> bool:
    """Return whether a principal may be told what was answered about a message in ``mailbox``.

    A door tells only of what came through that door. A principal with a name is told only of its own messages. ``own``
    is the address of our administration; its offices use the traders' door.
    """
    of_peer = mailbox.startswith("NDEA.") and mailbox != own
    return who.name in {"", mailbox} and of_peer is (who.origin is Origin.ADMINISTRATION)
