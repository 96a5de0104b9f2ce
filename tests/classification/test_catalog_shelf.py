"""A shelf of records of the Library of Congress, put in order by hand as a technician would shelve it."""

from __future__ import annotations

from libops.classification import ddc, lcc

LCC_SHELF = """\
B66 .V55 2000
B235.P24 S45 1998
B1247 .S63 1999
BF575.A5 F67 2001
BF575.A6 E77 2000
BF575.D57 S64 2001
BF575.S75 C78 2000
BF575.S75 L294 2000
BF637.C4 H39 2000
BF637.C45 B77 2001
BT382 F59 2000
D16.9 .W458 2001
D545.S7 R47 1999
D570.33 107th .H37 2001
D757 .J58 1999
D757.9.M43 .S33 1999
DA667 .T35 2000
E99.C5 P18 1999
E183.8.C6 O98 1999
F702.D4 H47 1979 Suppl.
F1219.1.O11 B29 2000
KF26 .F5 1999d
KF6356 1999
KFW2595 .L39
LA637 . T26 2000
P53 .M334 2000
P53.28 .F57 1998
P53.85 .M46 2001
PN1992.77.B733 J65 2000
PN1992.77.S73 G45 2000
PN1993.5.B6 V47 1999
PS648.C45 C447 1992b
PZ5. R54 2000
PZ7.B27539 Pd 2000c
PZ7.L578345 Dav 2001
PZ7.L8432 Lo 2002
PZ8.F499 Pi 2000
PZ8.3.M758 Iaan 2000
PZ10.3.C4165 Mad 2000
PZ73 .B648 2001
Q11 .N5 vol. 922
Q121 .S34 2000
QA3 .L28 vol. 1724
QA3.L28 no. 1730
QA7 .R43 2001
QA76.5 .R399 2000
QA76.575 .H352 2000
QA76.618 .A217 1999
QA76.64. E428 2000
QA76.7 .P32 2000
QA76.73.B3 C847 2000
QA76.76.O63 C3515 2003
QA76.76.O63 L373 1999
QA76.9.D3 I585 1999
QA76.9.D343 D384 1999
QA76.9.D5 H53 2001
QA115 .G64 2001
QL801 .E67 vol. 155
QL956.5 .C87 2001
T385 .A35775 2001
T385 .C541397 2000
TK5105.585 .S592 2000
TK5105.875.I57 P4222 2001
TK5105.888 .S315 2000
Z8944.39 .G66 1999
CPB Box no. 1694 vol. 17
MLCS 2006/44781
""".splitlines()

DDC_SHELF = """\
005.13
005.131
005.2
005.276
005.2762
005.3
005.713769
005.72
028.9098
070.40285
070.5
500 s
503
510
510.712
512.2
813.010833
813.52
813.6
940.27
940.27420962
940.412
[E]
[Fic]
""".splitlines()


def test_lc_shelf_of_the_sample_catalog() -> None:
    """Numbers as catalogers wrote them, with odd spaces and dots; two pieces without an LC class stand last."""
    assert sorted(sorted(LCC_SHELF), key=lcc.sort_key) == LCC_SHELF
    assert sum(bool(lcc.parse(text).warnings) for text in LCC_SHELF) == 2


def test_dewey_shelf_of_the_sample_catalog() -> None:
    """Decimals digit by digit; picture books and fiction on their own shelves after the classes."""
    assert sorted(sorted(DDC_SHELF), key=ddc.sort_key) == DDC_SHELF
    assert [text for text in DDC_SHELF if ddc.parse(text).warnings] == []
