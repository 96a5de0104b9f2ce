"""How a library files and labels is in its settings, and the desk follows them."""

from __future__ import annotations

import json
from datetime import date

import pytest

import libops
from libops.base.errors import InvalidValue, NotFound, SettingsError
from libops.desk.settings.loading import default_settings, load_settings
from libops.testing.sample_library import sample_library

ROLL = {"page_width": 30, "page_height": 40, "columns": 1, "rows": 1, "width": 30, "height": 40, "left": 0, "top": 0}
ROLL |= {"pitch_x": 30, "pitch_y": 40}


def settings_with(**tables):
    return {**default_settings().canonical(), **tables}


def opened(tmp_path, **tables):
    return libops.open(f"sqlite:///{tmp_path}/town.db", settings=settings_with(**tables))


def on_shelf(ops, *numbers):
    bib = next(iter(ops.catalog.all())).id
    for number in numbers:
        assert ops.items.add(bib, item_type="book", call_number=number, call_number_scheme="lcc", enumeration="")
    return bib


def filed(ops, bib):
    items = [item for item in ops.items.of_bib(bib) if item.call_number_scheme == "lcc"]
    return [item.call_number for item in sorted(items, key=lambda item: item.shelf_key)]


def test_numbers_file_as_the_settings_say_and_anew_after_a_change(tmp_path) -> None:
    """One library files words after a Cutter number by letter, another before the next number; `refile` moves all."""
    numbers = ("B9 .L3", "B9 SVAR .L3")
    with opened(tmp_path) as ops:
        sample_library(ops)
        bib = on_shelf(ops, *numbers)
        assert ["B9 .L3", "B9 SVAR .L3"] == filed(ops, bib)
        assert 0 == ops.items.refile()
    with opened(tmp_path, filing={"word_after_class": "before cutters"}) as ops:
        assert 1 == ops.items.refile(by="ruth")
        assert ["B9 SVAR .L3", "B9 .L3"] == filed(ops, bib)
        assert 0 == ops.items.refile()
        assert ops.items.change(ops.items.of_bib(bib)[-1].id, public_note="signed")
        assert ["B9 SVAR .L3", "B9 .L3"] == filed(ops, bib)


def test_labels_follow_the_settings(tmp_path) -> None:
    """Class letters and number on one line, a sheet and a layout of the library's own, its printer."""
    labels = {
        "sheet": "town-roll",
        "style": {"class_on_one_line": True},
        "sheets": {"town-roll": ROLL},
        "layouts": {"town-spine": {"blocks": [{"what": "call_number_lines", "size": 14, "bold": True}]}},
        "printer": {"dots_per_inch": 203},
    }
    with opened(tmp_path, labels=labels) as ops:
        sample_library(ops)
        bib = on_shelf(ops, "QA76.73 .P98 2001")
        (item,) = [item for item in ops.items.of_bib(bib) if item.call_number_scheme == "lcc"]
        assert ops.items.change(item.id, barcode="31234000000099")
        run = ops.labels.arrange(["31234000000099"], layout="town-spine")
        assert ("town-roll", 203) == (run.sheet.name, run.printer.dots_per_inch)
        assert "QA76.73" in [text.text for text in run.labels[0].texts]
        assert 65 == ops.labels.arrange(["31234000000099"], sheet="L7651").sheet.per_page
        with pytest.raises(NotFound, match="town-roll"):
            ops.labels.arrange(["31234000000099"], sheet="town-rool")


@pytest.mark.parametrize(
    ("tables", "problem"),
    [
        ({"filing": {"word_after_class": "before"}}, "filing.word_after_class: 'before'"),
        ({"filing": {"word_after_clas": "before cutters"}}, "did you mean 'word_after_class'"),
        ({"labels": {"sheet": "L7561"}}, "labels.sheet: there is no label sheet 'L7561'; did you mean 'L7651'?"),
        ({"labels": {"style": {"class_on_one_lin": True}}}, "did you mean 'class_on_one_line'"),
        ({"labels": {"sheets": {"town": {**ROLL, "width": 31}}}}, "settings.labels.sheets.town: sheet 'town'"),
        ({"labels": {"layouts": {"town": {"blocks": [{"what": "isbn"}]}}}}, "layouts.town.blocks[0]: a label has no"),
        ({"catalog": {"validation": "minimun"}}, "catalog.validation: there is no validation profile 'minimun'"),
        ({"catalog": {"overlay": {"protect": ["59"]}}}, "catalog.overlay.protect[0]: '59' names no fields"),
        ({"catalog": {"profiles": {"town": {"required": ["24"]}}}}, "catalog.profiles.town.required: '24'"),
        ({"item_mappings": {"t": {"tag": "949", "attributes": {"barcod": "i"}}}}, "did you mean 'barcode'"),
    ],
)
def test_what_cannot_be_meant_is_told_with_its_place(tables, problem) -> None:
    """The path of the wrong value, and what may have been meant."""
    with pytest.raises(SettingsError) as told:
        load_settings(settings_with(**tables))
    assert problem in "\n".join(told.value.problems)


def test_the_canonical_form_says_the_same() -> None:
    """What was read, written out and read again is the same version."""
    tables = {
        "filing": {"word_after_class": "before cutters", "prefix_order": ["REF", "JUV"]},
        "labels": {"sheets": {"town-roll": ROLL}, "style": {"decimal_on_own_line": True}},
        "catalog": {"overlay": {"protect": ["6XX/_4", "856$5=XxTown"]}, "profiles": {"town": {"required": ["245$a"]}}},
        "item_mappings": {"town-949": {"tag": "949", "attributes": {"barcode": "i"}}},
    }
    settings = load_settings(settings_with(**tables))
    assert settings.version == load_settings(settings.canonical()).version
    assert settings.version != default_settings().version


def test_the_command_follows_the_settings(tmp_path, capsys) -> None:
    """`item refile`, `label-stock --settings`, `catalog validate` with a profile of the library's own."""
    from importlib.resources import files

    from libops.cli.main import main

    settings, store = tmp_path / "town.toml", ("--db", str(tmp_path / "town.db"))
    shipped = files("libops.desk.settings").joinpath("default.toml").read_text(encoding="utf-8")
    sheet = "\n".join(f"{name} = {value}" for name, value in ROLL.items())
    own = ["[filing]", 'word_after_class = "before cutters"', "[catalog]", 'validation = "town"']
    own += ["[catalog.profiles.town]", 'required = ["245$a", "099$a"]', "[labels.sheets.town-roll]", sheet]
    settings.write_text("\n".join([shipped, *own]))
    record = {"245": {"ind1": "1", "ind2": "0", "subfields": [{"a": "Emma"}]}}
    (tmp_path / "emma.json").write_text(json.dumps({"leader": "00000nam a2200000 a 4500", "fields": [record]}))
    with opened(tmp_path) as ops:
        sample_library(ops)
        on_shelf(ops, "B9 .L3", "B9 SVAR .L3")
    assert 0 == main(["item", "refile", "--settings", str(settings), *store])
    assert "1" in capsys.readouterr().out
    assert 0 == main(["label-stock", "--settings", str(settings)])
    assert "town-roll" in capsys.readouterr().out
    assert 1 == main(["catalog", "validate", str(tmp_path / "emma.json"), "--settings", str(settings), *store])
    assert "099" in capsys.readouterr().out


def test_a_stretch_of_numbers_with_hyphens_is_counted_and_weeded(tmp_path) -> None:
    """`SF-KAL .. SF-MUS` in a stocktake and in a weeding rule; one that is not clear is told, and counts nothing."""
    rule = {"name": "science fiction", "call_numbers": "SF-KAL-SF-MUS", "unused": 3}
    with opened(tmp_path, inventory={"scheme": "local", "weeding": {"rules": [rule]}}) as ops:
        sample_library(ops)
        bib = next(iter(ops.catalog.all())).id
        for number in ("SF-ADA", "SF-KAL", "SF-LEM 2", "SF-MUS", "SF-NOR"):
            barcode = number.replace(" ", "-")
            assert ops.items.add(
                bib, item_type="book", barcode=barcode, call_number=number, call_number_scheme="local",
                acquired=date(2001, 5, 2),
            )  # fmt: skip
        counted = ops.inventory.open_stocktake(name="SF", call_numbers="SF-KAL .. SF-MUS").result
        assert 3 == counted.expected
        weeded = {"SF-KAL", "SF-LEM 2", "SF-MUS"}
        assert weeded == {one.subject.item.call_number for one in ops.inventory.candidates()}
        found = ops.inventory.candidates(call_numbers="SF-LEM .. SF-LEM")
        assert ["SF-LEM 2"] == [one.subject.item.call_number for one in found]
        with pytest.raises(InvalidValue, match=r"'SF-LEM' alone is written 'SF-LEM \.\. SF-LEM'"):
            ops.inventory.open_stocktake(name="Lem", call_numbers="SF-LEM")
