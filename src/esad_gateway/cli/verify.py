"""``esad verify``: whether signatures hold, and whose they are, by the same code as the gateway and without one."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from lxml import etree

from esad_gateway.cli import disk, output
from esad_gateway.cli.acting import Register
from esad_gateway.cli.exits import ExitCode, exit_code_of
from esad_gateway.cli.moments import moment
from esad_gateway.cli.schemas import More, known
from esad_gateway.errors import SenderError
from esad_gateway.signing.trust import Trust
from esad_gateway.signing.verifier import Signed, Verification, Verifier
from esad_gateway.xml.parse import parse

if TYPE_CHECKING:
    from esad_gateway.signing.second import Opinion


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What ``esad verify`` says about one file.

    ``signer`` is who signed: a SEED number where a registry knows one, else the certificate's subject; ``None`` as long
    as nothing is proved. ``step`` is the step of ESAD-SIG-1 that failed, ``None`` also when the signature holds and
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

    @property
    def ok(self) -> bool:
        """Whether the signature holds and, with a registry, its holder may act."""
        return self.exit_code is ExitCode.FINE

    def beside(self, second: "Opinion") -> "Verdict":
        """The verdict with a second opinion beside it: a signature that holds for one verifier only is none."""
        return replace(self, second=second, exit_code=self.exit_code if second.holds else ExitCode.NEGATIVE)

    def as_json(self) -> dict[str, Any]:
        """The verdict as scripts read it."""
        return {
            "file": self.file,
            "ok": self.ok,
            "signer": self.signer,
            "step": self.step,
            "reason": self.reason,
            "expected": self.expected,
            "fingerprint": self.fingerprint,
            **({"second": asdict(self.second)} if self.second else {}),
        }

    def lines(self) -> Iterator[str]:
        """The verdict as people read it."""
        yield self._line()
        if self.second:
            word = output.good("holds") if self.second.holds else output.bad("refused")
            yield f"{self.file}: second opinion ({self.second.library}): {word} {self.second.reason or ''}".rstrip()

    def _line(self) -> str:
        if self.signer is not None:
            return f"{self.file}: {output.good('ok')} signed by {self.signer} (certificate {self.fingerprint})"
        step = "" if self.step is None else f"step {self.step}: "
        expected = "" if self.expected is None else f"; expected {self.expected}"
        return f"{self.file}: {output.bad('refused')} {step}{self.reason}{expected}"


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
    second: Annotated[
        bool, typer.Option("--second", help="Ask another library (signxml) as well; both have to agree.")
    ] = False,
    more: More = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object a file.")] = False,
) -> None:
    """Verify signatures under ESAD-SIG-1, offline.

    Prints who signed, or the step that failed, why, and what would have passed. With a registry the certificate must
    be registered for the trader that the message names as its author. Not checked: rules, and the movement.
    """
    trusted = Trust.load(trust, crl or ())
    register = None if registry is None else Register.load(registry, known(more))
    desk = _Desk(trusted, moment(at), register, second)
    verdicts = [_shown(desk.verdict(file), as_json=as_json) for file in output.watched(files, "verify")]
    raise typer.Exit(max(verdict.exit_code for verdict in verdicts))


def _shown(verdict: Verdict, *, as_json: bool) -> Verdict:
    if as_json:
        output.result_json(verdict.as_json())
    else:
        for line in verdict.lines():
            output.result(line)
    return verdict


@dataclass(frozen=True, slots=True)
class _Desk:
    """Trust, time and perhaps a register: what every file of one call is judged by."""

    trust: Trust
    at: datetime
    register: Register | None
    second: bool

    def verdict(self, file: str) -> Verdict:
        """Verify one file."""
        try:
            document = disk.read(file)
            verdict = self._first(file, parse(document))
        except SenderError as error:
            return Verdict(file=file, reason=str(error), exit_code=exit_code_of(error))
        return verdict.beside(_second_opinion(parse(document), verdict.fingerprint)) if self.second else verdict

    def _first(self, file: str, root: etree._Element) -> Verdict:
        """What our own verifier says; the tree is used up."""
        holders = self.register.holders_for(root) if self.register else None
        verification = Verifier(self.trust, holders).explain(root, self.at)
        if verification.signed is None:
            return _refused(file, verification)
        return self._acting(file, verification.signed)

    def _acting(self, file: str, signed: Signed) -> Verdict:
        try:
            signer = self.register.signer(signed) if self.register else signed.certificate_subject
        except SenderError as error:
            return Verdict(file=file, reason=str(error), fingerprint=signed.fingerprint)
        return Verdict(file=file, signer=signer, fingerprint=signed.fingerprint, exit_code=ExitCode.FINE)


def _refused(file: str, verification: Verification) -> Verdict:
    return Verdict(
        file=file,
        step=verification.step,
        reason=verification.reason,
        expected=verification.expected,
        fingerprint=verification.fingerprint,
    )


def _second_opinion(root: etree._Element, fingerprint: str | None) -> "Opinion":
    # Loaded for those who ask: it takes longer than verifying a hundred documents.
    from esad_gateway.signing.second import second_opinion  # noqa: PLC0415

    return second_opinion(root, fingerprint)


COMMANDS = (verify,)
