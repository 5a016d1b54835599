"""The desk of registration cases: an act is decided, and with it the register, those who are told and the notices.

It is decided and signed before the write lock is taken, as messages are, and once more where another act came in
between: the second of two officials is told what stands by then.
"""

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any, Final

from esad_gateway.ais.actors import DoneBy
from esad_gateway.ais.duty.law import DutyLaw
from esad_gateway.ais.guarantees.law import GuaranteeLaw
from esad_gateway.ais.provenance import in_force
from esad_gateway.ais.registration.acts import VALUES, ActKind, CaseAct, Submitted, is_official
from esad_gateway.ais.registration.case import (
    ActRefused,
    ActTaken,
    CaseFacts,
    CaseOutcome,
    CaseState,
    NoticeOutcome,
    RegisterOutcome,
    RegistrationCase,
)
from esad_gateway.ais.registration.deadlines import TradeFacts, candidates, open_terms
from esad_gateway.ais.registration.deciding import decide
from esad_gateway.ais.registration.law import RegistrationLaw
from esad_gateway.ais.registration.states import moves, state_of
from esad_gateway.ais.terms import working_days_left
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.seed import Change, own_refusals, register_refusals
from esad_gateway.emcs.working_days import Calendar
from esad_gateway.errors import ComposeRefused, NationalRefused, NotFound
from esad_gateway.faults import Fault, Faults, Said, said
from esad_gateway.gateway.publishing import Publication
from esad_gateway.national.case_parts import (
    DATA,
    applicant,
    asked_for,
    capacity_of,
    fault_at,
    paper_faults,
    planned_days,
    same_request,
)
from esad_gateway.national.case_securities import keep_securities
from esad_gateway.national.numbers import NumberPattern
from esad_gateway.national.seed_notices import SeedNotices
from esad_gateway.ports.national.cases import (
    CaseAnswer,
    CaseNotice,
    CasePaper,
    CaseQuery,
    CaseRow,
    EndCandidate,
    KeptCase,
    TermLeft,
)
from esad_gateway.store.database import writing
from esad_gateway.store.national.case_shelf import CaseShelf
from esad_gateway.store.national.cases import CaseRecords, CaseTransaction, case_transaction, write_paper
from esad_gateway.store.store import SqlStore
from esad_gateway.xml.plain import group_from_plain, group_to_plain

_IN_FORCE: Final = (CaseState.REGISTERED, CaseState.CHANGE_REQUESTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """What somebody wants to do; ``number`` is empty for a request that begins a case."""

    by: DoneBy
    number: str
    kind: ActKind
    data: Any
    on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Plan:
    """What an act comes to: to be written, all of it or nothing."""

    records: CaseRecords
    case: RegistrationCase
    outcomes: Sequence[CaseOutcome]
    changes: Sequence[Change]
    told: Sequence[Publication]


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationDesk:
    """The cases of one administration, by the ``law`` of its state; ``numbers`` is how its excise numbers look."""

    store: SqlStore
    law: RegistrationLaw
    guarantees: GuaranteeLaw | None
    duty: DutyLaw | None
    profile: NationalProfile
    notices_out: SeedNotices
    numbers: NumberPattern
    now: Callable[[], datetime]

    def submit(self, by: DoneBy, data: Any, on: date | None = None) -> CaseAnswer:
        """Begin a case. The same request once more is the same case, as long as it is open."""
        return self._done(_Asked(by=by, number="", kind=ActKind.SUBMIT, data=data, on=on))

    def act(self, by: DoneBy, number: str, kind: ActKind, data: Any, on: date | None = None) -> CaseAnswer:
        """Do something in a case; the same once more changes nothing. Raises NotFound for one that is not seen."""
        return self._done(_Asked(by=by, number=number, kind=kind, data=data, on=on))

    def show(self, by: DoneBy, number: str) -> KeptCase:
        """A case with all that was done. Raises NotFound, also for that of another entity."""
        found = self._shelf.find(number)
        if found is None or not self._sees(by, found.row.entity):
            raise _no_case(number)
        return self._as_it_stands(found)

    def cases(self, by: DoneBy, wanted: CaseQuery) -> Sequence[CaseRow]:
        """Cases by number: officials see all of them, others their own."""
        own = None if is_official(by) else self._entity(by) or ""
        found = self._shelf.page(wanted if own is None else replace(wanted, entity=own))
        return [replace(one, left=self._left(one.due) if one.due else None) for one in found]

    def candidates(self, by: DoneBy) -> Sequence[EndCandidate]:
        """Registrations that may be ended today, each with its ground; who is no official sees what may be its own."""
        rows = [row for state in _IN_FORCE for row in self._registered(by, state)]
        trade = self._shelf.trade({row.seed for row in rows if row.seed})
        found = [one for row in rows for one in self._ends(row, *trade.get(row.seed or "", (None, None)))]
        return sorted(found, key=lambda one: (one.row.number, one.ground))

    def notices(self, by: DoneBy, after: int = 0, limit: int = 200) -> Sequence[CaseNotice]:
        """What an entity is told, oldest first; officials see what everybody is told."""
        return self._shelf.notices(None if is_official(by) else self._entity(by) or "", after, limit)

    def keep(self, by: DoneBy, name: str, media: str, body: bytes, entity: str = "") -> CasePaper:
        """Keep a paper; the same bytes once more are the same paper. Raises NotFound where nobody owns it."""
        owner = (entity if is_official(by) else "") or self._entity(by)
        if not owner:
            raise NotFound(Said("case.desk.no_entity"))
        digest = hashlib.sha256(body).hexdigest()
        paper = CasePaper(
            entity=owner, digest=digest, name=name, media=media, size=len(body), at=self.now(), by=by.name
        )
        with writing(self.store.writer) as connection:
            write_paper(connection, paper, body, owner, by)
        kept = self._shelf.paper(owner, digest)
        return kept[0] if kept else paper

    def paper(self, by: DoneBy, number: str, digest: str) -> tuple[CasePaper, bytes]:
        """A paper of the entity of a case. Raises NotFound."""
        found = self._shelf.paper(self.show(by, number).row.entity, digest)
        if found is None:
            raise NotFound(said("case.desk.no_paper", digest=digest[:64], number=number))
        return found

    def _registered(self, by: DoneBy, state: CaseState) -> Iterator[CaseRow]:
        """All cases in a state, page by page."""
        after = ""
        while page := self.cases(by, CaseQuery(state=state, after=after)):
            yield from page
            after = page[-1].number

    def _ends(self, row: CaseRow, last: datetime | None, cover: date | None) -> Iterator[EndCandidate]:
        kept = self._shelf.find(row.number)
        if kept is None:
            return
        facts = TradeFacts(last_dispatch=last and self.profile.local_date(last), cover_until=cover)
        for one in candidates(kept.case, facts, self.law, self._calendar, self._today):
            until = one.end.day if one.end else None
            yield EndCandidate(row=row, ground=one.ground, since=one.since, rule=one.rule, until=until)

    @property
    def _shelf(self) -> CaseShelf:
        return CaseShelf(self.store)

    def _as_it_stands(self, kept: KeptCase) -> KeptCase:
        """The same with what may follow, and what is due."""
        procedure = self.law.procedure(kept.row.status, self.profile.local_date(kept.case.acts[0].at))
        follows = moves(procedure, kept.row.state) if procedure else {}
        terms = tuple(
            TermLeft(
                purpose=one.purpose.value,
                since=one.since,
                until=one.end.day,
                rule=one.end.term.rule,
                left=self._left(one.end.day),
            )
            for one in open_terms(kept.case, self.law, self._calendar)
        )
        row = replace(kept.row, left=self._left(kept.row.due) if kept.row.due else None)
        return replace(kept, row=row, follows=tuple(follows), terms=terms)

    @property
    def _calendar(self) -> Calendar:
        return self.profile.calendar_of(self.profile.state)

    def _left(self, last: date) -> int:
        return working_days_left(self._today, last, self._calendar)

    def _entity(self, by: DoneBy) -> str | None:
        return by.entity or (self._shelf.entity_of(by.seed) if by.seed else None)

    def _sees(self, by: DoneBy, entity: str) -> bool:
        return is_official(by) or self._entity(by) == entity

    def _done(self, asked: _Asked) -> CaseAnswer:
        try:
            with case_transaction(self.store) as transaction:
                plan = self._plan(transaction, asked)
                if isinstance(plan, _Plan) and not transaction.lock():
                    plan = self._plan(transaction, asked)
                if isinstance(plan, _Plan):
                    self._write(transaction, plan)
        except NationalRefused as refused:
            return CaseAnswer(case=self._shown(asked.number), faults=refused.faults)
        if isinstance(plan, _Plan):
            return CaseAnswer(case=self._shown(plan.records.row.number))
        return plan

    def _write(self, transaction: CaseTransaction, plan: _Plan) -> None:
        transaction.add(plan.records)
        if self.guarantees is not None:
            keep_securities(transaction.connection, plan.case, plan.outcomes, self.guarantees)
        if plan.changes:
            at_ = plan.records.act.at
            transaction.write(self.notices_out.records(transaction, plan.changes, plan.told, at_))

    def _plan(self, transaction: CaseTransaction, asked: _Asked) -> _Plan | CaseAnswer:
        """What an act comes to as things stand, or why nothing is done."""
        case = self._found(transaction, asked)
        try:
            values = group_from_plain(self._completed(transaction, asked, case), VALUES[asked.kind])
        except ComposeRefused as refused:
            return CaseAnswer(case=self._kept(case), faults=refused.faults)
        entity = applicant(case, values)
        if faults := (*self._owner_faults(asked.by, entity), *paper_faults(transaction, entity, values)):
            return CaseAnswer(case=self._kept(case), faults=tuple(faults))
        if case is None and (open_one := same_request(transaction.cases_of(entity), values)) is not None:
            return CaseAnswer(case=self._kept(open_one), again=True)
        act = CaseAct(kind=asked.kind, at=self.now(), by=asked.by, values=values, on=asked.on)
        decided = decide(case, act, self._facts(transaction, case, act, entity), self.law)
        if isinstance(decided, ActRefused):
            return CaseAnswer(case=self._kept(case), faults=decided.faults, conflict=decided.conflict)
        if decided.again:
            return CaseAnswer(case=self._kept(case), again=True)
        return self._planned(transaction, decided, act)

    def _planned(self, transaction: CaseTransaction, decided: ActTaken, act: CaseAct) -> _Plan | CaseAnswer:
        case, lines = decided.case, dict[str, int]()
        if not case.number:
            case, lines = self._numbered(transaction, case, act)
        changes = tuple(self._changes(case, decided))
        if faults := self._register_faults(transaction, changes, act):
            return CaseAnswer(case=self._kept(case), faults=faults)
        told = self.notices_out.signed(changes, transaction.peers(), act.at)
        outcomes = [one for one in decided.outcomes if isinstance(one, RegisterOutcome)]
        lines |= self._line_of(outcomes, transaction)
        records = CaseRecords(
            row=self._row(case, act),
            act=act,
            name=case.request.applicant.name,
            notices=[one for one in decided.outcomes if isinstance(one, NoticeOutcome)],
            told=[(one.message.header.message_recipient, one.message.header.message_identifier) for one in told],
            numbers=[one.operator.seed for one in outcomes],
            lines=lines,
        )
        return _Plan(records=records, case=case, outcomes=decided.outcomes, changes=changes, told=told)

    def _found(self, transaction: CaseTransaction, asked: _Asked) -> RegistrationCase | None:
        if not asked.number:
            return None
        case = transaction.case(asked.number)
        if case is None or not self._sees(asked.by, case.request.applicant.code):
            raise _no_case(asked.number)
        return case

    def _kept(self, case: RegistrationCase | None) -> KeptCase | None:
        return self._shown(case.number if case else "")

    def _shown(self, number: str) -> KeptCase | None:
        found = self._shelf.find(number) if number else None
        return found and self._as_it_stands(found)

    def _completed(self, transaction: CaseTransaction, asked: _Asked, case: RegistrationCase | None) -> Any:
        """The values of an act with what an official may leave out: number, first day, and what was asked for.

        Once a number was given it is that one, so that the same act again is the same.
        """
        if asked.kind is not ActKind.REGISTER or case is None or not isinstance(asked.data, Mapping):
            return asked.data
        given = {name: one for name, one in asked.data.items() if one is not None}
        if (before := case.last(ActKind.REGISTER)) is not None:
            return {**group_to_plain(before.values), **given}
        seed, _ = self.numbers.after(
            transaction.last_of_line(self.numbers.text), lambda one: bool(transaction.records(one))
        )
        offered = {"seed": seed, "valid_from": self._today.isoformat(), "certificate": case.number}
        return {**offered, **asked_for(case), **given}

    @property
    def _today(self) -> date:
        return self.profile.local_date(self.now())

    def _owner_faults(self, by: DoneBy, entity: str) -> Iterator[Fault]:
        if not self._sees(by, entity):
            text, hint = Said("case.desk.other_entity.text"), Said("case.desk.other_entity.hint")
            yield fault_at("CCE-3", (text, hint), DATA / "request" / "applicant" / "code", entity)

    def _facts(
        self, transaction: CaseTransaction, case: RegistrationCase | None, act: CaseAct, entity: str
    ) -> CaseFacts:
        registered = case.registered if case else None
        seed = getattr(act.values, "seed", None) or (registered.seed if registered else "")
        request = act.values.request if isinstance(act.values, Submitted) else case.request if case else None
        counterparty = request.counterparty if request else None
        others = [one for one in transaction.cases_of(entity) if case is None or one.number != case.number]
        return CaseFacts(
            calendar=self._calendar,
            tariff_groups=self._groups(act),
            offices=transaction.offices(),
            records=transaction.records(seed) if seed else (),
            counterparty=transaction.records(counterparty.seed) if counterparty else (),
            capacities=tuple(capacity_of(entity, one) for one in transaction.records_of_entity(entity)),
            temporary_days=tuple(planned_days(others, request.status)) if request else (),
        )

    def _groups(self, act: CaseAct) -> Mapping[str, frozenset[str]] | None:
        if self.duty is None:
            return None
        day = act.on or self.profile.local_date(act.at)
        return {one.code: one.products for one in self.duty.groups if in_force((one,), day)}

    def _numbered(
        self, transaction: CaseTransaction, case: RegistrationCase, act: CaseAct
    ) -> tuple[RegistrationCase, dict[str, int]]:
        """A new case with its number: the year, and how many there were in it."""
        year = self.profile.local_date(act.at).year
        line = f"case {year}"
        last = transaction.last_of_line(line) + 1
        return replace(case, number=f"{year}-{last:06}"), {line: last}

    def _line_of(self, outcomes: Sequence[RegisterOutcome], transaction: CaseTransaction) -> Mapping[str, int]:
        """How far the counter of excise numbers has come, where it has given the number that is registered."""
        last = transaction.last_of_line(self.numbers.text)
        given, serial = self.numbers.after(last, lambda one: bool(transaction.records(one)))
        return {self.numbers.text: serial} if any(one.operator.seed == given for one in outcomes) else {}

    def _changes(self, case: RegistrationCase, decided: ActTaken) -> Iterator[Change]:
        for one in decided.outcomes:
            if isinstance(one, RegisterOutcome):
                yield Change(
                    place=DATA / "register",
                    operation=one.operation,
                    activation=one.activation,
                    action=f"{case.number}-{len(case.acts)}",
                    operator=one.operator,
                    address=one.address,
                )

    def _register_faults(self, transaction: CaseTransaction, changes: Sequence[Change], act: CaseAct) -> Faults:
        """What the register says against it, as it would against a change of another administration."""
        day = self.profile.local_date(act.at)
        return tuple(
            refusal.fault
            for change in changes
            for refusal in (
                *own_refusals(change, day, self.profile.state),
                *register_refusals(change, transaction),
            )
        )

    def _row(self, case: RegistrationCase, act: CaseAct) -> CaseRow:
        terms = open_terms(case, self.law, self._calendar)
        registered = case.registered
        return CaseRow(
            number=case.number,
            entity=case.request.applicant.code,
            status=case.status,
            state=state_of(case),
            seed=registered.seed if registered else None,
            due=min((one.end.day for one in terms), default=None),
            acts=len(case.acts),
            changed_at=act.at,
        )


def _no_case(number: str) -> NotFound:
    return NotFound(said("case.desk.none", number=number))
