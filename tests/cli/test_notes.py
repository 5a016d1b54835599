"""Notes of national law, as those see them who may read the movement."""

import json
from pathlib import Path

from esad_gateway.emcs.movement import Side
from helpers.command_line import Esad
from helpers.gateway import CONSIGNOR, FOREIGN_CONSIGNEE, Box, copy_of_box, new_draft
from helpers.scenario import Scenario
from helpers.served import served

LAW = '"helpers.national_law:LAW"'
TOLD = f"national law: dispatch of a quarter, {CONSIGNOR} 2026 1 (lrn "


def under_a_law(folder: Path) -> Box:
    """Member states, of which Lithuania counts dispatches."""
    box = copy_of_box(folder)
    box.set("LT", law=LAW)
    return box


def test_party_sees_what_was_noted_of_its_movement(esad: Esad, tmp_path: Path) -> None:
    """In a line below the movement, and in JSON by local time; a list of movements goes without."""
    with served(under_a_law(tmp_path)) as running:
        arc = running.submit(running.box.signed(CONSIGNOR, new_draft())).json["arc"]
        options = ("--url", running.url, "--seed", CONSIGNOR, "--token", running.box.traders[CONSIGNOR].token)
        shown, plain = esad("movement", arc, *options), esad("movement", arc, *options, "--json")
        listed = esad("movement", *options, "--json")

    assert shown.out.splitlines()[-1].startswith(TOLD)
    (note,) = plain.objects[0]["notes"]
    assert note == {
        "kind": "dispatch of a quarter",
        "subject": f"{CONSIGNOR} 2026 1",
        "notedAt": "2026-03-02T12:00:00.000000+02:00",
        "side": "dispatch",
        "values": {"lrn": plain.objects[0]["localReferenceNumber"], "number": "1"},
    }
    assert "notes" not in listed.objects[0]["movements"][0]


def test_other_party_elsewhere_sees_nothing_of_it(esad: Esad, tmp_path: Path) -> None:
    """The law of one state notes nothing in the store of another, and its consignee reads its own side only."""
    box = under_a_law(tmp_path)
    with box.open("LT") as lt, box.open("PL") as pl:
        arc = Scenario.begin(box, lt, pl).arc

    (explained,) = esad("explain", arc, "--data", box.members["PL"].data.root, "--json").objects
    assert explained["history"]["sides"][0]["side"] == "destination"
    assert explained["history"]["notes"] == []


def test_administration_sees_notes_in_a_history(esad: Esad, tmp_path: Path) -> None:
    """``esad explain ARC --data`` tells them after the movement, in UTC."""
    box = under_a_law(tmp_path)
    with box.open("LT") as lt:
        arc = lt.take(box.signed(CONSIGNOR, new_draft())).arc
    data = box.members["LT"].data.root

    shown, (plain,) = esad("explain", arc, "--data", data), esad("explain", arc, "--data", data, "--json").objects

    assert shown.out.splitlines()[-1].startswith(TOLD)
    assert shown.out.splitlines()[-1].endswith("noted 2026-03-02T10:00:00Z")
    assert [note["values"]["number"] for note in plain["history"]["notes"]] == ["1"]


def test_note_is_shown_to_the_side_whose_message_led_to_it(tmp_path: Path) -> None:
    """What was noted of a dispatch is told with that side of a movement, and not with the other one."""
    box = under_a_law(tmp_path)
    with box.open("LT") as lt:
        arc = lt.take(box.signed(CONSIGNOR, new_draft())).arc or ""
        mailboxes = lt.runtime.mailboxes

        assert [noted.seq for noted in mailboxes.notes(arc, {Side.DISPATCH})] == [1]
        assert mailboxes.notes(arc, {Side.DESTINATION}) == ()
        assert mailboxes.movement(FOREIGN_CONSIGNEE, arc) == ()


def test_law_that_cannot_be_imported_is_refused(esad: Esad, tmp_path: Path) -> None:
    """By the setting, with what is wrong about it: no module, no such value, or a value that is no law."""
    box = copy_of_box(tmp_path)
    data = box.members["LT"].data.root
    for name, why in (
        ("often", "names no law; expected a Python module and a value in it, such as often:LAW"),
        ("no.such.module:LAW", "cannot be imported by this Python: ModuleNotFoundError"),
        ("helpers.national_law:NONE", "cannot be imported by this Python: AttributeError"),
        ("helpers.national_law:MOST", "has no asks, faults, effects"),
    ):
        box.set("LT", law=json.dumps(name))
        ended = esad("store", "check", "--data", data)
        assert (ended.code, ended.out) == (2, "")
        assert why in ended.err
        assert "law" in ended.err.split(why, maxsplit=1)[0]
