"""Settings of one gateway: read once from its data directory, typed, frozen; an unknown key is refused."""

import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from esad_gateway import profiles
from esad_gateway.ais.saad.law import SaadLaw
from esad_gateway.emcs.identifiers import Malformed
from esad_gateway.emcs.profile import NationalProfile
from esad_gateway.emcs.releases import Schedule
from esad_gateway.errors import NotConfigured
from esad_gateway.faults import listed, said
from esad_gateway.file_errors import file_error
from esad_gateway.gateway.retries import RetryPolicy
from esad_gateway.notify.addresses import Allowed
from esad_gateway.profiles.calendars import Correction, calendars
from esad_gateway.profiles.laws import beside
from esad_gateway.profiles.saad import saad_law
from esad_gateway.setting_addresses import Address, Network, Networks, PublicUrl, WebhookHost, networks
from esad_gateway.setting_changes import ChangeFromDay, WorkingDays
from esad_gateway.setting_faults import in_words, no_text, no_toml
from esad_gateway.setting_national import (
    Decision,
    FigureDecision,
    check_choices,
    check_decisions,
    check_domain,
    national_domain,
)
from esad_gateway.setting_sign_in import ProviderName, SignInProvider
from esad_gateway.setting_values import (
    Count,
    Day,
    Days,
    DaysKept,
    DaysToChange,
    DaysToWait,
    FormalitiesDays,
    Law,
    Megabytes,
    OptionalRule,
    Release,
    ReleaseOrNone,
    Seconds,
    State,
)
from esad_gateway.transport.limits import HttpLimits
from esad_gateway.xml.readers import Readers
from esad_gateway.xml.release import CURRENT, Releases

if TYPE_CHECKING:
    from esad_gateway.ais.domain import NationalDomain

FILE = "settings.toml"


class Settings(BaseModel):
    """What an administration decides for its gateway. Durations are in seconds unless the name says otherwise."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)

    state: State = Field(description="the member state whose administration this is: LT, PL, EL, XI")
    time_zone: str = Field("UTC", description="the clocks of its traders: when their days begin, how times are shown")
    trader_times: Literal["utc", "local"] = Field(
        "utc",
        description="how times stand in the documents from and to traders: utc as between administrations, or local",
    )
    public_url: PublicUrl = Field(
        "", description="where others reach this gateway, through its front: https://ndea.example; stands in the WSDL"
    )
    host: str = Field("127.0.0.1", description="the address that esad serve listens on, unless it is told another one")
    port: int = Field(8460, ge=0, le=65_535, description="the port that it listens on; 0 takes any that is free")
    release: Release = Field(
        CURRENT,
        description="which release of the messages other administrations and our offices read, and from which moment "
        "another one, as 3.13, 3.23 from 2026-02-12T00:00:00Z; esad peer release says it of a single one",
    )
    trader_release: ReleaseOrNone = Field(
        "", description="which release of the messages our traders read, in the same form; the same when it is empty"
    )
    formalities_days: FormalitiesDays = Field(
        0,
        description="how long a report of receipt is held, unless it is released before (esad held release)",
    )
    days_to_change: DaysToChange = Field(
        30, description="how long a consignor has to give a destination after a refusal (TIM_CHS)"
    )
    days_to_wait: DaysToWait = Field(
        1,
        description="how long an administration's message may wait for the one that must come before it",
    )
    clock_pause: Seconds = Field(1, description="how often it is looked whether a clock of a movement has ended")
    maximum_journey_days: dict[str, Days] = Field(
        default_factory=dict, description="national maxima per transport mode code, lower than the EU ones (BR007)"
    )
    working_days: dict[State, WorkingDays] = Field(
        default_factory=dict,
        description="days that are off, or worked, in a member state unlike its calendar says; reports are due by it",
    )
    rules_off: list[OptionalRule] = Field(
        default_factory=list,
        description="rules that the rulebook leaves to each member state and that are not asked here, such as BR001",
    )
    law: Law = Field(
        "", description="the state's own law, as the Python module and the value in it that implement it: often:LAW"
    )
    national: str = Field(
        "",
        description="the domain of the state's own procedures, as the Python module and the value in it: "
        "often.domain:DOMAIN; the one of its profile when it is empty",
    )
    national_terms: dict[str, Decision] = Field(
        default_factory=dict,
        description="terms and other figures of these procedures that are decided otherwise, by the number of their "
        "requirement: a number, or number, unit and rolls below [national_terms.RC-4]",
    )
    national_choices: dict[str, str] = Field(
        default_factory=dict,
        description="what no source says about these procedures and is chosen otherwise, by the number of the "
        "requirement: the pattern of excise numbers, from which day a temporary number counts",
    )
    esad_from: dict[State, date] = Field(
        default_factory=dict,
        description="the first day on which a member state takes part in the e-SAD, unlike is known here; before it "
        "goods come from there with a document on paper (SAAD list), at any time where no day is known: EL, NL",
    )
    changes: dict[Day, ChangeFromDay] = Field(
        default_factory=dict,
        description="what is decided otherwise from a day on: formalities_days, days_to_change, days_to_wait, "
        "maximum_journey_days, rules_off or law below [changes.2027-01-01]",
    )
    sign_in: dict[ProviderName, SignInProvider] = Field(
        default_factory=dict,
        description="where people sign in (OpenID Connect), each below [sign_in.NAME]: issuer, client_id and means "
        "(mano_vmi or vmi); the others where they differ: docs/how-to/sign-in.md",
    )
    refused_a_day: Count = Field(
        10_000, description="how many refused messages of one trader or administration are kept within 24 hours"
    )
    parked_at_once: Count = Field(
        10_000, description="how many messages of one administration may wait for another one at a time"
    )
    waits_at_once: Count = Field(
        16, description="how many requests of one trader may wait at a time for what comes to its mailbox (429)"
    )
    requests_a_minute: Count = Field(
        30_000, description="how many requests of one token, or signer in SOAP, are answered a minute (429)"
    )
    megabytes_a_minute: Megabytes = Field(
        2048, description="how much the bodies of its requests may have before another one is answered (429)"
    )
    bad_tokens_a_minute: Count = Field(
        300, description="how many requests of one address with tokens that nobody was given are answered (429)"
    )
    batches_waiting: Count = Field(100, description="how many batches of one trader may wait to be worked on (429)")
    batch_megabytes_waiting: Megabytes = Field(
        4096,
        description="how much the files of one trader that wait may have before another one comes (429)",
    )
    batch_file_days: DaysKept = Field(
        30, description="how long the file of a batch is kept when the batch has ended; 0 keeps it. Its rows stay"
    )
    batch_megabytes_kept: Megabytes = Field(
        4096, description="how much the files of ended batches of one trader may have; beyond, the oldest go first"
    )
    retry_first: Seconds = Field(1, description="the pause after the first failed delivery; it doubles")
    retry_longest: Seconds = Field(600, description="the longest pause between two tries of a document that is refused")
    retry_attempts: Count = Field(300, description="after this many refusals a document is a dead letter")
    retry_aside: Count = Field(
        3,
        description="how often an administration may fail on a document while it takes others; then it waits alone",
    )
    peer_probe: Seconds = Field(4, description="the longest pause between two tries of an administration that is down")
    peer_timeout: Seconds = Field(30, description="how long an administration may take to answer a delivery")
    checkpoint_pause: Seconds = Field(
        60, description="how often it is written down, signed and outside the store, how far the mailboxes have come"
    )
    deliveries_in_flight: int = Field(
        32, gt=0, le=64, description="how many documents, each of another movement, are on their way to one at a time"
    )
    outbox_pause: Seconds = Field(1, description="how long the delivery rests when there is nothing to do")
    connections: int = Field(512, ge=8, le=50_000, description="how many connections are open at a time (503)")
    connections_per_address: int = Field(
        64, ge=1, le=50_000, description="how many of them may come from one address that is no front (429)"
    )
    fronts: list[Address] = Field(
        default_factory=list,
        description="addresses of reverse proxies: what they say about a client (X-Forwarded-For) is believed",
    )
    watchers: list[Network] = Field(
        ["127.0.0.0/8", "::1/128"],
        description="addresses and networks that may read /metrics; to all others it is not there",
    )
    traces: PublicUrl = Field(
        "",
        description="where spans are sent by OpenTelemetry (OTLP over HTTP): http://127.0.0.1:4318; empty: nowhere",
    )
    disk_megabytes_free: Megabytes = Field(
        200, description="less room than that where the store is, and the gateway is not ready (/ready)"
    )
    event_pause: Seconds = Field(
        15, description="after how long without news a stream of events says that it is there, and asks for its token"
    )
    webhook_hosts: list[WebhookHost] = Field(
        default_factory=list,
        description="hosts that traders may have called when something comes for them: names, *.example.lt for those "
        "below one, addresses, or * for every host with a public address; nobody is called when none is listed",
    )
    webhook_schemes: list[Literal["https", "http"]] = Field(
        ["https"], description="by which schemes they may be called"
    )
    webhook_networks: list[Network] = Field(
        default_factory=list,
        description="networks of addresses that are not public, as 127.0.0.0/8, and may be called all the same",
    )
    webhook_attempts: Count = Field(300, description="after this many tries a notification is a dead letter")
    webhook_timeout: Seconds = Field(10, description="how long a webhook may take to answer a notification")
    header_seconds: Seconds = Field(10, description="how long the head of a request may take to arrive (408)")
    body_seconds: Seconds = Field(60, description="how long its body may take (408)")
    megabytes_in_flight: int = Field(
        32, ge=16, le=10_000, description="how much the bodies of all requests together may hold (503)"
    )

    _national = field_validator("national")(check_domain)
    _national_terms = field_validator("national_terms")(check_decisions)
    _national_choices = field_validator("national_choices")(check_choices)

    @field_validator("time_zone")
    @classmethod
    def _known_zone(cls, value: str) -> str:
        try:
            return ZoneInfo(value).key
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise Malformed(said("setting.time_zone", value=value)) from error

    def profile(self) -> NationalProfile:
        """The national profile these settings describe."""
        return self.decided(profiles.profile_of(self.state))

    def decided(self, known: NationalProfile) -> NationalProfile:
        """What is ``known`` of a state, with what these settings decide otherwise: at once, or from a day on."""
        zone = ZoneInfo(self.time_zone)
        fixed: dict[str, Any] = {
            "time_zone": zone,
            "trader_zone": zone if self.trader_times == "local" else UTC,
            "trader_release": self._trader_schedule,
            "time_to_change": timedelta(days=self.days_to_change),
            "time_to_wait": timedelta(days=self.days_to_wait),
            "calendars": calendars(
                {state: Correction(days.off, days.worked) for state, days in self.working_days.items()}
            ),
            "esad_from": {**known.esad_from, **self.esad_from},
            "rules_off": known.rules_off | frozenset(self.rules_off),
            "law": beside(known.law, self.law),
        }
        if "formalities_days" in self.model_fields_set:
            fixed["formalities"] = timedelta(days=self.formalities_days)
        if "maximum_journey_days" in self.model_fields_set:
            fixed["maximum_journey_days"] = self.maximum_journey_days
        return replace(known, **fixed, changes=tuple(self._later(known, fixed)))

    def national_domain(self) -> "NationalDomain | None":
        """What the state's own procedures go by, as far as it is decided here; ``None`` for a state without any."""
        return national_domain(self.state, self.national, self.national_terms, self.national_choices)

    def saad_law(self) -> SaadLaw:
        """What may be entered in the SAAD list of the state, and until when a receipt is due."""
        profile = self.profile()
        return saad_law(self.state, profile.calendar_of(self.state), self.esad_from)

    def _later(self, known: NationalProfile, fixed: Mapping[str, Any]) -> Iterator[tuple[date, NationalProfile]]:
        """The profiles of later days: what is known then, and each change builds on the one before it."""
        changes = {date.fromisoformat(day): change.decided() for day, change in self.changes.items()}
        for day in sorted({*changes, *(first for first, _ in known.changes)}):
            change = dict(changes.get(day, {}))
            if "law" in change:
                change["law"] = beside(known.law, change["law"])
            fixed = {**fixed, **change}
            yield day, replace(known.on(day), **fixed, changes=())

    def readers(self, releases: Releases, peers: Callable[[], Mapping[str, Schedule]]) -> Readers:
        """Who reads which of the releases; ``peers`` tells, at any moment, what is known of single administrations."""
        others = Schedule.read(self.release)
        return Readers(releases=releases, traders=self._trader_schedule, others=others, peers=peers)

    @property
    def url(self) -> str:
        """Where others reach this gateway: its front, or else where it listens."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.public_url or f"http://{host}:{self.port}"

    @property
    def _trader_schedule(self) -> Schedule:
        return Schedule.read(self.trader_release or self.release)

    def http_limits(self) -> HttpLimits:
        """What the server spends on clients before it knows who they are."""
        return HttpLimits(
            connections=self.connections,
            connections_per_address=self.connections_per_address,
            header_seconds=self.header_seconds,
            body_seconds=self.body_seconds,
            bytes_in_flight=self.megabytes_in_flight * 1024 * 1024,
            fronts=frozenset(self.fronts),
        )

    def networks(self) -> Networks:
        """Where those may be who read metrics."""
        return networks(self.watchers)

    def retry_policy(self) -> RetryPolicy:
        """When deliveries are tried again."""
        return RetryPolicy(
            first=timedelta(seconds=self.retry_first),
            longest=timedelta(seconds=self.retry_longest),
            attempts=self.retry_attempts,
            probe=timedelta(seconds=self.peer_probe),
            aside=self.retry_aside,
            in_flight=self.deliveries_in_flight,
            lease=2 * timedelta(seconds=self.peer_timeout) + timedelta(minutes=1),
        )

    def webhooks_allowed(self) -> Allowed:
        """Whom traders may have called."""
        schemes, hosts = frozenset(self.webhook_schemes), frozenset(self.webhook_hosts)
        return Allowed(schemes=schemes, hosts=hosts, networks=networks(self.webhook_networks))

    def webhook_policy(self) -> RetryPolicy:
        """When notifications are tried again."""
        lease = 2 * timedelta(seconds=self.webhook_timeout) + timedelta(minutes=1)
        return replace(self.retry_policy(), attempts=self.webhook_attempts, lease=lease)


def read_settings(data: Path) -> Settings:
    """The settings of a data directory. Raises NotConfigured, naming every key that is wrong and what was expected."""
    file = data / FILE
    try:
        return Settings.model_validate(tomllib.loads(file.read_text(encoding="utf-8")))
    except (FileNotFoundError, NotADirectoryError) as error:
        raise NotConfigured(said("data.none", folder=str(data), file=FILE)) from error
    except OSError as error:
        raise NotConfigured(file_error(file, error)) from error
    except tomllib.TOMLDecodeError as error:
        found = no_toml(str(error), file.read_text(encoding="utf-8"))
        raise NotConfigured(said("file.named", file=str(file), why=found)) from error
    except UnicodeDecodeError as error:
        found = no_text(error.object, error.start)
        raise NotConfigured(said("file.named", file=str(file), why=found)) from error
    except ValidationError as error:
        faults = listed((in_words(fault, _names) for fault in error.errors()), "; ")
        raise NotConfigured(said("file.named", file=str(file), why=faults)) from error


def settings_text(state: str, time_zone: str, port: int | None = None) -> str:
    """A settings file for a new data directory: what was chosen, and every other key with its default as a comment."""
    # The release as well: it is not switched by a later version of this software.
    chosen: dict[str, Any] = {"state": state, "time_zone": time_zone, "release": CURRENT}
    chosen |= {} if port is None else {"port": port}
    lines = []
    for name, item in Settings.model_fields.items():
        value = chosen.get(name, item.get_default(call_default_factory=True))
        lines.append(f"# {item.description}\n{'' if name in chosen else '# '}{name} = {_toml(value)}\n")
    return "\n".join(lines)


def _toml(value: Any) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def _names(place: Sequence[str]) -> Collection[str]:
    """The names of the settings below a place."""
    below: dict[str, type[BaseModel]] = {
        "changes": ChangeFromDay,
        "working_days": WorkingDays,
        "national_terms": FigureDecision,
        "sign_in": SignInProvider,
    }
    return list(below.get(place[0], Settings).model_fields) if place else list(Settings.model_fields)
