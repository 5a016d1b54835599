"""Settings are read once, all faults at once, and what ``esad init`` writes can be read."""

import re
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from esad_gateway.bootstrap import Parts, build
from esad_gateway.emcs.identifiers import NATIONAL_ADMINISTRATIONS
from esad_gateway.errors import NotConfigured
from esad_gateway.settings import FILE, Settings, read_settings, settings_text
from helpers.gateway import copy_of_box

LONG = 10_000_000_000


def read(folder: Path, text: str) -> Settings:
    """The settings of a data directory with this file."""
    (folder / FILE).write_text(text, encoding="utf-8")
    return read_settings(folder)


@contextmanager
def refusals() -> Iterator[list[NotConfigured]]:
    """Settings that may be refused, and how."""
    found: list[NotConfigured] = []
    try:
        yield found
    except NotConfigured as error:
        found.append(error)


def chosen(**settings: str) -> Settings:
    """These settings, and the defaults of all others."""
    return Settings.model_validate(settings)


def test_least_settings_have_defaults(tmp_path: Path) -> None:
    """The state is all that must be said."""
    settings = read(tmp_path, 'state = "LT"')

    assert settings == chosen(state="LT")
    assert settings.profile().address == "NDEA.LT"
    assert settings.profile().formalities == timedelta(0)
    assert settings.retry_policy().longest == timedelta(minutes=10)


def test_settings_become_profile_and_policy(tmp_path: Path) -> None:
    """Days are days, everything else is seconds."""
    settings = read(
        tmp_path,
        'state = "EL"\ntime_zone = "Europe/Athens"\nformalities_days = 2.5\nmaximum_journey_days = { 5 = 20 }\n'
        "retry_first = 0.5\nretry_longest = 60\nretry_attempts = 7\n",
    )

    profile, policy = settings.profile(), settings.retry_policy()
    assert (profile.state, str(profile.time_zone)) == ("EL", "Europe/Athens")
    assert (profile.formalities, profile.maximum_journey_days) == (timedelta(hours=60), {"5": 20})
    assert (policy.first, policy.longest, policy.attempts) == (timedelta(seconds=0.5), timedelta(minutes=1), 7)


def test_what_changes_on_a_day_builds_on_what_was(tmp_path: Path) -> None:
    """Each change leaves what it does not name as it was before that day."""
    settings = read(
        tmp_path,
        'state = "LT"\nformalities_days = 1\n[changes.2027-07-01]\nrules_off = ["BR001"]\n'
        "[changes.2027-01-01]\nformalities_days = 5\nmaximum_journey_days = { 3 = 20 }\n",
    )

    profile = settings.profile()
    days = [profile.on(date(2026, 12, 31)), profile.on(date(2027, 1, 1)), profile.on(date(2027, 7, 1))]
    assert [day.formalities.days for day in days] == [1, 5, 5]
    assert [dict(day.maximum_journey_days) for day in days] == [{}, {"3": 20}, {"3": 20}]
    assert [day.rules_off for day in days] == [frozenset(), frozenset(), {"BR001"}]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (
            'rules_off = ["BR020"]',
            "'BR020' cannot be switched off: the rulebook leaves only BR001 to member states",
        ),
        ('[changes.2027-01-01]\nrules_off = ["R999"]', "'R999' cannot be switched off"),
        ("[changes.tomorrow]\ndays_to_wait = 2", "'tomorrow' is no day; expected one such as 2027-01-01"),
        ("[changes.20270101]\ndays_to_wait = 2", "'20270101' is no day; expected one such as 2027-01-01"),
        ("[changes.2027-W01-1]\ndays_to_wait = 2", "'2027-W01-1' is no day; expected one such as 2027-01-01"),
        ("[changes.2027-01-01]\nclock_pause = 2", "changes.2027-01-01.clock_pause"),
    ],
)
def test_choice_that_no_state_has(tmp_path: Path, text: str, told: str) -> None:
    """A mandatory rule stays on, and what is not decided by days has none; the sentence says what can be done."""
    with pytest.raises(NotConfigured) as refused:
        read(tmp_path, f'state = "LT"\n{text}\n')

    assert told in str(refused.value)


def test_first_day_of_another_state_is_corrected(tmp_path: Path) -> None:
    """What an administration knows better goes before what is known here."""
    profile = read(tmp_path, 'state = "LT"\nesad_from = { NL = 2024-01-01 }\n').profile()

    assert profile.esad_from == {"XI": date(2024, 8, 19), "NL": date(2024, 1, 1)}


def test_first_day_of_another_state_ends_its_paper(tmp_path: Path) -> None:
    """The SAAD list takes documents on paper until the day before; receipts are due by the corrected calendar."""
    text = 'state = "LT"\nesad_from = { NL = 2024-01-01 }\nworking_days = { LT = { off = [2024-01-03] } }\n'
    law = read(tmp_path, text).saad_law()

    (row,) = (one for one in law.admissions if one.states == frozenset({"NL"}))
    assert (law.state, row.dispatched.last) == ("LT", date(2023, 12, 31))
    assert law.due(date(2024, 1, 2)) == date(2024, 1, 4)
    assert chosen(state="PL").saad_law().admissions == ()


@pytest.mark.parametrize(("times", "zone"), [("utc", "UTC"), ("local", "Europe/Vilnius")])
def test_times_of_traders_documents_are_chosen(tmp_path: Path, times: str, zone: str) -> None:
    """UTC as between administrations, or the clocks of the traders."""
    settings = read(tmp_path, f'state = "LT"\ntime_zone = "Europe/Vilnius"\ntrader_times = "{times}"\n')

    assert str(settings.profile().trader_zone) == zone


def test_calendars_are_corrected(tmp_path: Path) -> None:
    """Days as TOML's dates or as text; a state without corrections keeps its public holidays."""
    settings = read(
        tmp_path, 'state = "LT"\nworking_days = { LT = { off = [2026-12-31], worked = ["2026-12-19"] }, EL = {} }\n'
    )

    calendars = settings.profile().calendars
    for state, expected in {"LT": [False, True, False], "EL": [True, False, False]}.items():
        days = (date(2026, 12, 31), date(2026, 12, 19), date(2026, 12, 25))
        assert [calendars[state].works_on(day) for day in days] == expected


@pytest.mark.parametrize("state", sorted(NATIONAL_ADMINISTRATIONS))
def test_generated_file_reads_back(tmp_path: Path, state: str) -> None:
    """What ``esad init`` writes says what was chosen, and every other key as a comment with its default."""
    text = settings_text(state, "Europe/Vilnius")
    uncommented = "\n".join(line.removeprefix("# ") for line in text.splitlines() if " = " in line)

    assert read(tmp_path, text) == chosen(state=state, time_zone="Europe/Vilnius")
    assert read(tmp_path, uncommented) == chosen(state=state, time_zone="Europe/Vilnius")
    assert tomllib.loads(uncommented).keys() == Settings.model_fields.keys()


WRONG = {
    "nothing": ("", "state: missing; it has no default"),
    "unknown key": (
        'state = "LT"\nretry_frist = 3',
        "retry_frist: no setting has this name; did you mean retry_first?",
    ),
    "nothing like it": (
        'state = "LT"\ncolour = "red"',
        "colour: no setting has this name; known are state, time_zone,",
    ),
    "misspelt in a change": (
        'state = "LT"\n[changes.2027-01-01]\nformality_days = 1',
        "changes.2027-01-01.formality_days: no setting has this name; did you mean formalities_days?",
    ),
    "alias of a state": ('state = "GR"', "'GR' is written 'EL' in EMCS"),
    "no state": ('state = "ZZ"', "'ZZ' is no national administration"),
    "no time zone": ('state = "LT"\ntime_zone = "Mars"', "time_zone: 'Mars' is no time zone"),
    "a folder of time zones": ('state = "LT"\ntime_zone = "Europe"', "'Europe' is no time zone"),
    "a path as time zone": ('state = "LT"\ntime_zone = "../x"', "'../x' is no time zone"),
    "text for a number": (
        'state = "LT"\nretry_attempts = "3"',
        "retry_attempts: expected a whole number, without quotes (got '3')",
    ),
    "number for a text": ("state = 1", 'state: expected a text in quotes, such as "LT" (got 1)'),
    "half an attempt": ('state = "LT"\nretry_attempts = 1.5', "retry_attempts"),
    "negative": ('state = "LT"\nformalities_days = -1', "formalities_days"),
    "zero": ('state = "LT"\nretry_first = 0', "retry_first: expected more than 0 (got 0)"),
    "endless": ('state = "LT"\npeer_timeout = inf', "peer_timeout"),
    "not a number": ('state = "LT"\nretry_longest = nan', "retry_longest"),
    "too long": (f'state = "LT"\nformalities_days = {LONG}', "formalities_days"),
    "much too long": (f'state = "LT"\nretry_first = {LONG}', "retry_first"),
    **{
        f"beyond the calendar: {name}": (
            f'state = "LT"\n{name} = 1e9',
            f"{name}: expected ",
        )
        for name in ("days_to_change", "days_to_wait", "clock_pause")
    },
    **{
        f"more than a database can count: {name}": (f'state = "LT"\n{name} = {2**63}', f"{name}: expected ")
        for name in ("refused_a_day", "parked_at_once", "retry_attempts", "retry_aside")
    },
    "journey beyond the calendar": (
        f'state = "LT"\nmaximum_journey_days = {{ 3 = {10**12} }}',
        "maximum_journey_days.3",
    ),
    "no journey": ('state = "LT"\nmaximum_journey_days = { 3 = 0 }', "maximum_journey_days.3"),
    "other times": ('state = "LT"\ntrader_times = "summer"', "trader_times: expected 'utc' or 'local' (got 'summer')"),
    "no day": (
        'state = "LT"\nworking_days = { LT = { off = ["31 December"] } }',
        "working_days.LT.off.0: expected a day such as 2027-01-01",
    ),
    "calendar of no state": ('state = "LT"\nworking_days = { GR = {} }', "'GR' is written 'EL' in EMCS"),
    "no correction": (
        'state = "LT"\nworking_days = { LT = { half = [] } }',
        "working_days.LT.half: no setting has this name; known are off, worked",
    ),
    "name of a provider": (
        'state = "LT"\n[sign_in.Mano_VMI]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "vmi"',
        "'Mano_VMI' is no name of a provider",
    ),
    "provider without an issuer": (
        'state = "LT"\n[sign_in.one]\nclient_id = "esad"\nmeans = "vmi"',
        "sign_in.one.issuer: missing",
    ),
    "provider by plain HTTP": (
        'state = "LT"\n[sign_in.one]\nissuer = "http://one.example"\nclient_id = "esad"\nmeans = "vmi"',
        "'http://one.example' is no address of a provider",
    ),
    "provider with a secret in the settings": (
        (
            'state = "LT"\n[sign_in.one]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "vmi"\n'
            'client_secret = "x"'
        ),
        "sign_in.one.client_secret: no setting has this name; did you mean client_secret_file?",
    ),
    "secret elsewhere": (
        (
            'state = "LT"\n[sign_in.one]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "vmi"\n'
            'client_secret_file = "../one.secret"'
        ),
        "'../one.secret' is no place for its secret",
    ),
    "algorithm with a shared secret": (
        (
            'state = "LT"\n[sign_in.one]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "vmi"\n'
            'algorithms = ["HS256"]'
        ),
        "sign_in.one.algorithms.0: expected 'RS256'",
    ),
    "other means": (
        'state = "LT"\n[sign_in.one]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "bank"',
        "sign_in.one.means: expected 'mano_vmi' or 'vmi' (got 'bank')",
    ),
    "claim that nobody reads": (
        (
            'state = "LT"\n[sign_in.one]\nissuer = "https://one.example"\nclient_id = "esad"\nmeans = "vmi"\n'
            'claims = { colour = "c" }'
        ),
        "sign_in.one.claims.colour",
    ),
    "no TOML": (
        "state = LT",
        'line 1, column 9: expected a value: a number, true, false, a text in quotes such as "LT"',
    ),
    "twice": (
        'state = "LT"\nstate = "PL"',
        "line 2, its end: this name has a value already; expected every setting once (got 'state = \"PL\"')",
    ),
}


OF_NO_USE = (
    '"a text"',
    "1.5",
    "-1",
    "true",
    "[1]",
    "[[]]",
    "{ x = 1 }",
    "2027-01-01",
    "inf",
    "1979-05-27T07:32:00Z",
    "{}",
)
FOREIGN = re.compile("Input should|Extra inputs|Field required|valid (string|integer|list|dict)|Value error|TOML|ctx")


@pytest.mark.parametrize("name", Settings.model_fields)
def test_any_wrong_value_is_said_in_our_words(tmp_path: Path, name: str) -> None:
    """Whatever stands there instead, what a library says does not get through, and the place does."""
    told = []
    for value in OF_NO_USE:
        start = "" if name == "state" else 'state = "LT"\n'
        with refusals() as caught:
            read(tmp_path, f"{start}{name} = {value}\n")
        told += [str(error) for error in caught]

    assert told
    assert all(f"{name}" in one and "(got " in one for one in told if "no setting has this name" not in one)
    assert [one for one in told if FOREIGN.search(one.replace(str(tmp_path), ""))] == []
    assert [one for one in told if "something else" in one] == []


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("state", "line 1, its end: expected a name, = and a value, such as state ="),
        ('state = "LT', "expected a text that ends with its quote in its line"),
        ('state = "LT" "PL"', "line 1, column 14: expected nothing behind the value"),
        ('state = "LT"\nrules_off = ["BR001"', "expected ] at the end of a list"),
        ('state = "LT"\nworking_days = { LT = {} ', "expected } at the end of a table"),
        ('state = "LT"\n[changes.2027-01-01\n', "line 2, column 20: expected ] at the end of a heading"),
        ('state = "LT"\n[changes]\n[changes]\n', "this name has a value already"),
        ('state = "LT"\nport = ', "expected a value"),
    ],
)
def test_what_is_no_toml_is_said_in_our_words(tmp_path: Path, text: str, told: str) -> None:
    """The place, what was expected, and the line that stands there, if there is one."""
    with pytest.raises(NotConfigured) as caught:
        read(tmp_path, text)

    assert told in str(caught.value)


@pytest.mark.parametrize(("text", "told"), WRONG.values(), ids=WRONG)
def test_wrong_settings_are_named(tmp_path: Path, text: str, told: str) -> None:
    """File, key, what was expected, what was found."""
    with pytest.raises(NotConfigured) as caught:
        read(tmp_path, text)

    assert str(tmp_path / FILE) in str(caught.value)
    assert told in str(caught.value)


def test_all_faults_are_told_at_once(tmp_path: Path) -> None:
    """Nobody has to start a gateway five times to correct five mistakes."""
    with pytest.raises(NotConfigured) as caught:
        read(tmp_path, 'state = "GR"\ntime_zone = "Mars"\nretry_first = -1\nretry_attempts = "many"\ncolour = "red"')

    assert all(name in str(caught.value) for name in ("state", "time_zone", "retry_first", "retry_attempts", "colour"))


def test_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are no UTF-8."""
    (tmp_path / FILE).write_bytes(b'state = "LT"\n# \xff')

    with pytest.raises(NotConfigured, match=r"line 2: the byte 0xff is no text in UTF-8"):
        read_settings(tmp_path)


def test_what_is_no_data_directory_is_told_as_such(tmp_path: Path) -> None:
    """A folder without settings, a missing one, a file, and a folder where the file should be."""
    file = tmp_path / "file"
    file.touch()
    (tmp_path / "folder" / FILE).mkdir(parents=True)

    for path in (tmp_path, tmp_path / "absent", file):
        with pytest.raises(NotConfigured, match="esad init"):
            read_settings(path)
    with pytest.raises(NotConfigured, match="directory"):
        read_settings(tmp_path / "folder")


@pytest.mark.parametrize(
    ("release", "told"),
    [
        ("9.99", r"no schemas of release 9\.99; known are 3\.23"),
        ("3.23, 9.99 from 2030-01-01T00:00:00Z", r"no schemas of release 9\.99; known are 3\.23"),
        ("../../etc", r"is no release; expected a number such as 3\.23"),
        ("", r"is no release; expected a number such as 3\.23"),
    ],
)
def test_release_without_schemas_is_refused(tmp_path: Path, release: str, told: str) -> None:
    """A gateway does not start without the schemas of its release."""
    box = copy_of_box(tmp_path)
    box.set("LT", release=f'"{release}"')

    with pytest.raises(NotConfigured, match=told):
        build(Parts(box.members["LT"].data.root))


def test_settings_cannot_be_changed() -> None:
    """They are read once; a running gateway does not change its mind."""
    settings = chosen(state="LT")

    with pytest.raises(ValueError, match="frozen"):
        settings.state = "PL"


@pytest.mark.parametrize(
    "address", ["", "https://ndea.example", "http://10.0.0.7:8460", "https://ndea.example/excise/"]
)
def test_public_address_is_taken_without_its_last_slash(tmp_path: Path, address: str) -> None:
    """Paths are put behind it; empty means that there is none."""
    assert read(tmp_path, f'state = "LT"\npublic_url = "{address}"').public_url == address.rstrip("/")


@pytest.mark.parametrize(
    "address",
    [
        "ndea.example",
        "//ndea.example",
        "ftp://ndea.example",
        "https://",
        "https://ndea.example/?wsdl",
        "https://ndea.example/#a",
        "https://a@ndea.example",
        "https://ndea example",
        "https://ndea.example:99999",
    ],
)
def test_public_address_that_no_client_can_use_is_refused(tmp_path: Path, address: str) -> None:
    """Named with what was expected."""
    with pytest.raises(NotConfigured, match=r"public_url: .*expected one such as https://ndea\.example"):
        read(tmp_path, f'state = "LT"\npublic_url = "{address}"')
