"""Making a new plugin: a complete distribution that works and proves itself, to be changed into one's own."""

from __future__ import annotations

import re
from importlib.resources import files
from pathlib import Path
from string import Template

from libops.base.errors import InvalidValue

__all__ = ["KINDS", "new_plugin"]

KINDS = {
    "storage": "A libops store in a file of JSON lines",
    "channel": "A libops channel that puts each message into a file",
    "driver": "A libops driver for a scanner that sends one barcode a line",
    "policy": "A local condition on check-outs in libops",
    "format": "A libops label format: a table for another label program",
}
"""What a new plugin can be, and what it does until it is changed."""


def new_plugin(name: str, kind: str, folder: Path) -> list[Path]:
    """Write the files of `libops-NAME` into `folder/libops-NAME` and return them.

    Raises:
        InvalidValue: the name is not lower-case words joined by hyphens, there is no such kind, or the folder is
            there already.
    """
    if not re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", name):
        raise InvalidValue(f"plugin name {name!r}: use lower-case words joined by hyphens, such as 'school-rule'")
    if kind not in KINDS:
        raise InvalidValue(f"kind {kind!r} of a plugin: there are {', '.join(KINDS)}")
    home = folder / f"libops-{name}"
    if home.exists():
        raise InvalidValue(f"{home} is there already: choose another name or folder")
    words = name.split("-")
    names = {
        "name": name,
        "module_name": "_".join(words),
        "title": "".join(map(str.capitalize, words)),
        "what": KINDS[kind],
    }
    package = f"src/libops_{names['module_name']}"
    templates = files("libops.cli") / "plugin_template"
    wanted = {
        "pyproject.toml": "pyproject.toml.txt",
        "README.md": "README.md.txt",
        f"{package}/__init__.py": f"{kind}.py.txt",
        "tests/test_contract.py": f"{kind}_test.py.txt",
    }
    written = []
    for place, template in wanted.items():
        path = home / place
        path.parent.mkdir(parents=True, exist_ok=True)
        text = (templates / template).read_text(encoding="utf-8")
        path.write_text(Template(text).substitute(names), encoding="utf-8")
        written.append(path)
    (home / package / "py.typed").touch()
    return [*written, home / package / "py.typed"]
