"""Metrics as Prometheus reads them: true, complete, bounded, and for watchers only."""

import shutil
import subprocess
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path

import pytest
from prometheus_client.openmetrics.parser import text_string_to_metric_families as openmetrics
from prometheus_client.parser import text_string_to_metric_families

from esad_gateway.gateway.tally import MOST_NAMES, OTHER, Occurrences, Spread, Spreads
from esad_gateway.operations.metrics import METRICS, Metric, MetricKind, buckets
from helpers.gateway import CONSIGNOR, copy_of_box, new_draft
from helpers.samples import evolve
from helpers.served import XML, Served, served

Found = Mapping[str, Mapping[tuple[tuple[str, str], ...], float]]
OPENMETRICS = "application/openmetrics-text; version=1.0.0"


def found(gateway: Served) -> Found:
    """Every sample by its name and labels, read by Prometheus' own parser."""
    answer = gateway.get("/metrics")
    assert answer.status == 200
    samples: dict[str, dict[tuple[tuple[str, str], ...], float]] = {}
    for family in text_string_to_metric_families(answer.body.decode()):
        for sample in family.samples:
            samples.setdefault(sample.name, {})[tuple(sorted(sample.labels.items()))] = sample.value
    return samples


def of(samples: Found, name: str, **labels: str) -> float:
    """One value."""
    return samples[name].get(tuple(sorted(labels.items())), 0)


def test_messages_are_counted_by_what_became_of_them(fresh: Served) -> None:
    """Accepted, the same again, refused with its code, and nobody's; each takes its time."""
    document = fresh.box.signed(CONSIGNOR, new_draft())
    assert [fresh.submit(one).status for one in (document, document, b"<no/>", b"no")] == [201, 200, 403, 400]
    samples = found(fresh)

    assert of(samples, "esad_messages_total", door="rest", outcome="accepted") == 1
    assert of(samples, "esad_messages_total", door="rest", outcome="repeated") == 1
    assert of(samples, "esad_not_taken_total", door="rest", reason="signature-refused") == 1
    assert of(samples, "esad_not_taken_total", door="rest", reason="malformed-xml") == 1
    assert of(samples, "esad_message_seconds_count", door="rest") == 4
    assert of(samples, "esad_group_messages_count") >= 1
    assert of(samples, "esad_requests_total", route="/v1/messages", method="POST", status="201") == 1
    assert of(samples, "esad_request_seconds_count", route="/v1/messages") == 4


def test_refusal_is_counted_by_its_code(fresh: Served) -> None:
    """A message with several faults of one code counts once for it."""
    first, second = new_draft(), new_draft()
    assert fresh.submit(fresh.box.signed(CONSIGNOR, first)).status == 201
    local = first.ead_esad_draft.local_reference_number
    twice = evolve(second, {"ead_esad_draft.local_reference_number": local})
    answer = fresh.submit(fresh.box.signed(CONSIGNOR, twice))
    codes = {fault["code"] for fault in answer.json["faults"]}
    samples = found(fresh)

    assert answer.status == 422
    assert {dict(labels)["code"]: value for labels, value in samples["esad_refusals_total"].items()} == dict.fromkeys(
        codes, 1
    )


def test_what_waits_is_told_with_its_age(fresh: Served) -> None:
    """Poland listens nowhere: its e-SAD waits, and was tried."""
    assert fresh.submit(fresh.box.signed(CONSIGNOR, new_draft())).status == 201
    fresh.station.clock.at += timedelta(minutes=7)
    samples = found(fresh)

    assert of(samples, "esad_outbox_documents", destination="NDEA.PL", standing="waiting") == 1
    assert of(samples, "esad_outbox_oldest_seconds", destination="NDEA.PL") == 420
    assert of(samples, "esad_store_answers") == 1


def test_certificates_are_told_with_the_days_that_they_have(gateway: Served) -> None:
    """Ours, those of peers, and those of CAs."""
    days = {dict(labels)["use"]: value for labels, value in found(gateway)["esad_certificate_days_left"].items()}

    assert {"own", "peer", "authority"} <= days.keys()
    assert all(0 < value < 36_600 for value in days.values())


def test_every_metric_of_the_table_is_told(gateway: Served) -> None:
    """With its kind and its text, in both formats; and nothing of ours beside them."""
    told = {one.name: one for one in text_string_to_metric_families(gateway.get("/metrics").body.decode())}
    newer = gateway.get("/metrics", None, Accept=OPENMETRICS)
    names = {metric.name for metric in METRICS}

    assert {name for name in told if name.startswith("esad_")} == names
    assert {metric.name: str(metric.kind) for metric in METRICS} == {name: told[name].type for name in names}
    assert all(told[metric.name].documentation == metric.text for metric in METRICS)
    assert newer.headers["content-type"].startswith("application/openmetrics-text")
    again = openmetrics(newer.body.decode())  # type: ignore[no-untyped-call]  # the library has no types there
    assert {one.name for one in again} >= names


@pytest.mark.parametrize("metric", METRICS, ids=lambda one: one.name)
def test_metric_is_named_as_prometheus_advises(metric: Metric) -> None:
    """Base units, and no label whose values anybody outside could make up without end."""
    assert metric.kind is not MetricKind.HISTOGRAM or metric.name.endswith(("_seconds", "_messages"))
    assert not {"seed", "trader", "arc", "identifier", "client", "path"} & set(metric.labels)


def test_tool_of_prometheus_finds_nothing_wrong(gateway: Served) -> None:
    """Names, help and units, by ``promtool check metrics``; but days are days, since nobody renews by the second."""
    tool = shutil.which("promtool")
    if tool is None:
        pytest.skip("promtool is not installed (Debian: prometheus)")
    text = gateway.get("/metrics").body
    checked = subprocess.run([tool, "check", "metrics"], input=text, capture_output=True, check=False)

    remarks = checked.stderr.decode().splitlines()
    assert remarks == ['esad_certificate_days_left use base unit "seconds" instead of "days"'], checked.stdout


def test_names_are_bounded_whatever_is_asked() -> None:
    """Beyond so many names one more is another one's, in both kinds of counts."""
    counts, spreads = Occurrences(), Spreads()
    for number in range(MOST_NAMES + 50):
        counts.add("door", str(number))
        spreads.add(0.1, str(number))

    assert dict(counts)[OTHER, OTHER] == 50
    assert len(list(counts)) == len(list(spreads)) == MOST_NAMES + 1


def test_paths_and_methods_of_strangers_are_one(gateway: Served) -> None:
    """Whatever is asked for, it is counted under a route that there is."""
    for path in ("/wp-login.php", "/v1/traders/LT00000000101/messages", "/%00"):
        gateway.get(path)
    gateway.ask("BREW", "/tea")
    samples = found(gateway)["esad_requests_total"]
    routes = {dict(labels)["route"] for labels in samples}

    assert {"/v1/traders", OTHER} <= routes
    assert not [route for route in routes if "LT0" in route or "wp" in route]
    assert {dict(labels)["method"] for labels in samples} <= {"GET", "POST", OTHER}


def test_spread_counts_up_to_each_bound() -> None:
    """A value at a bound is within it."""
    spread = Spread((1.0, 2.0))
    for value in (0.5, 1.0, 1.5, 9.0):
        spread.add(value)

    assert buckets(spread) == [("1.0", 2), ("2.0", 3), ("+Inf", 4)]
    assert spread.sum == 12


@pytest.mark.parametrize("field", ["X-Forwarded-For", "Forwarded"])
def test_what_came_through_a_front_that_nobody_named_reads_no_metrics(gateway: Served, field: str) -> None:
    """Everybody behind it has its address."""
    answer = gateway.get("/metrics", None, **{field: "127.0.0.1"})

    assert answer.status == 404
    assert b"esad_" not in answer.body


def test_address_that_is_not_named_reads_no_metrics(tmp_path: Path) -> None:
    """To it they are not there, as any path that is not."""
    box = copy_of_box(tmp_path)
    box.set("LT", watchers=["10.0.0.0/8", "::1"])
    with served(box) as gateway:
        refused, nothing = gateway.get("/metrics"), gateway.get("/nothing")

    assert (refused.status, refused.json) == (nothing.status, nothing.json)


def test_front_tells_who_asks(tmp_path: Path) -> None:
    """Of a front that is named the client's address counts: a watcher reads, a stranger does not."""
    box = copy_of_box(tmp_path)
    box.set("LT", watchers=["192.0.2.0/24"], fronts=["127.0.0.1"])
    with served(box) as gateway:
        watcher, stranger = (
            gateway.get("/metrics", None, **{"X-Forwarded-For": address}) for address in ("192.0.2.7", "198.51.100.7")
        )

    assert (watcher.status, stranger.status) == (200, 404)


def test_counting_knows_no_content(gateway: Served) -> None:
    """What is told names no trader, and nothing of a document."""
    document = gateway.box.signed(CONSIGNOR, new_draft())
    gateway.ask("POST", "/v1/messages", document, {"Content-Type": XML})
    text = gateway.get("/metrics").body.decode()

    assert CONSIGNOR not in text
    assert "LT000000" not in text
