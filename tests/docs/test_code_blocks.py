"""The documentation tells the truth: every Python block in the README and in docs/ runs."""

from __future__ import annotations

import doctest
import re
from pathlib import Path

import pytest

HOME = Path(__file__).resolve().parents[2]
FENCE = re.compile(
    r"(?<!run -->\n)^(?P<mark>`{3,}|:{3,})(?:python|pycon|\{code-block\} python)[ \t]*\n(?P<code>.*?)^(?P=mark)[ \t]*$",
    re.M | re.S,
)
PAGES = [HOME / "README.md", *sorted((HOME / "docs").rglob("*.md")), *sorted((HOME / "plugins").glob("*/README.md"))]
PAGES_WITH_CODE = [
    page for page in PAGES if "_build" not in page.parts and FENCE.search(page.read_text(encoding="utf-8"))
]


def run_block(code: str, page: Path, line: int, names: dict[str, object]) -> None:
    """Run one block: prompts are a doctest, anything else is a piece of program."""
    name = page.relative_to(HOME).as_posix()
    if code.lstrip().startswith(">>>"):
        example = doctest.DocTestParser().get_doctest(code, names, name, str(page), line)
        said: list[str] = []
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)
        failed = runner.run(example, out=said.append, clear_globs=False).failed
        names.update(example.globs)
        assert 0 == failed, "".join(said)
    else:
        # Blank lines in front give tracebacks the line numbers of the page.
        exec(compile("\n" * line + code, str(page), "exec"), names)


@pytest.mark.parametrize("page", PAGES_WITH_CODE, ids=lambda page: page.relative_to(HOME).as_posix())
def test_code_of_a_page_runs(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Blocks of one page follow each other in one session, in an empty folder."""
    monkeypatch.chdir(tmp_path)
    text = page.read_text(encoding="utf-8")
    names: dict[str, object] = {"__name__": "__main__"}
    for block in FENCE.finditer(text):
        run_block(block["code"], page, text[: block.start("code")].count("\n"), names)
