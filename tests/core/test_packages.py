"""Kinds of packages: which codes there are (BC17), which are counted (C073), and what a wrong one may have meant."""

from itertools import groupby
from textwrap import wrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from esad_gateway.emcs.rules import content_faults
from esad_gateway.emcs.rules.packages import EDITION, PACKAGES, package_hint
from esad_gateway.texts import say
from helpers.case import setting
from helpers.rulebook import ROOT
from helpers.samples import draft

PAGE = ROOT / "docs" / "reference" / "packages.md"
KIND = "body_ead_esad.0.package.0.kind_of_packages"
NUMBER = "body_ead_esad.0.package.0.number_of_packages"
IN_BULK = {"VG", "VL", "VO", "VQ", "VR", "VS", "VY"}

two_characters = st.text(st.characters(codec="utf-8", categories=["L", "N", "P"]), min_size=2, max_size=2)


def broken(kind: str, number: int | None) -> list[str]:
    """The rules that a draft with ``number`` packages of ``kind`` breaks."""
    return [fault.rule for fault in content_faults(draft({KIND: kind, NUMBER: number}), setting().context)]


def test_list_is_that_of_the_edition() -> None:
    """Revision 12 has 406 codes of two capitals or digits: 28 begin with a digit, and these are some of the others."""
    assert len(PACKAGES) == 406
    assert all(len(code) == 2 and code.isalnum() and code == code.upper() for code in PACKAGES)
    assert len([code for code in PACKAGES if code[0].isdigit()]) == 28
    assert {"1A", "43", "BO", "BX", "CT", "KG", "NE", "O1", "OZ", "P4", "PX", "SX", "TG", "WA", "ZZ"} <= set(PACKAGES)
    assert not {"00", "AU", "PQ", "UA", "X1", "XX"} & set(PACKAGES)


def test_goods_in_bulk_are_not_counted() -> None:
    """The seven codes for goods in bulk are all that is not counted; unpacked goods are counted by the piece."""
    assert {code for code, counted in PACKAGES.items() if not counted} == IN_BULK
    assert broken("NE", 12) == []


@pytest.mark.parametrize("kind", sorted(PACKAGES))
def test_every_kind_of_packages(kind: str) -> None:
    """A kind that is counted has a number, and one in bulk has none; the other way round is C073's fault."""
    counted = kind not in IN_BULK
    assert broken(kind, 7 if counted else None) == []
    assert broken(kind, None if counted else 7) == ["C073"]


@given(kind=two_characters.filter(lambda kind: kind not in PACKAGES), number=st.none() | st.just(7))
def test_kind_that_is_not_in_the_list(kind: str, number: int | None) -> None:
    """BC17 says so once, with or without a number: whether what does not exist is counted cannot be asked."""
    (fault,) = content_faults(draft({KIND: kind, NUMBER: number}), setting().context)
    assert (fault.rule, fault.code, fault.value) == ("BC17", "12", kind)
    assert fault.path.endswith("/BodyEadEsad[1]/Package[1]/KindOfPackages")
    assert fault.hint == package_hint(kind)


@pytest.mark.parametrize(
    ("kind", "meant"),
    [("bx", "BX"), ("Ct", "CT"), ("B0", "BO"), ("0K", "OK"), ("XP", "PX"), ("5A", "SA"), ("D1", "1D or DI")],
)
def test_what_a_wrong_kind_may_have_meant(kind: str, meant: str) -> None:
    """Small letters, characters turned round, and a letter taken for a digit are recognised."""
    assert say(package_hint(kind)) == f"Did you mean {meant}?"


def test_kind_that_is_like_no_other() -> None:
    """Where nothing is near, the edition is named and the usual kinds are shown, all of them in the list."""
    hint = say(package_hint("QX"))
    assert EDITION in hint
    shown = hint.partition(" such as ")[2].replace(" or ", ", ").split(", ")
    assert len(shown) == 6
    assert {one.split()[0] for one in shown} <= set(PACKAGES)


def test_page_of_the_packages(*, update_golden: bool) -> None:
    """The page shows the codes that the table has."""
    if update_golden:
        PAGE.write_text(page(), encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == page()


def page() -> str:
    """The page ``docs/reference/packages.md``."""
    return "\n".join(
        [
            "# Kinds of packages",
            "",
            f"The codes that BC17 takes: {EDITION}, {len(PACKAGES)} codes.",
            "SX, a set, is marked there as given up, and is still taken. This page is made from the table in",
            "`src/esad_gateway/emcs/rules/packages.py`, which says how it was checked; a test compares the two.",
            "",
            f"Not counted (C073) are goods in bulk: {', '.join(sorted(IN_BULK))}. Everything else has a number.",
            "The flags of the list that administrations share are not public, so that this is an inference.",
            "",
            "```",
            *(line for _first, codes in groupby(PACKAGES, lambda code: code[0]) for line in wrap(" ".join(codes), 110)),
            "```",
            "",
        ]
    )
