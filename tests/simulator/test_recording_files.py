"""Files of recordings: written as a whole or not at all, and what is wrong with one is told with its line."""

import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.recording import files
from esad_gateway.simulator.recording.model import Ended, Recording
from esad_gateway.simulator.recording.passing import Passing, Passings, recorded
from esad_gateway.simulator.recording.schema import recording_schema

NOW = datetime(2026, 3, 2, 10, tzinfo=UTC)


def small() -> Recording:
    """A recording of two requests, one of which was not answered."""
    passings = Passings(began=NOW, state="LT")
    for ended in (Ended.ANSWERED, Ended.BROKEN):
        one = Passing(at=NOW, method="GET", target="/v1?x=1", headers={"accept": "a"}, status=200, ended=ended)
        one.came.came(b'{"a": null, "b": [1.5, "x"]}')
        passings.keep(one)
    return recorded(passings, 7)


def test_recording_is_read_as_it_was_written(tmp_path: Path) -> None:
    """From its file, or from the folder that has it."""
    file = files.write(tmp_path, small())

    assert files.read(file) == files.read(tmp_path) == small()
    assert [one.name for one in tmp_path.iterdir()] == ["recording.jsonl"]


def test_lines_are_as_the_schema_says(tmp_path: Path) -> None:
    """Each of them, by another reader of the schema; and one that is not is found by it as well."""
    schema = jsonschema.Draft202012Validator(recording_schema())
    lines = [json.loads(line) for line in files.write(tmp_path, small()).read_text("utf-8").splitlines()]

    assert [list(schema.iter_errors(line)) for line in lines] == [[], [], []]
    assert list(schema.iter_errors({**lines[1], "more": 1}))


HEAD = {"recording": 1, "began": "2026-03-02T10:00:00Z", "exchanges": 1}
LINE: dict[str, Any] = {"number": 1, "at": 0, "request": {"method": "GET", "target": "/"}}


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        ([], "this is no recording"),
        (["no json"], "this is no recording"),
        (["{}"], "this is no recording"),
        (["[1]"], "this is no recording"),
        ([HEAD | {"recording": 2}], "this is version 2 of recordings, and version 1 is known here"),
        ([HEAD | {"recording": "x" * 99}], "this is version 'xxx"),
        ([HEAD | {"began": "yesterday"}, LINE], "line 1: /began: "),
        ([HEAD], "1 lines should follow the first one, and there are 0"),
        ([HEAD, LINE, LINE], "1 lines should follow the first one, and there are 2"),
        ([HEAD, LINE | {"more": 1}], "line 2: /more: "),
        ([HEAD, LINE | {"at": -1}], "line 2: /at: "),
        ([HEAD, LINE | {"request": {"target": "/"}}], "line 2: /request/method: "),
        ([HEAD, LINE | {"answer": {"status": 9}}], "line 2: /answer/status: "),
        ([HEAD, LINE | {"request": LINE["request"] | {"body": {"xml": "<a>"}}}], "line 2: /request/body/xml: "),
        ([HEAD, '{"number": 1, '], "line 2: "),
        ([HEAD, "[" * 200_000], "line 2: too many brackets"),
        ([HEAD, b"\xff\xfe"], "no text in UTF-8"),
    ],
)
def test_broken_recording_is_told_with_its_line(tmp_path: Path, lines: list[Any], says: str) -> None:
    """In one sentence, with the file."""
    told = [
        one if isinstance(one, bytes) else (one if isinstance(one, str) else json.dumps(one)).encode() for one in lines
    ]
    (file := tmp_path / "broken.jsonl").write_bytes(b"\n".join(told) + b"\n" * bool(told))

    with pytest.raises(UnreadableInput) as caught:
        files.read(file)

    assert str(file) in str(caught.value)
    assert says in str(caught.value)


def test_folder_of_a_recording_is_new_or_empty(tmp_path: Path) -> None:
    """What stands there is not written over; a folder that cannot be made is told before anything is recorded."""
    (tmp_path / "a").write_text("")

    with pytest.raises(UnreadableInput, match="is not empty"):
        files.new_folder(tmp_path)
    with pytest.raises(UnreadableInput, match=str(tmp_path / "a" / "b")):
        files.new_folder(tmp_path / "a" / "b")
    assert files.new_folder(tmp_path / "new" / "one").is_dir()


FULL = """
import sys, resource, signal
from pathlib import Path
sys.path.insert(0, {tests!r})
from esad_gateway.errors import UnreadableInput
from esad_gateway.simulator.recording import files
from esad_gateway.simulator.recording.model import Recording
recording = Recording.model_validate_json(Path({source!r}).read_text())
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))
try:
    files.write(Path({folder!r}), recording)
except UnreadableInput as error:
    print(error)
"""


def test_disk_is_full(tmp_path: Path) -> None:
    """Nothing half stays: in a process that may write no more than some bytes into a file."""
    (source := tmp_path / "source").write_text(small().model_dump_json(by_alias=True))
    (folder := tmp_path / "out").mkdir()
    program = FULL.format(tests=str(Path(__file__).parents[1]), source=str(source), folder=str(folder))

    ended = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, timeout=60)

    assert "recording.jsonl: " in ended.stdout
    assert list(folder.iterdir()) == []
