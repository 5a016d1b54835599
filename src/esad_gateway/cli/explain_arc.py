"""An ARC taken apart, and the history of its movement in the store of a data directory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from esad_gateway.cli import output
from esad_gateway.cli.exits import ExitCode
from esad_gateway.cli.explained import Explanation, chosen, heading
from esad_gateway.emcs.anatomy import ARC_LENGTH, Part, take_apart
from esad_gateway.texts import in_every_language


def arc(text: str, data: Path | None, wanted: Sequence[str]) -> Explanation:
    """The parts of an ARC, right or wrong; with ``data`` also what the store there knows of its movement.

    ``text`` has 21 characters. Raises NotConfigured and StoreUnavailable for the data directory.
    """
    parts = take_apart(text)
    ok = all(part.ok for part in parts)
    verdict = output.good("well-formed") if ok else output.bad("no valid ARC")
    lines = [heading(f"ARC {text}") + f": {verdict}", *(_line(part, wanted) for part in parts)]
    described: dict[str, Any] = {"kind": "arc", "arc": text, "ok": ok, "parts": [_as_json(part) for part in parts]}
    code = ExitCode.FINE if ok else ExitCode.NEGATIVE
    if data is not None:
        # The database is imported for this alone.
        from esad_gateway.cli.explain_movement import Told, told  # noqa: PLC0415

        history: Told = told(data, text)
        lines += ["", *history.lines()]
        described |= {"history": history.as_json()}
        code = code if history.views else ExitCode.NEGATIVE
    return Explanation(as_json=described, lines=lines, exit_code=code)


def misshapen(text: str) -> Explanation:
    """What looks like an ARC and has another length: no character has a known place then."""
    reason = f"{len(text)} characters; an ARC has {ARC_LENGTH}"
    described = {"kind": "arc", "arc": text, "ok": False, "parts": [], "reason": reason}
    return Explanation(as_json=described, lines=[f"{text}: {output.bad(reason)}"], exit_code=ExitCode.NEGATIVE)


def _line(part: Part, wanted: Sequence[str]) -> str:
    said = " / ".join(chosen(part.text, wanted))
    return f"  {part.positions:>5}  {part.value:15}  {said if part.ok else output.bad(said)}"


def _as_json(part: Part) -> dict[str, Any]:
    shown = ("name", "positions", "value", "ok")
    return {**{name: getattr(part, name) for name in shown}, "text": in_every_language(part.text)}
