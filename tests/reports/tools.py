"""Reports in the tools that they are made for.

For the example and for a result with hostile names: pysdmx reads the SDMX-CSV, frictionless accepts the Data Package and
refuses a changed one, openpyxl reads the workbook and finds no formula in it, LibreOffice opens it, pyarrow reads the
Parquet. All hold the scores of the plain CSV. Called with the program, built with Parquet, and a directory for files."""

import csv
import json
import shutil
import subprocess
import sys
from pathlib import Path

import frictionless
import openpyxl
import pyarrow.parquet
from pysdmx.io import read_sdmx

ROOT = Path(__file__).resolve().parents[2]
HOSTILE = """dgpf: 1
id: hostile
title: "=1+1 <b>"
unit: country
attributes: {name: text}
range: [0, 100]
dimensions:
  - id: a
    title: "=HYPERLINK(\\"https://example.org\\")"
    indicators: [{id: a1, question: "a | b", number: {from: 0, to: 10}}]
  - id: b
    indicators: [{id: b1, question: c, number: {from: 0, to: 10}}]
"""
ANSWERS = '''country,name,a1,b1
A1,"=HYPERLINK(""https://example.org"",""x"")",3,
=1+1,<script>alert(1)</script>,4,5
A3,"two
lines, | and ""quotes""",,
A4,\u202eright to left\u202c \u05e9\u05dc\u05d5\u05dd,7,8
A5,{long},9,10
'''

passed, failed = [], []


def check(name, holds, why=""):
    (passed if holds else failed).append(name)
    print(("ok     " if holds else "FAILED ") + name + (f": {why}" if why and not holds else ""))


def dgpf(*arguments):
    done = subprocess.run([program, *map(str, arguments)], capture_output=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"dgpf {' '.join(map(str, arguments))}\n{done.stderr.decode()}")
    return done.stdout


def tidy(result):
    """Score by unit, period and node, from the plain CSV."""
    rows = csv.DictReader(dgpf("report", result, "--format", "csv").decode().splitlines(keepends=True))
    return {(row["unit"], row["period"], row["node"]): row["score"] for row in rows}


def sdmx(name, result, plain):
    path = files / f"{name}-sdmx.csv"
    path.write_bytes(dgpf("report", result, "--format", "sdmx-csv"))
    data = read_sdmx(str(path)).data[0].data
    scores = data[data["MEASURE"] == "SCORE"]
    found = {}
    for row in scores.to_dict("records"):
        value = row["OBS_VALUE"]
        found[row["REF_AREA"], row["COMPONENT"]] = "" if value is None or value != value else str(value)
    check(f"{name}: pysdmx reads every score", len(scores) == len(plain), f"{len(scores)} of {len(plain)}")
    last = {(unit, "_T"): score for (unit, _, node), score in plain.items() if node == "index"}
    check(f"{name}: pysdmx reads the index as it is", all(found[key] == score for key, score in last.items()))
    known = set(scores["OBS_STATUS"])
    check(f"{name}: the status of every observation is of the code list", known <= {"A", "M", "I", "O"}, str(known))


def package(name, result):
    directory = files / f"{name}-package"
    dgpf("report", result, "--format", "datapackage", "-o", directory)
    report = frictionless.validate(str(directory / "datapackage.json"))
    check(f"{name}: frictionless accepts the Data Package", report.valid, str(report.flatten(["type", "note"])[:3]))
    scores = directory / "scores.csv"
    scores.write_bytes(scores.read_bytes().replace(b",index,", b",indeX,", 1))
    report = frictionless.validate(str(directory / "datapackage.json"))
    check(f"{name}: frictionless refuses a changed table", not report.valid)


def workbook(name, result, plain):
    path = files / f"{name}.xlsx"
    dgpf("report", result, "-o", path)
    again = files / f"{name}-again.xlsx"
    dgpf("report", result, "-o", again)
    check(f"{name}: the workbook is the same bytes again", path.read_bytes() == again.read_bytes())
    book = openpyxl.load_workbook(path)
    check(f"{name}: a chart stands on the overview", len(book.worksheets[0]._charts) >= 1)
    check(f"{name}: every header stays in view", all(sheet.freeze_panes for sheet in book))
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
    check(f"{name}: no cell is a formula", all(cell.data_type != "f" for cell in cells))
    sheet = book["Index"]
    header = [cell.value for cell in sheet[1]]
    column = {title: at for at, title in enumerate(header)}
    with_period = "Period" in column
    wrong = []
    for row in sheet.iter_rows(min_row=2, values_only=True):
        unit = row[column["Id"]]
        period = row[column["Period"]] if with_period else ""
        unit = "'" + unit if unit.startswith("=") else unit
        expected = plain[unit, period or "", "index"]
        score = row[column["Score"]]
        if score != (float(expected) if expected else None):
            wrong.append((unit, score, expected))
    check(f"{name}: openpyxl reads the index to the last digit", not wrong, str(wrong[:3]))
    if shutil.which("soffice") is None:
        print(f"skipped {name} in LibreOffice: it is not installed")
        return
    subprocess.run(
        ["soffice", "--headless", f"-env:UserInstallation={(files / 'office').as_uri()}", "--convert-to", "pdf", "--outdir", files, path],
        capture_output=True,
        check=False,
        timeout=300,
    )
    pdf = files / f"{name}.pdf"
    check(f"{name}: LibreOffice opens the workbook", pdf.exists() and pdf.stat().st_size > 10_000)


def parquet(name, result, plain):
    path = files / f"{name}.parquet"
    dgpf("report", result, "-o", path)
    table = pyarrow.parquet.read_table(path)
    types = {field.name: str(field.type) for field in table.schema}
    texts = {"unit", "period", "node", "tier", "level"}
    check(f"{name}: columns of Parquet have types", all(kind == ("string" if column in texts else "double") for column, kind in types.items()), str(types))
    wrong = []
    rows = table.to_pylist()
    for row in rows:
        unit = "'" + row["unit"] if row["unit"].startswith("=") else row["unit"]
        expected = plain[unit, row["period"] or "", row["node"]]
        if row["score"] != (float(expected) if expected else None):
            wrong.append((unit, row["node"], row["score"], expected))
    check(f"{name}: pyarrow reads every score to the last bit", len(rows) == len(plain) and not wrong, str(wrong[:3]))


program, files = sys.argv[1], Path(sys.argv[2]).resolve()
files.mkdir(parents=True, exist_ok=True)
(files / "hostile.yaml").write_text(HOSTILE)
(files / "hostile.csv").write_text(ANSWERS.replace("{long}", "long " * 80))
for name, responses, framework in [
    ("example", ROOT / "examples/dgpf/responses.csv", "dgpf"),
    ("hostile", files / "hostile.csv", files / "hostile.yaml"),
]:
    result = files / f"{name}.json"
    dgpf("score", responses, "-f", framework, "-o", result)
    plain = tidy(result)
    sdmx(name, result, plain)
    package(name, result)
    workbook(name, result, plain)
    parquet(name, result, plain)
    directory = files / f"{name}-badges"
    dgpf("report", result, "--format", "badges", "-o", directory)
    badge = json.loads(min(directory.glob("*.json")).read_text())
    check(f"{name}: a badge is what shields.io takes", badge["schemaVersion"] == 1 and badge["label"] and badge["message"])
print(f"# pass {len(passed)}")
print(f"# fail {len(failed)}")
sys.exit(1 if failed else 0)
