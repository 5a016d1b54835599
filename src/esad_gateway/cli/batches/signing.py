"""Tables that are signed before they are handed in: dispatches row by row, other tables by a signature beside them."""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from hashlib import file_digest
from pathlib import Path
from typing import Final, TypeAlias

import typer

from esad_gateway.batch.tables.checking import making_of, table_of
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.batch.tables.dispatch_rows import judge_by
from esad_gateway.batch.tables.mapping import NO_MAPPING, MappingFile
from esad_gateway.batch.tables.reading import Document, documents
from esad_gateway.batch.tables.signed_drafts import OwnDraft, write_signed_drafts
from esad_gateway.cli.batches.check import Faulty, Shown
from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.handing_out import check_certificate
from esad_gateway.cli.common.offline import known, moment, profile_of
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import UnreadableInput
from esad_gateway.faults import said
from esad_gateway.file_errors import file_error
from esad_gateway.gateway.validator import Validator
from esad_gateway.profiles.saad import saad_law
from esad_gateway.sheets.opening import open_sheet
from esad_gateway.sheets.table import Declared
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.signer import XmlSigner, algorithm_for, load_signer
from esad_gateway.store.certificates import fingerprint_of
from esad_gateway.xml.release import current

Reading: TypeAlias = tuple[Declared, MappingFile]

_OF_TABLE: Final = 12
"""Digits of digests in the name of a file of signed drafts."""


def detached_signature(file: Path, pair: tuple[Path, Path]) -> bytes:
    """A signature beside a file (XAdES-B). Raises UnreadableInput and NotConfigured."""
    from esad_gateway.signing.detached import sign_file  # noqa: PLC0415 - few sign tables

    key, certificate = load_key(pair[0]), load_certificate(pair[1])
    algorithm_for(key, certificate)
    check_certificate(certificate)
    return sign_file(paths.read(str(file)), file.name, key, certificate)


def signed_dispatches(
    file: Path,
    reading: Reading,
    pair: tuple[Path, Path],
    *,
    state: str,
    whole: bool,
    again: bool,
    as_json: bool,
) -> Path:
    """The file of signed drafts of a table, beside it; one that is there is taken, so that nothing is signed twice.

    Rows with faults are told, and not in it; with ``whole`` they end the command, as a table with nothing else does.
    """
    certificate = load_certificate(pair[1])
    check_certificate(certificate)
    target = file.with_name(
        f"{file.name}.{_digest(file, reading)}-{fingerprint_of(certificate)[:_OF_TABLE]}.signed.jsonl"
    )
    if target.exists() and not again:
        output.note(said("batches.signed_before", file=str(target)))
        return target
    beside = target.with_name(f"{target.name}.part")
    try:
        good = _write(file, beside, reading, load_signer(*pair), Shown(as_json), state=state, whole=whole)
        if not good:
            raise typer.Exit(ExitCode.NEGATIVE)
        beside.rename(target)
    except OSError as error:
        raise UnreadableInput(file_error(Path(error.filename or target), error)) from error
    finally:
        with suppress(OSError):
            beside.unlink()
    output.note(said("batches.signed", file=str(target), documents=said("count.documents", count=good)))
    return target


def _digest(file: Path, reading: Reading) -> str:
    """What a table is told by, and how it is read: read in another way it is another one."""
    try:
        with file.open("rb") as content:
            digest = file_digest(content, "sha256")
        if reading != (Declared(), NO_MAPPING):
            digest.update(repr(reading).encode())
        return digest.hexdigest()[:_OF_TABLE]
    except OSError as error:
        raise UnreadableInput(file_error(file, error)) from error


def _write(file: Path, to: Path, reading: Reading, signer: XmlSigner, shown: Shown, *, state: str, whole: bool) -> int:
    """Write the signed drafts of a table, and tell what is wrong with the others; how many are signed."""
    declared, mapping = reading
    profile, now, binder = profile_of(state), moment(None), current()
    law, judges = saad_law(state, profile.calendar_of(state)), judge_by(Validator(known(), profile), binder, now)
    faulty: list[Faulty] = []
    count = 0

    def good(found: Iterable[Document]) -> Iterator[OwnDraft]:
        nonlocal count
        for document in found:
            if document.faults:
                faulty.append(Faulty(document.faults, document.rows, document.called))
                continue
            count += 1
            signed = signer.sign(binder.write(document.entry))
            name, key = document.called, document.key
            yield OwnDraft(rows=document.rows, document=key, called=name, content=document.content, signed=signed)

    with open_sheet(file, declared) as opened, to.open("wb") as written:
        table = table_of(opened, BatchKind.DISPATCH, mapping)
        if table.faults:
            shown.faults([Faulty(table.faults)], table)
            return 0
        write_signed_drafts(
            written, good(documents(opened, table, making_of(BatchKind.DISPATCH, profile, law, now, judges)))
        )
        shown.faults(faulty, table)
    return 0 if whole and faulty else count
