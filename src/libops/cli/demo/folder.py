"""The folder that the demo leaves: database, receipts, notices, the log, and a page that links them."""

from __future__ import annotations

import json
import shutil
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Protocol

from attrs import define, field

from libops.base.errors import InvalidValue
from libops.desk.operations import Operations
from libops.desk.receipts import Receipt
from libops.wire.events import event_to_text

__all__ = ["MARK", "Folder", "Shown"]

MARK = ".libops-demo"
"""A folder with this file in it was made by a demo, and may be made anew."""

MAILBOX = "libops_mbox"
"""The plugin that writes what is mailed as one mailbox. It is a distribution of its own, and may not be there."""

STYLE = """
body{color-scheme:light;font:16px/1.55 Georgia,serif;
max-width:46em;margin:3em auto;padding:0 1em;color:#222;background:#fcfbf8}
h1{font-size:1.7em} h2{font-size:1.15em;margin-top:2em;border-bottom:1px solid #ddd6c8;padding-bottom:.2em}
a{color:#225577} ul{padding-left:1.2em} li{margin:.15em 0}
"""


class Shown(Protocol):
    """What shows itself in a notebook: a receipt, an answer, a slip, a trace."""

    def _repr_html_(self) -> str | None: ...


def page(title: str, body: str) -> str:
    """A page of HTML that needs nothing else."""
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title>'
        f'<meta name="viewport" content="width=device-width"><style>{STYLE}</style><body>{body}</body></html>\n'
    )


@define
class Folder:
    """Where the demo writes."""

    path: Path
    receipts: list[tuple[str, Receipt]] = field(factory=list)
    told: list[tuple[str, list[str | Shown]]] = field(factory=list)

    def make(self) -> None:
        """Make the folder anew. Raises `InvalidValue` for a folder that no demo made."""
        if self.path.exists() and any(self.path.iterdir()) and not (self.path / MARK).exists():
            raise InvalidValue(f"{str(self.path)!r} is not empty and was not made by a demo: name another --folder")
        if self.path.exists():
            shutil.rmtree(self.path)
        self.path.mkdir(parents=True)
        (self.path / MARK).write_text("Made by `libops demo`; made anew by the next one.\n", encoding="utf-8")

    @property
    def database(self) -> str:
        """The storage URL of the demo's database."""
        return f"sqlite:///{self.path / 'library.db'}"

    def mail(self) -> dict[str, Any]:
        """How a library is opened whose mail goes into this folder: as one mailbox, or as a file for each message."""
        if find_spec(MAILBOX) is None:
            return {"channels": {"email": "file"}, "channel_options": {"file": {"folder": self.path / "notices"}}}
        mailbox = {"path": self.path / "notices.mbox", "sender": "library@example.org"}
        return {"plugins": [MAILBOX], "channels": {"email": "mbox"}, "channel_options": {"mbox": mailbox}}

    def mailed(self) -> int:
        """How many messages went out."""
        mailbox = self.path / "notices.mbox"
        if mailbox.exists():
            return sum(line.startswith("Message-ID:") for line in mailbox.read_text(encoding="utf-8").splitlines())
        return len(list((self.path / "notices").glob("*.txt")))

    def keep(self, receipt: Receipt) -> None:
        """Keep a receipt as a page of its own."""
        name = f"receipt-{len(self.receipts) + 1:02}.html"
        (self.path / name).write_text(page("Receipt", receipt.html()), encoding="utf-8")
        self.receipts.append((name, receipt))

    def write_log(self, ops: Operations) -> int:
        """Write the event log as JSON lines; returns how many events."""
        count = 0
        with (self.path / "events.jsonl").open("w", encoding="utf-8") as lines:
            for position, event in ops.events:
                fields: dict[str, Any] = json.loads(event_to_text(event))
                lines.write(json.dumps({"position": position, "event": type(event).__name__, **fields}) + "\n")
                count += 1
        return count

    def write_index(self, events: int, notices: int) -> Path:
        """Write the page that links everything."""
        days = [(escape(day), "".join(map(marked, lines))) for day, lines in self.told]
        story = "".join(f"<h2>{day}</h2>{lines}" for day, lines in days)
        left = {
            "library.db": "the database: open it with any SQLite tool",
            "notices.mbox": f"what was mailed, {notices} messages: open it with a mail program or an editor",
            "notices/": f"what was mailed, {notices} messages: a file each",
            "events.jsonl": f"all {events} events, one a line: from these alone the database can be made again",
            "stocktake.html": "the shelf that was counted on Friday",
        }
        left = {name: what for name, what in left.items() if (self.path / name).exists()}
        left |= {name: f"{receipt.lines()[0][0]}: {receipt.title}".rstrip(": ") for name, receipt in self.receipts}
        links = "".join(f'<li><a href="{name}">{name}</a> {escape(what)}</li>' for name, what in left.items())
        body = f"<h1>A week at the library</h1>{story}<h2>What it left</h2><ul>{links}</ul>"
        target = self.path / "index.html"
        target.write_text(page("A week at the library", body), encoding="utf-8")
        return target


def marked(line: str | Shown) -> str:
    """A line of the story as HTML; a receipt, a refusal, a slip and a trace show themselves."""
    return f"<p>{escape(line)}</p>" if isinstance(line, str) else line._repr_html_() or escape(str(line))
