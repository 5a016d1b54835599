"""``esad sign``: documents under ESAD-SIG-1, or other files by a signature beside them, with one key."""

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.handing_out import check_certificate, check_replaceable
from esad_gateway.cli.common.language import tell, wrong
from esad_gateway.cli.common.output import ExitCode
from esad_gateway.errors import SenderError, UnreadableInput
from esad_gateway.faults import Said
from esad_gateway.signing.pem import load_certificate, load_key
from esad_gateway.signing.signer import XmlSigner, algorithm_for, load_signer
from esad_gateway.xml.parse import parse


def sign(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="XML documents; - is standard input.")],
    *,
    key: Annotated[Path, typer.Option(help="Private key, PEM without password.")],
    cert: Annotated[Path, typer.Option(help="Certificate of that key, PEM.")],
    output_dir: Annotated[
        Path | None, typer.Option("--output", metavar="DIR", help="Write the signed documents here.")
    ] = None,
    in_place: Annotated[bool, typer.Option("--in-place", help="Replace the documents.")] = False,
    detached: Annotated[
        bool, typer.Option("--detached", help="Sign files of any kind: XAdES-B, in FILE.xades.xml beside each.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
) -> None:
    """Sign documents under ESAD-SIG-1.

    One document is printed unless --output or --in-place says where to put it. Not checked: schema and rules.

    With --detached a file stays as it is, and its signature is a file of its own, which other software for XAdES reads:
    for lists, reports and exports that are handed out.
    """
    if detached:
        raise typer.Exit(_sign_detached(files, output_dir, (key, cert), in_place=in_place, as_json=as_json))
    pairs = _pairs(files, output_dir, in_place=in_place, as_json=as_json)
    signer = load_signer(key, cert)
    check_certificate(load_certificate(cert))
    codes = [
        _sign_one(signer, file, target, as_json=as_json) for file, target in output.watched(pairs, "sign", len(pairs))
    ]
    raise typer.Exit(max(codes))


def _pairs(
    files: Sequence[str], folder: Path | None, *, in_place: bool, as_json: bool
) -> Sequence[tuple[str, Path | None]]:
    """What to sign and where to put it, ``None`` for standard output."""
    if in_place and (folder is not None or paths.STDIN in files):
        raise wrong(Said("signed.in_place"))
    if in_place:
        return [(file, Path(file)) for file in files]
    if folder is not None:
        return paths.targets(files, folder)
    if len(files) > 1 or as_json:
        raise wrong(Said("signed.several"))
    return [(files[0], None)]


def _sign_detached(
    files: Sequence[str], folder: Path | None, pair: tuple[Path, Path], *, in_place: bool, as_json: bool
) -> ExitCode:
    """Sign files, each by a file beside it or in the folder; the exit code of all."""
    # Loaded for those who ask: it takes longer than signing a hundred documents.
    from esad_gateway.signing.detached import ENDING, sign_file  # noqa: PLC0415

    if in_place or paths.STDIN in files:
        raise wrong(Said("signed.detached"))
    key, certificate = load_key(pair[0]), load_certificate(pair[1])
    algorithm_for(key, certificate)
    check_certificate(certificate)
    named = [f"{file}{ENDING}" for file in files]
    targets = paths.targets(named, folder) if folder else [(name, Path(name)) for name in named]
    codes = []
    for file, (_, target) in output.watched(zip(files, targets, strict=True), "sign", len(files)):
        try:
            check_replaceable(target)
            signature = sign_file(paths.read(file), Path(file).name, key, certificate)
        except UnreadableInput as error:
            codes.append(_refused(file, error, ExitCode.USAGE, as_json=as_json))
        else:
            codes.append(_written(file, target, signature, as_json=as_json))
    return max(codes)


def _sign_one(signer: XmlSigner, file: str, target: Path | None, *, as_json: bool) -> ExitCode:
    try:
        document = paths.read(file)
    except UnreadableInput as error:
        return _refused(file, error, ExitCode.USAGE, as_json=as_json)
    try:
        signed = signer.sign(parse(document))
    except SenderError as error:
        return _refused(file, error, ExitCode.NEGATIVE, as_json=as_json)
    if target is None:
        output.document(signed)
        return ExitCode.FINE
    return _written(file, target, signed, as_json=as_json)


def _written(file: str, target: Path, signed: bytes, *, as_json: bool) -> ExitCode:
    paths.write(target, signed)
    if as_json:
        output.result_json({"file": file, "ok": True, "output": str(target), "reason": None})
    else:
        output.result(f"{file}: {output.good(Said('signed.done'))} {target}")
    return ExitCode.FINE


def _refused(file: str, error: SenderError, code: ExitCode, *, as_json: bool) -> ExitCode:
    if as_json:
        output.result_json({"file": file, "ok": False, "output": None, "reason": str(error)})
    else:
        output.note(f"{file}: {output.bad(Said('signed.not'))}: {tell(error.what)}")
    return code


COMMANDS = (sign,)
