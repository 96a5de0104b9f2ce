"""A reason is a stable code with a meaning, a sentence for people, a row in the docs and a test that produces it."""

from __future__ import annotations

import ast
import re
import string
import tomllib

import pytest

import read_house

CODE = re.compile(r"[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)+")


LOOKS = ("isinstance", "issubclass")
"""What is given a class to look at, and makes nothing of it."""


def test_reason_codes_are_made_in_reasons_modules_only(core) -> None:
    """Whoever looks for a room's reasons finds all of them in its `reasons.py`."""
    strays = [
        f"{source.name}:{line}"
        for source in core
        if ".reasons" not in source.module
        for line in makes_codes(source.tree)
    ]
    assert [] == strays, "move the code to the room's reasons.py"


def makes_codes(tree: ast.AST) -> list[int]:
    """The lines where a `ReasonCode` is made, or handed to what makes it, by whatever name it goes there."""
    names = {"ReasonCode"}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom):
            names |= {alias.asname for alias in node.names if alias.name == "ReasonCode" and alias.asname}
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None and called(node.value) in names:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names |= {target.id for target in targets if isinstance(target, ast.Name)}
    return [
        node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and called(node.func) not in LOOKS
        if any(called(part) in names for part in (node.func, *node.args))
    ]


def called(node: ast.AST) -> str:
    """The last part of a dotted name; empty for anything else."""
    return str(getattr(node, "id", getattr(node, "attr", "")))


@pytest.mark.parametrize(
    "made",
    [
        "from libops.base.decisions import ReasonCode\nLATE = ReasonCode('loan.late')",
        "from libops.base.decisions import ReasonCode as Code\nLATE = Code('loan.late')",
        "from libops.base import decisions as said\nLATE = said.ReasonCode('loan.late')",
        "from libops.base.decisions import ReasonCode\nCode = ReasonCode\nLATE = Code('loan.late')",
        "from libops.base.decisions import ReasonCode\nlate = partial(ReasonCode, 'loan.late')",
        "from libops.base.decisions import ReasonCode\ncodes = map(ReasonCode, names)",
    ],
)
def test_a_code_that_is_made_elsewhere_is_noticed(made) -> None:
    """Under another name it is a code all the same."""
    assert makes_codes(ast.parse(made))


def test_a_code_that_is_only_named_is_no_code_made() -> None:
    """Who is asked for one, or looks at one, makes none."""
    text = "from libops.base.decisions import ReasonCode as Code\ndef is_code(one: Code): return isinstance(one, Code)"
    assert [] == makes_codes(ast.parse(text))


def test_reason_codes_read_noun_dot_state() -> None:
    """`item.on_loan`, `patron.expired`: what it is about, then what is the matter."""
    assert [] == [f"{row.where}: {row.code}" for row in read_house.reason_codes() if not CODE.fullmatch(row.code)]


def test_a_room_says_each_code_once() -> None:
    """Two constants for one code in one room would drift apart."""
    rows = [(row.room, row.code) for row in read_house.reason_codes()]
    assert [] == sorted({row for row in rows if rows.count(row) > 1})


def test_overridable_reasons_name_the_right_that_lifts_them() -> None:
    """Staff must be able to see which right they lack."""
    strays = [
        f"{row.where}: {row.constant}"
        for row in read_house.reason_codes()
        if row.weight == "overridable" and not row.right
    ]
    assert [] == strays, (
        'give the right: ReasonCode("item.on_loan", Weight.OVERRIDABLE, "circulation.override_on_loan")'
    )


def test_every_reason_code_has_its_meaning() -> None:
    """The docs table explains each code with the string below its constant."""
    strays = [f"{row.where}: {row.constant}" for row in read_house.reason_codes() if not row.meaning]
    assert [] == strays, 'add a """sentence""" on the line below the constant; the table in the docs is made from it'


def test_every_reason_code_has_a_message() -> None:
    """The desk can say every reason in words."""
    strays = [f'"{row.code}" = "..."  # {row.room}' for row in read_house.reason_codes() if not row.words]
    assert [] == strays, f"add these lines, with a sentence each, to {read_house.WORDS.relative_to(read_house.HOME)}"


def test_messages_name_the_data_of_their_reason_plainly() -> None:
    """A message is a sentence with names in braces; no code runs in it."""
    strays = []
    for code, sentence in read_house.words().items():
        try:
            fields = [name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None]
        except ValueError as wrong:
            strays.append(f"{code}: {wrong}")
            continue
        strays += [f"{code}: {{{name}}}" for name in fields if not name.isidentifier()]
    assert [] == strays, "only {name} of a datum of the reason"


def test_other_languages_say_every_reason() -> None:
    """German, French and Spanish have a sentence for each code that English has, and it names the same data."""
    english, strays = read_house.words() | words_of_reports(), []
    for path in sorted(read_house.WORDS.parent.glob("*.toml")):
        said = tomllib.loads(path.read_text(encoding="utf-8"))
        if path == read_house.WORDS:
            said |= words_of_reports()
        strays += [f"{path.stem}: {code} is missing" for code in sorted(english.keys() - said.keys())]
        strays += [f"{path.stem}: {code} is not in English" for code in sorted(said.keys() - english.keys())]
        strays += [
            f"{path.stem}: {code} names {sorted(named(said[code]))}, English {sorted(named(english[code]))}"
            for code in sorted(said.keys() & english.keys())
            if named(said[code]) != named(english[code])
        ]
    assert [] == strays, "each code needs a sentence in each language, with the same names in braces"


def words_of_reports() -> dict[str, str]:
    """What reports call things in English; other languages have it beside their reasons."""
    files = sorted((read_house.HOME / "src" / "libops").rglob("english.toml"))
    found = [tomllib.loads(path.read_text(encoding="utf-8")) for path in files]
    return {f"report.{key}": word for words in found for key, word in words.items()}


def named(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name is not None}


def test_no_message_is_left_over() -> None:
    """A sentence for a code that no room has is a misspelled code."""
    assert set() == set(read_house.words()) - {row.code for row in read_house.reason_codes()}


def test_every_reason_code_comes_out_of_a_test(test_texts) -> None:
    """A reason that no test produces is a promise nobody has kept."""
    everything = "\n".join(test_texts.values())
    rows = read_house.reason_codes()
    untested = [
        f"{row.code} ({row.where})"
        for row in rows
        if f'"{row.code}"' not in everything and f"'{row.code}'" not in everything
    ]
    assert [] == untested, "add a test whose answer holds this code, written out as a string"
