"""Runs the queries that `cargo test --test sql -- export` wrote on a real engine and holds every cell against the scores
of dgpf itself: numbers to 1e-12, levels, ranks and empty cells exactly.

    DGPF_SQL_CASES=DIRECTORY cargo test --test sql -- export
    python3 tests/sql/engines.py duckdb|postgres|spark DIRECTORY

PostgreSQL is looked for at the socket directory PGHOST. A case holds `table.csv` (all texts), `ENGINE.sql`, and
`expected.json`: columns, how many of them are keys, rows.
"""

import csv
import json
import os
import sys
import time
from pathlib import Path


def read_table(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return rows[0], rows[1:]


def quoted(names, sign='"'):
    return ", ".join(sign + name.replace(sign, sign * 2) + sign + " {}" for name in names)


class DuckDb:
    def __init__(self):
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute("SET threads = 2")

    def run(self, header, rows, query, path):
        run = self.connection.execute
        run("CREATE OR REPLACE TABLE responses (" + quoted(header).replace("{}", "VARCHAR") + ")")
        columns = ", ".join("'" + name.replace("'", "''") + "': 'VARCHAR'" for name in header)
        run(
            "INSERT INTO responses SELECT * FROM read_csv(?, header = true, delim = ',', quote = '\"',"
            " escape = '\"', nullstr = '', columns = {" + columns + "})",
            [str(path)],
        )
        return run(query).fetchall()


class Postgres:
    def __init__(self):
        import psycopg

        self.connection = psycopg.connect(
            host=os.environ["PGHOST"], user="postgres", dbname="postgres", autocommit=True
        )

    def run(self, header, rows, query, path):
        run = self.connection.execute
        run("DROP TABLE IF EXISTS responses")
        run("CREATE TEMP TABLE responses (" + quoted(header).replace("{}", "text") + ")")
        with self.connection.cursor() as cursor:
            with cursor.copy("COPY responses FROM STDIN WITH (FORMAT csv, HEADER true)") as copy:
                copy.write(path.read_bytes())
        # Once with either reading of backslashes.
        run("SET escape_string_warning = off")
        found = None
        for conforming in ("on", "off"):
            run(f"SET standard_conforming_strings = {conforming}")
            result = run(query).fetchall()
            key = lambda row: tuple(str(cell) for cell in row)
            result.sort(key=key)
            assert found in (None, result), "the result depends on standard_conforming_strings"
            found = result
        run("SET standard_conforming_strings = on")
        return found


class Spark:
    def __init__(self):
        from pyspark.sql import SparkSession

        builder = SparkSession.builder.master("local[2]")
        for name, value in {
            "spark.ui.enabled": "false",
            "spark.driver.host": "127.0.0.1",
            "spark.driver.bindAddress": "127.0.0.1",
            "spark.sql.shuffle.partitions": "1",
            "spark.driver.memory": "3g",
            "spark.driver.extraJavaOptions": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
            "spark.sql.codegen.wholeStage": "false",
            "spark.sql.codegen.factoryMode": "NO_CODEGEN",
            "spark.sql.adaptive.enabled": "false",
        }.items():
            builder = builder.config(name, value)
        self.session = builder.getOrCreate()
        self.session.sparkContext.setLogLevel("ERROR")

    def run(self, header, rows, query, path):
        table = self.session.read.csv(
            str(path), header=True, inferSchema=False, multiLine=True, quote='"', escape='"'
        )
        table.createOrReplaceTempView("responses")
        return [tuple(row) for row in self.session.sql(query).collect()]


ENGINES = {"duckdb": DuckDb, "postgres": Postgres, "spark": Spark}


def same(found, wanted):
    if isinstance(wanted, float) or isinstance(wanted, int):
        if found is None or isinstance(found, str):
            return False
        return abs(float(found) - wanted) <= 1e-12 * max(abs(wanted), 1.0)
    return found == wanted


def differences(found, expected):
    keys = expected["keys"]
    key = lambda row: tuple(str(cell) for cell in row[:keys])
    found = sorted(found, key=key)
    wanted = sorted(expected["rows"], key=key)
    if len(found) != len(wanted):
        return [f"{len(found)} rows instead of {len(wanted)}"], 0
    wrong, cells = [], 0
    for row, wanted_row in zip(found, wanted):
        for name, cell, wanted_cell in zip(expected["columns"], row, wanted_row):
            cells += 1
            if not same(cell, wanted_cell):
                wrong.append(f"{key(row)} {name}: {cell!r} instead of {wanted_cell!r}")
    return wrong, cells


def main(name, directory):
    engine = ENGINES[name]()
    most = int(os.environ.get("DGPF_SQL_MOST", "100000"))
    start, failed, cells, cases = time.time(), [], 0, 0
    for case in sorted(Path(directory).iterdir())[:most]:
        query = case / f"{name}.sql"
        if not query.exists():
            continue
        header, rows = read_table(case / "table.csv")
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        cases += 1
        try:
            found = engine.run(header, rows, query.read_text(encoding="utf-8"), case / "table.csv")
            wrong, compared = differences(found, expected)
            cells += compared
        except Exception as error:  # whatever an engine says is a failure of the query
            wrong = [str(error)[:2000]]
        if wrong:
            failed.append(case.name)
            print(f"{case.name}: " + "\n    ".join(wrong[:5]), flush=True)
    seconds = time.time() - start
    print(f"{name}: {cases - len(failed)} of {cases} cases equal, {cells} cells, {seconds:.1f} s")
    return 1 if failed or not cases else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
