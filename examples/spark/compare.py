"""Compares Spark's table of themes with that of one machine: `compare.py SPARK THEMES`.

SPARK is the folder that Spark wrote, THEMES the `themes.csv` of `aftercode run`. Codes,
nets and groups must be the same, and so must count, base and percentage of each.
"""

import csv
import sys
from pathlib import Path

RESERVED = "reserved"


def spark(folder: Path) -> dict:
    cells = {}
    for part in sorted(folder.glob("part-*.csv")):
        with part.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                cells[row["question"], row["code"], row["group"]] = cell(row)
    return cells


def one_machine(themes: Path) -> dict:
    # Reserved answers (特になし …) are a status of the matrix, not a column of it.
    with themes.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["level"] != RESERVED]
    return {(row["question"], row["code"], row["group"]): cell(row) for row in rows}


def cell(row: dict) -> tuple[int, int, float]:
    return int(row["count"]), int(row["base"]), float(row["percent"])


def main(folder: str, themes: str) -> int:
    left, right = spark(Path(folder)), one_machine(Path(themes))
    wrong = [key for key in sorted(left.keys() | right.keys()) if left.get(key) != right.get(key)]
    for key in wrong[:20]:
        print(f"{' / '.join(key)}: Spark {left.get(key)}, one machine {right.get(key)}", file=sys.stderr)
    coded = sum(count for count, _, _ in right.values())
    if wrong or not coded:
        print(f"{len(wrong)} of {len(right)} cells differ", file=sys.stderr)
        return 1
    print(f"{len(right)} cells are equal ({coded} people counted in them)")
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
