#!/usr/bin/env python3
"""Peak memory of `dgpf score` on 20,000 rows of 155 questions in the forms that are scored in pieces, on two threads: a file
that is read as a whole takes a multiple. Fails above what is stated here.

usage: memory.py DGPF
"""
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile

ROWS = 20_000
# What is run, and the most MiB that it may take.
RUNS = [
    ("wide.csv", "--format csv-wide --depth 2 --with level", 19),
    ("wide.csv", "--format csv-wide --depth 2 --with level,rank", 22),
    ("wide.csv", "--format csv-wide --depth 2 --with level -o -", 19),
    ("periods.csv", "--format csv-wide --depth 2 --with level,rank", 24),
    ("periods.csv", "--format csv-wide --depth 2 --with level --period latest", 24),
    ("2023.csv 2024.csv", "--format csv-wide --depth 2 --with level", 24),
    ("staff.csv", "--format csv-wide --depth 2 --with level,rank", 25),
    ("staff.csv", "--format csv", 32),
    ("wide.csv", "--format csv --depth 2", 40),
    ("wide.csv", "--format csv", 110),
    ("long.csv", "--format csv-wide --depth 2 --with level", 20),
    ("scattered.csv", "--format csv-wide --depth 2 --with level", 40),
]


def make(directory):
    here = os.path.dirname(os.path.abspath(__file__))
    for kind in "wide", "long", "staff":
        subprocess.run([sys.executable, f"{here}/make.py", directory, str(ROWS), kind], check=True)
        os.rename(f"{directory}/{kind}_{ROWS}.csv", f"{directory}/{kind}.csv")
    with open(f"{directory}/long.csv") as file:
        header, *lines = file
    random.Random(2023).shuffle(lines)
    with open(f"{directory}/scattered.csv", "w") as out:
        out.writelines([header, *lines])
    with open(f"{directory}/framework.yaml") as file:
        framework = file.read()
    with open(f"{directory}/periods.yaml", "w") as out:
        out.write(framework + "period: year\n")
    with open(f"{directory}/wide.csv") as file:
        header, *lines = file
    for name, years in ("2023", [2023]), ("2024", [2024]), ("periods", [2024, 2023]):
        with open(f"{directory}/{name}.csv", "w") as out:
            out.write("year," + header)
            out.writelines(f"{year},{line}" for year in years for line in lines)


def peak(dgpf, directory, files, arguments):
    kind = "periods" if files.startswith("20") else files.removesuffix(".csv")
    framework = f"{kind if kind in ('periods', 'staff') else 'framework'}.yaml"
    command = [dgpf, "score", *files.split(), "-f", framework, *arguments.split()]
    if "-o" not in command:
        command += ["-o", "scores.csv"]
    env = os.environ | {"RAYON_NUM_THREADS": "2"}
    run = subprocess.Popen(command, cwd=directory, env=env, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(run.pid, 0)
    if status:
        sys.exit(f"failed: {' '.join(command)}")
    return used.ru_maxrss / 1024


def main():
    dgpf = os.path.abspath(sys.argv[1])
    above = False
    with tempfile.TemporaryDirectory() as directory:
        # A process starts with the peak of the one that started it: what needs memory is done by another one.
        making = multiprocessing.Process(target=make, args=(directory,))
        making.start()
        making.join()
        if making.exitcode:
            sys.exit("failed: making the files")
        for files, arguments, most in RUNS:
            taken = peak(dgpf, directory, files, arguments)
            above |= taken > most
            print(f"{taken:.1f} MiB, at most {most}: {files} {arguments}")
    sys.exit(above)


if __name__ == "__main__":
    main()
