"""Drafts that were signed here with a key that is not believed any more, and wait: signed anew with the one kept now.

None of them was submitted before, or its receipt would have been the answer. So a key may be replaced in the middle of
a batch; where the one that is kept is not believed, the batch waits for another one, and no row is refused for it.
"""

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeAlias

from esad_gateway.batch.tables.signed_drafts import SIGNED
from esad_gateway.batch.work.committing import Done, Progress
from esad_gateway.errors import SignatureRefused, SignerNotAllowed
from esad_gateway.faults import Said
from esad_gateway.ports.batches import Batch, BatchRow
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.store.batches import WaitingDraft, Work
from esad_gateway.xml.parse import TRADERS, parse
from esad_gateway.xml.payload import without_signature

KeptSigner: TypeAlias = Callable[[], XmlSigner | None]
"""What signs for a trader at this moment; ``None`` where no key of it is kept."""


class NoKey(Exception):
    """The drafts of a batch are to be signed here, and no key of its trader is kept."""


class KeyNotBelieved(Exception):
    """The key that is kept of a trader was refused, and ``why``."""

    def __init__(self, why: Said) -> None:
        super().__init__(why)
        self.why = why


class SigningAgain:
    """Signs drafts of one batch again, each of them once."""

    def __init__(self, signer: KeptSigner) -> None:
        self._signer = signer
        self._signed: set[int] = set()

    def sign_refused(
        self, progress: Progress, drafts: Sequence[WaitingDraft], answers: Sequence[object]
    ) -> Sequence[WaitingDraft]:
        """Sign those anew whose signer was refused, and commit that; which these are.

        None where their trader has signed them. Raises NoKey where no key is kept, and KeyNotBelieved for a draft that
        was signed again before.
        """
        if progress.batch.declared.get("format") == SIGNED:
            return ()
        refused = [
            (draft, answer)
            for draft, answer in zip(drafts, answers, strict=True)
            if isinstance(answer, SignatureRefused | SignerNotAllowed)
        ]
        for draft, answer in refused:
            if draft.row.number in self._signed:
                raise KeyNotBelieved(answer.what)
        if refused:
            progress.commit(partial(_signed_again, {one.row.number: self._again(one) for one, _ in refused}, refused))
        return [draft for draft, _ in refused]

    def _again(self, draft: WaitingDraft) -> bytes:
        signer = self._signer()
        if signer is None:
            raise NoKey
        self._signed.add(draft.row.number)
        return signer.sign(without_signature(parse(draft.signed, TRADERS)))


def _signed_again(
    signed: dict[int, bytes], refused: Sequence[tuple[WaitingDraft, object]], _: Work, batch: Batch
) -> Done:
    rows: tuple[BatchRow, ...] = tuple(draft.row for draft, _ in refused)
    return Done(batch=batch, rows=rows, signed=signed)
