"""Who has done something, for the trace that everything leaves: a person, a program with a token, or the operator."""

from enum import StrEnum

from esad_gateway.frozen import frozen


class ActorKind(StrEnum):
    """What somebody is who acts."""

    PERSON = "person"
    """A natural person who has signed in; ``name`` is the personal identifier."""
    SERVICE = "service"
    """A program that shows a token of a trader; ``name`` is the SEED number for which the token was issued."""
    OPERATOR = "operator"
    """Whoever has the data directory; ``name`` is the account of the machine."""
    LAW = "law"
    """Nobody: a term has ended, or a job ran; ``name`` is the number of the rule."""


@frozen(kw_only=True)
class DoneBy:
    """Somebody who acts, ``seed`` and ``role`` being the capacity in which that is; both empty where it is in none.

    ``entity`` is the code of the taxpayer for whom a person acts, empty for all others.
    """

    kind: ActorKind
    name: str
    seed: str = ""
    role: str = ""
    entity: str = ""
