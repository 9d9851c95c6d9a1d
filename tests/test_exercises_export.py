"""Exporting points: templates of Moodle and Canvas in their languages and dialects, and who is whose row."""

import argparse
import codecs
import csv
import io
import json
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gptcourse.authoring import AuthoringError
from gptcourse.authoring.exercises import export, roster
from gptcourse.authoring.exercises.sheet import Sheet, harmless, number, quoted, split

STARS = {"04-softmax": 1, "04-mask": 2, "04-heads": 8}


def student(name, id, points=7, lms="moodle", of=11, problem=None):
    passed = {"04-softmax": True, "04-mask": False, "04-heads": bool(points)}
    verdicts = {key: {"passed": value, "key": "verified"} for key, value in passed.items()}
    return {"folder": f"{name}_{id}", "name": name, "id": id, "lms": lms, "late": False, "points": points, "of": of,
            "verdicts": verdicts, "problem": problem}  # fmt: skip


@pytest.fixture
def run(tmp_path, capsys):
    """Export to `grades.csv`; returns its bytes and what was printed."""

    def export_to_file(students, platform, template=None, *options):
        results = {"chapter": "04-attention", "exercises": list(STARS), "points": STARS, "students": students}
        (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
        out = tmp_path / "grades.csv"
        if template is not None:
            template = template.encode() if isinstance(template, str) else template
            (tmp_path / "template.csv").write_bytes(template)
            options = ("--template", str(tmp_path / "template.csv"), *options)
        export.add_arguments(parser := argparse.ArgumentParser())
        arguments = parser.parse_args([str(tmp_path), "--for", platform, "--out", str(out), *options])
        assert export.main(arguments) == 0
        assert template is None or (tmp_path / "template.csv").read_bytes() == template
        return out.read_bytes(), capsys.readouterr().out

    return export_to_file


def rows_of(data, delimiter=","):
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""), delimiter=delimiter))


# Moodle

ENGLISH = (
    'Identifier,"Full name","Email address",Status,Grade,"Maximum Grade","Grade can be changed",'
    '"Last modified (submission)","Last modified (grade)","Feedback comments"\n'
    '"Participant 12","Jane Doe",jane@x.org,"Submitted for grading - ",,100.00,Yes,"Monday, 2 May 2024, 9:00 AM",-,\n'
    '"Participant 7","Nagy, ""Pici"" Örs",ors@x.org,Submitted,55.50,100.00,Yes,"Monday, 2 May",-,"Well done, Örs!\nSee you"\n'
    '"Participant 30","Bob Late",bob@x.org,"No submission",,100.00,Yes,-,-,\n'
)
JANE, ORS = student("Jane Doe", "12"), student("Nagy Pici Örs", "7", 11)


def test_moodles_worksheet_is_filled_and_nothing_else_changes(run):
    data, said = run([JANE, ORS], "moodle", ENGLISH)
    comment = "7/11. 04-softmax: 1/1; 04-mask: 0/2; 04-heads: 8/8"
    expected = ENGLISH.replace('grading - ",,', 'grading - ",63.64,').replace(",55.50,", ",100,")
    assert data.decode() == expected.replace('9:00 AM",-,\n', f'9:00 AM",-,{comment}\n')
    assert "2 of 2 students, scaled to 100, in the column 'Grade'" in said
    assert "In the template, without results (1): Bob Late." in said
    assert "Had another grade (1): Nagy Pici Örs_7 55.50 → 100." in said
    assert "comment in the template, which was kept (1): Nagy" in said


def test_our_own_comment_of_before_is_replaced_and_no_comments_are_possible(run):
    first, _ = run([JANE], "moodle", ENGLISH)
    again, said = run([JANE | {"points": 3}], "moodle", first)
    assert rows_of(again)[1][-1].startswith("3/11. ") and "kept" not in said
    assert rows_of(run([JANE], "moodle", ENGLISH, "--no-comments")[0])[1][-1] == ""


def test_ungraded_students_cells_stay_as_they_are(run):
    nobody = [student("Jane Doe", "12", 0, problem="no notebook"), student("Nagy Pici Örs", "7", None)]
    data, said = run(nobody, "moodle", ENGLISH)
    assert data.decode() == ENGLISH and "Not graded, left as it is (2)" in said
    zero, _ = run([student("Jane Doe", "12", 0)], "moodle", ENGLISH)
    assert rows_of(zero)[1][4] == "0"


HUNGARIAN = (  # the names of columns are made up here, as they are not known for sure: cells decide
    'Azonosító;"Teljes név";"E-mail cím";Állapot;Pont;Legfeljebb;Módosítható;"Leadva";"Javítva";Visszajelzés\r\n'
    "Résztvevő12;Doe Jane;jane@x.org;Leadva;;10,00;Igen;2024. május 2.;-;\r\n"
    '"Résztvevő 7";"Őrs";ors@x.org;Leadva;5,5;10,00;Igen;-;-;\r\n'
)


def test_a_worksheet_in_another_language_with_semicolons_and_commas_in_numbers(run):
    template = codecs.BOM_UTF8 + HUNGARIAN.replace("Résztvevő 7", "Résztvevő7").encode()
    data, said = run([JANE, student("Őrs", "7", 9)], "moodle", template)
    assert data.startswith(codecs.BOM_UTF8) and data.count(b"\r\n") == 3
    rows = rows_of(data, ";")
    assert [row[4] for row in rows] == ["Pont", "6,36", "8,18"] and rows[1][9].startswith("7/11. 04-softmax")
    assert "in the column 'Pont'" in said and "Comments are in the last column, 'Visszajelzés'" in said


def test_decimal_commas_with_commas_as_delimiters(run):
    data, _ = run([JANE], "moodle", ENGLISH.replace("100.00", '"100,00"').replace("55.50", '"55,50"'))
    assert b',"63,64","100,00"' in data


@pytest.mark.parametrize("word", ["Участник", "شرکت‌کننده ", "Résztvevő ", "Uczestnik "])
def test_identifiers_of_all_languages(run, word):
    data, _ = run([JANE], "moodle", ENGLISH.replace("Participant ", word).replace("Identifier", "?"))
    assert rows_of(data)[1][4] == "63.64"


@pytest.mark.parametrize("option, cell", [("--scale=50", "31.82"), ("--scale=11", "7"), ("--scale=100", "63.64")])
def test_scales(run, option, cell):
    assert rows_of(run([JANE], "moodle", ENGLISH, option)[0])[1][4] == cell


def test_a_scale_above_moodles_maximum_is_refused(run):
    with pytest.raises(AuthoringError, match="above the worksheet's maximum grade 100, and Moodle would skip"):
        run([JANE], "moodle", ENGLISH, "--scale", "101")
    _, said = run([student("Jane Doe", "12", 12)], "moodle", ENGLISH)
    assert "Above the maximum, which Moodle skips (1): Jane Doe_12." in said


def test_a_worksheet_that_is_graded_in_words_is_refused(run):
    for old, new in ((",100.00,", ',"Poor\nGood",'), (",55.50,", ",Good,")):
        with pytest.raises(AuthoringError, match="are words"):
            run([JANE], "moodle", ENGLISH.replace(old, new))


def test_columns_can_be_named_and_names_that_are_not_there_are_said(run):
    template = HUNGARIAN.replace("10,00", "").replace("Résztvevő 7", "Résztvevő7")
    with pytest.raises(AuthoringError, match="which column is the grade's.*--column.*Pont"):
        run([JANE], "moodle", template)
    data, said = run([JANE], "moodle", template, "--column", "pont", "--comments", "Állapot")
    assert rows_of(data, ";")[1][4] == "7" and "in points" in said and "kept (1)" in said
    for option in ("--column", "--comments"):
        with pytest.raises(AuthoringError, match=f"no column 'Punkt' .{option}.*Azonosító, Teljes név"):
            run([JANE], "moodle", template, "--column", "Pont", option, "Punkt")


def test_without_a_column_for_comments_there_are_none(run):
    data, said = run([JANE], "moodle", ENGLISH.replace("Feedback comments", "Something else"))
    assert rows_of(data)[1][-1] == "" and "No comments" in said


def test_a_group_whose_number_is_by_chance_a_participants_gets_nothing(run):
    data, said = run([student("Group A", "12")], "moodle", ENGLISH)
    assert data.decode() == ENGLISH
    assert "Their id has another name in the template, not filled in (1): Group A_12" in said


def test_blind_marking_with_and_without_names_in_the_worksheet(run):
    blind = [student("Participant", "12"), student("Participant", "7")]
    assert rows_of(run(blind, "moodle", ENGLISH)[0])[1][4] == "63.64"
    rows = [row[:1] + row[3:] for row in rows_of(ENGLISH.encode())]
    text = io.StringIO(newline="")
    csv.writer(text).writerows(rows)
    assert rows_of(run(blind[:1], "moodle", text.getvalue())[0])[1][2] == "63.64"


def test_names_of_files_in_a_comment_are_no_html(run):
    told = student("Jane Doe", "12", problem="found <img src=x onerror=alert(1)>.pdf")
    assert "found &lt;img src=x" in rows_of(run([told], "moodle", ENGLISH)[0])[1][-1]


# Who is who


def test_ids_of_another_platform_and_folders_match_only_by_name_and_only_if_asked(run):
    others = [
        student("Jane Doe", "12", lms="canvas"),
        student("bob late", "", lms="folder"),
        student("X", "", lms="folder"),
    ]
    data, said = run(others, "moodle", ENGLISH)
    assert data.decode() == ENGLISH and "--by-name matches names that occur once (3): Jane Doe_12" in said
    data, said = run(others, "moodle", ENGLISH, "--by-name")
    assert [row[4] for row in rows_of(data)[1:]] == ["63.64", "55.50", "63.64"]
    assert "Matched by name (2): Jane Doe_12, bob late_." in said and "Not in the template (1): X_." in said


def test_a_name_that_two_have_is_nobodys(run):
    two = ENGLISH.replace("Bob Late", "Doe, Jane")
    assert run([student("Jane Doe", "", lms="folder")], "moodle", two, "--by-name")[0].decode() == two
    twins = [
        student("Jane Doe", "", lms="folder"),
        student("doejane", "", lms="folder"),
        student("Doe Jane", "", 3, "folder"),
    ]
    data, said = run(twins, "moodle", ENGLISH, "--by-name")
    assert data.decode() == ENGLISH and "Not in the template (3)" in said


def test_two_folders_with_one_id_get_nothing(run):
    data, said = run([JANE, JANE | {"folder": "Jane Doe_12 (2)", "points": 3}], "moodle", ENGLISH, "--by-name")
    assert data.decode() == ENGLISH and "Two folders with one id, not filled in (2)" in said


@pytest.mark.parametrize(
    "one, other, same",
    [
        ("doejane", "Doe, Jane", True), ("Sean OBrien", "Sean O'Brien", True), ("Group A-Jane Doe", "Jane Doe", True),
        ("Jane Doe", "Doe Jane", True), ("الف ب", "ب الف", True), ("Jane Doe", "Bob Late", False), ("", "Bob", False),
    ],
)  # fmt: skip
def test_when_two_names_may_be_one_persons(one, other, same):
    assert roster.same_person(one, other) is same is roster.same_person(other, one)


# Canvas

GRADEBOOK = (
    "Student,ID,SIS User ID,SIS Login ID,Section,Homework 4 (901),Quiz (902),Assignments Current Score,Current Score (2020)\n"
    ",,,,,Manual Posting,,,\n"
    "    Points Possible,,,,,20.00,5.00,(read only),(read only)\n"
    '"Doe, Jane",12,u1,jane,"Section 1, and 2",,4.00,80,80\n'
    '"Őrs, Nagy",7,u2,ors,S1,EX,,,\n'
    '"Late, Bob",30,u3,bob,S1,3.50,,,\n'
    '"Student, Test",99,,t,S1,,,,\n'
)


def test_canvass_gradebook_is_filled_and_nothing_else_changes(run):
    students = [student("doejane", "12", lms="canvas"), student("őrsnagy", "7", lms="canvas"),
                student("latebob", "30", 5.5, "canvas"), student("anon_x7Yz2", "anon_x7Yz2", lms="canvas")]  # fmt: skip
    data, said = run(students, "canvas", GRADEBOOK, "--assignment", "homework 4")
    assert data.decode() == GRADEBOOK.replace('and 2",,', 'and 2",12.73,').replace(",3.50,", ",10,")
    assert "2 of 4 students, scaled to 20, in the column 'Homework 4 (901)'" in said
    assert "Excused or not assigned in Canvas, left so (1): őrsnagy_7." in said
    assert "Not in the template; --by-name matches names that occur once (1): anon_x7Yz2" in said
    assert "In the template, without results (1): Student, Test." in said


def test_first_and_last_names_in_two_columns_and_by_name(run):
    template = "LastName,FirstName,ID,SIS Login ID,Section,HW (9)\n    Points Possible,,,,,11\nDoe,Jane,5,jane,S,\n"
    data, _ = run([student("Jane Doe", "", lms="folder")], "canvas", template, "--by-name")
    assert rows_of(data)[2][-1] == "7"


def test_semicolons_decimal_commas_and_a_bom(run):
    template = GRADEBOOK.replace('"Section 1, and 2"', "S").replace(",", ";").replace(".", ",")
    template = codecs.BOM_UTF8 + template.replace("Doe; Jane", "Doe, Jane").encode()
    data, _ = run([student("doejane", "12", lms="canvas")], "canvas", template, "--assignment", "901")
    assert data == template.replace(b"S;;4", b"S;12,73;4")


def test_a_group_of_canvas_is_filled_and_told(run):
    data, said = run([student("groupa", "12", lms="canvas")], "canvas", GRADEBOOK, "--assignment", "901")
    assert rows_of(data)[3][5] == "12.73" and "filled in, please look (1): groupa_12" in said


@pytest.mark.parametrize(
    "wanted, says", [(None, "has 2 assignments"), ("Essay", "no column 'Essay'"), ("ID", "no column")]
)
def test_which_assignment(run, wanted, says):
    with pytest.raises(AuthoringError, match=f"{says}.*one of: Homework 4 .901., Quiz .902.\\."):
        run([], "canvas", GRADEBOOK, *(["--assignment", wanted] if wanted else []))
    one = GRADEBOOK.replace("Quiz (902)", "Final Grade (2024)")
    assert "'Homework 4 (901)'" in run([], "canvas", one)[1]
    with pytest.raises(AuthoringError, match="more than one column 'Quiz'"):
        run([], "canvas", GRADEBOOK.replace("Homework 4 (", "Quiz ("), "--assignment", "Quiz")


def test_a_template_of_the_other_platform_is_refused(run):
    with pytest.raises(AuthoringError, match="not Canvas's gradebook.*Identifier, Full name"):
        run([], "canvas", ENGLISH)
    with pytest.raises(AuthoringError, match="no column with identifiers such as 'Participant 123'.*Student, ID"):
        run([], "moodle", GRADEBOOK)


# Without a template


def test_the_fewest_columns_for_moodle(run):
    data, said = run(
        [JANE, student("=cmd|' /C calc'!A0", "7"), student("al", "", lms="folder"), student("z", "1", None)], "moodle"
    )
    comment = "7/11. 04-softmax: 1/1; 04-mask: 0/2; 04-heads: 8/8"
    assert rows_of(data) == [
        ["Identifier", "Full name", "Grade", "Last modified (grade)", "Feedback comments"],
        ["Participant 12", "Jane Doe", "7", "", comment],
        ["Participant 7", "'=cmd|' /C calc'!A0", "7", "", comment],
    ]
    assert "left out (1): al_" in said and "Not graded, left out (1): z_1" in said and "English" in said


def test_the_fewest_columns_for_canvas(run):
    data, _ = run([student("doejane", "12", lms="canvas")], "canvas", None, "--scale", "10", "--assignment", "@HW")
    assert rows_of(data) == [
        ["Student", "ID", "Section", "'@HW"], ["    Points Possible", "", "", "10"], ["doejane", "12", "", "6.36"]
    ]  # fmt: skip
    data, _ = run([student("doejane", "12", lms="canvas")], "canvas")
    assert [row[3] for row in rows_of(data)] == ["04-attention", "11", "7"]


@given(st.text())
@example(" =1")
@example("\t=1")
@example("＝1")
def test_no_text_becomes_a_formula(text):
    safe = harmless(text)
    assert safe in (text, f"'{text}")
    assert not safe.lstrip(" \u00a0").startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝"))


# Files


def test_the_template_is_never_written_over(run, tmp_path):
    (tmp_path / "template.csv").write_text(ENGLISH, encoding="utf-8")
    link = tmp_path / "link.csv"
    link.hardlink_to(tmp_path / "template.csv")
    for out in (tmp_path / "template.csv", tmp_path / "x" / ".." / "template.csv", link):
        with pytest.raises(AuthoringError, match="is the template"):
            run([JANE], "moodle", None, "--template", str(tmp_path / "template.csv"), "--out", str(out))
    assert (tmp_path / "template.csv").read_text(encoding="utf-8") == ENGLISH


@pytest.mark.parametrize(
    "bom, encoding", [(codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"), (b"", "cp1250")]
)
def test_encodings(run, bom, encoding):
    template = bom + ENGLISH.replace(",", "\t" if bom else ",").encode(encoding)
    problem = student("Jane Doe", "12", problem="همه")
    data, _ = run([problem], "moodle", template, *([] if bom else ["--encoding", encoding]))
    text = data[len(bom) :].decode(encoding)
    assert data.startswith(bom) and "63.64" in text and "Örs" in text and ("???" in text) is not bool(bom)


def test_what_cannot_be_read_is_a_sentence(run, tmp_path):
    for template, options, says in (
        (ENGLISH.encode("cp1250"), (), "is not UTF-8.*--encoding cp1250"),
        (ENGLISH, ("--encoding", "cp9"), "no encoding 'cp9'"),
        (ENGLISH, ("--encoding", "utf-8-sig"), "would not stay as it is"),
        (ENGLISH + "short,row\n", (), "row 5 has 2 cells, and the first has 10"),
        ("<html>", (), "not a table"),
        ("", (), "not a table"),
    ):
        with pytest.raises(AuthoringError, match=says):
            run([JANE], "moodle", template, *options)
    with pytest.raises(AuthoringError, match="cannot read .*none.csv"):
        run([JANE], "moodle", None, "--template", str(tmp_path / "none.csv"))
    (tmp_path / "grades.csv").unlink(missing_ok=True)
    (tmp_path / "grades.csv").mkdir()
    with pytest.raises(AuthoringError, match="cannot write .*grades.csv"):
        run([JANE], "moodle")


@pytest.mark.parametrize("text", ["{", "[]", '{"chapter": 1, "points": {}, "students": [{}]}', '{"students": 1}'])
def test_results_that_are_none(tmp_path, text):
    (tmp_path / "results.json").write_text(text, encoding="utf-8")
    with pytest.raises(AuthoringError, match="Grade again"):
        export.read_results(tmp_path)
    with pytest.raises(AuthoringError, match="`exercises grade` writes it"):
        export.read_results(tmp_path / "none.json")


@pytest.mark.parametrize("points", [float("nan"), -1, "x", True])
def test_points_that_are_none(tmp_path, points):
    results = {"chapter": "04", "points": STARS, "students": [student("Jane", "1", points)]}
    (tmp_path / "results.json").write_text(json.dumps(results), encoding="utf-8")
    with pytest.raises(AuthoringError, match="Grade again"):
        export.read_results(tmp_path)


# The sheet itself

cells = st.text(st.characters(exclude_categories=["Cs"]), max_size=6) | st.sampled_from(
    ['"', ",", ";", "\n", '""', "1,5"]
)
tables = st.integers(2, 4).flatmap(lambda n: st.lists(st.lists(cells, min_size=n, max_size=n), min_size=1, max_size=4))


@given(st.text(st.sampled_from('a",;\t\r\n')), st.sampled_from(",;\t"))
def test_every_text_is_put_together_again(text, delimiter):
    rows, ends = split(text, delimiter)
    assert "".join(delimiter.join(row) + end for row, end in zip(rows, ends, strict=True)) == text


@given(
    tables,
    st.sampled_from(",;\t"),
    st.sampled_from(["\n", "\r\n"]),
    st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL]),
)
def test_what_python_writes_is_read(table, delimiter, end, quoting):
    if any("\r" in cell for row in table for cell in row):
        quoting = csv.QUOTE_ALL  # Python 3.11 forgets the quotes around it
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter, lineterminator=end, quoting=quoting).writerows(table)
    sheet = Sheet(*split(text.getvalue(), delimiter), delimiter)
    assert [[sheet.value(r, c) for c in range(len(row))] for r, row in enumerate(sheet.rows)] == table
    assert sheet.data().decode() == text.getvalue()


@given(tables, cells, st.sampled_from(",;\t"), st.data())
def test_a_changed_cell_changes_no_other(table, new, delimiter, data):
    sheet = Sheet([[quoted(cell, delimiter) for cell in row] for row in table], ["\n"] * len(table), delimiter)
    row, column = data.draw(st.integers(0, len(table) - 1)), data.draw(st.integers(0, len(table[0]) - 1))
    before = [list(cells) for cells in sheet.rows]
    sheet.put(row, column, new)
    before[row][column] = sheet.rows[row][column]
    assert sheet.rows == before and sheet.value(row, column) == new
    table[row][column] = new
    assert list(csv.reader(io.StringIO(sheet.text(), newline=""), delimiter=delimiter)) == table


@pytest.mark.parametrize(
    "text, value",
    [
        ("7", "7"),
        (" 7,50 ", "7.50"),
        ("100.00", "100.00"),
        ("۷٫۵", "7.5"),
        ("", None),
        ("-", None),
        ("1.2.3", None),
        ("1e5", None),
    ],
)
def test_numbers(text, value):
    assert number(text) == (value and Decimal(value))
