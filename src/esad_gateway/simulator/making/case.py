"""What test data is judged against: the time, the national profile, the register, and the movements there are.

It stands in ``fixtures/messages/case.toml``, seen by the administration whose traders and offices write.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from functools import cache
from itertools import chain, count, cycle, islice
from typing import Any
from zoneinfo import ZoneInfo

from esad_gateway import resources
from esad_gateway.emcs.codes import DestinationTypeCode, GuarantorTypeCode, IndicatorOfShortageOrExcess, StatusType
from esad_gateway.emcs.messages import IE815, Message
from esad_gateway.emcs.messages.subject import movement_of
from esad_gateway.emcs.movement import Line, Movement, Side, Timer
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.registry import Facts, Operator, OperatorType, TemporaryAuthorisation
from esad_gateway.emcs.rules import Case, Context, case_faults, content_faults
from esad_gateway.faults import Faults
from esad_gateway.frozen import frozen


@frozen(kw_only=True)
class MadeCase:
    """What is known when a message arrives: the register, movements by ARC, used pairs (consignor, LRN)."""

    context: Context
    facts: Facts
    movements: Mapping[str, Movement]
    used_lrns: Mapping[tuple[str, str], str]

    def case_of(self, message: Message) -> Case:
        """What the store would say about ``message``."""
        taken_by = self.used_lrns.get(_lrn_of(message)) if isinstance(message, IE815) else None
        facts = replace(self.facts, lrn_taken_by=taken_by)
        return Case(context=self.context, movement=self.movement_of(message), facts=facts)

    def movement_of(self, message: Message) -> Movement | None:
        """The movement that a message is about."""
        named = movement_of(message)
        return self.movements.get(named.administrative_reference_code) if named else None

    def faults_of(self, message: Message) -> Faults:
        """Every fault of ``message``, those of its content first. Not checked: its header, its schema, who sends it."""
        return content_faults(message, self.context) + case_faults(message, self.case_of(message))

    def with_lines(self, number: int) -> "MadeCase":
        """The same, where every movement has so many lines, of its own goods in turn."""
        grown = {arc: replace(one, lines=_in_turn(one.lines, number)) for arc, one in self.movements.items()}
        return replace(self, movements=grown)


@cache
def shipped_case() -> MadeCase:
    """The one of ``case.toml``."""
    file = resources.fixtures() / "messages" / "case.toml"
    data = tomllib.loads(file.read_text(encoding="utf-8"))
    return MadeCase(
        context=Context(now=data["now"], profile=_profile(data["profile"])),
        facts=_facts(data),
        movements={row["arc"]: _movement(row) for row in data["movements"]},
        used_lrns={(row["consignor"], row["lrn"]): row["arc"] for row in data["used_lrns"]},
    )


def at(now: datetime) -> Context:
    """The same context at another moment."""
    return Context(now=now, profile=shipped_case().context.profile)


def _in_turn(lines: tuple[Line, ...], number: int) -> tuple[Line, ...]:
    """So many lines, the given ones in turn; where one has a discrepancy, all have."""
    found = next((line.discrepancy for line in lines if line.discrepancy), None)
    whole = [line for line in lines if not line.refused] or lines
    more = (replace(line, reference=reference) for line, reference in zip(cycle(whole), count(len(lines) + 1)))
    return tuple(replace(line, discrepancy=found) for line in islice(chain(lines, more), number))


def _lrn_of(message: IE815) -> tuple[str, str]:
    return message.consignor_trader.trader_excise_number, message.ead_esad_draft.local_reference_number


def _profile(row: Mapping[str, Any]) -> NationalProfile:
    return NationalProfile(
        state=row["state"],
        time_zone=ZoneInfo(row["time_zone"]),
        maximum_journey_days=row["maximum_journey_days"],
    )


def _facts(data: Mapping[str, Any]) -> Facts:
    return Facts(
        operators={row["seed"]: _operator(row) for row in data["operators"]},
        offices=frozenset(data["offices"]),
        reports=frozenset((row["number"], row["arc"]) for row in data["reports"]),
        used={(row["authorisation"], row["product"]): Decimal(row["quantity"]) for row in data["used"]},
        movements_under=data["movements_under"],
    )


def _operator(row: Mapping[str, Any]) -> Operator:
    return Operator(
        seed=row["seed"],
        name=row["name"],
        operator_type=OperatorType(row["type"]),
        office=row["office"],
        valid_from=row["valid_from"],
        valid_to=row.get("valid_to"),
        products=frozenset(row["products"]),
        temporary=_temporary(row["temporary"]) if "temporary" in row else None,
    )


def _temporary(row: Mapping[str, Any]) -> TemporaryAuthorisation:
    quantities = {product: Decimal(quantity) for product, quantity in row["quantities"].items()}
    return TemporaryAuthorisation(
        counterparty=row.get("counterparty"), reusable=row.get("reusable", False), quantities=quantities
    )


def _movement(row: Mapping[str, Any]) -> Movement:
    typed = {
        "side": Side(row["side"]),
        "state": StatusType(row["state"]),
        "destination_type": DestinationTypeCode(row["destination_type"]),
        "delivery_place": row.get("delivery_place"),
        "guarantor": GuarantorTypeCode(row["guarantor"]) if "guarantor" in row else None,
        "lines": tuple(map(_line, row["lines"])),
        "journey": Timer(row["limit"]),
    }
    return Movement(**({name: value for name, value in row.items() if name != "limit"} | typed))


def _line(row: Mapping[str, Any]) -> Line:
    return Line(
        row["reference"],
        row["product"],
        Decimal(row["quantity"]),
        Decimal(row["refused"]) if "refused" in row else None,
        IndicatorOfShortageOrExcess(row["discrepancy"]) if "discrepancy" in row else None,
    )
