"""Pages that make themselves: the reason-code table, hook signatures, one reference page a package.

What they are made of is no page: they are read again in each build (`note_reread`), or a second build shows the first.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

import read_house
from libops.base.pictures import svg

__all__ = ["setup"]

PACKAGE = """\
# `{module}`

```{{eval-rst}}
.. automodule:: {module}
   :ignore-module-all:
```
"""

PART = """
## `{module}`

```{{eval-rst}}
.. automodule:: {module}
{options}```
"""


def cell(text: str) -> str:
    """Text that cannot break a table row."""
    return text.replace("|", "\\|").replace("\n", " ")


class ReasonCodes(SphinxDirective):
    """The table of all reason codes, one section for each room."""

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        lines: list[str] = []
        rows = read_house.reason_codes()
        for room in sorted({row.room for row in rows}):
            lines += [f"## {room}", "", "| code | meaning, and what the desk says |", "|---|---|"]
            for row in rows:
                if row.room == room:
                    right = f", right `{row.right}`" if row.right else ""
                    said = f"{cell(row.meaning)}<br>*{cell(row.words)}*"
                    lines.append(f"| `{row.code}`<br>{row.weight}{right} | {said} |")
            lines.append("")
        return self.parse_text_to_nodes("\n".join(lines), allow_section_headings=True)


class HookSignature(SphinxDirective):
    """A hook's exact signature and docstring, read from its specification."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        found = [hook for hook in read_house.hooks() if hook.name == self.arguments[0]]
        if not found:
            raise self.error(f"there is no hook called {self.arguments[0]}")
        lines = ["```text", found[0].signature, "```", "", *found[0].docstring.splitlines()]
        return self.parse_text_to_nodes(StringList(lines, source=found[0].where))


class StatePicture(SphinxDirective):
    """The picture of a transition table, drawn from the table itself: `libops.equipment.LEGAL`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        self.env.note_reread()
        module, _, table = self.arguments[0].rpartition(".")
        drawn = svg(getattr(import_module(module), table))
        return [nodes.raw("", f'<div style="max-width:46em">{drawn}</div>', format="html")]


def packages() -> dict[str, str]:
    """The text of the reference page for each first-level package: its public modules in the order of their names.

    What a package re-exports is described once, where it is made.
    """
    found: dict[str, str] = {}
    for path in sorted(read_house.PACKAGE.rglob("*.py")):
        parts = path.relative_to(read_house.PACKAGE.parent).with_suffix("").parts
        is_package = parts[-1] == "__init__"
        if is_package:
            parts = parts[:-1]
        if len(parts) < 2 or any(part.startswith("_") for part in parts):
            continue
        module, options = ".".join(parts), "   :ignore-module-all:\n" if is_package else ""
        text = (PART if parts[1] in found else PACKAGE).format(module=module, options=options)
        found[parts[1]] = found.get(parts[1], "") + text
    return found


def write_reference(app: Sphinx) -> None:
    """Write one reference page for each package, from its docstrings; pages of packages that are gone go too."""
    folder = Path(app.srcdir) / "reference" / "api"
    folder.mkdir(parents=True, exist_ok=True)
    pages = {f"{name}.md": text for name, text in packages().items()}
    for stale in {path.name for path in folder.glob("*.md")} - set(pages):
        (folder / stale).unlink()
    for page, text in pages.items():
        path = folder / page
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")


def backticks_are_code(_app: Sphinx, _what: str, _name: str, _obj: object, _options: object, lines: list[str]) -> None:
    """Docstrings write code in single backticks, as Markdown does; Sphinx wants two. Doctests stay as they are."""
    blocks = re.split(r"(\n\s*\n)", "\n".join(lines))
    told = [block if ">>>" in block else re.sub(r"(?<![`:])`([^`]+)`(?!`)", r"``\1``", block) for block in blocks]
    lines[:] = "".join(told).split("\n")


def setup(app: Sphinx) -> dict[str, bool]:
    """Called by Sphinx."""
    app.add_directive("reason-codes", ReasonCodes)
    app.add_directive("hook", HookSignature)
    app.add_directive("state-picture", StatePicture)
    app.connect("builder-inited", write_reference)
    app.connect("autodoc-process-docstring", backticks_are_code, priority=100)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
