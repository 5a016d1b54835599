"""The history of a movement as a store tells it: every message, and what it did on each side by the movement's log."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from esad_gateway.data_directory import DataDirectory
from esad_gateway.emcs.codes import StatusType
from esad_gateway.emcs.movement import Act, Effect, Movement, Side, Timer
from esad_gateway.explain import wording
from esad_gateway.explain.answer import Line, bad, label
from esad_gateway.explain.wording import how_it_went, report, utc
from esad_gateway.faults import Said, said
from esad_gateway.frozen import frozen
from esad_gateway.ports.reading import Listed, Noted
from esad_gateway.recognising import recognised
from esad_gateway.settings import read_settings
from esad_gateway.store.history import dossier
from esad_gateway.store.holds import Hold
from esad_gateway.store.opening import open_store
from esad_gateway.store.outbox import DeliveryStanding
from esad_gateway.texts import in_every_language, say
from esad_gateway.views.json import due_view, note_view, report_view


@frozen
class History:
    """A movement's messages, oldest first, with what each did on each side that the store knows; its holds and notes.

    ``acts`` are the lines of the movement's log, by the side and the mailbox entry beside which they stand.
    """

    views: tuple[Movement, ...]
    filed: Sequence[Listed]
    acts: Mapping[tuple[Side, str, int], Act]
    holds: Sequence[Hold]
    notes: Sequence[Noted]
    deliveries: Mapping[tuple[str, str], DeliveryStanding]

    def as_json(self) -> dict[str, Any]:
        """The history as scripts read it."""
        return {
            "sides": [
                {
                    "side": view.side.value,
                    "state": view.state.value,
                    "due": due_view(view, UTC),
                    "report": report_view(view.report),
                    "messages": [self._message(view.side, filed) for filed in self.filed],
                }
                for view in self.views
            ],
            "holds": [asdict(hold) for hold in self.holds],
            "notes": [note_view(noted, UTC) for noted in self.notes],
        }

    def _message(self, side: Side, filed: Listed) -> dict[str, Any]:
        act = self._act(side, filed)
        names = ("mailbox", "seq", "direction", "type", "outcome", "sequence")
        shown = {name: getattr(filed, name) for name in names}
        delivery = self._delivery(filed)
        why = delivery.why if delivery else None
        whys = in_every_language(recognised(why)) if why else None
        stands = {"delivery": delivery and delivery.standing, "why": why, "whys": whys}
        signed = {"signedBy": filed.signed_by, "delegation": filed.delegation}
        return {"at": filed.recorded_at, **shown, **signed, **stands, "after": act and act_view(act)}

    def _delivery(self, filed: Listed) -> DeliveryStanding | None:
        return self.deliveries.get((filed.mailbox, filed.identifier))

    def _act(self, side: Side, filed: Listed) -> Act | None:
        return self.acts.get((side, filed.mailbox, filed.seq))

    def lines(self, wanted: Sequence[str]) -> Iterator[Line]:
        """The history as people read it, in some languages."""
        if not self.views:
            yield (bad(label(Said("told.no_movement"), wanted)),)
        for view in self.views:
            yield _in(said("log.now", side=Said(f"side.{view.side}"), **_state(view.state)), wanted)
            yield from (self._line(view.side, filed, wanted) for filed in self.filed)
            if awaiting := due_view(view, UTC):
                due = wording.due({**awaiting, "until": utc(awaiting["until"])}, wanted)
                yield f"  {label(said('told.due', what=due), wanted)}"
            if view.report is not None:
                yield f"  {label(said('told.report', how=report(report_view(view.report), wanted)), wanted)}"
        yield from (label(_held(hold), wanted) for hold in self.holds)
        yield from (label(wording.note(_shown(noted)), wanted) for noted in self.notes)

    def _line(self, side: Side, filed: Listed, wanted: Sequence[str]) -> str:
        act = self._act(side, filed)
        did = f"  -> {_in(in_words(act), wanted)}" if act else ""
        delivery = self._delivery(filed)
        sent = f", {_in(Said(f'delivery.{delivery.standing.name.lower()}'), wanted)}" if delivery else ""
        sent += f" ({label(recognised(delivery.why), wanted)})" if delivery and delivery.why else ""
        by = f", {_in(_signed(filed), wanted)}" if filed.signed_by else ""
        return f"  {utc(filed.recorded_at)}  {filed.type} {label(_came(filed), wanted)}{by}{sent}{did}"


def _came(filed: Listed) -> Said:
    if filed.direction != "in":
        return said("told.to_mailbox", mailbox=filed.mailbox)
    return said("told.from_mailbox", mailbox=filed.mailbox, outcome=Said(f"outcome.{filed.outcome}"))


def _signed(filed: Listed) -> Said:
    agent, number = str(filed.signed_by), int(filed.delegation or 0)
    return said("agent.signed", agent=agent, trader=filed.mailbox, number=number)


def _shown(noted: Noted) -> Mapping[str, Any]:
    """A note with its moment in the form of all others."""
    view = note_view(noted, UTC)
    return {**view, "notedAt": utc(view["notedAt"])}


def _held(hold: Hold) -> Said:
    how = how_it_went(hold.released_at, hold.released_by)
    return said("told.held", type=hold.type, since=utc(hold.since), until=utc(hold.until), how=how)


def act_view(act: Act) -> dict[str, Any]:
    """A line of a movement's log as JSON: what happened (``trigger``, in words ``reason``), and what that did."""
    return {
        "at": _written(act.at),
        "trigger": act.trigger.name,
        "reason": act.trigger.value,
        "effect": act.effect.value,
        "before": act.before.value,
        "state": act.after.value,
        "sequence": act.sequence,
        "journey": _timer(act.journey),
        "change": act.change and _timer(act.change),
        "waited": act.waited,
        "rule": act.rule,
    }


def in_words(act: Act) -> Said:
    """What an act did and why, to be said in any language."""
    values = {**_state(act.after), "what": Said(f"trigger.{act.trigger.name}")}
    if act.effect is Effect.UNDONE:
        values["version"] = act.sequence
    if act.rule is not None:
        values["rule"] = act.rule
    did = said(f"log.{act.effect.name.lower()}", **values)
    return said("log.waited", act=did, at=utc(_written(act.at))) if act.waited else did


def history(data: Path, arc: str) -> History:
    """What the store of a data directory knows of a movement; nothing is written, and a gateway may run on it.

    Raises NotConfigured, StoreUnavailable.
    """
    own = read_settings(data).profile().address
    with closing(open_store(DataDirectory(data).database, own)) as store:
        found = dossier(store, arc, own)
    acts = {(one.act.side, one.mailbox, one.seq): one.act for one in found.acts}
    return History(found.movements, found.filed, acts, found.holds, found.notes, found.deliveries)


def _state(state: StatusType) -> dict[str, Any]:
    return {"state": state.value, "name": Said(f"state.{state}")}


def _in(what: Said, wanted: Sequence[str]) -> str:
    return " / ".join(say(what, language) for language in wanted)


def _timer(timer: Timer) -> dict[str, str]:
    return {"ends": _written(timer.ends), "stage": timer.stage.value}


def _written(at: datetime) -> str:
    return at.isoformat(timespec="microseconds")
