"""What is wrong with a registration: its number, its days, its office, and what its certificate allows."""

from collections.abc import Iterator
from datetime import date

from esad_gateway.ais.registration.acts import NumberGiven
from esad_gateway.ais.registration.case import RegistrationCase
from esad_gateway.ais.registration.ending import temporary_end
from esad_gateway.ais.registration.flaws import CaseFlaw, fault, place
from esad_gateway.ais.registration.goods_checks import certificate_faults, granted_faults, missing
from esad_gateway.ais.registration.looked import Looked
from esad_gateway.ais.registration.request_checks import licence_faults, overlap_faults, quarter_faults
from esad_gateway.emcs.identifiers import Malformed, OfficeReference
from esad_gateway.emcs.rules.numbers import number_problem
from esad_gateway.faults import Fault, Said, said
from esad_gateway.place import Place


def number_faults(values: NumberGiven, looked: Looked) -> Iterator[Fault]:
    """All that is wrong with a number that is to be given, its days and its certificate."""
    yield from _seed_faults(values, looked)
    yield from _office_faults(values, looked)
    if not values.certificate.strip():
        yield missing(looked.procedure.decision_rule, place("certificate"))
    yield from not_past(values.valid_from, place("valid_from"), looked)
    yield from certificate_faults(values.goods, values.places, looked)
    yield from _against_request(values, looked, looked.case)


def not_past(day: date, where: Place, looked: Looked) -> Iterator[Fault]:
    """A decision counts from its day on, and not from an earlier one."""
    if day < looked.today:
        yield fault(CaseFlaw.PAST, looked.procedure.decision_rule, where, day, day=f"{looked.today}")


def _against_request(values: NumberGiven, looked: Looked, case: RegistrationCase) -> Iterator[Fault]:
    yield from granted_faults(values.goods, values.places, case.request, looked)
    yield from licence_faults(values.goods, case.licences, looked, values.valid_from, place("valid_from"))
    yield from quarter_faults(looked, case.request.planned_on or values.valid_from, place("valid_from"))
    yield from overlap_faults(looked, place("valid_from"), values.valid_from)
    yield from _end_faults(values, looked, case)


def _seed_faults(values: NumberGiven, looked: Looked) -> Iterator[Fault]:
    seed, rule, where = values.seed, looked.procedure.decision_rule, place("seed")
    if problem := number_problem(seed):
        yield fault(CaseFlaw.NUMBER, rule, where, seed, why=problem)
        return
    if seed != seed.upper():
        yield fault(CaseFlaw.NUMBER, rule, where, seed, why=Said("case.small_letters"))
    if not seed.upper().startswith(looked.law.state):
        yield fault(CaseFlaw.OTHER_STATE, rule, where, seed, state=looked.law.state)
    if looked.facts.records:
        kind = Said(f"operator.{looked.facts.records[0].operator_type}")
        yield fault(CaseFlaw.TAKEN, rule, where, seed, status=kind)


def _office_faults(values: NumberGiven, looked: Looked) -> Iterator[Fault]:
    rule, where, offices = looked.procedure.decision_rule, place("office"), looked.facts.offices
    try:
        office = OfficeReference(values.office)
    except Malformed as refusal:
        yield fault(CaseFlaw.OFFICE, rule, where, values.office, why=said("hint.sentence", what=refusal.why))
        return
    if office.value[:2] != looked.law.state or (offices is not None and values.office not in offices):
        why = said("case.no_such_office", state=looked.law.state)
        yield fault(CaseFlaw.OFFICE, rule, where, values.office, why=why)


def _end_faults(values: NumberGiven, looked: Looked, case: RegistrationCase) -> Iterator[Fault]:
    """A temporary status ends by its term at the latest, another one has no end (CCE-1, CCE-6, RC-1)."""
    rule, where = looked.procedure.decision_rule, place("valid_to")
    if values.valid_to is None:
        return
    if values.valid_to < values.valid_from:
        yield fault(CaseFlaw.ENDS_FIRST, rule, where, values.valid_to, begins=f"{values.valid_from}")
    latest = temporary_end(values, case, looked)
    if latest is None:
        yield fault(CaseFlaw.HAS_END, rule, where, values.valid_to)
    elif values.valid_to > latest.day:
        yield fault(CaseFlaw.ENDS_LATE, latest.term.rule, where, values.valid_to, latest=f"{latest.day}")
