"""The page on signing in says what the code does."""

import re
import tomllib
from dataclasses import fields

from esad_gateway.ais.people.identity import ClaimNames
from esad_gateway.cli.common.signing_in import sign_in
from esad_gateway.setting_sign_in import SignInProvider
from esad_gateway.settings import Settings
from esad_gateway.signin.fetching import LARGEST
from esad_gateway.signin.identity_provider import ALGORITHMS
from esad_gateway.signin.keys import KEPT, PAUSE
from esad_gateway.store.national.sign_in import MOST
from helpers import pages

PAGE = pages.ROOT / "docs" / "how-to" / "sign-in.md"
TEXT = PAGE.read_text(encoding="utf-8")
ROW = re.compile(r"^\| `(\w+)` \| (.*?) \|", re.MULTILINE)


def table(before: str, after: str) -> dict[str, str]:
    """The first two columns of a table between two texts."""
    return dict(ROW.findall(TEXT.partition(before)[2].partition(after)[0]))


def test_page_leads_somewhere() -> None:
    """There is no link to nothing."""
    assert all(link.exists() for link in pages.links(PAGE))


def test_settings_of_the_page_are_taken() -> None:
    """As they stand there."""
    block = re.search(r"^```toml\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    assert block is not None
    settings = Settings.model_validate({"state": "LT", **tomllib.loads(block[1])})

    provider = settings.sign_in["mano-vmi"].provider("mano-vmi", pages.ROOT)
    assert provider.claims.personal_code == "asmens_kodas"
    assert provider.secret_file == pages.ROOT / "keys" / "mano-vmi.secret"


def test_tables_have_every_setting_and_every_claim() -> None:
    """With what counts unless it is there."""
    told, names = table("| Setting |", "| Claim |"), table("| Claim |", "## Sign in")

    assert set(told) == set(SignInProvider.model_fields)
    assert told["algorithms"] == ", ".join(f"`{one}`" for one in ALGORITHMS)
    assert told["algorithms"] == ", ".join(f"`{one}`" for one in SignInProvider.model_fields["algorithms"].default)
    for name in ("scope", "clock_skew", "answer_seconds"):
        assert told[name].strip("`") == f"{SignInProvider.model_fields[name].default}"
    usual = ClaimNames()
    assert names == {one.name: f"`{getattr(usual, one.name)}`" for one in fields(ClaimNames)}


def test_figures_of_the_page_are_those_of_the_code() -> None:
    """Limits and times, and the options of the command."""
    assert f"{LARGEST // 1024} KiB" in TEXT
    assert f"{MOST:,} are kept" in TEXT
    assert (KEPT.total_seconds(), PAUSE.total_seconds()) == (3600, 60)
    assert {"url", "provider", "browser"} <= set(sign_in.__annotations__)
