#!/usr/bin/env python3
"""Writes frameworks of 20 questions that compare units, and answers to them, the same in every run.

usage: cohort.py DIRECTORY ROWS
Ten numbers and ten choices in two dimensions; 5 % of the answers are missing. Writes NAME.yaml for every way to compare,
wide_ROWS.csv (sorted by unit) and scattered_ROWS.csv (the same rows in another order).
"""
import os
import random
import sys

# By name: what stands with every number, and before the dimensions.
WAYS = {
    "own": ("number: {from: 0, to: 1000}", ""),
    "min-max": ("number: {}, normalise: min-max", ""),
    "z-score": ("number: {}, normalise: z-score", "range: unbounded"),
    "percentile": ("number: {}, normalise: percentile", ""),
    "mean": ("number: {}, missing: mean, normalise: min-max", ""),
    "treated": ("number: {}, treat: {winsorise: 5, transform: log}, normalise: min-max", ""),
    "tiers": ("number: {}, normalise: z-score", "range: unbounded\nindex: {normalise: min-max}"),
}


def framework(number, head):
    lines = ["dgpf: 1", "id: cohort", "title: Cohort", "version: 1.0.0", "unit: {key: unit, codes: any}",
             "codes: {NA: missing}", "scales: {extent: {none: 0, some: 0.5, all: 1}}", "ranking: {}", head, "dimensions:"]
    for dimension in "ab":
        lines += [f"  - id: {dimension}", "    indicators:"]
        lines += [f"      - {{id: {dimension}n{at}, {number}}}" for at in range(5)]
        lines += [f"      - {{id: {dimension}c{at}, scale: extent}}" for at in range(5)]
    return "\n".join(lines) + "\n"


def main():
    directory, rows = sys.argv[1], int(sys.argv[2])
    os.makedirs(directory, exist_ok=True)
    for name, (number, head) in WAYS.items():
        with open(os.path.join(directory, name + ".yaml"), "w") as out:
            out.write(framework(number, head))
    draw = random.Random(2023)
    header = "unit," + ",".join(f"{dimension}{kind}{at}" for dimension in "ab" for kind in "nc" for at in range(5)) + "\n"

    def number():
        return "NA" if draw.random() < 0.05 else f"{draw.lognormvariate(5, 0.8):.3f}"

    def choice():
        return draw.choices(["none", "some", "all", ""], [35, 35, 25, 5])[0]

    lines = []
    for row in range(rows):
        cells = [[number() for _ in range(5)] + [choice() for _ in range(5)] for _ in "ab"]
        lines.append(f"U{row:08}," + ",".join(cells[0] + cells[1]) + "\n")
    for name in "wide", "scattered":
        with open(os.path.join(directory, f"{name}_{rows}.csv"), "w") as out:
            out.write(header)
            out.writelines(lines)
        draw.shuffle(lines)


main()
