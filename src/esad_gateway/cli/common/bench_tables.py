"""What the subjects of ``esad bench`` other than the paths of one process found, as tables for people."""

import sys
from collections.abc import Mapping
from typing import Any, Final

from rich.box import SIMPLE
from rich.console import Console
from rich.table import Table

from esad_gateway.benchmarks import batch, http, simulated
from esad_gateway.benchmarks.builds import AGAINST, BARE, OURS
from esad_gateway.benchmarks.deliveries import IDLE_GOAL
from esad_gateway.benchmarks.filled import FEW
from esad_gateway.benchmarks.idle import MEMORY_GOAL
from esad_gateway.benchmarks.simulated import SIMULATOR_GOALS
from esad_gateway.cli.common import output

_WIDTH: Final = 150  # columns where nobody's terminal says

_DELIVERIES: Final = {
    "messages": "messages taken",
    "load_seconds": "seconds that this took",
    "delivered_meanwhile": "of them delivered meanwhile",
    "all_delivered_seconds": "seconds until all were delivered",
    "idle_ms": "ms until a single one is acknowledged",
    "begun_ms": "ms from its commit until it was there",
}
_HTTP_GOALS: Final = {
    "soap": "SOAP / REST",
    "soap_signed": "SOAP with WS-Security both ways / REST",
    "before": f"REST / REST {AGAINST}",
    "usual": "usual SOAP stack / SOAP",
}
_LISTS: Final = {
    "newest": "the newest 50 messages",
    "page": "50 messages from the middle",
    "movements": "50 movements",
    "movement": "one movement",
}

_STARTS: Final = {
    "validate_one": "esad validate, one file",
    "validate_many": "esad validate, many files",
    "serve_ready": "esad serve, until it answers",
}


_SIMULATED: Final = {
    "plugin": "start of pytest, with the plugin beyond that without",
    "fresh": "emcs, made and closed",
    "test": "refused wine comes home",
    "tests": "1,000 of these in two processes",
    "year": "a year of 10,000 open movements",
    "apart": "refused wine, states apart and a day a second",
    "ready": "esad simulate --states all, until it answers",
    "opened": "until each of its states has answered",
}

_PROCESSES: Final = (
    *("messages a second, one", "two", "two, a store each", "two / one", "a store each / one"),
    *("CPU us a message, one", "two"),
)


def draw(table: Table) -> None:
    """Print a table: as wide as the terminal, or of a width of its own where nobody looks."""
    Console(width=None if sys.stdout.isatty() else _WIDTH).print(table)


def show_http(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what a message takes over so many connections; the last column is how many times the other build's rate."""
    table = Table("connections", "server", box=SIMPLE)
    for name in ("CPU us a message", "messages a second", "p50 ms", "p99 ms", f"{OURS} / {AGAINST}"):
        table.add_column(name, justify="right")
    for connections in filter(str.isdecimal, figures):
        servers = figures[connections]
        for name, figure in servers.items():
            table.add_row(connections, name, *map(str, figure.values()), _times(name, servers))
    draw(table)
    output.result("most memory, MiB: " + ", ".join(f"{name} {size}" for name, size in figures["memory_mb"].items()))
    output.result(f"{BARE} reads the body and answers")
    _show_http_goals(figures["goals"])
    _show_idle(figures["idle"])
    show_machine(machine)


def _show_http_goals(goals: Mapping[str, Any]) -> None:
    table = Table(f"a message, over {http.CONNECTIONS} connections", "by the clock", "by the processor", box=SIMPLE)
    for name, told in _HTTP_GOALS.items():
        if name in goals:
            judge, ratios = at_least if name == "usual" else at_most, goals[name]
            table.add_row(told, *(f"{ratios[by]} {judge(ratios[by], ratios['goal'])}" for by in ("clock", "cpu")))
    p99, median = goals["p99"]["ours_p99_ms"], goals["p99"]["usual_p50_ms"]
    table.add_row("ms, p99 of SOAP, below the median of the usual stack", f"{p99} {at_most(p99, median)}", "")
    draw(table)


def _show_idle(idle: Mapping[str, Mapping[str, float]]) -> None:
    table = Table("requests that wait", box=SIMPLE)
    for name in ("MiB", "submissions beside them / alone, by the clock", "by the processor"):
        table.add_column(name)
    for name, figure in idle.items():
        memory = f"{figure['memory_mb']} {at_most(figure['memory_mb'], MEMORY_GOAL)}"
        table.add_row(f"{figure['waits']} {name}", memory, str(figure["clock"]), str(figure["cpu"]))
    draw(table)


def _times(name: str, servers: Mapping[str, Mapping[str, float]]) -> str:
    if name != OURS or AGAINST not in servers:
        return ""
    return f"{servers[OURS]['rate'] / servers[AGAINST]['rate']:.2f}"


def show_deliveries(figures: Mapping[str, Mapping[str, float]], machine: Mapping[str, Any]) -> None:
    """Print how deliveries kept up with a load, build by build."""
    table = Table("deliveries", box=SIMPLE)
    for name in figures:
        table.add_column(name, justify="right")
    for key, told in _DELIVERIES.items():
        table.add_row(told, *(str(figure[key]) for figure in figures.values()))
    draw(table)
    output.result(f"on an idle gateway: {_judged(figures[OURS]['begun_ms'], IDLE_GOAL, 'ms from the commit')}")
    show_machine(machine)


def show_filled(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what a round trip takes on a filled store, by size of the group."""
    table = Table("us a round trip, in groups of", box=SIMPLE)
    for name in ("empty", "filled", "filled / empty"):
        table.add_column(name, justify="right")
    for size, figure in figures["groups"].items():
        table.add_row(size, *_grown(figure))
    draw(table)
    table = Table("us a list", box=SIMPLE)
    for name in (f"{FEW:,} messages", "filled", "ratio"):
        table.add_column(name, justify="right")
    for name, figure in figures["lists"].items():
        table.add_row(_LISTS[name], *_grown(figure))
    draw(table)
    output.result(f"{figures['messages']} messages; filling the store took {figures['fill_seconds']} s")
    show_machine(machine)


def _grown(figure: Mapping[str, float]) -> tuple[str, ...]:
    small, filled, ratio, goal = figure.values()
    return str(small), str(filled), f"{ratio} {at_most(ratio, goal)}"


def show_space(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what a round trip takes of the database."""
    table = Table("bytes a round trip", box=SIMPLE)
    for name in ("tables", "indexes"):
        table.add_column(name, justify="right")
    for name, taken in figures["tables"].items():
        table.add_row(name, str(taken))
    for name, taken in figures["indexes"].items():
        table.add_row(name, "", str(taken))
    draw(table)
    output.result(_judged(figures["bytes"], figures["goal"], "bytes a round trip"))
    output.result(f"{figures['round_trips']} round trips; a draft came in with {figures['draft']} bytes")
    show_machine(machine)


def show_national(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what the declarations of a month take, and the deadline board of one number among them."""
    output.result(f"{figures['numbers']} declarations of {figures['receipts']} receipts")
    output.result(_judged(figures["seconds"], figures["seconds_goal"], "seconds"))
    output.result(_judged(figures["memory_mib"], figures["memory_goal"], "MiB"))
    output.result(_judged(figures["board_ms"], figures["board_goal"], "ms for a deadline board"))
    show_machine(machine)


def _judged(value: float, goal: float, unit: str) -> str:
    told = output.good("met") if value <= goal else output.bad("not met")
    return f"{value} {unit} (goal at most {goal:g}): {told}"


def at_most(value: float, goal: float) -> str:
    """A goal for a figure that may be no larger, and whether it is met."""
    return _verdict(f"at most {goal}", met=value <= goal)


def at_least(value: float, goal: float | None) -> str:
    """A goal for a figure that may be no smaller, and whether it is met; nothing for no goal."""
    return "" if goal is None else _verdict(f"at least {goal}", met=value >= goal)


def _verdict(goal: str, *, met: bool) -> str:
    return f"[green](goal {goal}: met)[/green]" if met else f"[red](goal {goal}: not met)[/red]"


def show_cold(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what starts take; the last column is how many times the other build's CPU is ours."""
    table = Table("start", "build", box=SIMPLE)
    for name in ("CPU ms", "wall ms", f"{AGAINST} / {OURS}"):
        table.add_column(name, justify="right")
    for start, builds in figures.items():
        for name, figure in builds.items():
            times = f"{builds[AGAINST]['cpu_ms'] / figure['cpu_ms']:.2f}" if name == OURS and AGAINST in builds else ""
            table.add_row(_STARTS[start], name, *map(str, figure.values()), times)
    draw(table)
    show_machine(machine)


def show_processes(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print the rates of one process and of two on one store, by size of the group."""
    table = Table("in groups of", "build", box=SIMPLE)
    for name in _PROCESSES:
        table.add_column(name, justify="right")
    for size, builds in figures.items():
        for name, figure in builds.items():
            table.add_row(size, name, *map(str, figure.values()))
    draw(table)
    show_machine(machine)


def show_simulator(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what member states in a test take, beside the goals, which are by the clock."""
    table = Table("in tests", box=SIMPLE)
    for name in ("CPU ms", "wall ms", "goal"):
        table.add_column(name, justify="right")
    for name, told in _SIMULATED.items():
        goal = at_most(figures[name]["wall_ms"], SIMULATOR_GOALS[name]) if name in SIMULATOR_GOALS else ""
        table.add_row(told, *map(str, figures[name].values()), goal)
    draw(table)
    memory, idle, times = (figures[name] for name in (simulated.MEMORY, simulated.IDLE, simulated.TIMES))
    output.result(f"memory of all states: {_judged(memory, simulated.MEMORY_GOAL, 'MiB')}")
    output.result(f"idle, all of them: {_judged(idle, simulated.IDLE_GOAL, 'ms of the processor a second')}")
    met = output.good("met") if times >= simulated.TIMES_GOAL else output.bad("not met")
    output.result(f"states apart take {times} times as long (goal at least {simulated.TIMES_GOAL}): {met}")
    show_machine(machine)


def show_batch(figures: Mapping[str, Any], machine: Mapping[str, Any]) -> None:
    """Print what rows of batches take, how much memory, and how long messages wait beside them."""
    table = Table("us a row", box=SIMPLE)
    for name in ("floor", "ours", "usual", "ours / floor", "usual / ours", "by the processor"):
        table.add_column(name, justify="right")
    table.add_row(*_dispatches(figures["dispatch"]))
    for name, figure in figures["saad"].items():
        table.add_row(*_entries(name, figure))
    draw(table)
    output.result(f"a signed draft until it has its ARC: {figures['dispatch']['submitted']['us']} us")
    for name, figure in figures["saad"].items():
        told = f"usual with one commit for all of {name}: {figure['together']['us']} us"
        output.result(f"{told}, {figure['usual_in_one_commit_to_ours']} times as long as ours")
    _show_memory(figures["memory_mb"])
    for name, figure in figures["beside"].items():
        told = f"p99 beside {name}: {figure['beside_p99_ms']} ms, alone {figure['alone_p99_ms']} ms:"
        output.result(f"{told} {_judged(figure['ratio'], batch.BESIDE, 'times')}")
    output.result(f"random numbers in the rows are of seed {figures['seed']}")
    show_machine(machine)


def _dispatches(figure: Mapping[str, Any]) -> tuple[str, ...]:
    ours, usual = figure["ours_to_floor"], figure["usual_to_ours"]
    return (
        "CSV to drafts that are signed and on disk",
        *(str(figure[name]["us"]) for name in ("floor", "ours", "usual")),
        f"{ours} {at_most(ours, batch.DRAFTS_TO_FLOOR)}",
        f"{usual} {at_least(usual, batch.USUAL_TO_DRAFTS)}",
        f"{figure['ours_to_floor_cpu']}, {figure['usual_to_ours_cpu']}",
    )


def _entries(name: str, figure: Mapping[str, Any]) -> tuple[str, ...]:
    usual = figure["usual_to_ours"]
    return (
        f"{name.upper()} to the SAAD list",
        "",
        *(str(figure[who]["us"]) for who in ("ours", "usual")),
        "",
        f"{usual} {at_least(usual, batch.USUAL_TO_ENTRIES)}",
        str(figure["usual_to_ours_cpu"]),
    )


def _show_memory(figures: Mapping[str, Any]) -> None:
    for rows, above in figures["above_idle"].items():
        output.result(f"{rows} rows of CSV: {_judged(above, batch.MEMORY_MB, 'MiB above an idle worker')}")
    output.result(_judged(figures["growth"], batch.FLAT_MB, "MiB more for the larger file than for the smaller one"))
    sheet = figures["sheet"]
    told = f"{sheet['rows']} rows of XLSX: {sheet['above_idle']} MiB above an idle worker"
    output.result(f"{told}, and {sheet['reader']} MiB in the process that reads the sheet")


def show_machine(machine: Mapping[str, Any]) -> None:
    """Print what was measured on."""
    libraries = ", ".join(f"{name} {version}" for name, version in machine["libraries"].items())
    output.result(f"{machine['keys']} keys; a sync takes {machine['sync_us']} us")
    output.result(f"{machine['processor']}, {machine['cores']} cores, load {machine['load'][0]}")
    output.result(f"Python {machine['python']}, {libraries}")
