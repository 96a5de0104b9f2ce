"""Notice templates in Jinja2: conditions and a few filters, and no way to anything but the values of the notice.

Two walls. A text is parsed and only nodes of an allow-list may stand in it: no attributes, subscripts, calls, loops,
assignments, imports. What passes is rendered in Jinja2's immutable sandbox without globals.

>>> JinjaFormat().render("Dear {{ patron_name }}{% if count > 1 %}, {{ count }} items{% endif %}", {
...     "patron_name": "Ada {{ 7 * 7 }}", "count": 2})
'Dear Ada {{ 7 * 7 }}, 2 items'
>>> JinjaFormat().variables("{{ patron_name.__class__ }}")
Traceback (most recent call last):
    ...
libops.base.errors.InvalidValue: line 1: an attribute is more than a template may use
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from jinja2 import StrictUndefined, Template, TemplateError, meta, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment
from markupsafe import Markup

from libops.base.errors import InvalidValue
from libops.hooks import Format, hookimpl

__all__ = ["FILTERS", "HtmlJinjaFormat", "JinjaFormat", "libops_formats"]

MOST_TEXT = 20_000
"""Characters of a template."""
MOST_OUTPUT = 200_000
"""Characters of what a template makes."""
MOST_DEPTH = 60
"""How deep a template's parts may stand in each other: the compiler calls itself for each."""

FILTERS = (
    "abs",
    "capitalize",
    "default",
    "escape",
    "int",
    "length",
    "lower",
    "striptags",
    "title",
    "trim",
    "truncate",
    "upper",
)
"""Filters that make no more of a value than it is; `replace`, `center`, `format`, `join` and others could."""
TESTS = ("defined", "divisibleby", "eq", "even", "ge", "gt", "in", "le", "lt", "ne", "none", "odd", "undefined")

ALLOWED: tuple[type[nodes.Node], ...] = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.Const,
    nodes.If,
    nodes.CondExpr,
    nodes.Compare,
    nodes.Operand,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Add,
    nodes.Sub,
    nodes.Neg,
    nodes.Concat,
    nodes.Filter,
    nodes.Test,
    nodes.Keyword,
)

WORDS: Mapping[type[nodes.Node], str] = {
    nodes.Getattr: "an attribute",
    nodes.Getitem: "a subscript",
    nodes.Call: "a call",
    nodes.For: "a loop",
    nodes.Mul: "a multiplication",
    nodes.Pow: "a power",
    nodes.Assign: "an assignment",
    nodes.Macro: "a macro",
}


class JinjaFormat:
    """Templates for plain text."""

    autoescape = False

    def __init__(self) -> None:
        environment = ImmutableSandboxedEnvironment(
            undefined=StrictUndefined, autoescape=self.autoescape, keep_trailing_newline=True, cache_size=0
        )
        environment.globals.clear()
        environment.filters = {name: environment.filters[name] for name in FILTERS}
        environment.tests = {name: environment.tests[name] for name in TESTS}
        self.environment = environment
        self.compiled = lru_cache(maxsize=256)(self.compile)

    def variables(self, text: str) -> frozenset[str]:
        """The variables that a text names. Raises `InvalidValue` where it cannot be read, or does more than show."""
        if len(text) > MOST_TEXT:
            raise InvalidValue(f"a template of {len(text)} characters: at most {MOST_TEXT}")
        try:
            tree = self.environment.parse(text)
            for problem in problems(tree):
                raise InvalidValue(problem)
            return frozenset(meta.find_undeclared_variables(tree))
        except TemplateError as error:
            line = getattr(error, "lineno", None)
            raise InvalidValue(f"line {line}: {error}" if line else str(error)) from None
        except RecursionError:
            raise InvalidValue("the parts of the template stand too deep in each other") from None

    def compile(self, text: str) -> Template:
        """The text ready to be rendered; looked at first."""
        self.variables(text)
        return self.environment.from_string(text)

    def render(self, text: str, values: Mapping[str, object]) -> str:
        """The text with the values in their places; a value is never read as a template.

        Raises `InvalidValue` for what `variables` refuses, for a name without a value, and for too long an output.
        """
        template = self.compiled(text)
        parts, size = [], 0
        try:
            for part in template.generate(values):
                size += len(part)
                if size > MOST_OUTPUT:
                    raise InvalidValue(f"the template makes more than {MOST_OUTPUT} characters")
                parts.append(part)
        except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
            raise InvalidValue(f"the template cannot be filled in: {error}") from None
        return "".join(parts)


class HtmlJinjaFormat(JinjaFormat):
    """Templates for HTML: every value is escaped but `lines`, which this format made. Subjects are plain."""

    autoescape = True

    def __init__(self) -> None:
        super().__init__()
        self.plain = JinjaFormat()

    def render(self, text: str, values: Mapping[str, object]) -> str:
        """The HTML; see `JinjaFormat.render`."""
        lines = values.get("lines")
        made: Any = {**values, "lines": Markup(lines)} if isinstance(lines, str) else values
        return str(super().render(text, made))


def problems(tree: nodes.Node) -> Iterable[str]:
    """What in a template is more than showing values."""
    below: list[tuple[nodes.Node, int]] = [(tree, 0)]
    while below:
        node, depth = below.pop(0)
        line = f"line {node.lineno}: " if node.lineno else ""
        if depth > MOST_DEPTH:
            yield f"{line}the parts of the template stand too deep in each other"
            return
        if not isinstance(node, ALLOWED):
            words = WORDS.get(type(node), type(node).__name__)
            yield f"{line}{words} is more than a template may use"
            continue
        if isinstance(node, nodes.Const) and not isinstance(node.value, str | int | bool | None):
            yield f"{line}{node.value!r}: a template may use texts and whole numbers"
        below += [(child, depth + 1) for child in node.iter_child_nodes()]


@hookimpl
def libops_formats() -> Iterable[Format]:
    return [Format("template", "jinja2", JinjaFormat()), Format("template", "jinja2-html", HtmlJinjaFormat())]
