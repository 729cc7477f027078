#!/usr/bin/env python3
"""Measures what the project says of its speed and memory, and prints one table.

    cargo build --release && python3 benches/table.py [--quick] [--long] [--peers PYTHON]

--quick   a tenth of the text and one round: shows that the script works, not how fast
--long    also 10 million answers
--peers   a Python with benches/peers/requirements.txt, for the comparison with it
--only    the measurements with these names

What is compared is run in turn in this one run; the fastest of the rounds counts. Ends
with 1 if something does not hold. Run it on a machine that does nothing else.
"""

import argparse
import csv
import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
CODEBOOK = ROOT / "codebooks/medical-cybersecurity.toml"


class Line(NamedTuple):
    """A line of the table; `holds` is None where there is no bound or no measurement."""

    what: str
    measured: str
    bound: str = ""
    holds: bool | None = None


class Run(NamedTuple):
    """What a process took: seconds, and its largest resident memory in MB."""

    seconds: float
    memory: float


class Settings(NamedTuple):
    aftercode: str
    work: Path
    rounds: int
    share: float
    is_long: bool
    peers: str | None


def run(command: list[str], feed=None, expected=(0,)) -> Run:
    """Runs a process to its end; `feed` yields what it reads."""
    stdin = subprocess.PIPE if feed else subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, stdin=stdin, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if feed:
        with process.stdin as out:
            for block in feed:
                out.write(block)
    said = process.stderr.read().decode(errors="replace")
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in expected:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}:\n{said}")
    return Run(time.perf_counter() - start, usage.ru_maxrss / 1024)


def fastest(settings: Settings, *commands: list[str]) -> list[float]:
    """The seconds of each command, which are run in turn."""
    rounds = [[run(command).seconds for command in commands] for _ in range(settings.rounds)]
    return [min(times) for times in zip(*rounds)]


def bench(name: str, *arguments: str) -> str:
    command = ["cargo", "bench", "--quiet", "--bench", name, "--", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout


def respondents() -> list[dict]:
    with (ROOT / "data/responses.csv").open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def write_answers(path: Path, count: int) -> Path:
    """The answers of the sample study as `id,text`, numbered, since what is alike is coded once."""
    texts = [row[question] for row in respondents() for question in ("Q1", "Q2") if row[question]]
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file)
        out.writerow(["id", "text"])
        out.writerows((number, f"{texts[number % len(texts)]}（{number}）") for number in range(count))
    return path


def coding(settings: Settings, threads: int, answers: str) -> list[str]:
    command = [settings.aftercode, "code", "--codebook", str(CODEBOOK), "--id", "id", "--text", "text"]
    return [*command, "--threads", str(threads), answers]


STAGE_BOUNDS = {
    ("dense", "code (what is cut already)"): 0.5,
    ("dense", "all of it, and code"): 0.9,
    ("sparse", "all of it, and code"): 3.0,
}


def stages(settings: Settings) -> list[Line]:
    """Each text's speed as a multiple of bare lindera's on it."""
    lines, text = [], ""
    for line in bench("stages", str(settings.rounds)).splitlines():
        if heading := re.match(r"(dense|sparse)[^:]*: \d+ answers", line):
            text = heading[1]
        elif "skipped" in line:
            lines.append(Line(line, "–"))
        elif ratio := re.match(r"  (code \(.*\)|all of it, and code) .* ([\d.]+) ×", line):
            bound = STAGE_BOUNDS.get((text, ratio[1]))
            holds = float(ratio[2]) >= bound if bound else None
            line = Line(f"{text} text: {ratio[1]}, bare lindera = 1", f"{ratio[2]} ×", f"≥ {bound} ×" if bound else "", holds)
            lines.append(line)
    return lines


def threads(settings: Settings) -> list[Line]:
    answers = str(write_answers(settings.work / "threads.csv", int(200_000 * settings.share)))
    one, two = fastest(settings, coding(settings, 1, answers), coding(settings, 2, answers))
    return [Line("2 threads beside 1, streams", f"{one / two:.2f} ×", "≥ 1.7 ×", one / two >= 1.7)]


def tokens_of_sample(settings: Settings) -> int:
    """Morphemes of both questions of the sample study, as `aftercode tokens` shows them."""
    # The tool cuts lines; a line break is no morpheme, so nothing else changes.
    texts = [row[question] for row in respondents() for question in ("Q1", "Q2")]
    lines = "\n".join(line for text in texts for line in text.splitlines() if line.strip())
    command = [settings.aftercode, "tokens", "-", "--lang", "en"]
    shown = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    rows = [line for line in shown.splitlines() if line.startswith("    ")]
    return sum(not line.split()[0] == "surface" for line in rows)


def write_study(settings: Settings, tokens: int) -> tuple[Path, int]:
    """A study of at least so many tokens, its columns and settings the sample's; with their number.

    The answers of each copy of the sample are numbered, since what is alike is coded once.
    """
    people = respondents()
    once = tokens_of_sample(settings)
    copies = round(tokens / once)
    folder = settings.work / "study"
    folder.mkdir()
    with (folder / "responses.csv").open("w", encoding="utf-8-sig", newline="") as file:
        out = csv.DictWriter(file, list(people[0]))
        out.writeheader()
        for copy in range(copies):
            for row in people:
                answers = {question: row[question] and f"{row[question]}（{copy}）" for question in ("Q1", "Q2")}
                out.writerow({**row, **answers, "回答者ID": f"{row['回答者ID']}-{copy}"})
    study = (ROOT / "data/study.toml").read_text(encoding="utf-8")
    study = study.replace('"../codebooks/medical-cybersecurity.toml"', f"'{CODEBOOK}'")
    # No more people than the population, or rates would be over 100 %.
    study = re.sub(r"^population = .*\n", "", study, flags=re.MULTILINE)
    # The coders of the sample coded other answers.
    study = re.sub(r"^\[agreement\]\n(?:(?!\[).*\n)*", "", study, flags=re.MULTILINE)
    (folder / "study.toml").write_text(study, encoding="utf-8")
    return folder / "study.toml", copies * once


def million(settings: Settings) -> list[Line]:
    study, tokens = write_study(settings, int(1_000_000 * settings.share))
    command = [settings.aftercode, "run", str(study), "--quiet", "--threads", "2"]
    (taken,) = fastest(settings, command)
    bound = 0.75 * settings.share
    return [Line(f"{tokens:,} tokens, CSV to all results", f"{taken:.2f} s", f"≤ {bound:.3g} s", taken <= bound)]


def large(settings: Settings) -> list[Line]:
    """The memory of `run`, which holds a study's answers and their codes."""
    count = int(1_000_000 * settings.share)
    folder = settings.work / "large"
    folder.mkdir()
    write_answers(folder / "answers.csv", count)
    (folder / "study.toml").write_text(
        f"""[study]
id = "large"
codebook = '{CODEBOOK}'
output = "out"

[answers]
file = "answers.csv"
layout = "long"
id = "id"
text = "text"

[[question]]
id = "Q1"
wording = "Q1"
default_stance = "request"
""",
        encoding="utf-8",
    )
    peak = run([settings.aftercode, "run", str(folder / "study.toml"), "--quiet", "--threads", "2"]).memory
    return [Line(f"memory of run, {count:,} answers", f"{peak:.0f} MB")]


def scaling(settings: Settings) -> list[Line]:
    lines, text = [], ""
    for line in bench("scaling", str(settings.rounds)).splitlines():
        if heading := re.match(r"(dense|grown) ", line):
            text = heading[1]
        elif ratio := re.match(r" +(\d+) codes .* ([\d.]+) × the time", line):
            if ratio[1] != "20":
                bound = "< 2 ×" if ratio[1] == "400" else ""
                holds = float(ratio[2]) < 2 if bound else None
                lines.append(Line(f"{ratio[1]} codes beside 20, {text} rules", f"{ratio[2]} ×", bound, holds))
    return lines


def memory(settings: Settings) -> list[Line]:
    block_rows = 100_000
    path = write_answers(settings.work / "memory.csv", block_rows)
    header, rows = path.read_bytes().split(b"\n", 1)

    def peak(answers: int) -> float:
        def feed():
            yield header + b"\n"
            for _ in range(answers // block_rows):
                yield rows

        return run(coding(settings, 2, "-"), feed()).memory

    small = max(block_rows, int(1_000_000 * settings.share))
    lines = [Line(f"memory, {small:,} answers", f"{(of_small := peak(small)):.0f} MB", "< 300 MB", of_small < 300)]
    if settings.is_long:
        large = peak(10 * small)
        lines.append(Line(f"memory, {10 * small:,} answers", f"{large:.0f} MB", "< 300 MB", large < 300))
        growth = large / of_small
        lines.append(Line("memory of ten times the answers", f"{growth:.2f} ×", "≤ 1.1 ×", growth <= 1.1))
    else:
        lines.append(Line(f"memory, {10 * small:,} answers", "not measured: --long"))
    return lines


def peers(settings: Settings) -> list[Line]:
    if settings.peers is None:
        return [Line("fugashi + ipadic + re", "not measured: --peers")]
    script, count = str(ROOT / "benches/peers/compare.py"), str(int(100_000 * settings.share))
    command = [settings.peers, script, settings.aftercode, count, str(settings.rounds)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    lines = []
    for program in ("1 thread", "2 threads"):
        found = re.search(rf"aftercode, {program} .*? s +([\d.]+) ×.* ([\d.]+) ×", done.stdout)
        if found is None:
            raise SystemExit(f"{script} said:\n{done.stdout}{done.stderr}")
        ratio = float(found[1])
        lines.append(Line(f"fugashi + ipadic + re = 1; {program}", f"{ratio:.1f} ×", "≥ 20 ×", ratio >= 20))
        lines.append(Line("  the same, processor time", f"{found[2]} ×"))
    agreement = re.search(r"codes: .*", done.stdout)
    lines.append(Line("codes differ only where morphemes do", agreement[0] if agreement else "?", "", done.returncode == 0))
    return lines


def start(settings: Settings) -> list[Line]:
    out = str(settings.work / "out")
    study = [settings.aftercode, "run", str(ROOT / "data/study.toml"), "--out", out, "--quiet"]
    rounds = settings._replace(rounds=4 * settings.rounds)
    version, sample = fastest(rounds, [settings.aftercode, "--version"], study)
    return [
        Line("--version", f"{1000 * version:.1f} ms", "< 10 ms", version < 0.010),
        Line("sample study, start to finish", f"{1000 * sample:.0f} ms", "< 150 ms", sample < 0.150),
    ]


MEASUREMENTS = {part.__name__: part for part in (stages, threads, million, large, scaling, memory, peers, start)}


def show(lines: list[Line]) -> None:
    widths = [max(len(line[column]) for line in lines) for column in range(3)]
    for line in lines:
        cells = [cell.ljust(width) for cell, width in zip(line, widths)]
        verdict = {None: "", True: "holds", False: "NOT HELD"}[line.holds]
        print("  ".join([*cells, verdict]).rstrip())


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aftercode", default=str(ROOT / "target/release/aftercode"))
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--long", action="store_true")
    parser.add_argument("--peers", metavar="PYTHON")
    parser.add_argument("--only", nargs="+", choices=MEASUREMENTS, default=list(MEASUREMENTS))
    args = parser.parse_args()
    if not Path(args.aftercode).is_file():
        parser.error(f"{args.aftercode} is not there; run cargo build --release")
    with tempfile.TemporaryDirectory() as work:
        share, rounds = (0.1, 1) if args.quick else (1.0, 5)
        settings = Settings(args.aftercode, Path(work), rounds, share, args.long, args.peers)
        lines = []
        for name in args.only:
            print(f"measuring: {name} …", file=sys.stderr)
            lines += MEASUREMENTS[name](settings)
    show(lines)
    return 1 if any(line.holds is False for line in lines) else 0


if __name__ == "__main__":
    sys.exit(main())
