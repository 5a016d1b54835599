"""Systems in other languages: each page's tests are run by its own framework, against what the compose file starts."""

import os
import re
import shlex
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from signal import SIGTERM
from time import monotonic, sleep
from typing import Any

import pytest
from ruamel.yaml import YAML

from helpers import javascript, pages
from helpers.programs import require, require_packages
from helpers.ready import ready

HOW_TO = pages.ROOT / "docs" / "how-to"
COMMON = HOW_TO / "test-from-any-language.md"
PATIENCE = 300  # seconds until a service answers, where other tests run beside it

PAGES = {
    "java": (("java", "javac"), r"\b(\d+) tests successful", r"@Test\s+void (\w+)"),
    "dotnet": (
        ("openssl", "mcs", "nunit-console"),
        r"Tests run: (\d+), Errors: 0, Failures: 0",
        r"\[Test\]\s+public void (\w+)",
    ),
    "php": (("phpunit",), r"OK \((\d+) tests", r"public function (test\w+)"),
    "node": ((javascript.PROGRAM,), r"# pass (\d+)", r'^test\("([^"]+)"'),
}
"""Of each language: the programs that the page asks for, how its framework tells how many tests have passed, a test."""


@pytest.fixture(scope="module")
def ports() -> Mapping[str, str]:
    """The ports of the pages, and what is taken here in place of them: others may listen there."""
    taken = {port: pages.free_port() for port in ("8460", "8470")}
    return {before + port: before + taken[port] for port in taken for before in ("127.0.0.1:", "--port ")}


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory, ports: Mapping[str, str]) -> Iterator[Path]:
    """The folder of somebody who tests, in which the services of the compose file run."""
    folder = tmp_path_factory.mktemp("system")
    (folder / "node_modules").symlink_to(javascript.INSTALLED)
    for number, block in enumerate(
        re.findall(r"```bash\n(cat > .*?)```", COMMON.read_text(encoding="utf-8"), re.DOTALL)
    ):
        script = folder / f"file-{number}.sh"
        script.write_text(block, encoding="utf-8")
        subprocess.run(["bash", "-e", script.name], cwd=folder, check=True)
    with ExitStack() as running:
        for service in services(folder).values():
            running.enter_context(served(service, folder, ports))
        yield folder


def services(folder: Path) -> dict[str, Any]:
    """The services of a compose file, each behind those that it depends on."""
    found: dict[str, Any] = YAML(typ="safe").load(folder / "compose.yaml")["services"]
    return dict(sorted(found.items(), key=lambda one: len(one[1].get("depends_on", ()))))


@contextmanager
def served(service: Mapping[str, Any], folder: Path, ports: Mapping[str, str]) -> Iterator[None]:
    """A service that runs in a folder as in a container, from when it answers."""
    path = os.pathsep.join(map(str, (ready().parent, pages.INSTALLED, os.environ["PATH"])))
    environment = {**os.environ, "PATH": path}

    def command(words: str | list[str]) -> list[str]:
        text = shlex.join(words) if isinstance(words, list) else words
        for written, needed in ports.items():
            text = text.replace(written, needed)
        return shlex.split(text)

    process = subprocess.Popen(command(service["command"]), cwd=folder, env=environment)
    try:
        asks, until = command(service["healthcheck"]["test"][1:]), monotonic() + PATIENCE
        while subprocess.run(asks, env=environment, stderr=subprocess.DEVNULL, check=False).returncode:
            assert process.poll() is None, f"it has ended: {service['command']}"
            assert monotonic() < until, f"it does not answer: {service['command']}"
            sleep(1)  # as often as the file says
        yield
    finally:
        process.terminate()
        process.wait()
    assert process.returncode in {0, -SIGTERM}, "a simulator says so when a fault has never struck"


def code(page: Path) -> str:
    """All that stands in the blocks of a page."""
    return "\n".join(re.findall(r"```bash\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL))


@pytest.mark.parametrize("page", [COMMON, *(HOW_TO / f"test-from-{language}.md" for language in PAGES)])
def test_page_marks_every_command(page: Path) -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(page) == []
    assert [link for link in pages.links(page) if not link.exists()] == []


def test_compose_file_is_one_by_the_schema(started: Path) -> None:
    """Those who read compose files read this one."""
    judged = subprocess.run(
        [pages.INSTALLED / "check-jsonschema", "--builtin-schema", "vendor.compose-spec", "compose.yaml"],
        cwd=started,
        capture_output=True,
        text=True,
        check=False,
    )
    assert judged.returncode == 0, judged.stdout


def test_requests_of_the_common_page_are_answered(started: Path, ports: Mapping[str, str]) -> None:
    """A consignee of Poland is made, and the clock goes forward."""
    printed = pages.transcript(COMMON, started, edits=ports)

    assert '"seed":"PL' in (started / "warsaw.json").read_text(encoding="utf-8")
    assert '"rate":1' in printed


@pytest.mark.parametrize("language", PAGES)
def test_tests_of_the_page_pass(started: Path, ports: Mapping[str, str], language: str) -> None:
    """All of them, by the framework of the language; the words of its output say how many."""
    programs, passed, test = PAGES[language]
    for program in programs:
        require(program)
    if language == "node":
        require_packages(javascript.INSTALLED)
    page = HOW_TO / f"test-from-{language}.md"

    printed = pages.transcript(page, started, edits=ports)

    tests = re.findall(test, code(page), re.MULTILINE)
    assert re.findall(passed, printed) == [str(len(tests))], printed


@pytest.mark.parametrize("language", PAGES)
def test_every_surprise_has_its_test(language: str) -> None:
    """The last column of the table names a test of the page."""
    page = HOW_TO / f"test-from-{language}.md"
    rows = re.findall(r"^\| .* \| `([^`|]+)` \|$", page.read_text(encoding="utf-8"), re.MULTILINE)

    assert len(rows) > 4
    assert set(rows) <= set(re.findall(PAGES[language][2], code(page), re.MULTILINE))


def test_node_page_names_the_version_that_is_tried() -> None:
    """The package that the page asks for is the one that is locked for the tests."""
    named = re.findall(r"xml-crypto@([\d.]+\d)", (HOW_TO / "test-from-node.md").read_text(encoding="utf-8"))
    assert named == [javascript.locked()["xml-crypto"]]
