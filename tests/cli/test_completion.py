"""What a shell offers: the function that typer writes for bash is called in bash, as the Tab key calls it."""

import os
import subprocess
from pathlib import Path

import pytest

from helpers.gateway import CONSIGNOR, Box, HandClock, copy_of_box
from helpers.ready import ready
from helpers.scenario import held_report

_TAB = """
eval "$(_ESAD_COMPLETE=source_bash esad)"
COMP_WORDS=("$@")
COMP_CWORD=$(($# - 1))
_esad_completion esad "${@: -1}" "${@: -2:1}"
printf '%s\\n' "${COMPREPLY[@]}"
"""


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> tuple[Box, str]:
    """Member states, and the ARC of a movement whose report Poland holds."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    with held_report(box, HandClock()) as scenario:
        return box, scenario.arc


def offered(*words: str | Path) -> list[str]:
    """What bash offers for the last word of a command line."""
    path = os.pathsep.join((str(ready().parent), os.environ["PATH"]))
    done = subprocess.run(
        ["bash", "-c", _TAB, "tab", "esad", *map(str, words)],
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    return done.stdout.split()


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("explain", "R05"), ["R051", "R054", "R058", "R059"]),
        (("explain", "W2"), ["W200"]),
        (("compose", "--template", "IE81"), ["IE810", "IE813", "IE815", "IE818", "IE819"]),
        (("compose", "--goods", ""), ["wine", "beer", "spirits", "energy", "tobacco"]),
        (("compose", "--sender", "NDEA.L"), ["NDEA.LT", "NDEA.LU", "NDEA.LV"]),
        (("movement", "--role", ""), ["consignor", "consignee"]),
        (("movement", "--state", "X0"), [f"X0{number}" for number in range(1, 10)]),
        (("init", "lt", "--state", "P"), ["PL", "PT"]),
        (("registry", "export", "file", "--format", ""), ["json", "ie713"]),
        (("outbox", "list", "--lang", ""), ["en", "lt", "both"]),
        (("bo",), ["box"]),
        (("box", ""), ["up", "down", "status"]),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_names_of_the_standard_are_offered(words: tuple[str, ...], expected: list[str]) -> None:
    """Those that begin as the word that is typed."""
    assert offered(*words) == expected


def test_what_a_data_directory_holds_is_offered(prepared: tuple[Box, str]) -> None:
    """SEED numbers, administrations that are known, ARCs of held reports; where ``--data`` stands before."""
    box, arc = prepared
    poland = box.members["PL"].data.root
    own = sorted(seed for seed in box.traders if seed.startswith("LT"))

    assert offered("registry", "show", "--data", poland, "LT") == own
    assert offered("token", "issue", "--data", poland, "--seed", CONSIGNOR[:-1]) != []
    assert set(offered("peer", "release", "3.23", "--data", poland, "--state", "")) == {"LT", "DE"}
    assert offered("held", "release", "--data", poland, arc[:4]) == [arc]


@pytest.mark.parametrize("folder", ["nowhere", "."])
def test_nothing_is_offered_and_nothing_said_where_there_is_no_store(tmp_path: Path, folder: str) -> None:
    """A complaint in the middle of a line that somebody types helps nobody."""
    assert offered("registry", "show", "--data", tmp_path / folder, "") == []
    assert list(tmp_path.iterdir()) == []
