"""Call numbers as Hypothesis strategies: plausible ones of each scheme, and odd ones."""

from __future__ import annotations

from hypothesis import strategies as st

from libops.classification import CallNumber

__all__ = [
    "anscr_numbers",
    "call_numbers",
    "ddc_numbers",
    "lcc_numbers",
    "local_numbers",
    "nlm_numbers",
    "numbers_of",
    "odd_numbers",
    "sudoc_numbers",
    "udc_numbers",
    "volumes",
]

DIGITS = "0123456789"


def digits(most: int, least: int = 1) -> st.SearchStrategy[str]:
    return st.text(DIGITS, min_size=least, max_size=most)


def optional(strategy: st.SearchStrategy[str], before: str = "") -> st.SearchStrategy[str]:
    return st.one_of(st.just(""), strategy.map(lambda text: before + text))


def class_numbers(most: int = 9999) -> st.SearchStrategy[str]:
    return st.integers(1, most).map(str)


def cutters() -> st.SearchStrategy[str]:
    return st.builds(lambda letter, rest: letter + rest, st.sampled_from("ABCDEHKLMPRSTWZ"), digits(4))


def dates() -> st.SearchStrategy[str]:
    year = st.integers(1500, 2026).map(str)
    return st.builds(lambda number, letter: number + letter, year, st.sampled_from(["", "", "a", "b", "x"]))


def volumes() -> st.SearchStrategy[str]:
    """Volumes and copies as they stand at the end of a call number."""
    number = st.integers(1, 400)
    level = st.builds("{}{}".format, st.sampled_from(["v.", "no.", "pt.", "Bd.", "Heft ", "vol. "]), number)
    copy = st.builds("c.{}".format, st.integers(2, 9))
    return st.builds(lambda first, last: f"{first} {last}".strip(), level, optional(copy))


def lcc_numbers() -> st.SearchStrategy[str]:
    """LCC numbers: class, up to three Cutter numbers, work letters, date, volume."""
    letters = st.sampled_from(
        ["A", "BF", "DA", "DAW", "E", "G", "HD", "KF", "M", "ML", "PN", "PZ", "QA", "QL", "TX", "Z"]
    )
    return st.builds(
        "{}{}{} .{}{}{}{}{}".format,
        letters,
        class_numbers(),
        optional(digits(3), "."),
        cutters(),
        optional(cutters(), " "),
        optional(st.sampled_from(["Har", "Lo", "Iaan"]), " "),
        optional(dates(), " "),
        optional(volumes(), " "),
    )


def ddc_numbers() -> st.SearchStrategy[str]:
    """Dewey numbers: stamp, class, book number or author letters, date, volume."""
    return st.builds(
        "{}{}{}{}{}{}".format,
        st.sampled_from(["", "", "J ", "REF ", "YA ", "DVD "]),
        st.integers(0, 999).map("{:03}".format),
        optional(digits(6), "."),
        optional(st.one_of(cutters(), st.sampled_from(["ROW", "LIN", "M32p"])), " "),
        optional(dates(), " "),
        optional(volumes(), " "),
    )


def nlm_numbers() -> st.SearchStrategy[str]:
    """NLM numbers, with the 19th-century letters and the serials of W1 among them."""
    letters = st.sampled_from(["W", "WA", "WB", "WG", "WZ", "QS", "QT", "QV", "QZ", "QSA", "WAA"])
    book = st.one_of(cutters(), st.sampled_from(["GA1 H4", "JO867SB"]))
    number = st.builds("{} {}{} {}".format, letters, class_numbers(900), optional(digits(1), "."), book)
    return st.builds("{}{}".format, number, optional(dates(), " "))


def sudoc_numbers() -> st.SearchStrategy[str]:
    """Superintendent of Documents numbers with years, letters, slashes and dashes."""
    stem = st.builds(
        "{} {}.{}".format, st.sampled_from(["A", "C", "HE", "Y", "PREX"]), class_numbers(99), class_numbers(60)
    )
    place = st.one_of(
        class_numbers(2000),
        st.sampled_from(["R 42", "B 45", "S.HRG. 105-23", "995", "2004"]),
        st.integers(850, 999).map(str),
    )
    related = st.one_of(class_numbers(20).map("/{}".format), class_numbers(20).map("-{}".format))
    return st.builds("{}{}:{}{}".format, stem, optional(related), place, optional(related))


def udc_numbers() -> st.SearchStrategy[str]:
    """UDC numbers with relations and auxiliaries."""
    number = st.builds("{}{}".format, digits(3), optional(st.text("123456789", min_size=1, max_size=3), "."))
    sign = st.one_of(
        st.sampled_from(["(410)", "(051)", "(=411.16)", '"19"', '"1939/1945"', "=111", "-31", "-055.2", ".01", "'38"]),
        number.map(":{}".format),
        number.map("+{}".format),
        number.map("/{}".format),
    )
    return st.builds(
        "{}{}{}{}".format, number, optional(sign), optional(sign), optional(st.sampled_from(["HEM", "ROW"]), " ")
    )


def anscr_numbers() -> st.SearchStrategy[str]:
    """ANSCR numbers of four terms."""
    return st.builds(
        "{} {} {} {}{:02}".format,
        st.sampled_from(["ES", "EC", "M", "MJ", "Z"]),
        st.sampled_from(["BEET", "BACH", "ELLI", "MOZA"]),
        st.sampled_from(["SYM", "BRA", "F", "CO"]),
        st.sampled_from("BKSW"),
        st.integers(0, 99),
    )


def local_numbers() -> st.SearchStrategy[str]:
    """Running numbers with and without a letter group."""
    return st.builds("{}{}".format, st.sampled_from(["", "DVD ", "CD ", "Kartensammlung "]), st.integers(1, 99_999))


def odd_numbers() -> st.SearchStrategy[str]:
    """Whatever a record may hold instead: any text, and shelf words, bare signs and numbers run together."""
    signs = st.text(" .:;/-+()[]\"'=*,<>0123456789ABCGMPQSVWXZabcnov", max_size=30)
    seen = [
        "",
        "[E]",
        "MLCS 2006/44781",
        "Shelved by title",
        "QA",
        "ON ORDER",
        "823.914ROW",
        "6210381522",
        "v.2",
        "Б 45",
    ]
    return st.one_of(st.text(max_size=40), signs, st.sampled_from(seen))


BY_SCHEME = {
    "lcc": lcc_numbers,
    "ddc": ddc_numbers,
    "nlm": nlm_numbers,
    "sudocs": sudoc_numbers,
    "udc": udc_numbers,
    "anscr": anscr_numbers,
    "local": local_numbers,
}


def numbers_of(scheme: str) -> st.SearchStrategy[str]:
    """Plausible numbers of the built-in scheme of this code."""
    return BY_SCHEME[scheme]()


def call_numbers(*, odd: bool = False) -> st.SearchStrategy[CallNumber]:
    """Call numbers of every built-in scheme, sometimes with stamps; with `odd`, of any text."""

    def of(scheme: str) -> st.SearchStrategy[CallNumber]:
        texts = st.one_of(numbers_of(scheme), odd_numbers()) if odd else numbers_of(scheme)
        stamp = st.sampled_from(["", "", "REF", "J"])
        return st.builds(CallNumber, st.just(scheme), texts, stamp, st.sampled_from(["", "", "Oversize"]))

    return st.sampled_from(sorted(BY_SCHEME)).flatmap(of)
