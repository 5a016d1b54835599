"""Kinds of packages (code list BC17): the codes of UN/ECE Recommendation 21, and which of them are counted.

The edition is :data:`EDITION`. Its codes were taken from the table that UN/CEFACT publishes, and compared with the copy
in the code lists of the invoice standard EN 16931, which puts an X before each: both have the same 406. SX, a set,
is among them though that edition marks it as given up: older lists of administrations still have it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from esad_gateway.faults import Said, said

EDITION: Final = "UN/ECE Recommendation 21, revision 12 (2021), annexes V and VI"

_CODES: Final = """
1A 1B 1D 1F 1G 1W 2C 3A 3H 43 44 4A 4B 4C 4D 4F 4G 4H 5H 5L 5M 6H 6P 7A 7B 8A 8B 8C AA AB AC AD AE AF AG AH AI AJ AL
AM AP AT AV B4 BA BB BC BD BE BF BG BH BI BJ BK BL BM BN BO BP BQ BR BS BT BU BV BW BX BY BZ CA CB CC CD CE CF CG CH
CI CJ CK CL CM CN CO CP CQ CR CS CT CU CV CW CX CY CZ DA DB DC DG DH DI DJ DK DL DM DN DP DR DS DT DU DV DW DX DY EC
ED EE EF EG EH EI EN FB FC FD FE FI FL FO FP FR FT FW FX GB GI GL GR GU GY GZ HA HB HC HG HN HR IA IB IC ID IE IF IG
IH IK IL IN IZ JB JC JG JR JT JY KG KI LE LG LT LU LV LZ MA MB MC ME MR MS MT MW MX NA NE NF NG NS NT NU NV O1 O2 O3
O4 O5 O6 O7 O8 O9 OA OB OC OD OE OF OG OH OI OJ OK OL OM ON OP OQ OR OS OT OU OV OW OX OY OZ P1 P2 P3 P4 PA PB PC PD
PE PF PG PH PI PJ PK PL PN PO PP PR PT PU PV PX PY PZ QA QB QC QD QF QG QH QJ QK QL QM QN QP QQ QR QS RD RG RJ RK RL
RO RT RZ SA SB SC SD SE SH SI SK SL SM SO SP SS ST SU SV SW SX SY SZ T1 TB TC TD TE TG TI TK TL TN TO TR TS TT TU TV
TW TY TZ UC UN VA VG VI VK VL VN VO VP VQ VR VS VY WA WB WC WD WF WG WH WJ WK WL WM WN WP WQ WR WS WT WU WV WW WX WY
WZ XA XB XC XD XF XG XH XJ XK YA YB YC YD YF YG YH YJ YK YL YM YN YP YQ YR YS YT YV YW YX YY YZ ZA ZB ZC ZD ZF ZG ZH
ZJ ZK ZL ZM ZN ZP ZQ ZR ZS ZT ZU ZV ZW ZX ZY ZZ
"""

_IN_BULK: Final = frozenset({"VG", "VL", "VO", "VQ", "VR", "VS", "VY"})
"""Gas, liquid, large particles, liquefied gas, grains, scrap metal and powder, none of them in packages."""

PACKAGES: Final[Mapping[str, bool]] = MappingProxyType({code: code not in _IN_BULK for code in _CODES.split()})
"""For every kind of packages whether it is counted (C073).

The flags of the list that administrations share are not public. What is in bulk cannot be counted, and is all that the
guides to customs declarations leave uncounted; everything else is taken as countable, unpacked goods (NE, NF, NG) too.
"""

_MISREAD: Final = str.maketrans("OIZSB01258", "01258OIZSB")


def package_hint(code: str) -> Said:
    """What may be meant by ``code``, two characters that are no kind of packages."""
    meant = _meant(code)
    if meant:
        return said("hint.package_meant", codes=meant)
    return said("hint.package_list", edition=EDITION)


def _meant(code: str) -> tuple[str, ...]:
    """The codes that ``code`` is in small letters, turned round, or with a letter read as a digit."""
    capitals = code.strip().upper()
    if capitals in PACKAGES:
        return (capitals,)
    misread = {capitals[:1] + capitals[1:].translate(_MISREAD), capitals[:1].translate(_MISREAD) + capitals[1:]}
    return tuple(sorted(one for one in {capitals[::-1], *misread} if one in PACKAGES))
