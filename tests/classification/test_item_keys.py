"""Where an item files: number, volume, date of issue, copy and stamps in one key."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from libops.classification import (
    CallNumber,
    FilingPolicy,
    StampPlace,
    VolumeOrder,
    base_key,
    explain,
    label_lines,
    place,
    sort_key,
)
from libops.testing.strategies.classification import call_numbers, volumes

policies = st.builds(FilingPolicy, prefixes=st.sampled_from(StampPlace), size_marks=st.sampled_from(StampPlace))
NATURE = CallNumber("lcc", "Q1 .N2")


def test_volumes_file_as_whole_numbers_and_copies_last() -> None:
    """Within one call number: no volume, then v.1, v.2, v.10; copies of a volume stand beside it."""
    shelf = [("", ""), ("", "2"), ("v.1", ""), ("v.1", "2"), ("v.2", ""), ("v.10", "")]
    keys = [sort_key(NATURE, enumeration=volume, copy=copy) for volume, copy in shelf]
    assert sorted(keys) == keys
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("text", ["Q1 .N2 v.3 c.2", "Q1 .N2 vol. 3 copy 2", "q1.n2 V.3 C.2"])
def test_volume_inside_the_number_files_as_in_its_field(text: str) -> None:
    """Data carry the volume in the call number or in a field of its own; both stand at the same place."""
    assert sort_key(NATURE, enumeration="v.3", copy="2") == sort_key(CallNumber("lcc", text))


def test_newest_first_turns_volumes_but_not_numbers() -> None:
    """A current-periodicals shelf: the newest volume first, call numbers still ascending."""
    policy = FilingPolicy(volumes=VolumeOrder.NEWEST_FIRST)
    keys = [
        sort_key(NATURE, enumeration="v.10", policy=policy),
        sort_key(NATURE, enumeration="v.9", policy=policy),
        sort_key(CallNumber("lcc", "Q2 .A1"), enumeration="v.99", policy=policy),
    ]
    assert sorted(keys) == keys


def test_reference_shelf_is_its_own_sequence_unless_interfiled() -> None:
    """REF stands after the plain numbers; a library that interfiles it says so."""
    plain, stamped = CallNumber("ddc", "950 A5"), CallNumber("ddc", "030 B8", prefix="REF")
    interfiled = FilingPolicy(prefixes=StampPlace.IGNORED)
    assert sort_key(plain) < sort_key(stamped)
    assert sort_key(plain, policy=interfiled) > sort_key(stamped, policy=interfiled)
    assert sort_key(stamped) == sort_key(CallNumber("ddc", "REF 030 B8"))


def test_stamps_stand_in_the_order_the_library_names() -> None:
    """Picture books before easy readers before young adult, as the policy lists them."""
    policy = FilingPolicy(prefix_order=("E", "J", "YA"))
    keys = [
        sort_key(CallNumber("ddc", "599 H49", prefix=stamp), policy=policy) for stamp in ("", "E", "J", "YA", "REF")
    ]
    assert sorted(keys) == keys


def test_an_unknown_scheme_files_in_natural_order_with_a_warning() -> None:
    """A plugin's scheme that is not there must not lose the shelf."""
    shelved = place(CallNumber("rvk", "NH 7000 T288"))
    assert shelved.sort_key == sort_key(CallNumber("local", "NH 7000 T288"))
    assert any("rvk" in warning for warning in shelved.warnings)


def test_base_key_is_the_same_for_all_volumes_of_a_set() -> None:
    """Browsing title by title: volume, copy and stamp do not count."""
    assert base_key(CallNumber("lcc", "Q1 .N2 v.3 c.2", prefix="REF")) == base_key(NATURE)


def test_explanation_names_the_volume_that_decided() -> None:
    """A trainee asks why v.9 stands before v.10."""
    told = explain(place(NATURE, enumeration="v.9"), place(NATURE, enumeration="v.10"))
    assert str(told) == "enumeration 'v.9' before 'v.10' (whole number)"


def test_a_size_mark_counts_after_the_volume() -> None:
    """Oversize told apart only at the end: volumes first, whether the mark stands in the number or beside it."""
    plain, folio = CallNumber("lcc", "N7 .A1"), CallNumber("lcc", "N7 .A1 folio")
    beside = CallNumber("lcc", "N7 .A1", suffix="folio")
    assert sort_key(plain, enumeration="v.1") < sort_key(folio, enumeration="v.1") < sort_key(plain, enumeration="v.2")
    assert sort_key(folio, enumeration="v.1") == sort_key(beside, enumeration="v.1")


@given(call_numbers(odd=True), volumes() | st.text(max_size=9), st.sampled_from(["", "2", "c.3", "copy"]), policies)
def test_key_and_place_of_an_item_agree(number: CallNumber, volume: str, copy: str, policy: FilingPolicy) -> None:
    """The key and the parts that explain it come from one reading, also with stamps and odd volumes."""
    terms = {"enumeration": volume, "chronology": volume, "copy": copy, "policy": policy}
    assert sort_key(number, **terms) == place(number, **terms).sort_key
    assert sort_key(number, **terms).isascii()
    label_lines(number, enumeration=volume, copy=copy)
