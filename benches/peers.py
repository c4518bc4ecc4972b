#!/usr/bin/env python3
"""The same scores by DuckDB and Polars, each in the fastest way that we know. usage: peers.py duckdb|polars DIR IN OUT

Out: unit, period, name, index, dimensions and pillars in the order of the framework, level, rank: the columns of
`dgpf score --format csv-wide --depth 2 --with level,rank`.
"""
import csv
import os
import sys

TOOL, DIRECTORY, INPUT, OUTPUT = sys.argv[1:5]
THREADS = os.environ.get("THREADS", "2")
SCALES = {
    "ynp": {"no": 0.0, "partially": 0.5, "yes": 1.0},
    "yn": {"no": 0.0, "yes": 1.0},
    "level": {"0": 0.0, "1": 0.25, "2": 0.5, "3": 0.75, "4": 1.0},
}
MISSING = ["", "NA", "n/a"]
with open(INPUT) as file:
    LONG = file.readline().strip() == "unit,indicator,answer"
with open(os.path.join(DIRECTORY, "questions.csv")) as file:
    QUESTIONS = [(row["id"], row["pillar"], float(row["weight"]), row["scale"]) for row in csv.DictReader(file)]
PILLARS = list(dict.fromkeys(question[1] for question in QUESTIONS))
DIMENSIONS = list(dict.fromkeys(pillar[:2] for pillar in PILLARS))
OF = {pillar: [(q[0], q[2]) for q in QUESTIONS if q[1] == pillar] for pillar in PILLARS}
OF |= {d: [(p, [1.0, 1.0, 2.0, 0.5][int(p[3]) - 1]) for p in PILLARS if p[:2] == d] for d in DIMENSIONS}
INDEX = [(d, w) for d, w in zip(DIMENSIONS, [1.0, 1.5, 1.0, 2.0, 1.0, 0.5])]
ORDER = ["index"] + [node for d in DIMENSIONS for node in [d] + [p for p in PILLARS if p[:2] == d]]


def duckdb():
    import duckdb as duck

    def mean(parts):
        above = "+".join(f"coalesce({column}*{weight}e0,0e0)" for column, weight in parts)
        below = "+".join(f"CASE WHEN {column} IS NULL THEN 0e0 ELSE {weight}e0 END" for column, weight in parts)
        return f"({above})/nullif({below},0e0)"

    def share(column, scale):
        if scale == "number":
            # Its least and greatest pass over NULL: without the question a missing number would be 1.
            return f"CASE WHEN {column} IS NOT NULL THEN greatest(0e0,least(1e0,{column}/100e0)) END"
        cases = "".join(f" WHEN '{answer}' THEN {score}e0" for answer, score in SCALES[scale].items())
        return f"CASE {column}{cases} END"

    def read(types):
        return f"""read_csv('{INPUT}', header=true, auto_detect=false, delim=',', quote='"', escape='"', nullstr={MISSING!r},
          columns={types!r})"""

    con = duck.connect()
    if LONG:
        con.execute("CREATE TABLE question(indicator VARCHAR, pillar VARCHAR, weight DOUBLE, scale VARCHAR)")
        con.executemany("INSERT INTO question VALUES (?,?,?,?)", [list(q) for q in QUESTIONS])
        of_scale = "".join(f" WHEN '{scale}' THEN {share('answer', scale)}" for scale in SCALES)
        number = share("TRY_CAST(answer AS DOUBLE)", "number")
        of_pillar = ",".join(f"max(score) FILTER (pillar='{p}') AS {p}" for p in PILLARS)
        pillars = f"""pillar AS (SELECT unit, {of_pillar} FROM (SELECT unit, pillar, sum(weight*share)/sum(weight) AS score
          FROM (SELECT unit, pillar, weight, CASE scale{of_scale} ELSE {number} END AS share
            FROM {read(dict.fromkeys(["unit", "indicator", "answer"], "VARCHAR"))} JOIN question USING (indicator))
          WHERE share IS NOT NULL GROUP BY unit, pillar) GROUP BY unit)"""
    else:
        types = {"unit": "VARCHAR"} | {q[0]: "DOUBLE" if q[3] == "number" else "VARCHAR" for q in QUESTIONS}
        pillars = f"""leaf AS (SELECT unit, {",".join(f"{share(q[0], q[3])} AS {q[0]}" for q in QUESTIONS)} FROM {read(types)}),
          pillar AS (SELECT unit, {",".join(f"{mean(OF[p])} AS {p}" for p in PILLARS)} FROM leaf)"""
    con.execute(f"SET threads={THREADS}; SET preserve_insertion_order=false")
    rounded = ",".join(f"round({node},6) AS {node}" for node in ORDER[1:])
    con.execute(f"""COPY (
      WITH {pillars},
      dimension AS (SELECT *, {",".join(f"{mean(OF[d])} AS {d}" for d in DIMENSIONS)} FROM pillar),
      whole AS (SELECT *, round({mean(INDEX)},6) AS "index" FROM dimension)
      SELECT unit, '' AS period, unit AS name, "index", {rounded}, CASE WHEN "index" IS NULL THEN NULL
        ELSE 'l' || (1+("index">=0.25)::INT+("index">=0.5)::INT+("index">=0.75)::INT) END AS level,
        CASE WHEN "index" IS NOT NULL THEN rank() OVER (ORDER BY round("index",9) DESC NULLS LAST) END AS rank
      FROM whole) TO '{OUTPUT}' (HEADER, DELIMITER ',')""")


def polars():
    os.environ["POLARS_MAX_THREADS"] = THREADS
    import polars as pl

    def mean(parts):
        above = sum((pl.col(c).fill_null(0.0) * w for c, w in parts[1:]), pl.col(parts[0][0]).fill_null(0.0) * parts[0][1])
        below = sum((pl.col(c).is_not_null().cast(pl.Float64) * w for c, w in parts[1:]),
                    pl.col(parts[0][0]).is_not_null().cast(pl.Float64) * parts[0][1])
        return pl.when(below > 0).then(above / below)

    def share(name, scale):
        if scale == "number":
            return (pl.col(name).cast(pl.Float64, strict=False) / 100.0).clip(0.0, 1.0)
        found = pl.lit(None, pl.Float64)
        for answer, score in reversed(SCALES[scale].items()):
            found = pl.when(pl.col(name) == answer).then(score).otherwise(found)
        return found.alias(name)

    if LONG:
        questions = pl.LazyFrame(QUESTIONS, schema=["indicator", "pillar", "weight", "scale"], orient="row")
        one = share("answer", "number")
        for scale in SCALES:
            one = pl.when(pl.col("scale") == scale).then(share("answer", scale)).otherwise(one)
        score = (pl.col("weight") * pl.col("share")).sum() / pl.col("weight").sum()
        pillars = (
            pl.scan_csv(INPUT, schema_overrides={"answer": pl.String}, null_values=MISSING)
            .join(questions, on="indicator")
            .with_columns(share=one)
            .filter(pl.col("share").is_not_null())
            .group_by("unit", "pillar").agg(score=score)
            .group_by("unit").agg(pl.col("score").filter(pl.col("pillar") == p).first().alias(p) for p in PILLARS)
        )
    else:
        schema = {q[0]: pl.Float64 if q[3] == "number" else pl.String for q in QUESTIONS}
        pillars = (
            pl.scan_csv(INPUT, schema_overrides=schema, null_values=MISSING)
            .with_columns(share(q[0], q[3]) for q in QUESTIONS)
            .with_columns(mean(OF[p]).alias(p) for p in PILLARS)
        )
    table = (
        pillars
        .with_columns(mean(OF[d]).alias(d) for d in DIMENSIONS)
        .with_columns(mean(INDEX).round(6).alias("index"))
    )
    index = pl.col("index")
    level = 1 + sum((index >= cut).cast(pl.Int32) for cut in (0.25, 0.5, 0.75))
    table.select(
        "unit", pl.lit("").alias("period"), pl.col("unit").alias("name"), "index",
        *(pl.col(node).round(6) for node in ORDER[1:]),
        pl.when(index.is_not_null()).then(pl.concat_str(pl.lit("l"), level.cast(pl.String))).alias("level"),
        index.round(9).rank("min", descending=True).alias("rank"),
    ).collect(engine="streaming").write_csv(OUTPUT)


{"duckdb": duckdb, "polars": polars}[TOOL]()
