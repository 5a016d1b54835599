"""The clients in other languages run as they stand on their page: each submits once, and reads each message once."""

import re
from pathlib import Path

from helpers import javascript, pages
from helpers.programs import require, require_packages

HOW_TO = pages.ROOT / "docs" / "how-to"
PAGE = HOW_TO / "client-other-languages.md"
SIGNERS = {"node": "esad-signer.mjs", "php": "EsadSigner.php", "java": "EsadSigner.java"}
"""Language -> the signer that stands on the page on tests in it."""


def put_signers(folder: Path) -> None:
    """Write down the signers of the other pages, as their readers do."""
    for language, name in SIGNERS.items():
        text = (HOW_TO / f"test-from-{language}.md").read_text(encoding="utf-8")
        (code,) = re.findall(rf"^cat > {re.escape(name)} <<'END'\n(.*?)^END$", text, re.DOTALL | re.MULTILINE)
        (folder / name).write_text(code, encoding="utf-8")


def test_clients_of_the_page_run(tmp_path: Path) -> None:
    """Twice each: the same receipt, and nothing that was handled comes again."""
    for program in (javascript.PROGRAM, "php", "javac", "java"):
        require(program)
    require_packages(javascript.INSTALLED)
    (tmp_path / "fixtures").symlink_to(pages.ROOT / "fixtures")
    (tmp_path / "node_modules").symlink_to(javascript.INSTALLED)
    put_signers(tmp_path)

    printed = pages.transcript(PAGE, tmp_path, edits={"8460": pages.free_port()})

    arcs = {}
    for language in SIGNERS:
        lines = re.findall(rf"^{language} (\S+) (.*)$", printed, re.MULTILINE)
        receipts = [(first, rest) for first, rest in lines if rest in {"new", "again"}]
        arc = receipts[0][0]
        assert receipts == [(arc, "new"), (arc, "again")]
        handled = [(first, rest) for first, rest in lines if rest not in {"new", "again"}]
        assert len({*handled}) == len(handled) > 0
        assert {rest for _, rest in handled} == {"IE801 true"}
        arcs[arc] = language
    assert len(arcs) == len(SIGNERS)


def test_page_marks_every_command() -> None:
    """There is no block that is not run, and no link that leads nowhere."""
    assert pages.unmarked(PAGE) == []
    assert [link for link in pages.links(PAGE) if not link.exists()] == []
