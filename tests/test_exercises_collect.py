"""Collecting a class: names of Moodle and Canvas, zips meant to do harm, names of all scripts, collecting again."""

import argparse
import io
import json
import os
import stat
import struct
import sys
import unicodedata
import zipfile
import zlib
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises import archive, collect, handed_in
from gptcourse.authoring.exercises.collect import owner_of, platform_of

MOODLE, FLAT = "Jane Doe_12345_assignsubmission_file_/", "Jane Doe_12345_assignsubmission_file_"


def notebook(text="x = 1"):
    cells = [{"cell_type": "code", "id": "a", "source": text, "outputs": [], "metadata": {}, "execution_count": None}]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()


def packed(files, **more):
    """The bytes of a zip; `files` by name or ZipInfo."""
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_DEFLATED, **more) as pack:
        for name, data in files.items():
            pack.writestr(name, data)
    return buffer.getvalue()


@pytest.fixture
def gather(tmp_path):
    """Collect from a zip of these files into the folder `class`; return students by folder, and the rows by folder."""

    def run(files, **more):
        source = tmp_path / "submissions.zip"
        source.write_bytes(files if isinstance(files, bytes) else packed(files))
        rows, remarks = collect.collect(source, tmp_path / "class", **more)
        return students(tmp_path / "class"), {row.folder: row for row in rows}, remarks

    return run


def students(folder):
    return {
        record.parent.name: json.loads(record.read_text(encoding="utf-8")) for record in folder.glob("*/student.json")
    }


# Names of the platforms


@pytest.mark.parametrize(
    "name", [MOODLE + "hw.ipynb", FLAT + "hw.ipynb", FLAT[:-1] + "/week 4/hw.ipynb", "unpacked/" + MOODLE + "hw.ipynb"]
)
def test_moodle_with_folders_and_without_old_and_new(gather, tmp_path, name):
    found, rows, remarks = gather({name: notebook()})
    assert found == {
        "Jane Doe_12345": {
            "name": "Jane Doe", "id": "12345", "lms": "moodle", "late": False, "files": ["hw.ipynb"], "others": []
        }
    }  # fmt: skip
    assert (tmp_path / "class/Jane Doe_12345/hw.ipynb").read_bytes() == notebook()
    assert rows["Jane Doe_12345"].notes == [] and "worksheet" in remarks[-1]


def test_text_typed_into_moodle_is_left_out_and_who_has_nothing_else_is_named(gather):
    text = "assignsubmission_onlinetext_/onlinetext.html"
    files = {
        f"Jane Doe_1_{text}": "<p>",
        "Jane Doe_1_assignsubmission_file_/hw.ipynb": notebook(),
        f"Bob_2_{text}": "<p>",
    }
    found, _, remarks = gather(files | {"Al Li_3_assignsubmission_onlinetext_onlinetext.html": "<p>"})
    assert list(found) == ["Jane Doe_1"] and found["Jane Doe_1"]["others"] == []
    assert "Al Li, Bob." in remarks[0]


def test_a_file_name_in_moodle_cannot_pretend_to_be_another_students(gather):
    found, _, _ = gather({FLAT + "Bob_99_assignsubmission_file_hw.ipynb": notebook()})
    assert list(found) == ["Jane Doe_12345"]


def test_blind_marking_and_groups_of_moodle(gather):
    found, _, _ = gather({f"{who}_assignsubmission_file/hw.ipynb": notebook() for who in (
        "Participant_7", "Participant_8", "Group A_15", "Default group")})  # fmt: skip
    assert set(found) == {"Participant_7", "Participant_8", "Group A_15", "Default group"}
    assert found["Default group"]["id"] == "" and found["Group A_15"]["id"] == "15"


@pytest.mark.parametrize(
    "name, student, late, kept",
    [
        ("doejane_12345_67890_hw.ipynb", ("doejane", "12345"), False, "hw.ipynb"),
        ("doejane_LATE_12345_67890_hw-1.ipynb", ("doejane", "12345"), True, "hw-1.ipynb"),
        ("anon_x7Yz2_67890_hw.ipynb", ("anon_x7Yz2", "anon_x7Yz2"), False, "hw.ipynb"),
        ("LATE_anon_x7Yz2_67890_hw.ipynb", ("anon_x7Yz2", "anon_x7Yz2"), True, "hw.ipynb"),
        ("le_floch_12345_67890_1_2_hw.ipynb", ("le_floch", "12345"), False, "1_2_hw.ipynb"),
        ("رضاییسارا_12345_67890_تمرین.ipynb", ("رضاییسارا", "12345"), False, "تمرین.ipynb"),
    ],
)
def test_canvas(gather, name, student, late, kept):
    found, rows, _ = gather({name: notebook()})
    [(folder, record)] = found.items()
    assert (record["name"], record["id"]) == student and record["lms"] == "canvas"
    assert record["late"] is rows[folder].late is late and record["files"] == [kept]
    assert folder == ("_".join(student) if student[0] != student[1] else student[0])


def test_canvas_text_and_link_are_no_files(gather):
    found, _, remarks = gather(
        {"doe_1_67_hw.ipynb": notebook(), "li_2_text.html": "", "al_LATE_3_link.html": "", "anon_zz_text.html": ""}
    )
    assert list(found) == ["doe_1"] and "al, anon_zz, li" in remarks[0]


@pytest.mark.parametrize(
    "names",
    [["hw_2024_10_anna.ipynb", "hw_2024_10_bob.ipynb"], ["anna_2024_10_hw.ipynb", "bob_2024_11_hw.ipynb"]],
)
def test_names_with_dates_are_not_taken_for_canvas(gather, names):
    found, _, _ = gather({name: notebook(name) for name in names})
    assert set(found) == {name[:-6] for name in names} and {each["lms"] for each in found.values()} == {"folder"}


def test_where_names_do_not_tell_the_option_does(gather):
    files = {"anna_2024_10_hw.ipynb": notebook()}
    assert gather(files, platform="folder")[0]["anna_2024_10_hw"]["id"] == ""
    assert gather(files)[0]["anna_2024"]["lms"] == "canvas"


letters = st.text(st.characters(categories=["L", "M", "N"]), min_size=1, max_size=12)


@given(letters, st.integers(1, 10**9), st.integers(1, 10**9), letters, st.booleans())
def test_every_name_that_canvas_makes_is_read_back(name, id, number, file, late):
    found, left = owner_of((f"{name}_{'LATE_' if late else ''}{id}_{number}_{file}.ipynb",), "canvas")
    assert (found.id, found.late, found.number, left) == (str(id), late, number, file + ".ipynb")
    assert found.name == archive.shown(name)


@given(st.lists(letters, min_size=1, max_size=3).map(" ".join), st.integers(1, 10**9), st.booleans(), letters)
def test_every_name_that_moodle_makes_is_read_back(name, id, folders, file):
    parts = (f"{name}_{id}_assignsubmission_file", file) if folders else (f"{name}_{id}_assignsubmission_file_{file}",)
    found, left = owner_of(parts, "moodle")
    assert (found.id, found.name, left) == (str(id), archive.shown(name), file)


# Folders of notebooks


def test_a_folder_of_notebooks_and_of_students_folders(tmp_path):
    source = tmp_path / "mail"
    for name in (
        "Anna.ipynb",
        "Bob/ch1.ipynb",
        "Bob/sub/ch2.ipynb",
        "Cy.ipynb.txt",
        "Di.json",
        "roster.json",
        "list.csv",
    ):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_bytes(b"{}" if name.startswith(("roster", "list")) else notebook())
    (source / "Eve.zip").write_bytes(packed({"Eve/hw.ipynb": notebook()}))
    rows, remarks = collect.collect(source, tmp_path / "class")
    found = students(tmp_path / "class")
    assert {folder: each["files"] for folder, each in found.items()} == {
        "Anna": ["Anna.ipynb"], "Bob": ["ch1.ipynb", "ch2.ipynb"], "Cy": ["Cy.ipynb"], "Di": ["Di.ipynb"], "Eve": ["hw.ipynb"]
    }  # fmt: skip
    assert remarks == ["Left aside, nobody's notebook: list.csv, roster.json."]
    assert len(rows) == 5


def test_an_unpacked_zip_even_in_a_folder_of_its_own(tmp_path):
    with zipfile.ZipFile(
        io.BytesIO(packed({MOODLE + "hw.ipynb": notebook(), "X_2_assignsubmission_file_/a.pdf": b"%PDF"}))
    ) as z:
        z.extractall(tmp_path / "submissions" / "submissions")
    collect.collect(tmp_path / "submissions", tmp_path / "class")
    assert students(tmp_path / "class").keys() == {"Jane Doe_12345", "X_2"}


def test_the_class_may_lie_in_the_folder_it_is_collected_from(tmp_path):
    (tmp_path / "Anna.ipynb").write_bytes(notebook())
    for _ in range(2):
        collect.collect(tmp_path, tmp_path / "class")
        assert list(students(tmp_path / "class")) == ["Anna"]
    with pytest.raises(AuthoringError, match="another --out"):
        collect.collect(tmp_path, tmp_path)


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_links_in_a_folder_are_not_followed(tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "hw.ipynb").write_bytes(notebook("secret"))
    (tmp_path / "in" / "Bob").mkdir(parents=True)
    (tmp_path / "in" / "Bob" / "hw.ipynb").symlink_to(tmp_path / "secret" / "hw.ipynb")
    (tmp_path / "in" / "Bob" / "all").symlink_to(tmp_path / "secret")
    os.mkfifo(tmp_path / "in" / "Bob" / "pipe.ipynb")
    rows, _ = collect.collect(tmp_path / "in", tmp_path / "class")
    assert rows[0].notebooks == 0 and sum("is a link" in note for note in rows[0].notes) == 3


def test_a_file_that_is_not_named_as_the_platform_does_is_kept_and_told(gather):
    found, rows, _ = gather({MOODLE + "hw.ipynb": notebook(), "Bob.ipynb": notebook()})
    assert found["Bob"]["lms"] == "folder" and "not a name that Moodle gives" in rows["Bob"].notes


# What students hand in


def test_endings_junk_and_other_files(gather, tmp_path):
    found, rows, _ = gather({
        MOODLE + "hw.ipynb.txt": notebook("1"), MOODLE + "two.json": notebook("2"), MOODLE + "Three.IPYNB": notebook("3"),
        MOODLE + "essay.pdf": b"%PDF", MOODLE + "hw.ipynb.html": b"<html>", MOODLE + "student.json": b'{"name": "Mallory"}',
        MOODLE + "__MACOSX/._hw.ipynb": b"x", MOODLE + ".ipynb_checkpoints/hw-checkpoint.ipynb": notebook(),
        MOODLE + "._hw.ipynb": b"x", MOODLE + "bad.ipynb": b"{", "__MACOSX/x": b"",
    })  # fmt: skip
    student = found["Jane Doe_12345"]
    assert set(student["files"]) == {"hw.ipynb", "two.ipynb", "Three.ipynb", "bad.ipynb"}
    assert (
        set(student["others"]) == {"essay.pdf", "hw.ipynb.html", "student (2).json"} and student["name"] == "Jane Doe"
    )
    notes = "; ".join(rows["Jane Doe_12345"].notes)
    assert "essay.pdf is no notebook (kept)" in notes and "hw.ipynb.txt kept as hw.ipynb" in notes
    assert "bad.ipynb cannot be read as a notebook" in notes and "Three" not in notes
    assert (tmp_path / "class/Jane Doe_12345/essay.pdf").read_bytes() == b"%PDF"


def test_several_notebooks_the_newest_last_and_in_the_files_times_too(gather, tmp_path):
    numbers = {"hw-10": 300, "hw": 100, "hw-2": 200}
    found, rows, _ = gather({f"doe_1_{number}_{name}.ipynb": notebook(name) for name, number in numbers.items()})
    files = found["doe_1"]["files"]
    assert files == ["hw.ipynb", "hw-2.ipynb", "hw-10.ipynb"]
    times = [(tmp_path / "class/doe_1" / name).stat().st_mtime for name in files]
    assert times == sorted(set(times)) and rows["doe_1"].notebooks == 3


def test_the_order_of_copies():
    handed_in.copies(".a" * 30_000 + "-")  # takes no time
    names = ["hw (10).ipynb", "hw-2.ipynb", "hw.ipynb", "HW (1).ipynb", "a-3.ipynb.txt"]
    assert sorted(names, key=handed_in.copies) == [names[4], names[2], names[3], names[1], names[0]]


def test_files_of_one_name_in_two_folders_are_both_kept(gather, tmp_path):
    found, _, _ = gather({MOODLE + "a/hw.ipynb": notebook("a"), MOODLE + "b/HW.ipynb": notebook("b")})
    files = found["Jane Doe_12345"]["files"]
    assert len({name.casefold() for name in files}) == 2
    assert {(tmp_path / "class/Jane Doe_12345" / name).read_bytes() for name in files} == {notebook("a"), notebook("b")}


def test_a_students_own_zip_is_opened_once(gather, tmp_path):
    inner = packed({"x/hw.ipynb": notebook("in"), "__MACOSX/._hw.ipynb": b""})
    mixed = packed({"data.csv": b"1", "deep.zip": inner, "solo.ipynb": notebook()})
    found, rows, _ = gather(
        {MOODLE + "my.zip": inner, MOODLE + "mixed.ZIP": mixed, MOODLE + "hw.ipynb": notebook("out")}
    )
    student, notes = found["Jane Doe_12345"], rows["Jane Doe_12345"].notes
    assert sorted(student["files"]) == ["hw (2).ipynb", "hw.ipynb", "solo.ipynb"] and student["others"] == ["mixed.ZIP"]
    assert "mixed.ZIP kept, it also holds data.csv, deep.zip" in notes
    kept = {(tmp_path / "class/Jane Doe_12345" / name).read_bytes() for name in student["files"]}
    assert kept == {notebook(), notebook("in"), notebook("out")}


@pytest.mark.parametrize("bad", [b"PK\x03\x04 cut off", b"", b"Rar!"])
def test_a_students_broken_zip_is_kept_and_harms_nobody(gather, bad):
    found, rows, _ = gather({MOODLE + "hw.zip": bad, "Bob_2_assignsubmission_file_/hw.ipynb": notebook()})
    assert found["Jane Doe_12345"] | {"files": [], "others": ["hw.zip"]} == found["Jane Doe_12345"]
    assert rows["Jane Doe_12345"].notes[0] == "no notebook" and found["Bob_2"]["files"]


# Harm


def hostile(name, link=False):
    info = zipfile.ZipInfo("x")
    info.filename = info.orig_filename = name
    if link:
        info.create_system, info.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return info


HARM = [("../evil.ipynb", False), ("a/../../evil.ipynb", False), ("/evil.ipynb", False), ("C:\\evil.ipynb", False)]
HARM += [("..\\evil.ipynb", False), ("Bob/link.ipynb", True)]


@pytest.mark.parametrize("name, link", HARM)
def test_paths_and_links_that_lead_out_are_refused(gather, tmp_path, name, link):
    files = {hostile(name, link): notebook(), MOODLE + "hw.ipynb": notebook()}
    with pytest.raises(AuthoringError, match="link" if link else "could lead out"):
        gather(files)
    found, rows, _ = gather({MOODLE + "hw.zip": packed(files), MOODLE + "hw.ipynb": notebook()})
    assert found["Jane Doe_12345"]["files"] == ["hw.ipynb"] and "not unpacked" in rows["Jane Doe_12345"].notes[0]
    assert {path.name for path in tmp_path.rglob("*")} == {
        "submissions.zip", "class", "Jane Doe_12345", "student.json", "hw.zip", "hw.ipynb"
    }  # fmt: skip


def test_a_zip_bomb_is_not_unpacked_and_the_others_are(gather, monkeypatch):
    monkeypatch.setattr(archive, "SMALL", 2**12)
    bomb = {
        MOODLE + "hw.ipynb": b"0" * 2**20,
        "Bob_2_assignsubmission_file_/hw.zip": packed({"hw.ipynb": b"0" * 2**20}),
    }
    found, rows, _ = gather(bomb | {"Cy_3_assignsubmission_file_/hw.ipynb": notebook()})
    assert [each["files"] for each in found.values()].count(["hw.ipynb"]) == 1
    assert "like a zip bomb" in rows["Jane Doe_12345"].notes[1] and "like a zip bomb" in "".join(rows["Bob_2"].notes)


def test_a_zip_that_understates_its_sizes_is_not_read_further(gather, monkeypatch):
    data = bytearray(packed({MOODLE + "hw.ipynb": b"0" * 2**20}))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)  # unpacked size, in the directory
    _, rows, _ = gather(bytes(data))
    assert "is broken" in rows["Jane Doe_12345"].notes[1]


@pytest.mark.parametrize(
    "limit, value, says",
    [
        (("MOST_ENTRIES", archive), 1, "2 files"),
        (("MOST_TOTAL", archive), 100, "unpacked"),
        (("MOST_FILE", archive), 50, "allowed"),
    ],
)
def test_bounds_of_a_zip(gather, monkeypatch, limit, value, says):
    monkeypatch.setattr(limit[1], limit[0], value)
    files = {MOODLE + "a.ipynb": notebook(), MOODLE + "b.ipynb": notebook()}
    if limit[0] == "MOST_FILE":
        assert says in gather(files)[1]["Jane Doe_12345"].notes[1]
    else:
        with pytest.raises(AuthoringError, match=says):
            gather(files)


@pytest.mark.parametrize("limit, value", [("MOST_FILES", 3), ("MOST_STUDENT", 3 * len(notebook()))])
def test_bounds_of_a_student(gather, monkeypatch, limit, value):
    monkeypatch.setattr(handed_in, limit, value)
    inner = packed({f"{n}.ipynb": notebook() for n in range(9)})
    for files in ({MOODLE + f"{n}.ipynb": notebook() for n in range(9)}, {MOODLE + "hw.zip": inner}):
        found, rows, _ = gather(files | {"Bob_2_assignsubmission_file_/hw.ipynb": notebook()})
        assert len(found["Jane Doe_12345"]["files"]) <= 3
        assert ["the rest" in note for note in rows["Jane Doe_12345"].notes].count(True) == 1
        assert found["Bob_2"]["files"] == ["hw.ipynb"]


def test_an_encrypted_zip(gather):
    def encrypted(files):
        data = bytearray(packed(files))
        for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
            data[data.index(signature) + offset] |= 1
        return bytes(data)

    with pytest.raises(AuthoringError, match="encrypted.*unpack it yourself"):
        gather(encrypted({MOODLE + "hw.ipynb": notebook()}))
    _, rows, _ = gather({MOODLE + "hw.zip": encrypted({"hw.ipynb": notebook()})})
    assert any("encrypted" in note for note in rows["Jane Doe_12345"].notes)


def test_packings_that_python_unpacks_without_a_bound_are_refused(gather):
    with zipfile.ZipFile(buffer := io.BytesIO(), "w", zipfile.ZIP_BZIP2) as pack:
        pack.writestr(MOODLE + "hw.ipynb", notebook())
    assert "unusual" in gather(buffer.getvalue())[1]["Jane Doe_12345"].notes[1]


WHOLE = packed({MOODLE + "hw.ipynb": notebook(), "doe_1_2_hw.zip": packed({"a.ipynb": notebook()})})


@settings(max_examples=60)
@given(
    st.lists(st.tuples(st.integers(0, len(WHOLE) - 1), st.integers(0, 255)), min_size=1, max_size=8), st.integers(0, 60)
)
def test_damaged_zips_give_a_sentence_and_nothing_outside(tmp_path_factory, changes, cut):
    home = tmp_path_factory.mktemp("home")
    data = bytearray(WHOLE)
    for at, byte in changes:
        data[at] = byte
    (home / "in.zip").write_bytes(data[: len(data) - cut])
    try:
        collect.collect(home / "in.zip", home / "class")
    except AuthoringError as error:
        assert "in.zip" in str(error)
    assert {path.name for path in home.iterdir()} <= {"in.zip", "class"}


@pytest.mark.parametrize("content", [b"no zip", b""])
def test_what_is_no_zip(gather, content):
    with pytest.raises(AuthoringError, match="no zip that can be read.*Download it again"):
        gather(content)


def test_nothing_to_collect(gather, tmp_path):
    with pytest.raises(AuthoringError, match="no file that a student handed in"):
        gather({"readme.txt": b"x"})
    with pytest.raises(AuthoringError, match="there is no"):
        collect.collect(tmp_path / "none.zip", tmp_path / "class")
    with pytest.raises(AuthoringError, match="knows no encoding 'cp9'"):
        collect.collect(tmp_path / "none.zip", tmp_path / "class", encoding="cp9")


# Names


def test_names_of_students_of_all_scripts_and_two_of_one_name(gather):
    names = ["نرگس می‌رضایی_1", "Łukasz Żółć_2", "Семён Ёлкин_3", "Szőke Őrs_4", "Jane Doe_5", "Jane Doe_6", "王 小明_7"]
    found, _, _ = gather({f"{name}_assignsubmission_file_/hw.ipynb": notebook() for name in names})
    assert set(found) == set(names) and found["نرگس می‌رضایی_1"]["name"] == "نرگس می‌رضایی"


def test_plain_names_that_differ_only_in_case_stay_apart(gather):
    found, _, _ = gather({"Anna.ipynb": notebook("1"), "anna.ipynb": notebook("2")})
    assert len({folder.casefold() for folder in found}) == 2


def ok_everywhere(name):
    stem = name.split(".")[0].upper()
    return (
        name == name.strip(" .") and not set(name) & set('<>:"/\\|?*') and stem not in handed_in.RESERVED
        and all(unicodedata.category(char)[0] != "C" or char in archive.JOINERS for char in name)
        and 0 < len(name.encode()) <= 130
    )  # fmt: skip


@given(
    st.text(max_size=300) | st.sampled_from(["CON", "aux.ipynb", "nul .txt", "COM1", "..", ".", "a.", "\u202ecod.exe"])
)
@example("\u200c")
@example("x" * 70_000)
@example("ж" * 300 + ".ipynb")
def test_a_safe_name_is_safe_and_stays_what_it_is(name):
    safe = handed_in.safe_name(name)
    assert ok_everywhere(safe) and handed_in.safe_name(safe) == safe


@pytest.mark.parametrize("name", ["hw.ipynb", "تمرین ۴.ipynb", "ćwiczenie-1 (2).ipynb", "می‌روم.ipynb"])
def test_a_harmless_name_is_kept(name):
    assert handed_in.safe_name(name) == name


def raw_name(raw, flag=False, extra=b"", time=(2024, 1, 2, 3, 4, 6)):
    """The bytes of a zip with one notebook, whose name has these bytes."""
    info = zipfile.ZipInfo("N" * len(raw), time)
    data = packed({info: notebook()}).replace(b"N" * len(raw), raw)
    if flag:
        data = bytearray(data)
        data[data.index(b"PK\x03\x04") + 7] |= 8
        data[data.rindex(b"PK\x01\x02") + 9] |= 8
    return bytes(data)


@pytest.mark.parametrize(
    "raw, flag, encoding, name",
    [
        ("Őrs.ipynb".encode(), True, None, "Őrs"),
        ("Őrs.ipynb".encode(), False, None, "Őrs"),
        ("Jörg.ipynb".encode("cp437"), False, None, "Jörg"),
        ("Жук.ipynb".encode("cp866"), False, "cp866", "Жук"),
        ("سارا.ipynb".encode(), False, "cp1256", "سارا"),
    ],
)
def test_names_in_zips(gather, raw, flag, encoding, name):
    assert [*gather(raw_name(raw, flag), encoding=encoding)[0]] == [name]


def test_the_unicode_field_of_a_zip_counts_if_it_belongs_to_the_name():
    info = zipfile.ZipInfo("?.ipynb")
    for name, known in (("?.ipynb", "Ж.ipynb"), ("other.ipynb", "?.ipynb")):
        body = b"\x01" + struct.pack("<I", zlib.crc32(name.encode())) + "Ж.ipynb".encode()
        info.extra = b"\x99\x99\x02\x00ab" + struct.pack("<HH", 0x7075, len(body)) + body
        assert archive.entry_name(info) == known


def test_nothing_printed_can_disturb_a_terminal():
    assert archive.shown("a\x1b[31m\nb\u202egpj.exe\u2066") == "a [31m b gpj.exe"


# Collecting again


def test_collecting_again_adds_and_replaces_and_leaves_others_alone(gather, tmp_path):
    bob = "Bob_2_assignsubmission_file_/"
    gather(
        {MOODLE + "hw.ipynb": notebook("old"), MOODLE + "draft.ipynb": notebook("draft"), bob + "hw.ipynb": notebook()}
    )
    untouched = tmp_path / "class/Bob_2"
    before = {path.name: (path.read_bytes(), path.stat().st_mtime) for path in untouched.iterdir()}
    found, rows, _ = gather({MOODLE + "HW.ipynb": notebook("new"), "Cy_3_assignsubmission_file_/hw.ipynb": notebook()})
    assert set(found) == {"Jane Doe_12345", "Bob_2", "Cy_3"}
    assert found["Jane Doe_12345"]["files"] == ["draft.ipynb", "hw.ipynb"]
    assert (tmp_path / "class/Jane Doe_12345/hw.ipynb").read_bytes() == notebook("new")
    assert rows["Jane Doe_12345"].notes == ["from before: draft.ipynb"]
    assert {path.name: (path.read_bytes(), path.stat().st_mtime) for path in untouched.iterdir()} == before
    times = [(tmp_path / "class/Jane Doe_12345" / name).stat().st_mtime for name in ("draft.ipynb", "hw.ipynb")]
    assert times[0] < times[1]


@given(data=st.data())
@settings(max_examples=20)
def test_the_same_zip_twice_changes_no_byte(tmp_path_factory, data):
    home = tmp_path_factory.mktemp("home")
    names = data.draw(st.lists(letters.map(lambda name: f"{name}.ipynb"), min_size=1, max_size=4, unique=True))
    owners = data.draw(
        st.lists(st.tuples(letters, st.integers(1, 99)), min_size=1, max_size=3, unique_by=lambda o: o[1])
    )
    files = {f"{who}_{id}_assignsubmission_file_/{name}": notebook(name) for who, id in owners for name in names}
    (home / "in.zip").write_bytes(packed(files))
    seen = []
    for _ in range(2):
        rows, _ = collect.collect(home / "in.zip", home / "class")
        seen.append({path.relative_to(home): path.read_bytes() for path in home.rglob("*") if path.is_file()})
    assert seen[0] == seen[1] and len(rows) == len(owners)
    for record in students(home / "class").values():
        assert len(record["files"]) == len(names)


def test_a_renamed_student_and_a_damaged_record(gather, tmp_path):
    gather({"Participant_7_assignsubmission_file_/hw.ipynb": notebook()})
    found, rows, _ = gather({"Jane Doe_7_assignsubmission_file_/hw.ipynb": notebook()})
    assert found["Participant_7"]["name"] == "Jane Doe" and rows["Participant_7"].notes == ["was Participant before"]
    (tmp_path / "class/Participant_7/student.json").write_text('{"name": 3}', encoding="utf-8")
    with pytest.raises(AuthoringError, match="damaged"):
        gather({MOODLE + "hw.ipynb": notebook()})


def test_a_folder_of_that_name_without_a_record_is_not_touched(gather, tmp_path):
    (tmp_path / "class/jane doe_12345").mkdir(parents=True)
    assert [*gather({MOODLE + "hw.ipynb": notebook()})[0]] == ["Jane Doe_12345 (2)"]


@pytest.mark.skipif(sys.platform == "win32", reason="links need a privilege there")
def test_a_students_folder_that_is_a_link_is_not_written_through(gather, tmp_path):
    gather({MOODLE + "hw.ipynb": notebook()})
    (tmp_path / "class/Jane Doe_12345").rename(tmp_path / "elsewhere")
    (tmp_path / "class/Jane Doe_12345").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(AuthoringError, match="is a link"):
        gather({MOODLE + "hw.ipynb": notebook("new")})


def test_what_cannot_be_written_is_a_sentence(gather, tmp_path):
    (tmp_path / "class").write_text("a file", encoding="utf-8")
    with pytest.raises(AuthoringError, match="cannot write .*collect again"):
        gather({MOODLE + "hw.ipynb": notebook()})


def test_the_command_prints_a_table(tmp_path, capsys):
    names = ["رضایی_LATE_1_2_hw.ipynb", "doejane_22_3_essay.pdf"]
    (tmp_path / "in.zip").write_bytes(packed(dict.fromkeys(names, notebook()) | {names[1]: b"%PDF"}))
    collect.add_arguments(parser := argparse.ArgumentParser())
    out = tmp_path / "class"
    assert collect.main(parser.parse_args([str(tmp_path / "in.zip"), "--out", str(out)])) == 0
    assert capsys.readouterr().out.splitlines() == [
        "student     notebooks  late  odd",
        "doejane_22          0        no notebook; essay.pdf is no notebook (kept)",
        "رضایی_1             1  late",
        f"2 students in {out}",
    ]


def test_where_the_platform_is_recognised():
    entry = [archive.Entry((name,), 0, bytes) for name in ("doe_1_2_a.ipynb", "li_LATE_3_4_b.ipynb", "notes.txt")]
    assert platform_of(entry) == "canvas" and platform_of(entry[2:]) == "folder" and platform_of([]) == "folder"
    assert Path(collect.RECORD).suffix == ".json"
