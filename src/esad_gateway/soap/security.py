"""WS-Security at the SOAP door: who has signed a request, that it is used once, and that its answer is signed."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

from lxml import etree

from esad_gateway.errors import SecurityRefused
from esad_gateway.gateway.access import Access, Principal, is_persons, signer_of
from esad_gateway.ports.security import Proof, Reply
from esad_gateway.soap.envelope import Envelope
from esad_gateway.soap.parts import Package


class EnvelopeGuard(Protocol):
    """Proves who signed an envelope, and signs answers; SecurityRefused names the step that failed."""

    def is_claimed(self, root: etree._Element) -> bool:
        """Whether an envelope has anything of WS-Security: then it has to be right, and its answer is signed."""

    def prove(
        self, root: etree._Element, attribute: str, ours: frozenset[str], make_whole: Callable[[], object]
    ) -> Proof:
        """Prove who signed an envelope, by its ``attribute`` for whom a header block is; not that it is its first use.

        ``make_whole`` puts into it what came beside it. Raises SecurityRefused.
        """

    def use(self, proofs: Sequence[Proof]) -> Sequence[SecurityRefused | None]:
        """Use envelopes: of each why it may not be used, if so. Raises StoreUnavailable."""

    def sign(self, reply: Reply) -> bytes:
        """An answer as a signed envelope. Raises NotConfigured."""


def proof_of(guard: EnvelopeGuard, letter: Envelope, package: Package) -> Proof:
    """Who has signed an envelope. Raises SecurityRefused and EnvelopeRefused."""
    root, version = letter.root, letter.version
    make_whole = partial(package.make_whole, root[-1])
    return guard.prove(root, version.name(version.role), version.ours, make_whole)


@dataclass(frozen=True, slots=True)
class Asker:
    """Tells who asks for something of ``wanted``: who has signed the request, or else the holder of its token."""

    access: Access
    token: str
    proof: Proof | None
    wanted: str

    @property
    def has_signed(self) -> bool:
        """Whether the request is signed."""
        return self.proof is not None

    def __call__(self) -> Principal:
        """Who asks. Raises NoToken when the request is not signed and has no token."""
        return self.access.bearer(self.token) if self.proof is None else signer_of(self.proof.holders, self.wanted)

    @property
    def is_person(self) -> bool:
        """Whether the token is one of a person."""
        return is_persons(self.token)

    def presenter(self) -> Principal:
        """Who presents a signed document: a person by its token, or whoever it may be. Raises NoToken."""
        return self.access.presenter(self.token)


class FirstUses:
    """Notes what is used, for all that ask at the same time together: each commit costs one wait for the disk."""

    def __init__(self, guard: EnvelopeGuard) -> None:
        self._guard = guard
        self._waiting: list[tuple[Proof, asyncio.Future[None]]] = []
        self._noting: asyncio.Task[None] | None = None

    async def use(self, proof: Proof) -> None:
        """Return when this is noted as the first use. Raises SecurityRefused when it is not, and StoreUnavailable."""
        future = asyncio.get_running_loop().create_future()
        self._waiting.append((proof, future))
        if self._noting is None:
            self._noting = asyncio.create_task(self._note())
        await future

    async def _note(self) -> None:
        try:
            while self._waiting:
                together, self._waiting = self._waiting, []
                await self._note_together(together)
        finally:
            self._noting = None

    async def _note_together(self, together: Sequence[tuple[Proof, asyncio.Future[None]]]) -> None:
        found: Sequence[Exception | None]
        try:
            found = await asyncio.to_thread(self._guard.use, [proof for proof, _ in together])
        except Exception as error:  # noqa: BLE001 - also a defect: whoever waits would wait for ever
            found = [error] * len(together)
        for (_, future), refusal in zip(together, found, strict=True):
            if future.done():
                continue  # whoever waited has gone
            if refusal is None:
                future.set_result(None)
            else:
                future.set_exception(refusal)
