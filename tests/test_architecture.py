"""The rules of the house that a machine can check; the bounds below may only be tightened."""

import ast
import re
import statistics
import sys
import tomllib
from collections.abc import Iterator
from itertools import permutations
from pathlib import Path

import pytest
from grimp import Layer, build_graph
from importlinter.cli import lint_imports

ROOT = Path(__file__).parents[1]
SOURCES = sorted((ROOT / "src").rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))

LONGEST_FUNCTION = 40
MEDIAN_FUNCTION = 7
LONGEST_FILE = 400

PURE_STANDARD_LIBRARY = frozenset(
    {"abc", "bisect", "calendar", "collections", "dataclasses", "datetime", "decimal", "enum", "fractions"}
    | {"functools", "itertools", "math", "operator", "re", "string", "types", "typing", "unicodedata", "zoneinfo"}
)
CORE = "esad_gateway.emcs"
PATCHING = frozenset({"monkeypatch.setattr", "monkeypatch.setitem", "mock.patch", "mocker.patch"})
NAMES_OF_EMCS = 10
"""By how many names the gateway knows the pure core, at most."""
WAITING = frozenset(
    {"sleep", "timeout", "timeout_at", "wait_for", "call_later", "call_at"}
    | {"monotonic", "monotonic_ns", "perf_counter", "perf_counter_ns"}
)
TIME_OF_THE_MACHINE = (
    "gateway/pace.py",
    "batch/work/pace.py",  # other processes that write to the store
    "transport/",  # sockets
    "client/",  # what a gateway answers
    "cli/batches/upload.py",
    "simulator/processes.py",
    "simulator/box.py",  # processes
    "simulator/stage.py",  # what processes answer
    "simulator/timed/clock.py",  # a clock that runs so many times as fast as the machine's
    "simulator/world/background.py",  # how long a test waits
    "simulator/injected/served.py",  # sockets, on purpose slowly
    "simulator/recording/proxy.py",  # sockets
    "simulator/recording/replaying.py",  # how long an answer is awaited
    "benchmarks/",
    "cli/demo.py",  # how long it took
    "store/lock.py",  # how long the gateway before this one may take to end
    "operations/ready.py",  # how long a store may keep whoever asks waiting
    "store/sqlite_file.py",  # how long a start may look for damage
)
"""Where the machine's own time counts, and why."""
ANY_IN_RULES = 21
"""How often the rules give up a type: where a path is text, and what stands there depends on the message."""
RELEASE = re.compile(r"v?3[._]?23|phase_?4|(?<![a-z])v[34](?![a-z0-9])", re.IGNORECASE)


def _functions(path: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def _length(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines from ``def`` to the end, without the docstring."""
    first = function.body[0]
    docstring = (first.end_lineno or 0) - first.lineno + 1 if ast.get_docstring(function) is not None else 0
    return (function.end_lineno or 0) - function.lineno + 1 - docstring


def _place(path: Path, node: ast.stmt | ast.expr) -> str:
    return f"{path.relative_to(ROOT)}:{node.lineno}"


def _identifiers(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        match node:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield name
            case ast.Name(id=name) | ast.arg(arg=name) | ast.Attribute(attr=name):
                yield name
            case _:
                pass


def _imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        match node:
            case ast.Import(names=names):
                yield from (alias.name for alias in names)
            case ast.ImportFrom(module=str(module)):
                yield module
            case _:
                pass


def test_imports_point_downwards_only(capsys: pytest.CaptureFixture[str]) -> None:
    """The layers contract of pyproject.toml holds for every module."""
    outcome = lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True, no_logo=True)

    assert outcome == 0, capsys.readouterr().out


def _rooms() -> list[str]:
    """The floors of the package, the highest first; rooms on one floor are divided by a bar."""
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    (floors,) = (one["layers"] for one in contracts if one.get("containers") == ["esad_gateway"])
    assert isinstance(floors, list)
    return floors


def test_door_cannot_import_a_door() -> None:
    """Each door stands alone: an import of one in another, of any two, breaks the contract."""
    (doors,) = (floor.split(" | ") for floor in _rooms() if "rest" in floor.split(" | "))
    floors = [Layer(*floor.split(" | ")) for floor in _rooms()]
    modules = {door: f"esad_gateway.{door}" for door in doors}
    graph = build_graph("esad_gateway", cache_dir=None)

    def found() -> set[tuple[str, str]]:
        broken = graph.find_illegal_dependencies_for_layers(floors, containers={"esad_gateway"})
        return {(one.importer, one.imported) for one in broken}

    assert set(doors) >= {"rest", "ndea", "health"}
    assert found() == set()
    for importer, imported in permutations(modules.values(), 2):
        graph.add_import(importer=importer, imported=imported)
        assert found() == {(importer, imported)}
        graph.remove_import(importer=importer, imported=imported)


@pytest.mark.parametrize(("room", "below"), [("emcs", ()), ("ais", ("esad_gateway.emcs",))])
def test_core_imports_only_what_cannot_do_input_or_output(room: str, below: tuple[str, ...]) -> None:
    """What decides EU or national law imports itself, the texts, and the harmless part of the standard library."""
    core = [path for path in SOURCES if room in path.parts]
    own = (
        f"esad_gateway.{room}",
        *below,
        "esad_gateway.faults",
        "esad_gateway.errors",
        "esad_gateway.frozen",
        "esad_gateway.place",
        "esad_gateway.unread",
        "esad_gateway.texts",
    )

    offenders = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in core
        for name in _imports(path)
        if not name.startswith(own) and name.split(".")[0] not in PURE_STANDARD_LIBRARY
    ]

    assert core
    assert set(sys.stdlib_module_names) >= PURE_STANDARD_LIBRARY
    assert offenders == []


def test_texts_read_their_own_files_and_nothing_else() -> None:
    """The core may ask for a sentence: those are files of the package, read as its modules are."""
    texts = [path for path in SOURCES if path.parts[-2] == "texts"]
    own = {"esad_gateway.faults", "esad_gateway.texts.plurals"}
    harmless = {"json", "collections.abc", "functools", "types", "typing", *own}

    assert {name for path in texts for name in _imports(path)} - harmless == {"pkgutil", "importlib.resources"}


def test_core_never_reads_the_clock() -> None:
    """Time is an argument: nothing in the core asks what time it is."""
    offenders = [
        _place(path, node)
        for path in SOURCES
        if {"emcs", "ais"} & set(path.parts)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "today", "utcnow"} and _is_clock(node.value)
    ]

    assert offenders == []


def _is_clock(owner: ast.expr) -> bool:
    return isinstance(owner, ast.Name | ast.Attribute) and ast.unparse(owner).split(".")[-1] in {"date", "datetime"}


def test_time_passes_in_one_place() -> None:
    """Whoever waits or measures asks the clock that was handed in, so that a clock can be moved.

    Waits for sockets and processes of others, and what measures the machine, are about the machine's own time.
    """
    offenders = {
        _place(path, node)
        for path in SOURCES
        if not str(path.relative_to(ROOT / "src" / "esad_gateway")).startswith(TIME_OF_THE_MACHINE)
        for node in ast.walk(ast.parse(path.read_bytes()))
        if (isinstance(node, ast.Attribute) and node.attr in WAITING)
        or (isinstance(node, ast.Name) and node.id in WAITING)
    }

    assert offenders == set()


def test_gateway_knows_the_core_by_few_names() -> None:
    """The gateway looks up, asks, signs and records: what is decided it asks the procedure, and it knows no rule."""
    nodes = [
        node
        for path in SOURCES
        if "gateway" in path.parent.parts[-1:]
        for node in ast.walk(ast.parse(path.read_bytes()))
    ]
    named = [node for node in nodes if isinstance(node, ast.ImportFrom) and (node.module or "").startswith(CORE)]
    whole = [
        alias.name
        for node in nodes
        if isinstance(node, ast.Import) or (isinstance(node, ast.ImportFrom) and node.module == "esad_gateway")
        for alias in node.names
        if alias.name.startswith((CORE, "emcs"))
    ]

    assert len({alias.name for node in named for alias in node.names}) <= NAMES_OF_EMCS
    assert whole == []


def test_command_line_is_a_door_and_no_library() -> None:
    """Only the start of the program imports the command line, so another door finds all that it needs below."""
    importing = [
        f"{path.relative_to(ROOT)}: {name}"
        for path in SOURCES
        if "cli" not in path.parts and path.name != "__main__.py"
        for name in _imports(path)
        if name == "esad_gateway.cli" or name.startswith("esad_gateway.cli.")
    ]

    assert importing == []


def test_functions_stay_short() -> None:
    """No function is longer than the bound, and half of them are much shorter."""
    lengths = {_place(path, function): _length(function) for path in SOURCES for function in _functions(path)}

    assert {place: length for place, length in lengths.items() if length > LONGEST_FUNCTION} == {}
    assert statistics.median(lengths.values()) <= MEDIAN_FUNCTION


def test_files_stay_short() -> None:
    """No module is longer than the bound."""
    lengths = {str(path.relative_to(ROOT)): len(path.read_bytes().splitlines()) for path in SOURCES}

    assert {name: length for name, length in lengths.items() if length > LONGEST_FILE} == {}


def test_rules_know_their_messages_by_type() -> None:
    """A rule is checked against the message that it is about, not against anything at all."""
    rules = ROOT / "src" / "esad_gateway" / "emcs" / "rules"
    untyped = [
        _place(path, node)
        for path in sorted(rules.glob("*.py"))
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Name) and node.id == "Any"
    ]
    assert len(untyped) <= ANY_IN_RULES, untyped


def test_schema_release_is_no_part_of_a_name() -> None:
    """The release of the schemas is a value, so no module and no identifier carries it."""
    names = {(path, path.stem) for path in SOURCES} | {
        (path, name) for path in SOURCES for name in _identifiers(ast.parse(path.read_bytes()))
    }

    assert [f"{path.relative_to(ROOT)}: {name}" for path, name in sorted(names) if RELEASE.search(name)] == []


def test_tests_patch_nothing() -> None:
    """A seam is passed in, never patched over."""
    offenders = [
        _place(path, node)
        for path in TESTS
        for node in ast.walk(ast.parse(path.read_bytes()))
        if isinstance(node, ast.Attribute) and ast.unparse(node).endswith(tuple(PATCHING))
    ]
    mocks = [path.name for path in TESTS if any("mock" in name.split(".") for name in _imports(path))]

    assert offenders == []
    assert mocks == []


def test_tests_say_what_they_hold() -> None:
    """Every test function has a docstring of one sentence."""
    silent = [
        _place(path, function)
        for path in TESTS
        for function in _functions(path)
        if function.name.startswith("test_") and not (ast.get_docstring(function) or "").endswith((".", ".)"))
    ]

    assert silent == []


def test_a_name_is_one_class() -> None:
    """No two public classes share a name, so that a word means one thing.

    Groups of messages have the names of the schemas, an adapter that of its port, and a check of the audit that of the
    row which it checks.
    """
    homes: dict[str, list[str]] = {}
    for path in SOURCES:
        room = str(path.relative_to(ROOT / "src" / "esad_gateway"))
        if not room.startswith(("emcs/messages/", "ports/", "audit/")):
            for node in ast.parse(path.read_bytes()).body:
                if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                    homes.setdefault(node.name, []).append(room)

    assert homes
    assert {name: rooms for name, rooms in homes.items() if len(rooms) > 1} == {}
