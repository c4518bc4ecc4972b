"""Runs the queries that `cargo test --test sql -- export` wrote on a real engine and holds every cell against the scores
of dgpf itself: numbers to 1e-12, levels, ranks and empty cells exactly.

    DGPF_SQL_CASES=DIRECTORY cargo test --test sql -- export
    python3 tests/sql/engines.py duckdb|postgres|spark DIRECTORY

PostgreSQL is looked for at the socket directory PGHOST. A case holds `table.csv` (all texts), `ENGINE.sql`, and
`expected.json`: columns, how many of them are keys, rows.
"""

import csv
import importlib
import json
import multiprocessing
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
        self.connection.execute("SET threads = 1")

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

        builder = SparkSession.builder.master("local[1]")
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
            "spark.sql.constraintPropagation.enabled": "false",
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
DRIVERS = {"duckdb": "duckdb", "postgres": "psycopg"}


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


def open_engine(name):
    """Every process has an engine, or a connection, of its own."""
    global ENGINE
    ENGINE = ENGINES[name]()


def try_case(case, name):
    """What is wrong with a case, and how many cells were compared."""
    try:
        header, rows = read_table(case / "table.csv")
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        query = (case / f"{name}.sql").read_text(encoding="utf-8")
        found = ENGINE.run(header, rows, query, case / "table.csv")
        return (case.name, *differences(found, expected))
    except Exception as error:  # whatever an engine says is a failure of the query
        return case.name, [str(error)[:2000]], 0


def main(name, directory):
    most = int(os.environ.get("DGPF_SQL_MOST", "100000"))
    start = time.time()
    cases = [case for case in sorted(Path(directory).iterdir()) if (case / f"{name}.sql").exists()]
    tries = [(case, name) for case in cases[:most]]
    if name == "spark":
        open_engine(name)
        found = [try_case(*one) for one in tries]
    else:
        # A pool goes on for ever to begin processes that cannot begin.
        importlib.import_module(DRIVERS[name])
        with multiprocessing.Pool(os.cpu_count(), open_engine, (name,)) as pool:
            found = pool.starmap(try_case, tries, chunksize=1)
    failed = [(case, wrong) for case, wrong, _ in found if wrong]
    for case, wrong in failed:
        print(f"{case}: " + "\n    ".join(wrong[:5]), flush=True)
    cells = sum(compared for _, _, compared in found)
    seconds = time.time() - start
    label = f"{name} {ENGINE.session.version}" if name == "spark" else name
    print(f"{label}: {len(found) - len(failed)} of {len(found)} cases equal, {cells} cells, {seconds:.1f} s")
    return 1 if failed or not found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
