#!/usr/bin/env python3
"""Writes a framework of 155 questions and answers to it, the same in every run.

usage: make.py DIRECTORY ROWS [wide|quoted|long|staff]
Six dimensions of four pillars; 5 % of the answers are missing in three spellings (in the long form a blank one has no
row). Writes framework.yaml, questions.csv (for the peers) and KIND_ROWS.csv. For staff, 500 of whom answer for an agency,
staff.yaml combines their answers.
"""
import csv
import os
import random
import sys

SCALES = {
    "ynp": {"no": 0, "partially": 0.5, "yes": 1},
    "yn": {"no": 0, "yes": 1},
    "level": {"0": 0, "1": 0.25, "2": 0.5, "3": 0.75, "4": 1},
    "number": None,
}
CYCLE = ["ynp", "yn", "level", "ynp", "level", "yn", "number"]
MISSING = ["", "NA", "n/a"]


def questions():
    """(id, pillar, weight, scale) of every question, in order."""
    found = []
    for pillar in range(24):
        name = f"d{pillar // 4 + 1}p{pillar % 4 + 1}"
        for at in range(7 if pillar % 2 == 0 and pillar < 22 else 6):
            scale = "number" if at == 5 and pillar % 3 == 0 else CYCLE[at]
            found.append((f"{name}q{at + 1}", name, [1, 2, 1.5, 0.5][len(found) % 4], scale))
    return found


STAFF = 500  # of an agency


def framework(path, staff=False):
    unit = ["unit: {key: unit, codes: any}"]
    if staff:
        unit = ["unit: {key: agency, codes: any}", "rows: [{key: unit, combine: mean, of: answers}]"]
    lines = ["dgpf: 1", "id: bench", "title: Bench", "version: 1.0.0", *unit, "range: [0, 1]",
             "rounding: {digits: 6, at: end}", 'codes: {"NA": missing, "n/a": missing}', "ranking: {}",
             "levels: [{id: l1, from: 0}, {id: l2, from: 0.25}, {id: l3, from: 0.5}, {id: l4, from: 0.75}]", "scales:"]
    for name, answers in SCALES.items():
        if answers:
            lines.append(f"  {name}: {{" + ", ".join(f'"{a}": {s}' for a, s in answers.items()) + "}")
    lines.append("dimensions:")
    of = {}
    for question in questions():
        of.setdefault(question[1], []).append(question)
    for at, (pillar, own) in enumerate(of.items()):
        if at % 4 == 0:
            lines += [f"  - id: {pillar[:2]}", f"    weight: {[1, 1.5, 1, 2, 1, 0.5][at // 4]}", "    pillars:"]
        lines += [f"      - id: {pillar}", f"        weight: {[1, 1, 2, 0.5][at % 4]}", "        indicators:"]
        for name, _, weight, scale in own:
            reads = "number: {from: 0, to: 100}" if scale == "number" else f"scale: {scale}"
            lines.append(f"          - {{id: {name}, weight: {weight}, {reads}}}")
    with open(path, "w") as out:
        out.write("\n".join(lines) + "\n")


def answers(draw, rows, scale):
    """Texts of one question."""
    given = [f"{tenths // 10}.{tenths % 10}" for tenths in range(1001)] if scale == "number" else list(SCALES[scale])
    weights = [0.95 / len(given)] * len(given) + [0.03, 0.01, 0.01]
    return draw.choices(given + MISSING, weights, k=rows)


def main(directory, rows, kind="wide"):
    os.makedirs(directory, exist_ok=True)
    framework(os.path.join(directory, "framework.yaml"))
    if kind == "staff":
        framework(os.path.join(directory, "staff.yaml"), staff=True)
    asked = questions()
    with open(os.path.join(directory, "questions.csv"), "w") as out:
        csv.writer(out, lineterminator="\n").writerows([("id", "pillar", "weight", "scale"), *asked])
    with open(os.path.join(directory, f"{kind}_{rows}.csv"), "w") as out:
        names = [question[0] for question in asked]
        header = "unit,question,answer" if kind == "long" else ",".join(["unit", *names] + ["note"] * (kind == "quoted"))
        header = "agency," + header if kind == "staff" else header
        out.write(header.replace("question", "indicator") + "\n")
        for start in range(0, rows, 10_000):
            draw = random.Random(start)
            count = min(10_000, rows - start)
            columns = [answers(draw, count, question[3]) for question in asked]
            units = [f"U{unit:07}" for unit in range(start, start + count)]
            lines = []
            for unit, cells in zip(units, zip(*columns)):
                if kind == "long":
                    lines += [f"{unit},{name},{cell}" for name, cell in zip(names, cells) if cell]
                elif kind == "quoted":
                    cells = [f'"{cell}"' if cell and not cell[0].isdigit() else cell for cell in cells]
                    lines.append(",".join([unit, *cells, '"We plan this.\nLine two, with ""quotes""."']))
                else:
                    agency = f"A{(start + len(lines)) // STAFF:05}," if kind == "staff" else ""
                    lines.append(agency + unit + "," + ",".join(cells))
            out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), *sys.argv[3:])
