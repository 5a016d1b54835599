"""How the other side has acted in a recording, as a script of simulated member states; and who took part."""

import base64
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from types import MappingProxyType
from typing import Final

from lxml import etree

from esad_gateway.errors import EsadError
from esad_gateway.simulator.recording.model import DOCUMENTS, RecordedBody, Recording
from esad_gateway.simulator.recording.walking import SIGNED
from esad_gateway.simulator.scripts.model import Do, Script, ScriptStep, Then, When
from esad_gateway.xml.parse import parse

ROLES: Final[Mapping[str, str]] = MappingProxyType(
    {"ConsignorTrader/TraderExciseNumber": "consignor", "ConsigneeTrader/Traderid": "consignee"}
)
_CONCLUSIONS: Final[Mapping[str, Do]] = MappingProxyType(
    {"1": Do.ACCEPT, "2": Do.ACCEPT, "3": Do.REFUSE, "4": Do.PARTIALLY_REFUSE}
)
_AT_ONCE: Final = timedelta(0)


@dataclass(slots=True)
class _Sent:
    """An e-SAD that a recorded system has sent: which one to that state, and when it was accepted."""

    state: str
    nth: int
    at: datetime
    lrn: str

    def when(self, *, by_reference: bool) -> When:
        """How a script knows it again."""
        return When(state=self.state, lrn=self.lrn) if by_reference else When(state=self.state, nth=self.nth)


@dataclass(slots=True)
class _Acted:
    """What is known so far."""

    by_reference: bool
    sent: dict[str, _Sent] = field(default_factory=dict)
    steps: dict[str, ScriptStep] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)


def parties(recording: Recording) -> Mapping[str, str]:
    """Who took part in a recording: the excise number, and whether as ``consignor`` or as ``consignee``."""
    found: dict[str, str] = {}
    for body in _bodies(recording):
        for root in documents(body):
            for path, role in ROLES.items():
                for number in root.iterfind(".//" + _local(path)):
                    found.setdefault((number.text or "").strip(), role)
    return {number: role for number, role in found.items() if number}


def counterparts(recording: Recording, *, by_reference: bool = False) -> Script:
    """What the consignees of a recorded system's e-SADs have done about them, as far as it has read their documents.

    The nth e-SAD to a state is answered as the nth one was, as long after it: accepted (with what was short or too
    much), refused, partially refused, alerted of or rejected. What the system did itself it does again.
    ``by_reference``: each is known again by its local reference number in place of its turn.
    """
    acted = _Acted(by_reference)
    for exchange in recording.exchanges:
        for root in documents(exchange.request.body):
            acted.own.update(one.get("by", "") for one in root.iter(SIGNED))
            answer = exchange.answer.body.value if exchange.answer else None
            if _kind(root) == "IE815" and isinstance(answer, dict) and answer.get("arc"):
                at = recording.began + timedelta(seconds=exchange.at)
                _note_sent(acted, root, str(answer["arc"]), at)
        if exchange.answer is not None:
            for root in documents(exchange.answer.body):
                _note_answer(acted, root)
    return Script(tuple(acted.steps.values()), title="As recorded")


def documents(body: RecordedBody) -> Iterator[etree._Element]:
    """The messages in a body: it, or what its envelope carries."""
    if body.xml is None:
        return
    root = _parsed(body.xml.encode())
    if root is None:
        return
    if _kind(root).startswith("IE"):
        yield root
    for carried in root.iterfind(".//{*}document"):
        try:
            inside = _parsed(base64.b64decode(carried.text or "", validate=True))
        except ValueError:
            continue
        if inside is not None:
            yield inside


def _parsed(content: bytes) -> etree._Element | None:
    try:
        return parse(content, DOCUMENTS)
    except EsadError:
        return None


def _bodies(recording: Recording) -> Iterator[RecordedBody]:
    for exchange in recording.exchanges:
        yield exchange.request.body
        if exchange.answer is not None:
            yield exchange.answer.body


def _note_sent(acted: _Acted, root: etree._Element, arc: str, at: datetime) -> None:
    consignee = _said(root, "ConsigneeTrader/Traderid")
    if arc not in acted.sent and consignee:
        state = consignee[:2]
        before = sum(one.state == state for one in acted.sent.values())
        acted.sent[arc] = _Sent(state, before + 1, at, _said(root, "LocalReferenceNumber"))


def _note_answer(acted: _Acted, root: etree._Element) -> None:
    """What a consignee has done, where it is none of the recorded system's own traders; the first time counts."""
    sent = acted.sent.get(_said(root, "ExciseMovement/AdministrativeReferenceCode"))
    made = _DEEDS.get(_kind(root))
    consignee = _said(root, "ConsigneeTrader/Traderid") or _said(root, "SubmitterIdentification")
    if sent is None or made is None or consignee in acted.own:
        return
    key = f"{sent.state} {sent.nth} {_kind(root)}"
    if key not in acted.steps:
        when = sent.when(by_reference=acted.by_reference and bool(sent.lrn))
        acted.steps[key] = ScriptStep(when=when, then=made(root, _after(root, sent.at)))


def _report(root: etree._Element, after: timedelta) -> Then:
    do = _CONCLUSIONS.get(_said(root, "GlobalConclusionOfReceipt"), Do.ACCEPT)
    shortages: dict[int, Decimal] = {}
    excesses: dict[int, Decimal] = {}
    refused: dict[int, Decimal] = {}
    if do is not Do.REFUSE:
        for line in root.iter("{*}BodyReportOfReceiptExport"):
            number, observed = (
                int(_said(line, "BodyRecordUniqueReference") or 0),
                _said(line, "ObservedShortageOrExcess"),
            )
            if observed:
                less = _said(line, "IndicatorOfShortageOrExcess") == "S"
                (shortages if less else excesses)[number] = Decimal(observed)
            if do is Do.PARTIALLY_REFUSE and (quantity := _said(line, "RefusedQuantity")):
                refused[number] = Decimal(quantity)
    if do is Do.PARTIALLY_REFUSE and not refused:
        do = Do.REFUSE
    return Then(do=do, after=after, shortages=shortages, excesses=excesses, refused=refused)


def _alert(root: etree._Element, after: timedelta) -> Then:
    return Then(do=Do.REJECT if _said(root, "EadEsadRejectedFlag") == "1" else Do.ALERT, after=after)


_DEEDS: Final = MappingProxyType({"IE818": _report, "IE819": _alert})


def _after(root: etree._Element, at: datetime) -> timedelta:
    """How long after the e-SAD was accepted; documents are in UTC."""
    named = (one.text for one in root.iter() if etree.QName(one).localname.startswith("DateAndTimeOfValidation"))
    try:
        return max(datetime.fromisoformat(next(named) or "").replace(tzinfo=UTC) - at, _AT_ONCE)
    except (StopIteration, ValueError):
        return _AT_ONCE


def _said(root: etree._Element, path: str) -> str:
    found = root.find(".//" + _local(path))
    return "" if found is None else (found.text or "").strip()


def _local(path: str) -> str:
    return "/".join(f"{{*}}{name}" for name in path.split("/"))


def _kind(root: etree._Element) -> str:
    return etree.QName(root).localname
