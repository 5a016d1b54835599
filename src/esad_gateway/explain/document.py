"""One document judged without a register and without a movement: the answer of ``esad validate``."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from esad_gateway.emcs.movement import Origin
from esad_gateway.errors import MalformedXml, TooLarge
from esad_gateway.explain.answer import Line, good, label
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.frozen import frozen
from esad_gateway.gateway.validator import Validator
from esad_gateway.place import WHOLE
from esad_gateway.texts import fault_json
from esad_gateway.xml.parse import parse
from esad_gateway.xml.payload import SIGNATURE, without_signature


@frozen(kw_only=True)
class JudgedFile:
    """What is wrong with one file.

    ``message`` is its type, ``None`` when it is no EMCS message; ``release`` is the number of the release that it names
    and by which it was read, ``None`` when that one is not known. ``readable`` is false when the file could not be
    read at all. A signature is not verified: ``signed`` only says that there is one.
    """

    file: str
    message: str | None = None
    release: str | None = None
    faults: Faults = ()
    signed: bool = False
    readable: bool = True

    def as_json(self) -> dict[str, Any]:
        """The answer as scripts read it."""
        return {
            "file": self.file,
            "ok": not self.faults,
            "message": self.message,
            "release": self.release,
            "faults": [fault_json(fault) for fault in self.faults],
        }


def judged(file: str, body: bytes, *, validator: Validator, origin: Origin, now: datetime) -> JudgedFile:
    """What is wrong with the ``body`` of ``file`` at ``now``, as a message of ``origin``."""
    try:
        root = parse(body)
    except MalformedXml as error:
        return JudgedFile(file=file, faults=(_no_document("XML", error.why, error.line, error.column),))
    except TooLarge as error:
        return JudgedFile(file=file, faults=(_no_document("XML", error.what),))
    signed = len(root) > 0 and root[-1].tag == SIGNATURE
    validation = validator.validate(without_signature(root), origin, now)
    return JudgedFile(
        file=file,
        message=validator.releases.message_name(root),
        release=validation.release,
        faults=validation.faults,
        signed=signed,
    )


def fine(judged: JudgedFile, wanted: Sequence[str]) -> Line:
    """The line about a file without faults."""
    release = label(said("told.release", release=str(judged.release)), wanted)
    return f"{judged.file}: ", good(label(Said("told.fine"), wanted)), f" {judged.message} ({release})"


def unread(file: str, reason: Said) -> JudgedFile:
    """The answer about a file that could not be read."""
    return JudgedFile(file=file, faults=(_no_document("FILE", reason),), readable=False)


def _no_document(rule: str, reason: Said, line: int | None = None, column: int | None = None) -> Fault:
    """Why there is no document to judge, in the form of a fault."""
    return Fault(
        code=rule,
        rule=rule,
        place=WHOLE,
        value=None,
        text=said("said.reason", reason=reason),
        hint=Said("hint.one_document"),
        line=line,
        column=column,
    )
