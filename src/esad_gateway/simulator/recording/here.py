"""A recording played against member states in this process, which are as they were when it was made."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from functools import cache, partial
from pathlib import Path

from esad_gateway.signing.signer import XmlSigner, load_signer
from esad_gateway.simulator.recording.acting import counterparts, parties
from esad_gateway.simulator.recording.files import read
from esad_gateway.simulator.recording.model import Recording
from esad_gateway.simulator.recording.replaying import RecordingDiffers, Replayed, ReplayTarget, replayed
from esad_gateway.simulator.scripts.model import Script
from esad_gateway.simulator.served.server import EmcsServer
from esad_gateway.simulator.world.emcs import Emcs

HOME = "LT"
"""The state whose gateway answers, where neither a recording nor anybody else says another."""

_ADMINISTRATION = "NDEA."
_OFFICE = 8
"""Characters of the reference of an excise office."""


def recorded_script(recording: Recording | Path | str) -> Script:
    """How the other side has acted in a recording, as a script: for :class:`Emcs`, or for ``esad simulate``.

    Raises UnreadableInput for a file that is no recording.
    """
    return counterparts(_given(recording))


def replay(
    recording: Recording | Path | str,
    *,
    settings: Mapping[str, Mapping[str, object]] | None = None,
    state: str | None = None,
) -> Replayed:
    """Play a recording, or the file of one, against the gateway of a ``state`` in this process.

    The clock begins as it did then and goes as it went; all traders of the recording are registered, for all goods,
    with keys of their own; the other side acts as it did (:func:`recorded_script`). ``settings`` are what
    administrations decide, by the code of the state. Raises RecordingDiffers with every answer that is not the one that
    was recorded, and UnreadableInput for a file that is no recording.
    """
    found = played_here(_given(recording), settings=settings, state=state)
    if found.differences:
        raise RecordingDiffers(found.differences)
    return found


def played_here(
    recording: Recording, *, settings: Mapping[str, Mapping[str, object]] | None = None, state: str | None = None
) -> Replayed:
    """The same, with the differences as a value."""
    script = counterparts(recording, by_reference=True)
    emcs = Emcs(recording.began, settings, script=script if script.steps else None)
    try:
        with EmcsServer(emcs) as server:
            for number, role in parties(recording).items():
                emcs.trader(role, number=number)
            url = server.url(state or recording.head.state or HOME)
            return asyncio.run(replayed(recording, _target(emcs, url)))
    finally:
        emcs.close()


def _target(emcs: Emcs, url: str) -> ReplayTarget:
    async def move(moment: datetime) -> None:
        if moment > emcs.clock.now:
            await asyncio.to_thread(emcs.clock.to, moment)

    @cache
    def token(seed: str) -> str | None:
        return emcs.traders[seed].token() if seed in emcs.traders else None

    return ReplayTarget(url=url, signer=partial(_signer, emcs), token=token, move=move)


def _signer(emcs: Emcs, by: str) -> XmlSigner:
    if by.startswith(_ADMINISTRATION):
        data = emcs.state(by.removeprefix(_ADMINISTRATION)).data
        return load_signer(data.key, data.certificate)
    return emcs.run(emcs.world.office(by) if len(by) == _OFFICE else emcs.world.signer(by))


def _given(recording: Recording | Path | str) -> Recording:
    return recording if isinstance(recording, Recording) else read(Path(recording))
