"""The mbox channel keeps the channel contract."""

from __future__ import annotations

import mailbox
import re
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path

from libops.testing.contracts import ChannelContract


class TestMbox(ChannelContract):
    plugins = ("libops_mbox",)
    name = "mbox"

    def options(self, folder: Path) -> Mapping[str, object]:
        return {"path": folder / "notices.mbox"}

    def delivered(self, folder: Path) -> list[str]:
        with closing(mailbox.mbox(folder / "notices.mbox")) as box:
            bodies = [mail.get_payload(decode=True).decode() for mail in box]
        # In an mbox file a line that begins with "From " is written with a mark, which mail programs take off.
        return [re.sub("^>From ", "From ", body, flags=re.MULTILINE) for body in bodies]
