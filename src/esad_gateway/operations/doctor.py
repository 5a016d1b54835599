"""Looks at a gateway from outside, whether it runs or not, and tells what is wrong and which command mends it.

Nothing is changed. Each check tells of itself alone: one that cannot be made says so, and the others go on.
"""

import platform
import re
import shlex
import shutil
import ssl
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import requires, version
from pathlib import Path
from typing import Final

from lxml import etree

from esad_gateway.access import too_open
from esad_gateway.build import own_build
from esad_gateway.data_directory import DataDirectory
from esad_gateway.errors import EsadError, NotConfigured
from esad_gateway.faults import Said, said
from esad_gateway.file_errors import why
from esad_gateway.gateway.pace import SystemClock
from esad_gateway.live_trust import LiveVerifier
from esad_gateway.operations.findings import Level, Symptom, fine, wrong
from esad_gateway.operations.machine import kept_by_a_server
from esad_gateway.operations.national import of_national_law
from esad_gateway.register.beliefs import SOON, Belief, of_authority, of_holder, stamp
from esad_gateway.settings import FILE, Settings, read_settings
from esad_gateway.signing.trust import Trust
from esad_gateway.store.database import LIBRARY_VERSION
from esad_gateway.store.latest import latest_moment
from esad_gateway.store.named import NamedCertificates
from esad_gateway.store.opening import open_store
from esad_gateway.store.outbox import Outbox
from esad_gateway.store.registry import Registry
from esad_gateway.store.store import SqlStore
from esad_gateway.store.undecided import UndecidedMessages

LOOK_FOR_DAMAGE: Final = 10.0
"""Seconds: how long damage of the store is looked for at most; esad store check looks at everything."""

_NEEDED: Final = re.compile(r"([\w.-]+)>=([\d.]+)")


@dataclass(frozen=True, slots=True)
class Patient:
    """A gateway that is looked at, as far as it can be opened."""

    data: DataDirectory
    settings: Settings
    store: SqlStore
    now: datetime

    @property
    def own(self) -> str:
        """The address of its administration."""
        return self.settings.profile().address

    @property
    def registry(self) -> Registry:
        """Who is known to it."""
        return Registry(self.store)

    def command(self, *words: str) -> str:
        """A command about it, as a shell takes it."""
        return shlex.join(["esad", *words, "--data", str(self.data.root)])

    @property
    def connecting(self) -> str:
        """The command that makes another administration known; URL is what that one tells."""
        return shlex.join(["esad", "peer", "connect", str(self.data.root), "URL"])


Check = Callable[[Patient], Iterator[Symptom]]


def examine(root: Path, now: datetime, online: Check) -> Iterator[Symptom]:
    """What is found in a data directory at ``now``; ``online`` looks at other administrations.

    What cannot be looked at without what is wrong before it is left out. Raises NotConfigured where there is no data
    directory.
    """
    yield from of_versions()
    try:
        settings = read_settings(root)
    except NotConfigured as error:
        if error.what.key == "data.none":
            raise
        yield wrong("settings", error.what)
        return
    data = DataDirectory(root)
    yield fine("settings", said("doctor.settings", file=str(root / FILE), address=settings.profile().address))
    yield from of_national_law(root, settings, settings.profile().local_date(now))
    yield from _permissions(data)
    yield from _disk(data, settings)
    try:
        store = open_store(data.database, settings.profile().address, look_for=LOOK_FOR_DAMAGE)
    except EsadError as error:
        yield wrong("store", error.what, _store_mended(error, root))
        return
    yield fine("store", Said("doctor.store"))
    with closing(store):
        patient = Patient(data, settings, store, now)
        for name, check in (*OF_THE_STORE, ("peers", online)):
            yield from _made(name, check, patient)


def _made(name: str, check: Check, patient: Patient) -> Iterator[Symptom]:
    try:
        yield from check(patient)
    except (EsadError, OSError) as error:
        reason = error.what if isinstance(error, EsadError) else said("said.library", words=why(error))
        yield wrong(name, said("doctor.not_found_out", why=reason))


def _store_mended(error: EsadError, root: Path) -> str:
    """The command that brings an older store up; what is missing or damaged has to be brought back by a person."""
    return f"esad store migrate --data {shlex.quote(str(root))}" if error.what.key == "store.earlier" else ""


def _permissions(data: DataDirectory) -> Iterator[Symptom]:
    try:
        wide = too_open(data.root)
    except OSError as error:
        yield wrong("permissions", said("doctor.not_found_out", why=said("said.library", words=why(error))))
        return
    if wide is None:
        yield fine("permissions", Said("doctor.permissions"))
    else:
        yield wrong("permissions", said("doctor.open", found=wide.found), wide.command)


def _disk(data: DataDirectory, settings: Settings) -> Iterator[Symptom]:
    free, least = shutil.disk_usage(data.root).free >> 20, settings.disk_megabytes_free
    level = Level.WRONG if free < least else Level.FINE
    yield Symptom("disk", level, said("doctor.disk", free=free, least=least))


def of_versions() -> Iterator[Symptom]:
    """Which versions run, and which libraries are older than what is needed."""
    for needed in requires("esad-gateway") or ():
        found = _NEEDED.match(needed) if "extra ==" not in needed else None
        if found and _parts(installed := version(found[1])) < _parts(found[2]):
            what = said("doctor.library_old", library=found[1], found=installed, wanted=found[2])
            yield wrong("versions", what, f"pip install --upgrade {shlex.quote(found[0])}")
    libxml = ".".join(map(str, etree.LIBXML_VERSION))
    yield fine(
        "versions",
        said(
            "doctor.versions",
            version=version("esad-gateway"),
            build=own_build(),
            python=platform.python_version(),
            sqlite=LIBRARY_VERSION,
            libxml=libxml,
            openssl=ssl.OPENSSL_VERSION,
        ),
    )


def _parts(number: str) -> list[int]:
    return [int(part) for part in re.findall(r"\d+", number)]


def _key(patient: Patient) -> Iterator[Symptom]:
    """What is signed with now: the key can be read, and belongs to the certificate."""
    # What is lost is not to sign for a week yet.
    renew = patient.command("key", "renew", "--overlap", "0")
    patient.data.load_trust()  # another key mends nothing where that cannot be read
    try:
        signer = _verifier(patient).signer()
    except EsadError as error:
        yield wrong("key", error.what, renew)
        return
    for one in patient.registry.certificates(patient.own):
        if one.record.fingerprint == signer.fingerprint:
            end = stamp(one.certificate.not_valid_after_utc)
            yield fine("key", said("doctor.key", fingerprint=signer.fingerprint, end=end))


def _verifier(patient: Patient) -> LiveVerifier:
    registry = patient.registry
    named = NamedCertificates(patient.store, registry)
    return LiveVerifier(patient.data, registry, named, patient.own, SystemClock())


def _certificates(patient: Patient) -> Iterator[Symptom]:
    """Whatever is believed and ends within a month, or is refused already."""
    trust, registry = patient.data.load_trust(), patient.registry
    directory, found = registry.directory(), 0
    holders = sorted({record.holder for records in directory.certificates.values() for record in records})
    for holder in holders:
        for belief in of_holder(registry.certificates(holder), trust, patient.now):
            found += 1
            yield from _told(belief, _renewal(patient, holder))
    for belief in _authorities(trust, patient.now):
        found += 1
        yield from _told(belief, _trusting(patient, belief))
    yield fine("certificates", said("doctor.certificates", number=found, days=SOON.days))


def _authorities(trust: Trust, now: datetime) -> Iterator[Belief]:
    return (of_authority(one, trust.revocation_lists, now) for one in trust.authorities)


def _told(belief: Belief, command: str) -> Iterator[Symptom]:
    for level, reasons in ((Level.WRONG, belief.wrong), (Level.SOON, belief.soon)):
        for reason in reasons:
            what = said("file.named", file=f"{belief.holder} {belief.fingerprint}", why=reason)
            yield Symptom("certificates", level, what, command)


def _renewal(patient: Patient, holder: str) -> str:
    """The command that puts another certificate in the place of one; FILE.pem is what its holder hands over."""
    if holder == patient.own:
        return patient.command("key", "renew")
    if holder.startswith("NDEA."):
        return patient.command("peer", "renew", "--state", holder[-2:], "--certificate", "FILE.pem")
    return patient.command("registry", "renew", holder, "--certificate", "FILE.pem")


def _trusting(patient: Patient, belief: Belief) -> str:
    lists = ("--crl", "FILE.crl") if belief.more["lists"] else ()
    return patient.command("trust", "add", "FILE.pem", *lists)


def _time(patient: Patient) -> Iterator[Symptom]:
    latest, command = latest_moment(patient.store), "timedatectl set-ntp true"
    if latest is not None and latest > patient.now:
        yield wrong("time", said("doctor.time_behind", now=stamp(patient.now), latest=stamp(latest)), command)
    elif kept_by_a_server():
        yield fine("time", Said("doctor.time"))
    else:
        yield Symptom("time", Level.SOON, Said("doctor.time_alone"), command)


def _waits(patient: Patient) -> Iterator[Symptom]:
    outbox, undecided = Outbox(patient.store), UndecidedMessages(patient.store.reader).count()
    counts, unknown = outbox.counts(), _to_nobody(patient, outbox)
    yield from unknown
    for line in outbox.lines():
        if line.dead:
            what = said("doctor.dead", number=line.dead, address=line.destination)
            yield wrong("waits", what, patient.command("outbox", "retry", "--all"))
    if undecided:
        what = said("doctor.undecided", number=undecided)
        yield wrong("waits", what, patient.command("undecided", "retry", "--all"))
    if not (counts.dead or undecided or unknown):
        yield fine("waits", said("doctor.waits", waiting=counts.waiting + counts.refused))


def _to_nobody(patient: Patient, outbox: Outbox) -> list[Symptom]:
    """What waits for administrations of which no address is known: no try can take it there."""
    known = patient.registry.directory().peers
    return [
        wrong("waits", said("doctor.to_nobody", number=number, address=line.destination), patient.connecting)
        for line in outbox.lines()
        if line.destination not in known and (number := line.waiting + line.refused)
    ]


OF_THE_STORE: Final[tuple[tuple[str, Check], ...]] = (
    ("key", _key),
    ("certificates", _certificates),
    ("time", _time),
    ("waits", _waits),
)
"""What is looked at in an open store."""
