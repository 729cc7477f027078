"""Makes a larger table from the sample study: `make_data.py COPIES PARTS OUT`.

Writes the same respondents as a folder of CSV files (`answers/`), as a folder of Parquet
files (`answers.parquet/`) and as one CSV file beside its study (`whole/`), which a single
machine can run.
"""

import csv
import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as parquet

ROOT = Path(__file__).resolve().parents[2]
ID, GROUP, QUESTIONS = "回答者ID", "施設種別", ["Q1", "Q2"]


def write(path: Path, rows: list[dict]) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, list(rows[0]))
        out.writeheader()
        out.writerows(rows)


def main(copies: int, parts: int, out: Path) -> None:
    with (ROOT / "data/responses.csv").open(encoding="utf-8-sig", newline="") as file:
        people = [{name: row[name] for name in (ID, GROUP, *QUESTIONS)} for row in csv.DictReader(file)]
    # Unequal groups in every copy, so that a partition more or less would show.
    rows = [
        {**row, ID: f"{row[ID]}-{copy}"}
        for copy in range(copies)
        for at, row in enumerate(people)
        if copy == 0 or (at * 7 + copy) % 5 != 0
    ]
    for folder in ("answers", "answers.parquet", "whole"):
        (out / folder).mkdir(parents=True)
    for part in range(parts):
        share = rows[part::parts]
        write(out / f"answers/part-{part}.csv", share)
        # An empty cell of the CSV files is null for Spark; here it is the empty text.
        parquet.write_table(pa.Table.from_pylist(share), out / f"answers.parquet/part-{part}.parquet")
    write(out / "whole/responses.csv", rows)
    questions = "".join(f'[[question]]\nid = "{name}"\ndefault_stance = "request"\n' for name in QUESTIONS)
    study = f"""[study]
id = "whole"
title = "分散処理と比べるための見本"
codebook = '{ROOT / "codebooks/medical-cybersecurity.toml"}'
output = "out"
[answers]
file = "responses.csv"
layout = "wide"
id = "{ID}"
[[attribute]]
name = "{GROUP}"
categories = {list(dict.fromkeys(row[GROUP] for row in people))}
{questions}"""
    (out / "whole/study.toml").write_text(study, encoding="utf-8")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3]))
