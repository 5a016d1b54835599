"""The one entry: an IE713 and the register in; the changes to make, or every reason against them, out."""

from collections.abc import Iterator
from itertools import islice

from esad_gateway.emcs.messages import IE713
from esad_gateway.emcs.refusals import ERROR_LIMIT
from esad_gateway.emcs.registry import Register
from esad_gateway.emcs.seed.changes import Change
from esad_gateway.emcs.seed.pending import Pending
from esad_gateway.emcs.seed.reading import changes_of
from esad_gateway.emcs.seed.refusals import Refusal
from esad_gateway.emcs.seed.rules import own_refusals, register_refusals
from esad_gateway.frozen import frozen


@frozen
class Update:
    """What an IE713 changes in the register, in its order. The register makes all of these changes, or none."""

    changes: tuple[Change, ...]


def decide_update(message: IE713, state: str, register: Register) -> Update | tuple[Refusal, ...]:
    """Decide what an IE713 of the administration of ``state`` (``PL``) does; at most 999 refusals (schema of IE714).

    Not checked: who signed it, whom it is addressed to, duplicates of the message.
    """
    refusals = tuple(islice(refusals_of(message, Pending(register), state), ERROR_LIMIT))
    return refusals or Update(tuple(changes_of(message)))


def refusals_of(message: IE713, pending: Pending, state: str | None = None) -> Iterator[Refusal]:
    """Everything that is wrong with the changes of ``message``. Each is judged as if those before it had been made.

    Afterwards ``pending`` holds all the changes. The operators must be those of ``state``; with ``None``, of any state.
    """
    for change in changes_of(message):
        yield from own_refusals(change, message.header.date_of_preparation, state)
        yield from register_refusals(change, pending)
        # An extract asks the register nothing, and may hold a million numbers.
        if not change.extract:
            pending.note(change)
