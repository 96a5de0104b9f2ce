"""A hook ships only with a page that has its exact signature and an example, a test, and a real user."""

from __future__ import annotations

import ast
import re

import read_house
from libops.hooks.specs.formats import KINDS
from libops.hooks.specs.policy import ACTS

PAGES = read_house.HOME / "docs" / "plugins"


def pages() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(PAGES.glob("*.md")))


def test_every_hook_says_what_it_is_for() -> None:
    """A specification has a docstring: what is handed over, and what its failure means."""
    assert [] == [f"{hook.where} {hook.name}" for hook in read_house.hooks() if not hook.docstring]


def test_every_hook_is_documented() -> None:
    """The docs show the signature from the code itself, and below it an example that runs."""
    text, strays = pages(), []
    for hook in read_house.hooks():
        _, found, after = text.partition(f"```{{hook}} {hook.name}\n")
        section = re.split(r"^## ", after, maxsplit=1, flags=re.MULTILINE)[0]
        if not found or f"def {hook.name}(" not in section:
            strays.append(hook.name)
    assert [] == strays, (
        "in a page of docs/plugins/, under a heading of its own, write ```{hook} NAME (the signature is filled in), "
        "and below it a ```python block with an implementation"
    )


def test_documented_hooks_exist() -> None:
    """No page promises a hook that is gone."""
    assert set() == set(re.findall(r"```\{hook\} (\w+)", pages())) - {hook.name for hook in read_house.hooks()}


def test_each_act_that_asks_plugins_is_declared(core) -> None:
    """A check is refused when nobody asks for its act, and not when somebody does."""
    asked = {
        node.args[0].value
        for source in core
        if source.floor == "desk"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant)
        if ast.unparse(node.func).endswith(".extra_reasons")
        or (source.module == "libops.desk.circulation.losses" and ast.unparse(node.func) == "self.act")
    }
    assert asked == set(ACTS)


def test_every_hook_is_tested(test_texts) -> None:
    """Each hook is called in a test."""
    everything = "\n".join(test_texts.values())
    assert [] == [hook.name for hook in read_house.hooks() if hook.name not in everything]


def test_every_hook_has_a_real_user(sources) -> None:
    """A plugin in `plugins/`, or a built-in that comes through the same door, implements each hook."""
    users = "\n".join(source.text for source in sources if not source.floor or ".builtin" in source.module)
    assert [] == [hook.name for hook in read_house.hooks() if f"def {hook.name}(" not in users]


def test_every_kind_of_format_is_asked_for_and_documented(core) -> None:
    """What is let in is used: by a part of the library, or by the host as the page shows; a plugin that is named to
    those who look for one brings it."""
    page = pages()
    askers = page + "\n".join(source.text for source in core)
    for kind, plugin in KINDS.items():
        assert f"| `{kind}` |" in page
        assert f'formats_of("{kind}")' in askers or f'registry.format("{kind}",' in askers, kind
        if plugin:
            home = read_house.HOME / "plugins" / plugin / "src"
            assert any(f'Format("{kind}", ' in path.read_text(encoding="utf-8") for path in home.rglob("*.py")), plugin
