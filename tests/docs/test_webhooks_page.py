"""Every command of the page on webhooks is run, and each receiver on it verifies what a gateway sends."""

import re
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import pytest

from helpers import pages
from helpers.gateway import CONSIGNOR, PATIENCE, HandClock, copy_of_box
from helpers.programs import require
from helpers.receiver import Received, receiver
from helpers.served import Served, served
from helpers.webhooks import ALLOWED, Hooks

PAGE = pages.ROOT / "docs" / "how-to" / "webhooks.md"
GATEWAY, RECEIVER = "8460", "8470"
SOURCES = dict(re.findall(r"<!-- run: ([\w.]+) -->\n```\w+\n(.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL))
STARTED = {
    "receiver.py": (sys.executable,),
    "receiver.mjs": ("node",),
    "receiver.php": ("php", "-S", f"127.0.0.1:{RECEIVER}"),
}


@pytest.fixture(scope="module")
def gateway(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A gateway whose clock shows the present, as a receiver asks for it."""
    box = copy_of_box(tmp_path_factory.mktemp("box"))
    box.set("LT", **ALLOWED)
    with served(box, clock=HandClock(datetime.now(UTC))) as running:
        yield running


@contextmanager
def started(name: str, folder: Path, port: str) -> Iterator["subprocess.Popen[str]"]:
    """A receiver of the page, which listens, until the end of the block."""
    (folder / name).write_text(SOURCES[name].replace(RECEIVER, port), encoding="utf-8")
    command = [word.replace(RECEIVER, port) for word in STARTED[name]]
    with (folder / "log").open("w") as log:
        running = subprocess.Popen([*command, name], cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True)
    try:
        _listens(int(port))
        yield running
    finally:
        running.kill()
        running.communicate()


def _listens(port: int) -> None:
    end = monotonic() + PATIENCE
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except ConnectionRefusedError:
            assert monotonic() < end, "the receiver does not listen"
            sleep(0.02)
        else:
            return


def answered(port: str, body: bytes, headers: dict[str, str]) -> int:
    """What a receiver answers to somebody."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/esad", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310 - as above
            status: int = answer.status
            return status
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code


@pytest.mark.parametrize("name", STARTED)
def test_receiver_of_the_page_takes_what_is_signed_and_nothing_else(gateway: Served, tmp_path: Path, name: str) -> None:
    """A notification of a real gateway is verified by code of another language; what was changed is refused."""
    require(STARTED[name][0])
    port, hooks = pages.free_port(), Hooks(gateway)
    made = hooks.make(f"http://127.0.0.1:{port}/esad", direction="out")
    (tmp_path / "secret").write_text(f"{made['secret']}\n", encoding="utf-8")

    with started(name, tmp_path, port) as running:
        last = hooks.submit()
        assert running.stdout is not None
        told = running.stdout.readline()
        forged = {"webhook-id": "a-1", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA v1,"}
        refused = answered(port, b'{"kind": "message", "link": "x"}', forged)

    hooks.ask("DELETE", f"/{made['id']}")
    assert told.strip() == f"verified message https://ndea.example/v1/traders/{CONSIGNOR}/messages/{last}"
    assert refused == 401


def test_page_marks_every_command_and_leads_somewhere() -> None:
    """There is no block that is not run, and no link to nothing."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
    assert SOURCES.keys() == STARTED.keys()


def test_page_shows_what_arrives(gateway: Served) -> None:
    """The members of the example are those of a notification."""
    shown = re.search(r"```\nPOST (.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    members = re.findall(r'"(\w+)": ', shown[1])

    assert members == list(told_members(gateway))


def told_members(gateway: Served) -> Iterator[str]:
    """The members of a notification of this gateway."""
    with receiver() as hook:
        hooks = Hooks(gateway)
        made = hooks.make(hook.url)
        hooks.submit()
        told: Received = hook.next()
        hooks.ask("DELETE", f"/{made['id']}")
    yield from told.told


def test_commands_do_what_the_page_says(gateway: Served, tmp_path: Path) -> None:
    """The whole life of a webhook; the receiver is pinged before and after its secret is replaced."""
    (tmp_path / "token").write_text(gateway.box.traders[CONSIGNOR].token, encoding="utf-8")
    port = pages.free_port()
    (tmp_path / "receiver.py").write_text(SOURCES["receiver.py"].replace(RECEIVER, port), encoding="utf-8")

    printed = pages.transcript(PAGE, tmp_path, edits={GATEWAY: str(gateway.port), RECEIVER: port})

    assert printed.count("taken: HTTP 204") == 2
    assert "there are no dead letters" in printed
    assert (tmp_path / "received").read_text(encoding="utf-8").count("verified ping") == 2
