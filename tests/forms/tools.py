"""Forms in the tools that they are made for.

For every framework that is named: its XLSForm passes pyxform with ODK Validate; its workbook opens in LibreOffice with
its drop-downs, and openpyxl reads them; and both, filled in at random by what they offer, are scored to the same bytes
as the plain answers. Called with the program, a directory for files, and the ids of frameworks."""

import csv
import random
import re
import shutil
import subprocess
import sys
import xml.etree.ElementTree as xml
from pathlib import Path

import openpyxl
from pyxform.xls2xform import xls2xform_convert

H = "{http://www.w3.org/1999/xhtml}"
X = "{http://www.w3.org/2002/xforms}"
UNITS = ["NOR", "PER", "EST"]

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


def xlsform(program, framework, folder, dice):
    form = folder / f"{framework}-form.xlsx"
    dgpf(program, "template", "-f", framework, "--kind", "xlsform", "-o", form)
    made = folder / f"{framework}.xml"
    try:
        warnings = xls2xform_convert(xlsform_path=str(form), xform_path=str(made), validate=True)
    except Exception as error:  # pyxform has many kinds
        check(f"{framework}: XLSForm is valid", False, str(error)[:2000])
        return
    check(f"{framework}: XLSForm is valid", not warnings, "; ".join(warnings)[:500])
    read = XForm(made)
    keys = dgpf(program, "template", "-f", framework).decode().split("\n")[0].split(",")
    unit, period = keys[0], "year"
    plain, export = [], []
    for number, country in enumerate(UNITS):
        answers = {}
        for tag, path, names in read.fields:
            name = path[-1]
            if name in ("introduction", "name") or name.endswith("__evidence") or name.endswith("__reason"):
                answers[name] = ""
            elif name == unit:
                answers[name] = country
            elif name == period:
                answers[name] = "2026"
            elif tag == "select1":
                answers[name] = dice.choice(names)
            elif tag == "select":
                alone = [choice for choice in names if choice in ("none", "dk", "none_of_these")]
                several = [choice for choice in names if choice not in alone]
                picked = dice.sample(several, dice.randint(0, len(several))) or alone[:1]
                answers[name] = " ".join(picked)
            elif name in read.numbers:
                limits = dict(re.findall(r"\. ([<>]=) (-?[\d.]+)", read.numbers[name]))
                low, high = float(limits.get(">=", 0)), float(limits.get("<=", 100))
                answers[name] = f"{dice.uniform(low, high):.2f}"
            else:
                answers[name] = ""
        row = {"SubmissionDate": f"2026-05-0{number + 1}T10:00:00Z"}
        for tag, path, names in read.fields:
            row["-".join(path)] = answers[path[-1]]
            if tag == "select":
                for choice in names:
                    row["-".join(path) + "/" + choice] = int(choice in answers[path[-1]].split())
        row |= {"KEY": f"uuid:{number}", "SubmitterID": 7, "ReviewState": ""}
        export.append(row)
        plain.append({name: text.replace(" ", ";") for name, text in answers.items() if name != "introduction"})
    files = [folder / f"{framework}-odk.csv", folder / f"{framework}-plain.csv"]
    for path, rows in zip(files, (export, plain)):
        with open(path, "w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    again = folder / f"{framework}-form-again.xlsx"
    dgpf(program, "template", "-f", framework, "--kind", "xlsform", "--prefill", files[1], "-o", again)
    try:
        warnings = xls2xform_convert(xlsform_path=str(again), xform_path=str(made), validate=True)
    except Exception as error:
        warnings = [str(error)[:2000]]
    check(f"{framework}: XLSForm with the last answers is valid", not warnings, "; ".join(warnings)[:500])
    odk, expected = (scores(program, framework, path) for path in files)
    check(f"{framework}: what ODK exports of its XLSForm is scored the same", odk == expected)


def validations(sheet):
    return {
        str(rule.sqref): rule.formula1
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }


def entries(book, formula):
    name, cells = formula.lstrip("=").replace("$", "").split("!")
    return [str(cell.value) for (cell,) in book[name.strip("'")][cells]]


def workbook(program, framework, folder, dice, office):
    form = folder / f"{framework}.xlsx"
    dgpf(program, "template", "-f", framework, "-o", form)
    book = openpyxl.load_workbook(form)
    check(f"{framework}: workbook has its sheets", book.sheetnames == ["readme", "responses", "codebook", "lists"])
    sheet = book["responses"]
    lists = {re.match(r"[A-Z]+", cells)[0]: entries(book, formula) for cells, formula in validations(sheet).items()}
    whole = all(texts and all(texts) and max(map(len, texts)) <= 255 for texts in lists.values())
    check(f"{framework}: openpyxl reads {len(lists)} drop-downs", whole)
    heading, cells = sheet["A1"].protection.locked, sheet.column_dimensions["A"].protection.locked
    check(f"{framework}: only the heading is protected", sheet.protection.sheet and heading and not cells)
    # Fill it in by its drop-downs, and write the same into a table.
    header = [str(cell.value) for cell in sheet[1]]
    names = [heading.split(". ")[0] for heading in header]
    rows = []
    for number, country in enumerate(UNITS):
        row = {}
        for column, name in enumerate(names, start=1):
            cell = sheet.cell(number + 2, column)
            offered = lists.get(cell.column_letter)
            if column == 1:
                cell.value = country
            elif name == "year":
                cell.value = "2026"
            elif offered and {"x", "0"} <= set(offered):
                cell.value = "0" if name.endswith("/none") else dice.choice(["x", "0"])
            elif offered:
                cell.value = dice.choice(offered)
            elif "__" not in name and "/" not in name and name not in ("name", "region"):
                cell.value = round(dice.random(), 3)
            row[name] = "" if cell.value is None else str(cell.value)
        rows.append(row)
    filled = folder / f"{framework}-filled.xlsx"
    book.save(filled)
    table = folder / f"{framework}-filled.csv"
    with open(table, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, names)
        writer.writeheader()
        writer.writerows(rows)
    expected = scores(program, framework, table)
    check(f"{framework}: the workbook filled in by openpyxl is scored the same", scores(program, framework, filled) == expected)
    if not office:
        skipped.append(f"{framework}: LibreOffice is not there")
        return
    opened = folder / "opened"
    subprocess.run(
        [office, "--headless", f"-env:UserInstallation=file://{folder}/office", "--convert-to", "xlsx", "--outdir", opened, filled],
        capture_output=True, check=False, timeout=300,
    )
    again = opened / filled.name
    if not again.exists():
        check(f"{framework}: LibreOffice opens the workbook", False)
        return
    kept = openpyxl.load_workbook(again)
    found = [entries(kept, formula) for formula in validations(kept["responses"]).values()]
    known = list(lists.values())
    check(f"{framework}: LibreOffice keeps its drop-downs", all(texts in found for texts in known))
    check(f"{framework}: what LibreOffice saves is scored the same", scores(program, framework, again) == expected)


def main():
    program, folder, *frameworks = sys.argv[1:]
    folder = Path(folder)
    office = shutil.which("soffice") or shutil.which("libreoffice")
    for framework in frameworks:
        dice = random.Random(framework)
        xlsform(program, framework, folder, dice)
        workbook(program, framework, folder, dice, office)
    for what in skipped:
        print("skipped " + what)
    # In the words of node's runner, which are counted.
    print(f"# pass {len(passed)}\n# fail {len(failed)}")
    sys.exit(1 if failed or not passed else 0)


main()
