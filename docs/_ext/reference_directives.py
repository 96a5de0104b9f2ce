"""Reference pages that make themselves: what a library can do (`ops.circulation.check_out` ...), and the command."""

from __future__ import annotations

import argparse
import importlib
import inspect
import re
from collections.abc import Iterator
from functools import cached_property

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import read_house
from libops.desk.operations import Operations

__all__ = ["acts_of", "setup"]

INSIDE = re.compile(r"\b(Reads|Callable|Errand|Event|\w*Facts|\w*Plan|Shell|Telling)\b")
"""Types that only the desk's own modules hand to each other."""
NOT_FOR_CALLERS = ("loan_sweeps", "planner", "contention")


def cell(text: str) -> str:
    """Text that cannot break a table row."""
    return text.replace("|", "\\|").replace("\n", " ")


def first_sentence(docstring: str | None) -> str:
    paragraph = " ".join(inspect.cleandoc(docstring or "").split("\n\n")[0].split())
    return re.split(r"(?<=[.:]) (?=[A-Z])", paragraph)[0]


def class_named(name: str) -> type:
    """The class of this name in the desk."""
    for path in sorted((read_house.PACKAGE / "desk").rglob("*.py")):
        if re.search(rf"^class {name}\b", path.read_text(encoding="utf-8"), re.M):
            module = ".".join(path.relative_to(read_house.PACKAGE.parent).with_suffix("").parts)
            return getattr(importlib.import_module(module.removesuffix(".__init__")), name)
    raise LookupError(f"no class {name!r} in the desk")


def parts() -> Iterator[tuple[str, str, type]]:
    """The parts of a library: name, what it is for, class."""
    for name, made in vars(Operations).items():
        read = made.func if isinstance(made, cached_property) else getattr(made, "fget", None)
        kind = read.__annotations__["return"] if read else ""
        if read and kind.isidentifier() and name not in NOT_FOR_CALLERS:
            yield name, read.__doc__ or "", class_named(kind)


def acts_of(kind: type) -> Iterator[tuple[str, str]]:
    """What can be asked of a part: the target of the reference page, and the act's name."""
    for owner in kind.__mro__[:-1]:
        for name, act in vars(owner).items():
            if inspect.isfunction(act) and act.__doc__ and not name.startswith("_"):
                asked = [str(each) for part, each in act.__annotations__.items() if part != "return"]
                if not any(map(INSIDE.search, asked)):
                    yield f"{owner.__module__}.{owner.__qualname__}.{name}", name


class PartsOfALibrary(SphinxDirective):
    """One section for each part of `Operations`, with a table of its acts."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        lines: list[str] = []
        for part, about, kind in parts():
            lines += [f"## `ops.{part}`", "", about, "", "| act | what it does |", "|---|---|"]
            for target, name in acts_of(kind):
                owner = target.rpartition(".")[0]
                words = first_sentence(getattr(class_of(owner), name).__doc__)
                lines.append(f"| {{py:meth}}`{name} <{target}>` | {cell(words)} |")
            lines.append("")
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def class_of(dotted: str) -> type:
    module, _, name = dotted.rpartition(".")
    return getattr(importlib.import_module(module), name)


class CommandReference(SphinxDirective):
    """Every verb of the `libops` command with its arguments, read off its parser."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        from libops.cli.arguments import common, parser

        shared = {option for action in common()._actions for option in action.option_strings}
        lines = ["## What every verb takes that works at a store", "", *argument_lines(common(), set()), ""]
        lines += ["## Verbs", ""]
        for made, about in verbs(parser()):
            words = " ".join((made.prog, *map(placeholder, positional(made))))
            lines += [f"### `{words}`", "", sentence(about), ""]
            takes = {option for action in made._actions for option in action.option_strings}
            # A verb that needs no store has some of the shared arguments: they stand in its own table.
            lines += [*argument_lines(made, shared if shared <= takes else set()), ""]
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


def verbs(made: argparse.ArgumentParser, about: str = "") -> Iterator[tuple[argparse.ArgumentParser, str]]:
    """The parsers of all verbs with what they do, those of a subject after each other."""
    groups = [action for action in made._actions if isinstance(action, argparse._SubParsersAction)]
    if not groups:
        yield made, about
    for group in groups:
        told = {choice.dest: choice.help or "" for choice in group._choices_actions}
        for name, each in group.choices.items():
            yield from verbs(each, told.get(name, ""))


def positional(made: argparse.ArgumentParser) -> list[argparse.Action]:
    return [action for action in made._actions if not action.option_strings]


def placeholder(action: argparse.Action) -> str:
    name = str(action.metavar or action.dest).upper()
    return f"{name} ..." if action.nargs == "+" else f"[{name}]" if action.nargs == "?" else name


def sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}." if words else ""


def argument_lines(made: argparse.ArgumentParser, shared: set[str]) -> list[str]:
    """A table of the arguments that say something."""
    rows = []
    for action in made._actions:
        if action.dest == "help" or shared.intersection(action.option_strings):
            continue
        names = ", ".join(f"`{name}`" for name in action.option_strings) or f"`{placeholder(action)}`"
        choices = ", ".join(f"`{choice}`" for choice in action.choices or ())
        told = "; ".join(filter(None, (action.help, f"one of {choices}" if choices else "")))
        if told or action.option_strings:
            needed = " **required**" if action.required and action.option_strings else ""
            rows.append(f"| {names} | {cell(told)}{needed} |")
    return ["| argument | |", "|---|---|", *rows] if rows else []


def setup(app: Sphinx) -> dict[str, object]:
    """Called by Sphinx."""
    app.add_directive("parts-of-a-library", PartsOfALibrary)
    app.add_directive("command-reference", CommandReference)
    return {"parallel_read_safe": True}
