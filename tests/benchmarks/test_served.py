"""``esad bench http`` and ``esad bench deliveries``: real servers, measured; no test here says how fast anything is."""

import asyncio
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from esad_gateway.benchmarks.builds import AGAINST, BARE, OURS, Build
from esad_gateway.benchmarks.cold import MANY, ONE, SERVE
from esad_gateway.benchmarks.doors import REST, SIGNED, SOAP, USUAL
from esad_gateway.benchmarks.filled import GROUP_GOAL, LIST_GOAL
from esad_gateway.benchmarks.http import CONNECTIONS, QUICK_HTTP
from esad_gateway.benchmarks.idle import WAITS
from esad_gateway.benchmarks.load import play
from esad_gateway.benchmarks.machine import facts
from esad_gateway.benchmarks.national import MEGABYTES, MILLISECONDS, SECONDS, NationalPlan, measure_national
from esad_gateway.benchmarks.ours import NotTaken
from esad_gateway.benchmarks.processes import QUICK_PROCESSES
from esad_gateway.cli.bench import QUICK_POURED
from esad_gateway.cli.common.bench_tables import (
    show_cold,
    show_deliveries,
    show_filled,
    show_http,
    show_national,
    show_processes,
    show_space,
)
from esad_gateway.errors import UnreadableInput
from esad_gateway.signing.pki import KeyKind
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.served import served

BENCH = [sys.executable, "-m", "esad_gateway", "bench"]


def printed(folder: Path, *arguments: str) -> dict[str, Any]:
    """What a quick bench prints for scripts; it leaves nothing behind."""
    command = [*BENCH, *arguments, "--quick", "--p256", "--json", "--disk", str(folder)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(folder.iterdir()) == []
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def test_http_measures_builds_doors_and_the_usual_stack(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each over the same numbers of connections, the usual stack over those of its goal; here a build beside itself."""
    found = printed(tmp_path, "http", "--against", sys.prefix)

    http = found["http"]
    levels = {connections: servers for connections, servers in http.items() if connections.isdecimal()}
    assert list(map(int, levels)) == list(QUICK_HTTP.messages)
    for connections, servers in levels.items():
        usual = {USUAL} if int(connections) == CONNECTIONS else set()
        assert set(servers) == {OURS, REST, SOAP, SIGNED, AGAINST, BARE} | usual
    assert set(http["memory_mb"]) == {OURS, AGAINST, USUAL, BARE}
    for figures in (figures for servers in levels.values() for figures in servers.values()):
        assert set(figures) == {"cpu_us", "rate", "p50_ms", "p99_ms"}
        assert 0 < figures["p50_ms"] <= figures["p99_ms"]
        assert figures["rate"] > 0
    assert all(size > 0 for size in http["memory_mb"].values())
    assert found["machine"]["keys"] == "p256"
    show_http(http, found["machine"])
    shown = capsys.readouterr().out
    assert str(levels["64"][OURS]["rate"]) in shown
    assert f"{levels['64'][OURS]['rate'] / levels['64'][AGAINST]['rate']:.2f}" in shown
    _check_goals(http["goals"], levels[str(CONNECTIONS)])
    for told in ("SOAP with WS-Security both ways / REST", "usual SOAP stack / SOAP", "goal at most 1.8"):
        assert told in shown
    for figures in http["idle"].values():
        assert figures["waits"] == QUICK_HTTP.idle.waits
        assert figures["cpu"] == pytest.approx(figures["beside_cpu_us"] / figures["alone_cpu_us"], abs=0.01)
    assert set(http["idle"]) == set(WAITS)
    assert f"{QUICK_HTTP.idle.waits} polls" in shown


def _check_goals(goals: dict[str, dict[str, float]], level: dict[str, dict[str, float]]) -> None:
    """Ratios of one run, by the clock and by the processor, each with what was promised."""
    assert {name: ratios["goal"] for name, ratios in goals.items() if "goal" in ratios} == {
        "soap": 1.3,
        "soap_signed": 1.8,
        "before": 1.03,
        "usual": 15,
    }
    for name, one, other in (("soap_signed", SIGNED, REST), ("usual", USUAL, SOAP)):
        assert goals[name]["clock"] == pytest.approx(level[other]["rate"] / level[one]["rate"], rel=0.02)
        assert goals[name]["cpu"] == pytest.approx(level[one]["cpu_us"] / level[other]["cpu_us"], rel=0.02)
    assert goals["p99"] == {"ours_p99_ms": level[SOAP]["p99_ms"], "usual_p50_ms": level[USUAL]["p50_ms"]}


def test_deliveries_are_counted_while_the_load_lasts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """All arrive in the end; how many did meanwhile, and how soon a single one does, is told."""
    found = printed(tmp_path, "deliveries")

    figures = found["deliveries"][OURS]
    assert set(found["deliveries"]) == {OURS}
    assert figures["messages"] == QUICK_POURED
    assert 0 <= figures["delivered_meanwhile"] <= QUICK_POURED
    assert figures["all_delivered_seconds"] >= figures["load_seconds"] > 0
    assert figures["idle_ms"] > 0
    assert figures["begun_ms"] > 0
    show_deliveries(found["deliveries"], found["machine"])
    assert str(figures["idle_ms"]) in capsys.readouterr().out


def test_two_processes_take_messages_on_one_store(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One process, two on its store, and two with a store each, in turn; here a build beside itself."""
    found = printed(tmp_path, "processes", "--against", sys.prefix)

    sizes = found["processes"]
    assert list(map(int, sizes)) == list(QUICK_PROCESSES.messages)
    for builds in sizes.values():
        assert set(builds) == {OURS, AGAINST}
    for figure in (figure for builds in sizes.values() for figure in builds.values()):
        assert figure["ratio"] == pytest.approx(figure["two"] / figure["one"], abs=0.01)
        assert all(value > 0 for value in figure.values())
    show_processes(found["processes"], found["machine"])
    assert str(sizes["64"][OURS]["ratio_apart"]) in capsys.readouterr().out


def test_filled_store_has_as_many_messages_as_were_asked_for(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Copies of real rows, each with keys of its own; round trips are played on it and on an empty one."""
    found = printed(tmp_path, "filled", "--messages", "1000")

    figures = found["filled"]
    assert figures["messages"] == 6 * 192
    assert [int(size) for size in figures["groups"]] == [1, 2, 16, 64]
    assert set(figures["lists"]) == {"newest", "page", "movements", "movement"}
    for kind, small in (("groups", "empty_us"), ("lists", "few_us")):
        for figure in figures[kind].values():
            assert figure["ratio"] == pytest.approx(figure["filled_us"] / figure[small], abs=0.01)
    assert {figure["goal"] for figure in figures["groups"].values()} == {GROUP_GOAL}
    assert {figure["goal"] for figure in figures["lists"].values()} == {LIST_GOAL}
    show_filled(figures, found["machine"])
    shown = capsys.readouterr().out
    assert f"{figures['messages']} messages" in shown
    assert "the newest 50 messages" in shown


def test_space_is_told_by_table_and_index(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Documents first; what all take together is what the database has grown by, and stands beside its goal."""
    found = printed(tmp_path, "space")

    figures = found["space"]
    assert next(iter(figures["tables"])) == "document"
    assert {"message", "movement", "inbox_identity", "outbox"} <= set(figures["tables"])
    assert "message_by_arc" in figures["indexes"]
    parts = [*figures["tables"].values(), *figures["indexes"].values()]
    assert sum(parts) == pytest.approx(figures["bytes"], rel=0.02)
    assert 0 < figures["bytes"] < figures["draft"]
    show_space(figures, found["machine"])
    shown = " ".join(capsys.readouterr().out.split())
    assert f"{figures['bytes']} bytes a round trip (goal at most 4096): " in shown


def test_declarations_of_a_month_are_measured_with_their_memory(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """By the command itself, each beside its goal."""
    figures = measure_national(NationalPlan(numbers=3, receipts=4, kind=KeyKind.P256), tmp_path, lambda: None)

    assert (figures["numbers"], figures["receipts"]) == (3, 12)
    assert figures["seconds"] > 0
    assert figures["memory_mib"] < MEGABYTES
    assert 0 < figures["board_ms"] <= figures["board_p99_ms"]
    show_national(figures, facts(tmp_path) | {"keys": "p256"})
    shown = capsys.readouterr().out
    assert f"{figures['seconds']} seconds (goal at most {SECONDS})" in shown
    assert f"{figures['board_ms']} ms for a deadline board (goal at most {MILLISECONDS})" in shown


def test_starts_are_measured_beside_another_build(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A file, many files, and a gateway until it answers: the processor's time and the clock's, build by build."""
    found = printed(tmp_path, "cold", "--against", sys.prefix)

    assert set(found["cold"]) == {ONE, MANY, SERVE}
    for builds in found["cold"].values():
        assert set(builds) == {OURS, AGAINST}
        assert all(figure["cpu_ms"] > 0 and figure["wall_ms"] > 0 for figure in builds.values())
    show_cold(found["cold"], found["machine"])
    shown = capsys.readouterr().out
    assert str(found["cold"][SERVE][AGAINST]["wall_ms"]) in shown


def test_folder_without_a_build_is_refused(tmp_path: Path) -> None:
    """With what was looked for; and the paths of one process have nothing to be measured against."""
    with pytest.raises(UnreadableInput, match=r"no bin/python and no \.venv/bin/python"):
        Build.against(tmp_path)

    done = subprocess.run([*BENCH, "--against", str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "--against" in done.stderr


async def _played(port: int, document: bytes) -> None:
    await play(port, [document], 1)


def test_message_that_is_not_taken_ends_the_measurement(tmp_path: Path) -> None:
    """With the answer: what was measured would not be the work that was meant."""
    box = copy_of_box(tmp_path / "box")
    signed = box.signed(CONSIGNOR, new_draft())
    with served(box) as running:
        asyncio.run(_played(running.port, signed))
        with pytest.raises(ExceptionGroup) as refused:
            asyncio.run(_played(running.port, signed.replace(b"LT", b"PL", 1)))

    assert refused.group_contains(NotTaken, match="HTTP 4")
