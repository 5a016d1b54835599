"""``esad verify``: whether signatures hold, and whose they are, by the same code as the gateway and without one."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeAlias

import typer
from lxml import etree

from esad_gateway.cli.common import output, paths
from esad_gateway.cli.common.language import tell, wrong
from esad_gateway.cli.common.offline import More, known, moment
from esad_gateway.cli.common.output import ExitCode, exit_code_of
from esad_gateway.errors import SenderError, SignatureRefused
from esad_gateway.faults import Said, said
from esad_gateway.register.signers import Signers
from esad_gateway.signing.profile import MAX_QUOTE
from esad_gateway.signing.steps import Step
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Signed, Verification, Verifier
from esad_gateway.texts import in_every_language, say
from esad_gateway.xml.parse import parse

if TYPE_CHECKING:
    from esad_gateway.signing.detached import SignedFile
    from esad_gateway.signing.second import Opinion


_REFUSED = Said("outcome.refused")

MOST_ALTERED = 10
"""How many differences from the original are told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """What ``esad verify`` says about one file; ``told`` is why it is refused, without a language.

    ``signer`` is who signed: a SEED number where a registry knows one, else the certificate's subject; ``None`` while
    nothing is proved. ``step`` is the step of ESAD-SIG-1 that failed, ``None`` also when the signature holds and
    its holder may not act.
    """

    file: str
    signer: str | None = None
    step: int | None = None
    reason: str | None = None
    expected: str | None = None
    fingerprint: str | None = None
    exit_code: ExitCode = ExitCode.NEGATIVE
    second: "Opinion | None" = None
    detached: "SignedFile | None" = None
    besides: tuple[SignatureRefused, ...] = ()
    altered: tuple[Said, ...] = ()
    told: Said | None = None

    @property
    def ok(self) -> bool:
        """Whether the signature holds and, with a registry, its holder may act."""
        return self.exit_code is ExitCode.FINE

    def beside(self, second: "Opinion") -> "Checked":
        """The answer with a second opinion: a signature that only one verifier accepts does not hold."""
        return replace(self, second=second, exit_code=self.exit_code if second.holds else ExitCode.NEGATIVE)

    def as_json(self) -> dict[str, Any]:
        """The answer as scripts read it."""
        return {
            "file": self.file,
            "ok": self.ok,
            "signer": self.signer,
            "step": self.step,
            "reason": self.reason,
            "expected": self.expected,
            "fingerprint": self.fingerprint,
            "details": in_every_language(self.told) if self.told else None,
            **({"besides": [_of_a_step(one) for one in self.besides]} if self.besides else {}),
            **({"altered": [in_every_language(one) for one in self.altered]} if self.altered else {}),
            **({"second": self.second.as_json()} if self.second else {}),
            **({"name": self.detached.name, "at": self.detached.at} if self.detached else {}),
        }

    def lines(self) -> Iterator[str]:
        """The answer as people read it."""
        yield self._line()
        yield from (f"{self.file}: {tell(said('verify.also', what=one.what))}" for one in self.besides)
        yield from (f"{self.file}: {tell(one)}" for one in self.altered)
        if self.second:
            verdict = output.good(Said("verify.holds")) if self.second.holds else output.bad(_REFUSED)
            opinion = said("verify.second", library=self.second.library, verdict=verdict)
            yield f"{self.file}: {tell(opinion)} {tell(self.second.why) if self.second.why else ''}".rstrip()

    def _line(self) -> str:
        if self.signer is None:
            return f"{self.file}: {output.bad(_REFUSED)} {tell(self.told or '')}"
        signed = said("verify.signed", signer=self.signer, fingerprint=self.fingerprint or "")
        return f"{self.file}: {output.good(Said('told.fine'))} {tell(self._as_named(signed))}"

    def _as_named(self, signed: Said) -> Said:
        """Who signed; of a detached signature also under which name, where that is another one now, and when."""
        if self.detached is None:
            return signed
        if self.detached.name != Path(self.file).name[:MAX_QUOTE]:
            signed = said("verify.renamed", what=signed, name=self.detached.name)
        return said("verify.dated", what=signed, at=self.detached.at or Said("verify.no_time"))


Second: TypeAlias = Annotated[
    bool, typer.Option("--second", help="Ask another library (signxml) as well; both have to agree.")
]
Detached: TypeAlias = Annotated[
    bool, typer.Option("--detached", help="Verify files by their XAdES-B signatures, FILE.xades.xml.")
]
Signatures: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="DIR", help="With --detached: where the signatures are, if not beside.")
]
Original: TypeAlias = Annotated[
    Path | None, typer.Option(metavar="ORIGINAL", help="The document before: say what was changed since (step 20).")
]


def verify(
    files: Annotated[list[str], typer.Argument(metavar="FILE...", help="Signed documents; - is standard input.")],
    *,
    trust: Annotated[list[Path], typer.Option(metavar="CA", help="Certificates of trusted CAs, PEM.")],
    crl: Annotated[list[Path] | None, typer.Option(metavar="CRL", help="Revocation lists of those CAs, PEM.")] = None,
    registry: Annotated[
        Path | None, typer.Option(metavar="FILE.json", help="Also check that the signer may act for the trader.")
    ] = None,
    at: Annotated[
        str | None, typer.Option(metavar="ISO", help="Judge as at this moment, UTC unless it says otherwise.")
    ] = None,
    second: Second = False,
    detached: Detached = False,
    signatures: Signatures = None,
    explain: Original = None,
    more: More = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
) -> None:
    """Verify signatures under ESAD-SIG-1, offline.

    Prints who signed, or the step that failed, why, and what would have passed. With a registry the certificate must
    be registered for the trader that the message names as its author. Not checked: rules, and the movement.

    With --detached, files of any kind are verified by signatures of their own: XAdES-B, also of other software. When
    such a signature was made is what its signer says.
    """
    _check_options(files, signatures, detached=detached, second=second)
    if detached and explain:
        raise wrong(Said("usage.verify_explain"))
    trusted = Trust.load(trust, crl or ())
    signers = None if registry is None else Signers.load(registry, known(more))
    original = None if explain is None else parse(paths.read(str(explain)))
    check = _Check(trusted, moment(at), signers, second, original)
    look = partial(check.detached, folder=signatures) if detached else check.file
    answers = output.watched(paths.on_files(look, files), "verify", len(files))
    found = [_shown(one, as_json=as_json) for one in answers]
    raise typer.Exit(max(one.exit_code for one in found))


def _check_options(files: Sequence[str], signatures: Path | None, *, detached: bool, second: bool) -> None:
    """Refuse options that would mean nothing beside each other."""
    if detached and paths.STDIN in files:
        raise wrong(Said("usage.verify_stdin"))
    if detached and second:
        raise wrong(Said("usage.verify_second"))
    if signatures and not detached:
        raise wrong(Said("usage.verify_signatures"), "--signatures")


def _shown(found: Checked, *, as_json: bool) -> Checked:
    if as_json:
        output.result_json(found.as_json())
    else:
        output.result(*found.lines())
    return found


@dataclass(frozen=True, slots=True)
class _Check:
    """Trust, time and perhaps a registry file: what every file of one call is judged by."""

    trust: Trust
    at: datetime
    signers: Signers | None
    second: bool
    original: etree._Element | None = None

    def file(self, file: str) -> Checked:
        """Verify one file."""
        try:
            document = paths.read(file)
            first = self._first(file, parse(document))
        except SenderError as error:
            return _unread(file, error)
        return first.beside(_second_opinion(parse(document), first.fingerprint)) if self.second else first

    def detached(self, file: str, folder: Path | None) -> Checked:
        """Verify one file by the signature that is beside it or in the folder."""
        # Loaded for those who ask: it takes longer than verifying a hundred documents.
        from esad_gateway.signing.detached import ENDING, verify_file  # noqa: PLC0415

        beside = f"{file}{ENDING}" if folder is None else str(folder / f"{Path(file).name}{ENDING}")
        try:
            content = paths.read(file)
        except SenderError as error:
            return _unread(file, error)
        try:
            signature = parse(paths.read(beside))
        except SenderError as error:
            unread = said("verify.signature_unread", file=beside, why=error.what)
            return Checked(file=file, reason=say(unread), told=unread, exit_code=exit_code_of(error))
        try:
            found = verify_file(content, signature, self.trust, self.at)
            signer = self.signers.holder(found.fingerprint) if self.signers else found.subject
        except SignatureRefused as refused:
            step, reason, expected = refused.step, refused.reason, refused.expected
            return Checked(file=file, step=step, reason=reason, expected=expected, told=refused.what)
        except SenderError as error:
            return _unread(file, error)
        return Checked(file=file, signer=signer, fingerprint=found.fingerprint, exit_code=ExitCode.FINE, detached=found)

    def _first(self, file: str, root: etree._Element) -> Checked:
        """What our own verifier says; the tree is used up."""
        holders = self.signers.holders_for(root) if self.signers else None
        verification = Verifier(self.trust, holders).explain(root, self.at)
        if verification.signed is None:
            altered = self._altered(root) if verification.step == Step.DOCUMENT_DIGEST else ()
            return _refused(file, verification, altered)
        return self._acting(file, verification.signed)

    def _altered(self, root: etree._Element) -> tuple[Said, ...]:
        """In what a document without its signature differs from the original that was given, if one was."""
        if self.original is None:
            return ()
        # Loaded for those who ask.
        from esad_gateway.explain.altered import alterations  # noqa: PLC0415

        told = tuple(islice(alterations(root, self.original), MOST_ALTERED + 1))
        more = (Said("altered.more"),) if len(told) > MOST_ALTERED else ()
        return (*told[:MOST_ALTERED], *more) or (Said("altered.same"),)

    def _acting(self, file: str, signed: Signed) -> Checked:
        try:
            signer = self.signers.signer(signed, self.at) if self.signers else signed.certificate_subject
        except SenderError as error:
            return Checked(file=file, reason=str(error), told=error.what, fingerprint=signed.fingerprint)
        return Checked(file=file, signer=signer, fingerprint=signed.fingerprint, exit_code=ExitCode.FINE)


def _of_a_step(refused: SignatureRefused) -> dict[str, Any]:
    step = {"step": refused.step, "reason": refused.reason, "expected": refused.expected}
    return {**step, "details": in_every_language(refused.what)}


def _unread(file: str, error: SenderError) -> Checked:
    return Checked(file=file, reason=str(error), told=error.what, exit_code=exit_code_of(error))


def _refused(file: str, verification: Verification, altered: tuple[Said, ...]) -> Checked:
    return Checked(
        file=file,
        step=verification.step,
        reason=verification.reason,
        expected=verification.expected,
        told=verification.told,
        fingerprint=verification.fingerprint,
        besides=verification.besides,
        altered=altered,
    )


def _second_opinion(root: etree._Element, fingerprint: str | None) -> "Opinion":
    # Loaded for those who ask: it takes longer than verifying a hundred documents.
    from esad_gateway.signing.second import second_opinion  # noqa: PLC0415

    return second_opinion(root, fingerprint)


COMMANDS = (verify,)
