"""One run: prepare documents, let floor, ours and usual take turns on them, report what each takes."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from esad_gateway import resources
from esad_gateway.benchmarks import machine
from esad_gateway.benchmarks.floor import DurableFloor, Floor
from esad_gateway.benchmarks.material import Material, SignedDraft
from esad_gateway.benchmarks.ours import Ours
from esad_gateway.benchmarks.report import BenchFigures, Figure
from esad_gateway.benchmarks.rounds import Contender, Race, own_garbage
from esad_gateway.bootstrap import Parts, build
from esad_gateway.errors import NotConfigured
from esad_gateway.signing.pki import KeyKind

if TYPE_CHECKING:
    from esad_gateway.benchmarks.usual import Usual

GROUP: Final = 64
"""Messages a commit: what waits for a writer under load."""

FEW: Final = 8
"""Messages a round where each has a commit of its own."""

OFTEN: Final = 4
"""Rounds of a path that does not use its documents up, for one of the others: they are short."""

_SIGNED_PATHS: Final = ("store", "round_trip")
"""The paths that use documents up: each can be taken once."""

_Batch = tuple[SignedDraft, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """How much is measured: ``rounds`` of every path, and the kind of all keys."""

    rounds: int
    kind: KeyKind = KeyKind.RSA

    @property
    def ticks(self) -> int:
        """How many steps ``measure`` has."""
        paths = 1 + len(_SIGNED_PATHS)
        return (self.rounds + 1) * (paths + len(_SIGNED_PATHS))


def measure(plan: Plan, folder: Path, tick: Callable[[], object]) -> BenchFigures:
    """Measure with databases below ``folder``, which is empty; ``tick`` is called after every step."""
    material = Material.make(folder, plan.kind)
    with _contenders(material) as contenders:
        races = _races(*contenders)
        drafts = material.drafts()
        supply = [_round(drafts, tick) for _ in range(plan.rounds + 1)]
        with own_garbage():
            for batches in supply:
                _play(races, batches, tick)
    return _report(plan, races, machine.facts(folder))


@contextmanager
def _contenders(material: Material) -> Iterator["tuple[Floor, DurableFloor, Ours, Usual, Usual]"]:
    usual, usual_lxml = _usual_stacks()
    schema = resources.schemas() / "emcs" / material.settings.release / "ie815.xsd"
    agent, administration = material.agent, material.administration
    runtime = build(Parts(material.data.root))
    keys = (schema, agent.key, administration.key, material.e_sad())
    floor, durable = Floor(*keys), DurableFloor(material.root / "floor.db", *keys)
    parties = (schema, agent.certificate, administration, material.operators)
    stacks = usual(material.root / "usual.db", *parties), usual_lxml(material.root / "usual-lxml.db", *parties)
    with closing(runtime.store), closing(floor), closing(durable), closing(stacks[0]), closing(stacks[1]):
        yield floor, durable, Ours(runtime), *stacks


@contextmanager
def usual_installed() -> Iterator[None]:
    """Import what is measured for comparison. Raises NotConfigured with the package that is missing."""
    try:
        yield
    except ModuleNotFoundError as error:
        raise NotConfigured(
            f"the usual stack, which is measured for comparison, needs {error.name}, and that is not installed: "
            "pip install 'esad-gateway[bench]'"
        ) from error


def _usual_stacks() -> "tuple[type[Usual], type[Usual]]":
    """The usual stacks. Raises NotConfigured with what is missing when they are not installed."""
    with usual_installed():
        from esad_gateway.benchmarks.usual import Usual, UsualWithLxml  # noqa: PLC0415 - an extra: it may be missing
    return Usual, UsualWithLxml


def _races(floor: Floor, durable: Floor, ours: Ours, usual: "Usual", lxml: "Usual") -> dict[str, Race]:
    return {
        "validate": Race(
            {
                "floor": floor.validate,
                "ours": ours.validate,
                "usual": usual.validate,
                "lxml": lxml.validate,
                "rules": ours.judge,
            }
        ),
        "store": Race(
            {
                "floor": floor.store,
                "durable": durable.store,
                "ours": ours.store,
                "usual": usual.store,
                "lxml": lxml.store,
                "alone": _one_by_one(ours.store),
            }
        ),
        "round_trip": Race(
            {
                "floor": floor.round_trip,
                "durable": durable.round_trip,
                "ours": ours.round_trip,
                "usual": usual.round_trip,
                "lxml": lxml.round_trip,
                "alone": _one_by_one(ours.round_trip),
            }
        ),
    }


def _one_by_one(contend: Contender) -> Contender:
    """The same work with a group, and so a commit, for each document."""

    def contend_alone(documents: Sequence[bytes]) -> None:
        for document in documents:
            contend([document])

    return contend_alone


def _round(drafts: Iterator[SignedDraft], tick: Callable[[], object]) -> dict[str, _Batch]:
    batches = {}
    for path in _SIGNED_PATHS:
        batches[path] = tuple(islice(drafts, GROUP + FEW))
        tick()
    return batches


def _play(races: Mapping[str, Race], batches: Mapping[str, _Batch], tick: Callable[[], object]) -> None:
    documents = {path: [draft.signed for draft in batch] for path, batch in batches.items()}
    documents["validate"] = [draft.unsigned for draft in batches["store"]]
    for path, race in races.items():
        for _ in range(1 if path in _SIGNED_PATHS else OFTEN):
            race.play(_dealt(documents[path]))
        tick()


def _dealt(documents: Sequence[bytes]) -> dict[str, Sequence[bytes]]:
    """Who works on which documents; those who share some have databases of their own, and none takes one twice."""
    group, few = documents[:GROUP], documents[GROUP:]
    few_each = dict.fromkeys(("usual", "lxml", "alone"), few)
    return {**dict.fromkeys(("floor", "durable", "ours", "rules"), group), **few_each}


def _report(plan: Plan, races: Mapping[str, Race], facts: Mapping[str, Any]) -> BenchFigures:
    return BenchFigures(
        figures={path: _figure(race) for path, race in races.items()},
        further={
            "validate_with_rules": round(races["validate"].quiet("rules"), 1),
            **{f"{path}_commit_each": round(races[path].quiet("alone"), 1) for path in _SIGNED_PATHS},
            **{f"{path}_durable_floor": round(races[path].quiet("durable"), 1) for path in _SIGNED_PATHS},
            **{f"{path}_usual_lxml": round(race.quiet("lxml"), 1) for path, race in races.items()},
        },
        spread={path: round(race.spread("ours"), 2) for path, race in races.items()},
        machine={"keys": plan.kind.value, "rounds": plan.rounds, "group": GROUP, **facts},
    )


def _figure(race: Race) -> Figure:
    floor, ours, usual = (round(race.quiet(name), 1) for name in ("floor", "ours", "usual"))
    return Figure(floor_us=floor, ours_us=ours, usual_us=usual)
