"""Registration cases in the tests: a desk on a gateway of this process, requests, and who acts."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

from esad_gateway.ais.actors import ActorKind, DoneBy
from esad_gateway.ais.registration.acts import ActKind
from esad_gateway.national.cases import RegistrationDesk
from esad_gateway.national.opening import registration_desk
from esad_gateway.ports.national.cases import CaseAnswer, KeptCase
from esad_gateway.settings import Settings
from esad_gateway.store.database import writing
from esad_gateway.store.national import people_tables
from esad_gateway.store.seal import note_change
from esad_gateway.store.upserts import adding
from helpers.gateway import FOREIGN_CONSIGNEE, FOREIGN_CONSIGNOR, Station

ENTITY = "100000001"
OFFICE = "LT001000"
PROOF = b"%PDF-1.4 paid"
PROOF_DIGEST = hashlib.sha256(PROOF).hexdigest()

OFFICER = DoneBy(kind=ActorKind.OPERATOR, name="officer")
APPLICANT = DoneBy(kind=ActorKind.PERSON, name="48001010001", entity=ENTITY)
STRANGER = DoneBy(kind=ActorKind.PERSON, name="48001010002", entity="302000002")

CONSIGNEE_FOR_GOOD = "certified_consignee"
CONSIGNOR_FOR_GOOD = "certified_consignor"
CONSIGNEE_ONCE = "temporary_certified_consignee"
CONSIGNOR_ONCE = "temporary_certified_consignor"


def request(status: str = CONSIGNOR_FOR_GOOD, code: str = ENTITY, **more: Any) -> dict[str, Any]:
    """The values of a request that is complete, as plain data."""
    once = status.startswith("temporary")
    goods: dict[str, Any] = {"product": "W200", "tariff_group": "210", ("quantity" if once else "monthly"): "9000"}
    other = FOREIGN_CONSIGNOR if status.endswith("consignee") else FOREIGN_CONSIGNEE
    counterparty = {"seed": other, "name": "Trader PL", "street": "Ulica 1", "postcode": "00-001", "city": "Warszawa"}
    temporary = {"counterparty": counterparty, "planned_on": "2026-03-10"} if once else {}
    secured = {"security": "deposit"} if status.endswith("consignee") else {}
    asked = {
        "status": status,
        "applicant": {
            "code": code,
            "name": "Trader One",
            "street": "Gatvė",
            "number": "1",
            "postcode": "01100",
            "city": "Vilnius",
            "email": "trader.one@example.lt",
        },
        "goods": [goods],
        "places": [{"street": "Gatvė 1", "city": "Vilnius"}],
        "per_quarter": 2 if once else 12,
        **temporary,
        **secured,
        **more,
    }
    return {"request": asked, "channel": "email" if "certified" in status else "mano_vmi"}


def owned(station: Station, seed: str, code: str = ENTITY) -> None:
    """Say that a number belongs to an entity."""
    with writing(station.runtime.store.writer) as connection:
        connection.execute(adding(people_tables.entity), {"code": code, "name": "Trader One"})
        connection.execute(adding(people_tables.entity_number), {"seed": seed, "entity": code})
        note_change(connection, of_directory=False)


def desk_of(station: Station, settings: Settings | None = None) -> RegistrationDesk:
    """The desk of a gateway, by its settings or others."""
    runtime = station.runtime
    desk = registration_desk(
        runtime.store, runtime.verifier.signer, runtime.readers, settings or runtime.settings, lambda: station.clock.at
    )
    assert desk is not None
    return desk


@dataclass
class Clerk:
    """Acts in the cases of a gateway, one of them at a time."""

    desk: RegistrationDesk
    number: str = field(default="")

    def submit(self, status: str = CONSIGNOR_FOR_GOOD, by: DoneBy = APPLICANT, **more: Any) -> KeptCase:
        """A request that is taken; what follows is about its case."""
        answer = self.desk.submit(by, request(status, **more))
        self.number = _taken(answer).row.number
        return _taken(answer)

    def try_(self, kind: ActKind, data: Any, by: DoneBy = OFFICER) -> CaseAnswer:
        """An act, whatever becomes of it."""
        return self.desk.act(by, self.number, kind, data)

    def act(self, kind: ActKind, data: Any, by: DoneBy = OFFICER) -> KeptCase:
        """An act that is taken."""
        return _taken(self.try_(kind, data, by))

    def secure(self) -> KeptCase:
        """The amount is set, the deposit comes, and its proof is handed in."""
        self.act(ActKind.SET_AMOUNT, {"amount": "2286.00"})
        self.act(ActKind.PAY, {"amount": "2286.00", "reference": "P-1"})
        self.desk.keep(APPLICANT, "payment.pdf", "application/pdf", PROOF)
        proof = {"channel": "mano_vmi", "document": {"name": "payment.pdf", "digest": PROOF_DIGEST}}
        return self.act(ActKind.PROVE, proof, APPLICANT)

    def secure_by_surety(self, until: str) -> KeptCase:
        """The amount is set, and a surety until a day is given and accepted as S-1."""
        self.act(ActKind.SET_AMOUNT, {"amount": "2286.00"})
        self.desk.keep(APPLICANT, "surety.pdf", "application/pdf", PROOF)
        surety = {
            "kind": "surety",
            "amount": "2286.00",
            "guarantor": "Insurer One",
            "channel": "mano_vmi",
            "signature": "qualified",
            "document": {"name": "surety.pdf", "digest": PROOF_DIGEST},
            "until": until,
        }
        self.act(ActKind.GIVE_SECURITY, surety, APPLICANT)
        return self.act(ActKind.ACCEPT_SECURITY, {"number": "S-1"})

    def register(self, **more: Any) -> KeptCase:
        """The number is given."""
        return self.act(ActKind.REGISTER, {"office": OFFICE, **more})

    def registered(self, status: str = CONSIGNOR_FOR_GOOD, **more: Any) -> KeptCase:
        """All of it, up to the number."""
        self.submit(status, **more)
        if more.get("security") or status.endswith("consignee"):
            self.secure()
        return self.register()


def _taken(answer: CaseAnswer) -> KeptCase:
    assert answer.faults == (), [(fault.rule, fault.path, fault.text.key, fault.value) for fault in answer.faults]
    assert answer.case is not None
    return answer.case
