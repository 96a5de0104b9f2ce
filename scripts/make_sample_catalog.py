"""Make the sample catalog: MARC 21 in UTF-8, with items in 952, from a table of real works.

    python scripts/make_sample_catalog.py WORKS.tsv [src/libops/cli/sample/catalog.mrc]

The table has one work to a line: lccn, isbn, title, subtitle, responsibility, author, edition, place, publisher, year,
extent, series, lcc, ddc, subjects, language. The result is the same for the same table, byte for byte.
"""

from __future__ import annotations

import csv
import sys
import unicodedata
from pathlib import Path

from libops.catalog.marc import MarcField, MarcRecord, control_field, data_field, iso2709_bytes

ARTICLES = {
    "eng": ("The ", "A ", "An "),
    "ger": ("Der ", "Die ", "Das ", "Ein ", "Eine "),
    "fre": ("Le ", "La ", "Les ", "L'", "Un ", "Une "),
    "spa": ("El ", "La ", "Los ", "Las ", "Un ", "Una "),
    "ita": ("Il ", "Lo ", "La ", "I ", "Gli ", "Le ", "L'", "Un ", "Una "),
    "por": ("O ", "A ", "Os ", "As "),
    "cat": ("El ", "La ", "Els ", "Les ", "L'"),
}
FORMS = {
    "Fiction",
    "Juvenile fiction",
    "Juvenile literature",
    "Congresses",
    "Periodicals",
    "Directories",
    "Biography",
    "Dictionaries",
    "Handbooks, manuals, etc",
    "Guidebooks",
    "Textbooks",
    "Encyclopedias",
    "Bibliography",
}
PLACES = {
    "United States",
    "Great Britain",
    "England",
    "Germany",
    "France",
    "Spain",
    "Italy",
    "Mexico",
    "Canada",
    "Europe",
    "California",
    "Africa",
    "India",
    "China",
    "Japan",
    "Russia",
    "Ireland",
    "Scotland",
}
REFERENCE = ("dictionary", "encyclopedia", "wörterbuch", "dictionnaire", "diccionario", "directory", "bibliography")


def luhn(digits: str) -> str:
    doubled = [int(digit) * (2 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(digits))]
    return str(-sum(value - 9 if value > 9 else value for value in doubled) % 10)


def barcode(number: int) -> str:
    """A 14-digit item barcode: 3 for items, 1234 for the library, a number, a check digit."""
    stem = f"31234{number:08d}"
    return stem + luhn(stem)


def nonfiling(title: str, language: str) -> str:
    return str(next((len(one) for one in ARTICLES.get(language, ()) if title.startswith(one)), 0))


def fixed_field(work: dict[str, str]) -> str:
    juvenile = "j" if is_juvenile(work) else " "
    fiction = "1" if "Fiction" in work["subjects"] or "fiction" in work["subjects"] else "0"
    dates = f"000101s{work['year']:<4}    "
    return f"{dates}xx     {juvenile}      000 {fiction} {work['language']} d"


def is_juvenile(work: dict[str, str]) -> bool:
    return work["ddc"].startswith("[") or "uvenile" in work["subjects"]


def title_field(work: dict[str, str]) -> MarcField:
    title = work["title"].rstrip(" .")
    subfields = [("a", title)]
    if work["subtitle"]:
        subfields = [("a", f"{title} :"), ("b", work["subtitle"].rstrip(" ."))]
    if work["responsibility"]:
        code, text = subfields[-1]
        subfields[-1] = (code, f"{text} /")
        subfields.append(("c", work["responsibility"].rstrip(" .") + "."))
    else:
        code, text = subfields[-1]
        subfields[-1] = (code, f"{text}.")
    added = "1" if work["author"] else "0"
    return data_field("245", added + nonfiling(work["title"], work["language"]), *subfields)


def subject_field(heading: str) -> MarcField:
    main, *rest = [part.strip() for part in heading.split(" -- ")]
    subfields = [("a", main)]
    for part in rest:
        code = "v" if part in FORMS else "z" if part in PLACES else "y" if part[:1].isdigit() else "x"
        subfields.append((code, part))
    code, text = subfields[-1]
    subfields[-1] = (code, text if text.endswith((".", ")")) else f"{text}.")
    return data_field("651" if main in PLACES else "650", " 0", *subfields)


def shelf(work: dict[str, str]) -> tuple[str, str, str]:
    """Shelving location, item type, and why it is not for loan."""
    title = f"{work['title']} {work['subtitle']}".casefold()
    if any(word in title for word in REFERENCE):
        return "reference", "reference", "1"
    if is_juvenile(work):
        return "children", "juvenile book", "0"
    if "Fiction" in work["subjects"].split(" | ")[0]:
        return "fiction", "book", "0"
    return "stacks", "book", "0"


def item_fields(work: dict[str, str], place: int, number: int) -> list[MarcField]:
    """One item for most works, two for every seventh, each with its own barcode."""
    location, item_type, kept = shelf(work)
    name = unicodedata.normalize("NFD", work["author"] or work["title"])
    letters = "".join(char for char in name if char.isalpha() and char.isascii())[:3].upper()
    base = "E" if work["ddc"].startswith("[") else work["ddc"]
    found: list[MarcField] = []
    for copy in range(1, 3 if place % 7 == 0 else 2):
        library = "EAST" if copy == 2 or place % 5 == 0 else "MAIN"
        subfields = [("0", "0"), ("2", "ddc"), ("4", "0"), ("7", kept), ("a", library), ("b", library), ("c", location)]
        subfields += [("d", f"{int(work['year']) + 1}-03-{1 + place % 28:02d}"), ("o", f"{base} {letters}")]
        subfields += [("p", barcode(number + len(found))), ("t", str(copy)), ("v", f"{12 + place % 40}.95")]
        found.append(data_field("952", "  ", *subfields, ("y", item_type)))
    return found


def record(work: dict[str, str], place: int, number: int) -> MarcRecord:
    base, _, rest = work["lcc"].partition(" ")
    fields = [
        control_field("001", f"demo{place:06d}"),
        control_field("003", "XX-LibOps"),
        control_field("005", "20260102090000.0"),
        control_field("008", fixed_field(work)),
        data_field("010", "  ", ("a", f"   {work['lccn']} ")),
        data_field("020", "  ", ("a", work["isbn"])),
        data_field("040", "  ", ("a", "DLC"), ("b", "eng"), ("c", "DLC")),
        data_field("050", "00", ("a", base), *([("b", rest)] if rest else [])),
        data_field("082", "00", ("a", work["ddc"]), ("2", "21")),
    ]
    if work["author"]:
        fields.append(data_field("100", "1 ", ("a", work["author"].rstrip(" .") + ".")))
    fields.append(title_field(work))
    if work["edition"]:
        fields.append(data_field("250", "  ", ("a", work["edition"])))
    fields += [
        data_field("264", " 1", ("a", f"{work['place']} :"), ("b", f"{work['publisher']},"), ("c", f"{work['year']}.")),
        data_field("300", "  ", ("a", work["extent"])),
        data_field("336", "  ", ("a", "text"), ("b", "txt"), ("2", "rdacontent")),
        data_field("337", "  ", ("a", "unmediated"), ("b", "n"), ("2", "rdamedia")),
        data_field("338", "  ", ("a", "volume"), ("b", "nc"), ("2", "rdacarrier")),
    ]
    if work["series"]:
        fields.append(data_field("490", "0 ", ("a", work["series"])))
    fields += [subject_field(heading) for heading in work["subjects"].split(" | ") if heading]
    fields += item_fields(work, place, number)
    return MarcRecord("00000cam a2200000 a 4500", tuple(fields))


def main(arguments: list[str]) -> int:
    if not arguments:
        print(__doc__)
        return 2
    target = Path(arguments[1] if len(arguments) > 1 else "src/libops/cli/sample/catalog.mrc")
    with open(arguments[0], encoding="utf-8", newline="") as source:
        works = list(csv.DictReader(source, delimiter="\t"))
    number, out = 1, []
    for place, work in enumerate(works, start=1):
        made = record(work, place, number)
        number += sum(1 for found in made.fields if found.tag == "952")
        out.append(iso2709_bytes(made))
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(b"".join(out))
    print(f"{len(out)} records, {number - 1} items, {sum(map(len, out))} bytes: {target}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
