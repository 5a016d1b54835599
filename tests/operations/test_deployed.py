"""Files to run a gateway with: each passes its own checker, and says of the gateway what is true."""

import json
import re
import shutil
import signal
import subprocess
import sys
from itertools import takewhile
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from esad_gateway.operations.metrics import METRICS, MetricKind
from helpers import pages

FOLDER = pages.ROOT / "docs" / "operations"
LARGEST_EXPOSURE = 20
"""Tenths, of 100 for a service that may do everything."""


def checked(*command: object) -> subprocess.CompletedProcess[str]:
    """A checker that has ended."""
    return subprocess.run([*map(str, command)], capture_output=True, text=True, check=False, timeout=120)


def tool(name: str, package: str) -> str:
    """A program of the system."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed (Debian: {package})")
    return found


def test_container_file_has_no_remark() -> None:
    """By hadolint."""
    ended = checked(pages.INSTALLED / "hadolint", FOLDER / "Containerfile")

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_compose_file_is_one() -> None:
    """By the schema of the compose specification; what it mounts is there."""
    file = FOLDER / "compose.yaml"
    ended = checked(pages.INSTALLED / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", file)
    services = YAML(typ="safe").load(file)["services"]
    mounted = [one.split(":")[0] for service in services.values() for one in service["volumes"] if one.startswith(".")]

    assert ended.returncode == 0, ended.stdout
    assert [name for name in mounted if not (FOLDER / name).is_file()] == []
    assert (FOLDER / services["gateway"]["build"]["context"] / "pyproject.toml").is_file()


@pytest.fixture
def units(tmp_path: Path) -> list[Path]:
    """The units, with programs and accounts that this machine has."""
    for name in ("esad.service", "esad.socket"):
        text = (FOLDER / name).read_text(encoding="utf-8")
        text = text.replace("/opt/esad/bin/esad", str(pages.INSTALLED / "esad"))
        (tmp_path / name).write_text(re.sub(r"(User|Group)=esad", r"\1=root", text), encoding="utf-8")
    return [tmp_path / "esad.service", tmp_path / "esad.socket"]


def test_units_are_understood(units: list[Path]) -> None:
    """By systemd itself, without a remark."""
    ended = checked(tool("systemd-analyze", "systemd"), "verify", *units)

    assert (ended.returncode, ended.stdout, ended.stderr) == (0, "", "")


def test_unit_gives_little_away() -> None:
    """Systemd's own measure of what a service could do to the machine; as root it would be more than as esad."""
    ended = checked(
        *(tool("systemd-analyze", "systemd"), "security", "--offline=true"),
        *(f"--threshold={LARGEST_EXPOSURE}", FOLDER / "esad.service"),
    )

    assert ended.returncode == 0, ended.stdout


def test_rules_are_understood() -> None:
    """By Prometheus' own tool, with the configuration that names them."""
    ended = checked(tool("promtool", "prometheus"), "check", "config", FOLDER / "prometheus.yml")

    assert ended.returncode == 0, ended.stdout + ended.stderr
    assert "12 rules found" in ended.stdout


def test_rules_ask_for_metrics_that_there_are() -> None:
    """By their names, and by labels that they have."""
    known = {metric.shown: set(metric.labels) for metric in METRICS}
    known |= {
        f"{metric.name}_bucket": {"le", *metric.labels} for metric in METRICS if metric.kind is MetricKind.HISTOGRAM
    }
    rules = YAML(typ="safe").load(FOLDER / "alerts.yml")["groups"][0]["rules"]
    asked = [found for rule in rules for found in re.findall(r"(esad_\w+)(?:\{(\w+))?", rule["expr"])]

    assert asked
    assert [name for name, _ in asked if name not in known] == []
    assert [label for name, label in asked if label and label not in known[name]] == []


def test_commands_in_the_files_are_commands() -> None:
    """The options of ``esad serve`` that they use, and the way to be asked whether it is ready."""
    helped = checked(sys.executable, "-m", "esad_gateway", "serve", "--help").stdout
    texts = [(FOLDER / name).read_text(encoding="utf-8") for name in ("Containerfile", "esad.service")]
    used = {
        option
        for text in texts
        for line in text.splitlines()
        if "serve" in line
        for option in re.findall(r"--[a-z]+", line)
    }

    assert used == {"--data", "--host", "--port", "--wait"}
    assert [option for option in used if option not in helped] == []
    assert "/ready" in texts[0]


def test_gateway_of_the_image_starts_is_healthy_and_ends(tmp_path: Path) -> None:
    """What the image runs, how it is asked for its health, and the signal that stops it: here without an image."""
    text = (FOLDER / "Containerfile").read_text(encoding="utf-8")
    text = text.replace("8460", pages.free_port()).replace("/data", str(tmp_path))
    healthy, entry, command = (
        json.loads(one) for one in re.findall(r"^ *(?:ENTRYPOINT|CMD) (.+)$", text, re.MULTILINE)
    )
    (stops,) = re.findall(r"^STOPSIGNAL (\w+)$", text, re.MULTILINE)
    assert ((entry, healthy[0]), *command[:2]) == ((["esad"], "python"), "serve", "--data")
    assert checked(pages.INSTALLED / "esad", "init", tmp_path / "gateway", "--state", "LT").returncode == 0

    with subprocess.Popen([pages.INSTALLED / "esad", *command], stderr=subprocess.PIPE, text=True) as running:
        assert running.stderr is not None
        told = list(takewhile(lambda line: "gateway listens" not in line, running.stderr))
        asked = checked(sys.executable, *healthy[1:])
        running.send_signal(signal.Signals[stops])

    assert (asked.returncode, running.returncode) == (0, -signal.Signals[stops]), (told, asked.stderr)
    assert checked(sys.executable, *healthy[1:]).returncode == 1
