"""Forms in the tools that they are made for.

For every framework that is named: its XLSForm passes pyxform with ODK Validate, blank and with last answers; JavaRosa,
the engine of ODK Collect, fills it in; its workbook opens in LibreOffice with its drop-downs, and openpyxl reads them.
What ODK exports, what JavaRosa keeps and what the workbook holds is scored to the same bytes as the plain answers.
Called with the program, a directory for files, and frameworks: ids or files."""

import csv
import random
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import openpyxl
import pyxform
from pyxform.xls2xform import xls2xform_convert

H = "{http://www.w3.org/1999/xhtml}"
X = "{http://www.w3.org/2002/xforms}"
UNITS = ["NOR", "PER", "EST"]
JAR = Path(pyxform.__file__).parent / "validators/odk_validate/bin/ODK_Validate.jar"
JAVAC = b"jdk.compiler" in subprocess.run(["java", "--list-modules"], capture_output=True, check=False).stdout

passed, failed, skipped = [], [], []


def check(name, holds, why=""):
    (passed if holds else failed).append(name)
    print(("ok     " if holds else "FAILED ") + name + (f": {why}" if why else ""))


def dgpf(program, *arguments):
    done = subprocess.run([program, *arguments], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"dgpf {' '.join(map(str, arguments))}\n{done.stderr.decode()}")
    return done.stdout


def scores(program, framework, path):
    return dgpf(program, "score", path, "-f", framework, "--format", "csv")


def local(path):
    return path.rsplit("/", 1)[-1]


class XForm:
    """What pyxform made of an XLSForm: its fields in order, with their paths and what they offer."""

    def __init__(self, path):
        tree = xml.parse(path)
        self.lists = {
            instance.get("id"): [item.find(f"{X}name").text for item in instance.iter(f"{X}item")]
            for instance in tree.iter(f"{X}instance")
            if instance.get("id")
        }
        self.fields = []
        for control in tree.iter():
            tag = control.tag.removeprefix(X)
            if tag not in ("input", "select1", "select") or not control.get("ref"):
                continue
            names = [item.find(f"{X}value").text for item in control.findall(f"{X}item")]
            for itemset in control.findall(f"{X}itemset"):
                names += self.lists[re.search(r"instance\('([^']+)'\)", itemset.get("nodeset"))[1]]
            self.fields.append((tag, control.get("ref").split("/")[2:], names))
        self.numbers = {
            local(bind.get("nodeset")): bind.get("constraint") or ""
            for bind in tree.iter(f"{X}bind")
            if bind.get("type") == "decimal"
        }


def valid(program, framework, name, folder, *more):
    """The XForm that pyxform makes of an XLSForm; none if it refuses."""
    form, made = folder / f"{name}-form.xlsx", folder / f"{name}.xml"
    dgpf(program, "template", "-f", framework, "--kind", "xlsform", "-o", form, *more)
    try:
        warnings = xls2xform_convert(xlsform_path=str(form), xform_path=str(made), validate=True)
    except Exception as error:  # pyxform has many kinds
        warnings = [str(error)[:2000]]
        made = None
    what = "XLSForm with the last answers" if more else "XLSForm"
    check(f"{name}: {what} is valid", not warnings, "; ".join(warnings)[:500])
    return made


def table(path, rows):
    with open(path, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(dict.fromkeys(key for row in rows for key in row)), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def drawn(form, keys, dice, country, gaps):
    """An answer to every field, drawn at random from what it offers."""
    answers = {}
    for tag, path, names in form.fields:
        name = path[-1]
        answers[name] = ""
        if name == keys[0]:
            answers[name] = country
        elif name == "year":
            answers[name] = "2026"
        elif name == "assessor":
            answers[name] = "first"
        elif name in ("introduction", "name", "last_answers") or name.endswith(("__evidence", "__reason")):
            pass
        elif tag == "select1":
            known = [choice for choice in names if choice != "dk"]
            answers[name] = dice.choice(names if gaps else known)
        elif tag == "select":
            alone = [choice for choice in names if choice in ("none", "dk", "none_of_these")]
            several = [choice for choice in names if choice not in alone]
            picked = dice.sample(several, dice.randint(0, len(several))) or alone[:1]
            answers[name] = " ".join(picked)
        elif name in form.numbers:
            limits = dict(re.findall(r"\. ([<>]=) (-?[\d.]+)", form.numbers[name]))
            low, high = float(limits.get(">=", 0)), float(limits.get("<=", 100))
            answers[name] = str(round(dice.uniform(low, high), 6))
    return answers


def odk(form, answers, number):
    """A row as ODK Central exports it."""
    row = {"SubmissionDate": f"2026-05-0{number + 1}T10:00:00Z"}
    for tag, path, names in form.fields:
        value = answers.get(path[-1], "")
        row["-".join(path)] = value
        if tag == "select":
            row |= {"-".join(path) + "/" + choice: int(choice in value.split()) for choice in names}
    return row | {"KEY": f"uuid:{number}", "SubmitterID": 7, "ReviewState": ""}


def plain(answers):
    return {name: text.replace(" ", ";") for name, text in answers.items() if name not in ("introduction", "last_answers")}


def engine(made, submissions):
    """What JavaRosa keeps of these answers: of every submission the relevant ones."""
    lines = []
    for number, fields in enumerate(submissions):
        for path, kind, value in fields:
            if value:
                lines.append(f"{number}\t/data/{'/'.join(path)}\t{kind}\t{value}\n")
    done = subprocess.run(
        ["java", "-cp", JAR, Path(__file__).parent / "Fill.java", made],
        input="".join(lines).encode(), capture_output=True, check=False,
    )
    kept = [{} for _ in submissions]
    for line in done.stdout.decode().splitlines():
        number, path, value = line.split("\t")
        kept[int(number)][local(path)] = value
    refused = [line for line in done.stderr.decode().splitlines() if line.startswith("refused")]
    return kept, refused if done.returncode == 0 else [done.stderr.decode()[-2000:]]


def fields(form, answers):
    kinds = {"select": "several", "select1": "one", "input": "text"}
    for tag, path, _ in form.fields:
        kind = "number" if path[-1] in form.numbers else kinds[tag]
        yield path, kind, answers.get(path[-1], "")


def xlsform(program, framework, name, folder, dice):
    made = valid(program, framework, name, folder)
    if not made:
        return
    form = XForm(made)
    keys = dgpf(program, "template", "-f", framework).decode().split("\n")[0].split(",")
    codes = [choice for _, _, names in form.fields for choice in names]
    if any(re.fullmatch(r"a\d+", choice) for choice in codes):
        skipped.append(f"{name}: what is exported, for its codes hold spaces (tests/forms/xlsform.rs has it)")
        return
    submissions = [drawn(form, keys, dice, country, gaps=True) for country in UNITS]
    files = (
        table(folder / f"{name}-odk.csv", [odk(form, answers, at) for at, answers in enumerate(submissions)]),
        table(folder / f"{name}-plain.csv", [plain(answers) for answers in submissions]),
    )
    exported, expected = (scores(program, framework, path) for path in files)
    check(f"{name}: what ODK exports of its XLSForm is scored the same", exported == expected)
    if not JAVAC:
        skipped.append(f"{name}: JavaRosa, for there is no Java compiler")
    else:
        # Without gaps in what questions wait for, what JavaRosa passes over is what scoring passes over.
        submissions = [drawn(form, keys, dice, country, gaps=False) for country in UNITS]
        kept, refused = engine(made, [list(fields(form, answers)) for answers in submissions])
        check(f"{name}: JavaRosa refuses no answer", not refused, "; ".join(refused)[:1000])
        files = (
            table(folder / f"{name}-kept.csv", [odk(form, answers, at) for at, answers in enumerate(kept)]),
            table(folder / f"{name}-whole.csv", [plain(answers) for answers in submissions]),
        )
        exported, expected = (scores(program, framework, path) for path in files)
        check(f"{name}: what JavaRosa keeps is scored the same", exported == expected)
    again = valid(program, framework, name, folder, "--prefill", files[1])
    if again and JAVAC:
        # Nothing is entered but whose answers to begin with.
        form = XForm(again)
        rows = [[(["last_answers"], "one", f"r{number + 1}")] for number in range(len(UNITS))]
        kept, refused = engine(again, rows)
        exported = table(folder / f"{name}-last.csv", [odk(form, answers, at) for at, answers in enumerate(kept)])
        check(f"{name}: the last answers are scored the same", scores(program, framework, exported) == expected, "; ".join(refused)[:1000])


def validations(sheet):
    return {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }


def limits(sheet):
    """The lowest and the highest number that a column takes."""
    found = {}
    for rule in sheet.data_validations.dataValidation:
        if rule.type == "custom":
            bounds = dict(re.findall(r"[A-Z]+2([<>]=)(-?[\d.]+)", rule.formula1))
            low = float(bounds.get(">=", 0))
            column = re.match(r"[A-Z]+", str(rule.sqref))[0]
            found[column] = (low, float(bounds.get("<=", low + 1)))
    return found


def entries(book, formula):
    name, cells = formula.lstrip("=").replace("$", "").split("!")
    return [str(cell.value) for (cell,) in book[name.strip("'")][cells]]


def workbook(program, framework, name, folder, dice, office):
    form = folder / f"{name}.xlsx"
    dgpf(program, "template", "-f", framework, "-o", form)
    book = openpyxl.load_workbook(form)
    check(f"{name}: workbook has its sheets", book.sheetnames == ["readme", "responses", "codebook", "lists"])
    sheet = book["responses"]
    lists = {re.match(r"[A-Z]+", cells)[0]: entries(book, formula) for cells, formula in validations(sheet).items()}
    numbers = limits(sheet)
    whole = all(texts and all(texts) and max(map(len, texts)) <= 255 for texts in lists.values())
    check(f"{name}: openpyxl reads {len(lists)} drop-downs", whole)
    heading, cells = sheet["A1"].protection.locked, sheet.column_dimensions["A"].protection.locked
    check(f"{name}: only the heading is protected", sheet.protection.sheet and heading and not cells)
    # Fill it in by its drop-downs, and write the same into a table.
    header = [str(cell.value) for cell in sheet[1]]
    names = [heading.split(". ")[0] for heading in header]
    rows = []
    for number, country in enumerate(UNITS):
        row = {}
        for column, heading in enumerate(names, start=1):
            cell = sheet.cell(number + 2, column)
            offered = lists.get(cell.column_letter)
            if column == 1:  # who is scored
                cell.value = country
            elif heading == "year":
                cell.value = "2026"
            elif offered and {"x", "0"} <= set(offered):
                cell.value = "0" if heading.endswith("/none") else dice.choice(["x", "0"])
            elif offered:
                cell.value = dice.choice(offered)
            elif "__" not in heading and "/" not in heading and heading not in ("name", "region"):
                low, high = numbers.get(cell.column_letter, (0, 1))
                cell.value = round(dice.uniform(low, high), 6)
            row[heading] = "" if cell.value is None else str(cell.value)
        rows.append(row)
    filled = folder / f"{name}-filled.xlsx"
    book.save(filled)
    expected = scores(program, framework, table(folder / f"{name}-filled.csv", rows))
    check(f"{name}: the workbook filled in by openpyxl is scored the same", scores(program, framework, filled) == expected)
    if not office:
        skipped.append(f"{name}: LibreOffice is not there")
        return
    opened = folder / "opened"
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "xlsx", "--outdir", opened, filled],
        capture_output=True, check=False, timeout=300,
    )
    again = opened / filled.name
    if not again.exists():
        check(f"{name}: LibreOffice opens the workbook", False)
        return
    kept = openpyxl.load_workbook(again)
    found = [entries(kept, formula) for formula in validations(kept["responses"]).values()]
    known = list(lists.values())
    check(f"{name}: LibreOffice keeps its drop-downs", all(texts in found for texts in known))
    check(f"{name}: what LibreOffice saves is scored the same", scores(program, framework, again) == expected)


def main():
    program, folder, *frameworks = sys.argv[1:]
    folder = Path(folder)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    for framework in frameworks:
        name = Path(framework).stem
        dice = random.Random(name)
        xlsform(program, framework, name, folder, dice)
        workbook(program, framework, name, folder, dice, office)
    for what in skipped:
        print("skipped " + what)
    # In the words of node's runner, which are counted.
    print(f"# pass {len(passed)}\n# fail {len(failed)}")
    sys.exit(1 if failed or not passed else 0)


main()
