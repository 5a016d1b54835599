"""``esad bench batch``: contenders that do their work, and what is told of it; nothing here says how fast that is."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from sqlalchemy.exc import IntegrityError
from xmlschema import XMLSchemaValidationError

from esad_gateway import resources
from esad_gateway.batch.tables.columns import BatchKind
from esad_gateway.benchmarks.batch import FORMATS, BatchPlan, measure_batch
from esad_gateway.benchmarks.batch_beside import BesidePlan
from esad_gateway.benchmarks.batch_floor import DraftFloor
from esad_gateway.benchmarks.batch_material import DISPATCH_COLUMNS, RECEIVER, BatchMaterial
from esad_gateway.benchmarks.batch_ours import ours_of
from esad_gateway.benchmarks.batch_usual import UsualBatches, csv_rows, xlsx_rows
from esad_gateway.benchmarks.material import Material
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.cli.common.bench_tables import show_batch
from esad_gateway.errors import SenderError
from esad_gateway.ports.batches import Mode

IE815 = resources.schemas() / "emcs" / "3.23" / "ie815.xsd"
SMALL = BatchPlan(
    rounds=1,
    dispatches=40,
    usual_dispatches=2,
    receipts=40,
    usual_receipts=4,
    memory=(20, 40),
    sheet=20,
    beside=BesidePlan(rounds=1, messages=8, rows={BatchKind.DISPATCH: 2_000}),
)


@pytest.fixture(scope="module")
def material(tmp_path_factory: pytest.TempPathFactory) -> BatchMaterial:
    """A gateway that keeps a trader's key."""
    return BatchMaterial.make(tmp_path_factory.mktemp("material"))


@pytest.fixture
def draft(material: BatchMaterial) -> bytes:
    """An unsigned draft that the schema accepts."""
    return next(Material.drafts(material.material)).unsigned


@pytest.fixture
def usual(material: BatchMaterial, draft: bytes, tmp_path: Path) -> Iterator[UsualBatches]:
    """The usual stack, with an empty database."""
    stack = UsualBatches(tmp_path / "usual.db", IE815, draft, material.material.agent, material.operators)
    with closing(stack):
        yield stack


def test_everything_is_measured_and_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As many steps as were promised; ratios are those of the figures; goals stand beside them."""
    ticks: list[bool] = []

    figures = measure_batch(SMALL, tmp_path, lambda: ticks.append(True))

    assert len(ticks) == SMALL.ticks
    dispatch, memory, beside = figures["dispatch"], figures["memory_mb"], figures["beside"]["dispatch"]
    assert dispatch["ours_to_floor"] == pytest.approx(dispatch["ours"]["us"] / dispatch["floor"]["us"], rel=0.01)
    assert dispatch["usual_to_ours"] == pytest.approx(dispatch["usual"]["us"] / dispatch["ours"]["us"], rel=0.01)
    assert dispatch["submitted"]["cpu_us"] > 0
    assert tuple(figures["saad"]) == FORMATS
    for figure in figures["saad"].values():
        assert figure["usual_to_ours"] == pytest.approx(figure["usual"]["us"] / figure["ours"]["us"], rel=0.01)
    assert list(memory["above_idle"]) == ["20", "40"]
    assert memory["idle"] > 0
    assert memory["sheet"]["reader"] > 0
    assert beside["ratio"] == pytest.approx(beside["beside_p99_ms"] / beside["alone_p99_ms"], rel=0.1)
    machine = {"keys": "p256", "sync_us": 1, "processor": "", "cores": 2, "load": [0], "python": "", "libraries": {}}
    show_batch(figures, machine)
    shown = " ".join(capsys.readouterr().out.split())
    for told in ("goal at most 1.5", "goal at least 20", "goal at least 10", "(goal at most 60)", "(goal at most 2)"):
        assert told in shown


def test_dispatches_have_thirty_columns_and_become_signed_drafts(material: BatchMaterial, tmp_path: Path) -> None:
    """All of them are signed and on disk before the first is submitted, and then all have ARCs."""
    path = tmp_path / "rows.csv"
    material.dispatches(path, 3, "A")
    assert len(DISPATCH_COLUMNS) == len(next(iter(csv_rows(path)))) == 30

    with ours_of(material.root) as ours:
        batch = ours.hand_in(path, BatchKind.DISPATCH, material.consignor, Mode.WHOLE)
        _, _, drafts = ours.dispatched(batch, 3)

    assert all(b"<ds:SignatureValue>" in one for one in drafts)


@pytest.mark.parametrize("name", FORMATS)
def test_receipts_are_entered_once(material: BatchMaterial, tmp_path: Path, name: str) -> None:
    """The same file once more is no work that counts."""
    path = tmp_path / f"rows.{name}"
    material.receipts(path, 3, f"R{name}")

    with ours_of(material.root) as ours:
        took = ours.entered(ours.hand_in(path, BatchKind.SAAD, RECEIVER))
        with pytest.raises(NotTaken, match="unchanged"):
            ours.entered(ours.hand_in(path, BatchKind.SAAD, RECEIVER))

    assert took.seconds > 0


def test_floor_signs_what_is_valid(material: BatchMaterial, draft: bytes, tmp_path: Path) -> None:
    """The signature is the key's; an invalid draft stops it."""
    with closing(DraftFloor(tmp_path / "floor", IE815, material.key)) as floor:
        floor.sign([draft])
        with pytest.raises(ValueError, match="JourneyTime"):
            floor.sign([draft.replace(b"JourneyTime>D05<", b"JourneyTime>soon<")])

    written = (tmp_path / "floor").read_bytes()
    info, _, value = written.removeprefix(draft).partition(b"</ds:SignedInfo>")
    signed = info + b"</ds:SignedInfo>"
    material.key.public_key().verify(value, signed, ec.ECDSA(hashes.SHA256()))
    with pytest.raises(InvalidSignature):
        material.key.public_key().verify(value, signed.replace(b"sha256", b"sha512"), ec.ECDSA(hashes.SHA256()))


def test_usual_stack_signs_what_is_valid(material: BatchMaterial, usual: UsualBatches, tmp_path: Path) -> None:
    """A draft a row; an invalid one and one that is there already leave nothing behind."""
    path = tmp_path / "rows.csv"
    material.dispatches(path, 2, "U")
    usual.dispatch(path)
    with pytest.raises(IntegrityError):
        usual.dispatch(path)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace(";D05;", ";soon;"), encoding="utf-8")
    with pytest.raises(XMLSchemaValidationError):
        usual.dispatch(path)

    assert usual.stored() == (2, 0)


@pytest.mark.parametrize(("name", "read"), [("csv", csv_rows), ("xlsx", xlsx_rows)])
@pytest.mark.parametrize("together", [False, True])
def test_usual_stack_enters_receipts(
    material: BatchMaterial,
    usual: UsualBatches,
    tmp_path: Path,
    name: str,
    read: type[object],
    together: bool,  # noqa: FBT001
) -> None:
    """A receipt a row, of either format; one that is there already and one that is wrong are refused."""
    path = tmp_path / f"rows.{name}"
    material.receipts(path, 3, "U")
    enter = usual.enter_together if together else usual.enter
    enter(read(path))  # type: ignore[arg-type,call-arg]
    rows = [dict(row) for row in csv_rows(path)] if name == "csv" else [dict(row) for row in xlsx_rows(path)]
    wrong = {"quantity": "0", "cn_code": "2203", "dispatched": "2999-01-01", "document": "", "consignee": "LT1"}
    for field, value in wrong.items():
        with pytest.raises(SenderError):
            enter([{**rows[0], "document": "new", field: value}])
    with pytest.raises(SenderError, match="entered before"):
        enter(rows)

    assert usual.stored() == (0, 3)
