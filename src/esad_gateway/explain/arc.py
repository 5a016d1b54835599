"""An ARC taken apart, and the history of its movement in the store of a data directory."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from esad_gateway.explain.anatomy import ARC_LENGTH, ArcPart, take_apart
from esad_gateway.explain.answer import Explanation, Line, bad, chosen, good, head, label
from esad_gateway.faults import Said, said
from esad_gateway.texts import in_every_language


def arc(text: str, data: Path | None, wanted: Sequence[str]) -> Explanation:
    """The parts of an ARC, right or wrong; with ``data`` also what the store there knows of its movement.

    ``text`` has 21 characters. Raises NotConfigured and StoreUnavailable for the data directory.
    """
    parts = take_apart(text)
    ok = all(part.ok for part in parts)
    judgement = good(label(Said("arc.right"), wanted)) if ok else bad(label(Said("arc.wrong"), wanted))
    lines: list[Line] = [(head(f"ARC {text}"), ": ", judgement), *(_line(part, wanted) for part in parts)]
    described: dict[str, Any] = {"kind": "arc", "arc": text, "ok": ok, "parts": [_as_json(part) for part in parts]}
    if data is not None:
        # The database is imported for this alone.
        from esad_gateway.explain.movement import History, history  # noqa: PLC0415

        found: History = history(data, text)
        lines += ["", *found.lines(wanted)]
        described |= {"history": found.as_json()}
        ok = ok and bool(found.views)
    return Explanation(as_json=described, lines=lines, ok=ok)


def misshapen(text: str, wanted: Sequence[str]) -> Explanation:
    """What looks like an ARC and has another length: no character has a known place then."""
    reason = said("arc.length", size=said("count.characters", count=len(text)), length=ARC_LENGTH)
    reasons = in_every_language(reason)
    described = {"kind": "arc", "arc": text, "ok": False, "parts": [], "reason": reasons["en"], "reasons": reasons}
    return Explanation(as_json=described, lines=[(f"{text}: ", bad(label(reason, wanted)))], ok=False)


def _line(part: ArcPart, wanted: Sequence[str]) -> Line:
    said = " / ".join(chosen(part.text, wanted))
    return f"  {part.positions:>5}  {part.value:15}  ", said if part.ok else bad(said)


def _as_json(part: ArcPart) -> dict[str, Any]:
    shown = ("name", "positions", "value", "ok")
    return {**{name: getattr(part, name) for name in shown}, "text": in_every_language(part.text)}
