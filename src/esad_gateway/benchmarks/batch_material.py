"""What batches are measured with: a gateway that keeps a trader's key, and files of rows of which no two are alike."""

import csv
from collections.abc import Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from random import Random
from typing import Final

from cryptography.hazmat.primitives.asymmetric import ec

from esad_gateway.batch.tables.columns import LAYOUTS, BatchKind
from esad_gateway.batch.tables.templates import template
from esad_gateway.batch.trader_keys import TraderKeys
from esad_gateway.benchmarks.material import Material
from esad_gateway.emcs.registry import Operator
from esad_gateway.sheets.table import FileFormat
from esad_gateway.sheets.writing import SheetTable, Writable, write_sheet
from esad_gateway.signing.pki import KeyKind
from esad_gateway.simulator.box import Member, free_ports
from esad_gateway.simulator.exchange import OPERATORS
from esad_gateway.store.opening import open_store
from esad_gateway.store.registry import Registry

SEED: Final = 20261129
"""Of the random numbers in the rows: every run makes the same quantities."""

DISPATCH_COLUMNS: Final = (
    *("local_reference_number", "dispatched", "invoice_number", "office"),
    *("consignor", "consignor_name", "consignor_street", "consignor_postcode", "consignor_city"),
    *("consignee", "consignee_name", "consignee_street", "consignee_postcode", "consignee_city"),
    *("destination_type", "journey_time", "transport_arrangement", "transport_mode", "transport_unit"),
    *("transport_identity", "guarantor_type", "product", "cn_code", "quantity", "gross_mass", "net_mass"),
    *("strength", "description", "packages", "package_kind"),
)
"""Thirty columns: what a dispatch of wine has to have, and what people write besides."""

_WINES: Final = ("Baltasis vynas, 0,75 l", "Raudonasis vynas, 0,75 l", "Rožinis vynas, 0,5 l")

RECEIVER: Final = "LT00000000901"
"""Who enters receipts into its SAAD list."""

_RECEIVES: Final = replace(OPERATORS[1], seed=RECEIVER)

Row = Mapping[str, str]


@dataclass(frozen=True, kw_only=True)
class BatchMaterial:
    """A data directory below ``material.root``, and files of rows for it. All keys are on P-256."""

    material: Material
    today: date

    @classmethod
    def make(cls, root: Path) -> "BatchMaterial":
        """Make it in the empty folder ``root``, with the key of the consignor and with who receives goods on paper."""
        material = Material.make(root, KeyKind.P256)
        agent = material.agent
        made = cls(material=material, today=material.settings.profile().local_date(datetime.now(UTC)))
        TraderKeys(material.data.trader_keys).keep(made.consignor, agent.key, agent.certificate)
        with closing(open_store(material.data.database, "NDEA.LT")) as store:
            Registry(store).add_operators([(_RECEIVES, {}, ())])
        return made

    @property
    def root(self) -> Path:
        """The data directory."""
        return self.material.data.root

    @property
    def consignor(self) -> str:
        """Who dispatches, and has the gateway sign."""
        return self.material.consignors[0].seed

    @property
    def operators(self) -> tuple[Operator, ...]:
        """Everybody in the registry."""
        return (*self.material.operators, _RECEIVES)

    @property
    def key(self) -> ec.EllipticCurvePrivateKey:
        """The key of the consignor."""
        key = self.material.agent.key
        if not isinstance(key, ec.EllipticCurvePrivateKey):
            raise TypeError(key)
        return key

    def trader(self, kind: BatchKind) -> str:
        """Whose batches of a kind are."""
        return self.consignor if kind is BatchKind.DISPATCH else RECEIVER

    @cached_property
    def member(self) -> Member:
        """The gateway of the data directory, as it is served."""
        return Member(state="LT", data=self.material.data, port=free_ports(1)[0])

    def write(self, kind: BatchKind, path: Path, count: int, begin: str) -> None:
        """Write a file of so many documents, a row each, whose numbers ``begin`` so; its name says the format."""
        if kind is BatchKind.DISPATCH:
            self.dispatches(path, count, begin)
        else:
            self.receipts(path, count, begin)

    def dispatches(self, path: Path, count: int, begin: str) -> None:
        """Write a CSV file of so many dispatches, an e-SAD a row, whose numbers ``begin`` so."""
        table, random = template(BatchKind.DISPATCH, None, self.today), Random(SEED)  # noqa: S311 - no secret
        first = dict(zip(table.heading, (cell.text for cell in next(iter(table.cells()))), strict=True))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, DISPATCH_COLUMNS, delimiter=";", extrasaction="ignore")
            writer.writeheader()
            writer.writerows({**first, **self._dispatch(begin, number, random)} for number in range(count))

    def _dispatch(self, begin: str, number: int, random: Random) -> Row:
        litres, consignee = random.randrange(9, 90_000), random.choice(self.material.consignees)
        return {
            "local_reference_number": f"{begin}-{number:07}",
            "invoice_number": f"PAV-{begin}-{number:07}",
            "consignor": self.consignor,
            "consignee": consignee.seed,
            "consignee_name": consignee.name,
            "quantity": str(litres),
            "gross_mass": str(Decimal(litres) * Decimal("1.6")),
            "net_mass": str(Decimal(litres) * Decimal("1.01")),
            "strength": str(Decimal(random.randrange(90, 145)) / 10),
            "description": random.choice(_WINES),
            "packages": str(random.randrange(1, 400)),
            "transport_identity": f"AAA {random.randrange(1000):03}",
        }

    def receipts(self, path: Path, count: int, begin: str) -> None:
        """Write a file of so many receipts, a document a row, whose numbers ``begin`` so; the name says the format."""
        names = tuple(column.name for column in LAYOUTS[BatchKind.SAAD].columns)
        table = SheetTable(heading=names, rows=self._receipts(count, begin))
        write_sheet(path, FileFormat(path.suffix[1:]), table)

    def _receipts(self, count: int, begin: str) -> Iterator[list[Writable]]:
        random = Random(SEED)  # noqa: S311 - no secret
        dispatched, received = (self.today - timedelta(days=days) for days in (2, 1))
        for number in range(count):
            litres = Decimal(random.randrange(100, 10_000_000)) / 100
            consignor = f"EL{random.randrange(40):011}"
            strength, packages = Decimal(random.randrange(35, 80)) / 10, random.randrange(1, 400)
            document: list[Writable] = ["paper", f"{begin}-{number:07}", "EL", consignor, dispatched, received]
            goods: list[Writable] = ["B000", "22030001", litres, strength, 12, packages, "BX", None, None, None]
            yield [*document, RECEIVER, "certified_consignee", "0", *goods]
