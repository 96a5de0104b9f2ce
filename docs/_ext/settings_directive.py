"""The settings reference: one table for each class that settings are read into, made from the classes themselves."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from enum import Enum
from types import NoneType, UnionType
from typing import Any, NewType, Union, get_args, get_origin, get_type_hints

import attrs
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

__all__ = ["setup"]

SCALARS = {
    "str": "text",
    "int": "whole number",
    "float": "number",
    "bool": "true or false",
    "Period": "period, as `3 weeks`",
    "Money": "money, as `0.25 EUR`",
    "date": "date, as `2026-12-24`",
    "time": "time, as `23:59`",
    "Decimal": "number",
    "Criterion": "code, list of codes, `!code` or `*`",
    "AgeRange": "ages, as `12-17` or `65+`",
    "FieldSpec": "fields, as `9XX`, `650/_4` or `856$5=XxTown`",
    "Hours": "hours, as `10:00-18:00`",
}


def parts(kind: Any) -> tuple[Any, ...]:
    """The types inside a type, without `None`."""
    return tuple(part for part in get_args(kind) if part not in (NoneType, Ellipsis))


def words(kind: Any) -> str:
    """What to write for a value of the type."""
    while isinstance(kind, NewType):
        kind = kind.__supertype__
    if kind is Any:
        return "any value"
    origin = get_origin(kind)
    if origin in (Union, UnionType):
        return " or ".join(dict.fromkeys(map(words, parts(kind))))
    if origin in (tuple, frozenset):
        return f"list of {words(parts(kind)[0])}"
    if origin is not None:
        return f"table of {words(parts(kind)[1])} by name"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(f"`{member.value}`" for member in kind)
    return SCALARS.get(kind.__name__, f"[{kind.__name__}](#settings-{kind.__name__.lower()})")


def inner_classes(kind: Any) -> Iterator[type]:
    """The classes whose tables a type leads to."""
    while isinstance(kind, NewType):
        kind = kind.__supertype__
    if attrs.has(kind) and kind.__name__ not in SCALARS:
        yield kind
    for part in parts(kind):
        yield from inner_classes(part)


def default_words(field: Any) -> str:
    """The default as settings write it."""
    from libops.wire.plain import to_plain

    if field.default is attrs.NOTHING:
        return "**required**"
    if isinstance(field.default, attrs.Factory):
        return "empty" if field.default.factory in (dict, list, tuple) else "its own defaults"
    if field.default is None:
        return "unset"
    plain = to_plain(field.default)
    if plain in ({}, (), []) or attrs.has(type(field.default)):
        return "its own defaults" if attrs.has(type(field.default)) else "empty"
    if isinstance(plain, (list, tuple)):
        return ", ".join(f"`{getattr(part, 'value', part)}`" for part in plain)
    if plain == "":
        return "empty"
    return f"`{str(plain).lower() if isinstance(plain, bool) else plain}`"


def remarks(kind: type) -> dict[str, str]:
    """The docstrings of a class's fields, which stand below them in its source."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if told and isinstance(before, ast.AnnAssign) and isinstance(before.target, ast.Name):
            found[before.target.id] = " ".join(str(after.value.value).split())
    return found


def options(kind: Any) -> type[Enum] | None:
    """The named options behind a type, if it has any."""
    found = [part for part in (kind, *parts(kind)) if isinstance(part, type) and issubclass(part, Enum)]
    return found[0] if found else None


def option_remarks(kind: type[Enum]) -> dict[str, str]:
    """The docstrings of named options, by the value that settings write."""
    body = ast.parse(textwrap.dedent(inspect.getsource(kind))).body[0]
    assert isinstance(body, ast.ClassDef)
    found = {}
    for before, after in zip(body.body, body.body[1:], strict=False):
        told = isinstance(after, ast.Expr) and isinstance(after.value, ast.Constant)
        if told and isinstance(before, ast.Assign) and isinstance(before.targets[0], ast.Name):
            found[str(kind[before.targets[0].id].value)] = " ".join(str(after.value.value).split())
    return found


def summary(kind: Any) -> str:
    """What the class behind a key is, in its first sentence."""
    inner = next(inner_classes(kind), None)
    paragraph = " ".join(inspect.cleandoc((inner and inner.__doc__) or "").split("\n\n")[0].split())
    return re.split(r"(?<=\.) (?=[A-Z])", paragraph)[0]


def section(kind: type) -> list[str]:
    """The table of one class, and what its named options mean."""
    hints, told = get_type_hints(kind), remarks(kind)
    fields = [field for field in attrs.fields(kind) if field.init]
    lines = [f"(settings-{kind.__name__.lower()})=", f"## {kind.__name__}", ""]
    lines += [*inspect.cleandoc(kind.__doc__ or "").split("\n"), "", "| key | value | default | |", "|---|---|---|---|"]
    for field in fields:
        remark = told.get(field.name) or summary(hints[field.name])
        row = (f"`{field.name}`", words(hints[field.name]), default_words(field), remark)
        lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |")
    lines.append("")
    for field in fields:
        chosen = options(hints[field.name])
        for value, meaning in (option_remarks(chosen) if chosen else {}).items():
            lines.append(f'- `{field.name} = "{value}"`: {meaning}')
    return [*lines, ""]


class SettingsReference(SphinxDirective):
    """All classes of the settings, from the file as a whole down to the last table."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        from libops.desk.settings.file import SettingsFile

        queue, seen = [SettingsFile], {SettingsFile}
        lines: list[str] = []
        while queue:
            kind = queue.pop(0)
            lines += section(kind)
            hints = get_type_hints(kind)
            for field in attrs.fields(kind):
                found = inner_classes(hints[field.name]) if field.init else ()
                new = [inner for inner in dict.fromkeys(found) if inner not in seen]
                seen.update(new)
                queue += new
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def setup(app: Sphinx) -> dict[str, object]:
    app.add_directive("settings-reference", SettingsReference)
    return {"parallel_read_safe": True}
