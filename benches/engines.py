#!/usr/bin/env python3
"""The query of `dgpf sql` on a large wide file: CPU time and peak memory of one run, from table to table.

usage: engines.py DGPF DIRECTORY FILE duckdb|postgres|spark
DIRECTORY holds framework.yaml (see make.py). DuckDB and Spark read Parquet, which DuckDB makes of the CSV first, and
write Parquet; PostgreSQL, at the socket directory PGHOST, reads and writes tables. Making the table is not counted.
Prints rows, answers, CPU seconds, peak memory in MB, and the mean of the index, which must be the same everywhere.
"""
import csv
import os
import re
import shutil
import subprocess
import sys

DGPF, DIRECTORY, FILE, ENGINE = sys.argv[1:5]
PARQUET = os.path.join(DIRECTORY, "responses.parquet")
SCORES = os.path.join(DIRECTORY, f"scores_{ENGINE}.parquet")


def query():
    """One dimension deep, without ranks: no row looks at another."""
    command = [DGPF, "sql", "-f", f"{DIRECTORY}/framework.yaml", "--dialect", ENGINE, "--depth", "1", "--no-rank"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def make_parquet():
    import duckdb

    if not os.path.exists(PARQUET):
        duckdb.execute(f"COPY (FROM read_csv('{FILE}', all_varchar = true)) TO '{PARQUET}' (FORMAT parquet)")


def memory(pid):
    """Peak memory of a process in MB."""
    with open(f"/proc/{pid}/status") as status:
        return int(re.search(r"VmHWM:\s+(\d+)", status.read())[1]) / 1024


def cpu(pid):
    """CPU seconds that a process has used."""
    with open(f"/proc/{pid}/stat") as stat:
        fields = stat.read().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def on_duckdb(text):
    import duckdb

    make_parquet()
    connection = duckdb.connect()
    connection.execute(f"CREATE VIEW responses AS FROM '{PARQUET}'")
    before = cpu(os.getpid())
    connection.execute(f"COPY ({text}) TO '{SCORES}' (FORMAT parquet)")
    used, peak = cpu(os.getpid()) - before, memory(os.getpid())
    return used, peak, *connection.execute(f"SELECT count(*), avg(index_score) FROM '{SCORES}'").fetchone()


def on_postgres(text):
    import psycopg

    connection = psycopg.connect(host=os.environ["PGHOST"], user="postgres", dbname="postgres", autocommit=True)
    run = connection.execute
    run("DROP TABLE IF EXISTS responses, scores")
    with open(FILE, newline="") as file:
        header = next(csv.reader(file))
    run("CREATE UNLOGGED TABLE responses (" + ", ".join(f'"{name}" text' for name in header) + ")")
    with open(FILE, "rb") as file, connection.cursor() as cursor:
        with cursor.copy("COPY responses FROM STDIN WITH (FORMAT csv, HEADER true)") as copy:
            while block := file.read(1 << 20):
                copy.write(block)
    run("ANALYZE responses")
    run("SET jit = off")
    run("SET max_parallel_workers_per_gather = 0")  # so that one process does all
    pid = run("SELECT pg_backend_pid()").fetchone()[0]
    before = cpu(pid)
    run(f"CREATE UNLOGGED TABLE scores AS {text}")
    used, peak = cpu(pid) - before, memory(pid)
    result = run("SELECT count(*), avg(index_score) FROM scores").fetchone()
    run("DROP TABLE responses, scores")
    return used, peak, *result


def on_spark(text):
    from pyspark.sql import SparkSession

    make_parquet()
    shutil.rmtree(SCORES, ignore_errors=True)
    builder = SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
    builder = builder.config("spark.driver.host", "127.0.0.1").config("spark.driver.bindAddress", "127.0.0.1")
    builder = builder.config("spark.driver.memory", "4g")
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    session.read.parquet(PARQUET).createOrReplaceTempView("responses")
    pid = session.sparkContext._gateway.proc.pid
    before = cpu(pid)
    session.sql(text).write.parquet(SCORES)
    used, peak = cpu(pid) - before, memory(pid)
    row = session.sql(f"SELECT count(*), avg(index_score) FROM parquet.`{SCORES}`").collect()[0]
    session.stop()
    return used, peak, row[0], row[1]


if __name__ == "__main__":
    run = {"duckdb": on_duckdb, "postgres": on_postgres, "spark": on_spark}[ENGINE]
    used, peak, rows, mean = run(query())
    asked = sum(1 for _ in open(f"{DIRECTORY}/questions.csv")) - 1
    print(f"{ENGINE}: {rows} rows, {rows * asked / 1e6:.1f} million answers, {used:.1f} s CPU, {peak:.0f} MB, mean {mean:.15f}")
