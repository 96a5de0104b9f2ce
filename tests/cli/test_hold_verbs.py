"""Holds at the command line."""

from __future__ import annotations

import json

from libops.cli.main import main
from libops.desk.opening import open as open_library
from libops.testing.sample_library import sample_library


def test_a_hold_is_placed_listed_pulled_and_cancelled(tmp_path, capsys) -> None:
    """From the reader's wish to the slip in the shelf, and back; what is not there is refused with exit code 1."""
    store = str(tmp_path / "town.db")
    with open_library(f"sqlite:///{store}") as ops:
        sample_library(ops)
        bib = ops.items.get("31234000000014").bib_id
    assert 0 == main(["hold", "place", "21234000000017", bib, "--db", store])
    capsys.readouterr()
    assert 0 == main(["hold", "list", "--bib", bib, "--db", store, "--json"])
    (hold,) = json.loads(capsys.readouterr().out)
    assert "waiting" == hold["state"]
    assert 0 == main(["hold", "list", "--patron", "21234000000017", "--db", store])
    assert hold["id"] in capsys.readouterr().out
    assert 0 == main(["pull-list", "--db", store])
    assert "Pull for MAIN" in capsys.readouterr().out
    assert 0 == main(["pull-list", "--html", "--db", store])
    assert "<strong>Pull for MAIN</strong>" in capsys.readouterr().out
    assert 0 == main(["check-in", "31234000000014", "--db", store])
    assert 0 == main(["hold", "cancel", hold["id"], "--reason", "bought it", "--db", store])
    capsys.readouterr()
    assert 0 == main(["hold", "to-clear", "--db", store])
    assert "Take off the hold shelf at MAIN" in capsys.readouterr().out
    assert 0 == main(["hold", "to-clear", "--html", "--db", store])
    assert "<strong>Take off the hold shelf at MAIN</strong>" in capsys.readouterr().out
    assert 0 == main(["item", "missing", "31234000000014", "--db", store])
    assert 1 == main(["item", "missing", "31234000000014", "--db", store])
    assert 1 == main(["hold", "cancel", hold["id"], "--reason", "again", "--db", store])
