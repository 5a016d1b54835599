"""A recording played against a gateway that is somewhere else, with keys of traders that it knows."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

import aiohttp
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509 import load_pem_x509_certificate
from yarl import URL

from esad_gateway.errors import NotConfigured, PeerError, UnreadableInput
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import file_error
from esad_gateway.frozen import frozen
from esad_gateway.json_errors import why_no_json
from esad_gateway.signing.signer import XmlSigner
from esad_gateway.simulator.recording.acting import parties
from esad_gateway.simulator.recording.model import Recording
from esad_gateway.simulator.recording.replaying import WITHIN, Replayed, ReplayTarget, replayed, signers_of, unreached
from esad_gateway.simulator.served.sim_doors import SIM
from esad_gateway.simulator.timed.doors import PATH

_MOST: Final = 64 * 1024
_WEEK: Final = timedelta(weeks=1)
_PEM: Final = "-----BEGIN"
_KNOWN: Final = frozenset({"seed", "key", "certificate", "token", "name", "type", "url"})
"""What may be told of somebody: also what a simulator tells of a trader that it makes."""


@frozen(kw_only=True)
class ReplayActor:
    """Who somebody of a recording is now, what that one signs with, and what opens its mailbox, as far as needed."""

    seed: str
    signer: XmlSigner | None = None
    token: str | None = None


def actors_of(file: Path) -> Mapping[str, ReplayActor]:
    """The actors in a file of JSON, by whom they are in the recording; keys and certificates are PEM, or files of it.

    Raises UnreadableInput with what is wrong.
    """
    try:
        told = json.loads(file.read_bytes())
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error
    except (ValueError, RecursionError) as error:
        why = why_no_json(error) if isinstance(error, ValueError) else Said("recording.deep")
        raise UnreadableInput(said("replay.traders", file=str(file), why=why)) from error
    if not isinstance(told, dict):
        raise _wrong(file, f"{told!r:.80}")
    return {recorded: _actor(file, recorded, one) for recorded, one in told.items()}


async def played_there(recording: Recording, url: str, actors: Mapping[str, ReplayActor], patience: float) -> Replayed:
    """Play a recording against the gateway at ``url``.

    A clock for tests is moved to the same day of a week that has not passed, and then as it went; by another clock all
    requests are sent at once, as of today. Raises UnreadableInput when somebody takes part who is none of ``actors``,
    or has signed and has no key, and PeerError when the gateway cannot be reached.
    """
    known = {recorded for recorded, one in actors.items() if one.signer is not None}
    if missing := {*(signers_of(recording) - known), *(parties(recording).keys() - actors.keys())}:
        raise UnreadableInput(said("replay.nobody", missing=", ".join(sorted(missing))))
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=WITHIN)) as session:
        clock = await _Clock.of(session, url)
        now = await clock.now()
        shift = timedelta(days=(now.date() - recording.began.date()).days)
        if clock.movable:
            shift = max(-((recording.began - now) // _WEEK), 0) * _WEEK
        return await replayed(recording, _target(url, actors, patience, clock, shift))


def _target(
    url: str, actors: Mapping[str, ReplayActor], patience: float, clock: "_Clock", shift: timedelta
) -> ReplayTarget:
    by_now = {one.seed: one for one in actors.values()}
    return ReplayTarget(
        url=url,
        signer=lambda by: _signer(actors, by),
        token=lambda seed: by_now[seed].token if seed in by_now else None,
        traders={recorded: one.seed for recorded, one in actors.items()},
        move=clock.move if clock.movable else None,
        shift=shift,
        patience=patience,
    )


def _signer(actors: Mapping[str, ReplayActor], by: str) -> XmlSigner | None:
    """What somebody signs with, by whom that is in the recording or now."""
    found = (one.signer for recorded, one in actors.items() if by in {recorded, one.seed})
    return next(found, None)


@dataclass(frozen=True, slots=True)
class _Clock:
    """The clock of a gateway at ``url``; ``door`` is where it is moved, if it can be."""

    session: aiohttp.ClientSession
    url: str
    door: str = ""

    @classmethod
    async def of(cls, session: aiohttp.ClientSession, url: str) -> "_Clock":
        """That of a gateway, or of the simulator that it belongs to. Raises PeerError when nobody is there."""
        bare = url.rstrip("/")
        for door in (f"{bare}{PATH}", f"{URL(bare).origin()}{SIM}/clock"):
            found = cls(session, bare, door)
            if "now" in await found._asked("GET", door):
                return found
        return cls(session, bare)

    @property
    def movable(self) -> bool:
        """Whether it can be moved."""
        return bool(self.door)

    async def now(self) -> datetime:
        """What it shows; the machine's where it does not say. Raises PeerError."""
        told = await self._asked("GET", self.door or f"{self.url}/health")
        try:
            return datetime.fromisoformat(str(told.get("now"))).astimezone(UTC)
        except ValueError:
            return datetime.now(UTC)

    async def move(self, moment: datetime) -> None:
        """Move it to a moment that it has not passed. Raises PeerError when that is not done."""
        if moment <= await self.now():
            return
        told = await self._asked("POST", self.door, {"to": moment.isoformat()})
        if "now" not in told:
            raise PeerError(said("simulate.unmoved", url=self.url, status="POST", why=str(told.get("detail", ""))))

    async def _asked(self, method: str, url: str, order: Mapping[str, str] | None = None) -> Mapping[str, Any]:
        """The object that is answered; empty for anything else."""
        try:
            async with self.session.request(method, url, json=order, allow_redirects=False) as answer:
                told = json.loads(await answer.content.read(_MOST))
        except (ValueError, RecursionError):
            return {}
        except (aiohttp.ClientError, TimeoutError) as error:
            raise unreached(self.url, error) from error
        return told if isinstance(told, dict) else {}


def _actor(file: Path, recorded: str, told: Any) -> ReplayActor:
    if not isinstance(told, dict) or not told.keys() <= _KNOWN or len({"key", "certificate"} & told.keys()) == 1:
        raise _wrong(file, f"{recorded:.40}: {', '.join(told) if isinstance(told, dict) else told!r:.80}")
    token = told.get("token")
    return ReplayActor(
        seed=str(told.get("seed", recorded)),
        signer=_loaded(file, recorded, told["key"], told["certificate"]) if "key" in told else None,
        token=token and str(token).strip(),
    )


def _loaded(file: Path, recorded: str, key: Any, certificate: Any) -> XmlSigner:
    try:
        loaded = load_pem_private_key(_pem(file, key), None)
        return XmlSigner(loaded, load_pem_x509_certificate(_pem(file, certificate)))
    except OSError as error:
        raise UnreadableInput(file_error(error.filename or file, error)) from error
    except (ValueError, TypeError) as error:
        raise _wrong(file, f"{recorded:.40}: {str(error).partition(chr(10))[0]:.200}") from error
    except NotConfigured as error:
        raise UnreadableInput(said("replay.traders", file=str(file), why=error.what)) from error


def _pem(file: Path, told: Any) -> bytes:
    text = str(told)
    return text.encode() if text.startswith(_PEM) else (file.parent / text).read_bytes()


def _wrong(file: Path, words: str) -> UnreadableInput:
    return UnreadableInput(said("replay.traders", file=str(file), why=said("said.library", words=words)))
