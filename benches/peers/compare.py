"""aftercode beside a pipeline in Python: the same answers, the same words, in one run.

`compare.py AFTERCODE [ANSWERS] [ROUNDS]`, with the packages of `requirements.txt`.

Answers of the sample study are repeated, numbered, up to ANSWERS (50,000). Both programs read them
from CSV and write CSV, each in turn, ROUNDS times (3); the fastest counts, by the clock
and in processor time (all threads, which other work on the machine disturbs less). Then
the codes of the answers are compared. Where they differ, the morphemes must differ as
well: the programs have the same dictionary, but aftercode folds spellings and knows terms
of the field. Whole answers without content, which aftercode gives reserved codes and no
theme, are left out. Ends with 1 if codes differ although the morphemes are the same.
"""

import csv
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import pipeline

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
RESERVED = {"none", "same", "satisfied", "na"}


def sample() -> list[str]:
    """The answers of the sample study, a line each."""
    with (ROOT / "data/responses.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    texts = (" ".join(row[question].split()) for row in rows for question in ("Q1", "Q2"))
    return [text for text in texts if text]


def write_codebook(path: Path) -> None:
    """The codes of `codes.csv` as a codebook: each a choice of words."""
    parts = ['[codebook]\nid = "peers"\nversion = "1"\n\n[[axis]]\nid = "theme"\n']
    with (HERE / "codes.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rule = " | ".join(row["words"].split())
            parts.append(
                f'\n[[code]]\nid = "{row["code"]}"\naxis = "theme"\nlabel = "{row["label"]}"\n'
                f'unit = "response"\nrule = "{rule}"\n'
            )
    path.write_text("".join(parts), encoding="utf-8")


def write_answers(path: Path, texts: list[str], count: int) -> None:
    """Each text once as it is, then numbered, since aftercode codes what is alike once."""
    suffixes = [""] + [f"（{copy}）" for copy in range(1, count // len(texts) + 1)]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "text"])
        out.writerows((row, texts[row % len(texts)] + suffixes[row // len(texts)]) for row in range(count))


def seconds(command: list[str], out: Path) -> tuple[float, float]:
    """By the clock, and of processors."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    with out.open("wb") as file:
        start = time.perf_counter()
        subprocess.run(command, stdout=file, check=True)
        wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def coded(path: Path, identifier: str, within: int) -> set[tuple[int, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        pairs = ((int(row[identifier]), row["code"]) for row in csv.DictReader(file))
        return {pair for pair in pairs if pair[0] < within}


def base_forms(aftercode: str, text: str) -> list[str]:
    """Second column of the table that `aftercode tokens` prints."""
    done = subprocess.run([aftercode, "tokens", text], capture_output=True, text=True, check=True)
    rows = (line.split() for line in done.stdout.splitlines() if line.startswith("    "))
    return [row[1] for row in list(rows)[1:] if len(row) > 2]


def main(aftercode: str, count: int = 50_000, rounds: int = 3) -> int:
    texts = sample()
    with tempfile.TemporaryDirectory() as name:
        work = Path(name)
        answers, codebook = work / "answers.csv", work / "codebook.toml"
        write_codebook(codebook)
        write_answers(answers, texts, count)
        ours = [aftercode, "code", "--codebook", str(codebook), "--id", "id", "--text", "text", "--raw", "--threads"]
        runs = {
            "python": [sys.executable, str(HERE / "pipeline.py"), str(HERE / "codes.csv"), str(answers)],
            "aftercode, 1 thread": [*ours, "1", str(answers)],
            "aftercode, 2 threads": [*ours, "2", str(answers)],
        }
        taken = {program: [] for program in runs}
        for _ in range(rounds):
            for program, command in runs.items():
                taken[program].append(seconds(command, work / f"{program}.csv"))
        theirs = coded(work / "python.csv", "id", len(texts))
        mine = coded(work / "aftercode, 1 thread.csv", "respondent_id", len(texts))

    fastest = {program: [min(times) for times in zip(*all_times)] for program, all_times in taken.items()}
    print(f"{count} answers, start to finish:")
    for program, (wall, cpu) in fastest.items():
        ratios = [of_python / own for of_python, own in zip(fastest["python"], (wall, cpu))]
        print(f"  {program:<22} {wall:8.2f} s {ratios[0]:6.1f} × {cpu:8.2f} s of processors {ratios[1]:6.1f} ×")
    empty = {number for number, code in mine if code in RESERVED}
    theirs, mine = ({pair for pair in found if pair[0] not in empty} for found in (theirs, mine))
    differing = sorted({number for number, _ in (theirs ^ mine)})
    tag = pipeline.tagger()
    unexplained = [at for at in differing if base_forms(aftercode, texts[at]) == pipeline.lemmas(tag, texts[at])]
    print(f"codes: {len(theirs & mine)} equal, {len(mine - theirs)} only aftercode, {len(theirs - mine)} only Python")
    print(f"{len(differing)} of {len(texts) - len(empty)} answers with content differ; in {len(unexplained)} of them the morphemes do not")
    for at in unexplained:
        both = [sorted(code for number, code in found if number == at) for found in (mine, theirs)]
        print(f"  {texts[at]}: aftercode {both[0]}, Python {both[1]}", file=sys.stderr)
    return 1 if unexplained else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], *map(int, sys.argv[2:])))
