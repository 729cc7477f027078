"""Codes a partitioned table of answers with aftercode on Apache Spark and counts people.

    spark-submit code_answers.py --aftercode PATH --codebook FILE --text Q1 Q2 --by 施設種別 \
        --out themes answers/

Each partition is streamed through a process `aftercode code … -` of its own. Nothing is
collected: the executors hold a few batches at a time, and the driver sees counts only.
"""

import argparse
import csv
import io
import os
import subprocess
import sys
import tempfile
import threading
from collections import deque
from itertools import chain
from pathlib import Path

import pyarrow as pa
import pyarrow.csv as pacsv
from pyspark import SparkFiles
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import types as T

ROW, QUESTION, TEXT, STATUS = "_row", "_question", "_text", "_status"
"""Columns that are added; a table that has one of them is refused."""


class Failed(RuntimeError):
    """aftercode could not code a partition. Spark tries it again, then fails the job."""


def command(program: str, codebook: str, stance: str | None) -> list[str]:
    """The process of one partition. Spark runs a task a core: one thread is enough."""
    words = [program, "code", "--codebook", codebook, "--id", ROW, "--question", QUESTION]
    words += ["--text", TEXT, "--matrix", "--raw", "--threads", "1", "--lang", "en"]
    return words + (["--default-stance", stance] if stance else []) + ["-"]


def codes_of(program: str, codebook: str, stance: str | None) -> list[str]:
    """The codes and nets of the codebook: the header that no answers give."""
    header = ",".join((ROW, QUESTION, TEXT)) + "\n"
    done = subprocess.run(command(program, codebook, stance), input=header, capture_output=True, text=True)
    if done.returncode != 0:
        raise Failed(f"aftercode ended with {done.returncode}:\n{done.stderr}")
    return next(csv.reader(io.StringIO(done.stdout)))[3:]


class Feeder(threading.Thread):
    """Writes batches to the process while the task reads what it gives back.

    It must be a thread: one that wrote a batch and then read would wait for ever as soon
    as both pipes are full. The pipes are what holds the feeder back, so `waiting` keeps
    no more batches than aftercode has in its hands.
    """

    def __init__(self, batches, stdin):
        super().__init__(daemon=True)
        self.batches, self.stdin = batches, stdin
        self.waiting: deque[pa.RecordBatch] = deque()
        self.rows = 0
        self.error: BaseException | None = None

    def run(self):
        schema = pa.schema([(ROW, pa.int64()), (QUESTION, pa.string()), (TEXT, pa.string())])
        try:
            with self.stdin, pacsv.CSVWriter(self.stdin, schema) as out:
                for batch in self.batches:
                    numbers = pa.array(range(self.rows, self.rows + batch.num_rows), pa.int64())
                    self.rows += batch.num_rows
                    # Before it is written: its codes may be back before `write` returns.
                    self.waiting.append(batch)
                    columns = [numbers, batch.column(QUESTION), batch.column(TEXT)]
                    out.write_batch(pa.record_batch(columns, schema=schema))
        except BaseException as error:  # told by the task, which looks at it
            self.error = error

    def take(self, count: int) -> pa.Table:
        """The next `count` rows that were fed."""
        taken = []
        while count > 0:
            batch = self.waiting.popleft()
            if batch.num_rows > count:
                self.waiting.appendleft(batch.slice(count))
                batch = batch.slice(0, count)
            count -= batch.num_rows
            taken.append(batch)
        return pa.Table.from_batches(taken)


def coder(program: str, codebook: str, stance: str | None, codes: list[str]):
    """A function for `mapInArrow`: batches of a partition → the same rows with codes."""
    types = {ROW: pa.int64(), QUESTION: pa.string(), STATUS: pa.string()} | {code: pa.int8() for code in codes}

    def code(batches):
        batches = (batch for batch in batches if batch.num_rows > 0)
        first = next(batches, None)
        if first is None:  # an empty partition needs no process
            return
        batches = chain([first], batches)
        # A file, not a pipe: nobody has to read it for the process to go on.
        with tempfile.TemporaryFile() as messages:
            words = command(SparkFiles.get(program), SparkFiles.get(codebook), stance)
            process = subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=messages)
            feeder = Feeder(batches, process.stdin)
            feeder.start()
            seen = 0
            try:
                for part in read(process.stdout, types):
                    count = part.num_rows
                    if part.column(ROW).to_pylist() != list(range(seen, seen + count)):
                        raise Failed(f"the rows after {seen} are not the ones that were sent")
                    seen += count
                    kept = feeder.take(count).drop_columns([TEXT])
                    for name in [STATUS, *codes]:
                        kept = kept.append_column(name, part.column(name))
                    yield from kept.to_batches()
                feeder.join()
                status = process.wait()
            except (pa.ArrowException, Failed) as error:
                process.kill()
                raise Failed(f"{error}\n{told(process, messages)}") from error
            finally:
                # Also where Spark wants no more rows, as under a limit.
                process.kill()
                process.wait()
            # 1 means that rows were left out: a count without them would be wrong.
            if status != 0:
                raise Failed(told(process, messages))
            if isinstance(feeder.error, OSError):
                raise Failed(f"aftercode stopped reading: {feeder.error}") from feeder.error
            if feeder.error is not None:  # Spark's own: the rows could not be made
                raise feeder.error
            if seen != feeder.rows:
                raise Failed(f"{feeder.rows} rows went in, {seen} came back")

    return code


def read(stdout, types: dict[str, pa.DataType]):
    """Batches of a matrix as it is written; none where the process wrote nothing."""
    names = list(types)
    reading = pacsv.ReadOptions(use_threads=False, column_names=names, skip_rows=1)
    converting = pacsv.ConvertOptions(column_types=types, include_columns=names, strings_can_be_null=False)
    first = stdout.peek(1)
    if not first:
        return
    yield from pacsv.open_csv(stdout, read_options=reading, convert_options=converting)


def told(process: subprocess.Popen, messages) -> str:
    """How the process ended and the end of what it said."""
    status = process.wait()
    messages.seek(max(0, messages.seek(0, os.SEEK_END) - 4000))
    return f"aftercode ended with {status}:\n{messages.read().decode(errors='replace')}"


def coded(answers: DataFrame, args: argparse.Namespace, codes: list[str]) -> DataFrame:
    """A row an answer: the table's other columns, the question, its status and codes."""
    spark = answers.sparkSession
    for path in (args.aftercode, args.codebook):
        spark.sparkContext.addFile(str(path))
    taken = {ROW, QUESTION, TEXT, STATUS, *codes} & set(answers.columns)
    if taken:
        raise SystemExit(f"rename these columns of the table first: {', '.join(sorted(taken))}")
    kept = [name for name in answers.columns if name not in args.text]
    answers = answers.unpivot([f"`{name}`" for name in kept], [f"`{name}`" for name in args.text], QUESTION, TEXT)
    schema = T.StructType(
        [answers.schema[name] for name in [*kept, QUESTION]]
        + [T.StructField(STATUS, T.StringType())]
        + [T.StructField(code, T.ByteType()) for code in codes]
    )
    code = coder(args.aftercode.name, args.codebook.name, args.default_stance, codes)
    return answers.mapInArrow(code, schema)


def tabulated(rows: DataFrame, by: str, codes: list[str]) -> DataFrame:
    """People by question, code and group, and their base (everyone who was asked).

    One pass adds up every code; then a row a group is turned into a row a code. The row
    without a group is the total.
    """
    rows.createOrReplaceTempView("coded")
    sums = ", ".join(f"coalesce(sum(`{code}`), 0) AS `{code}`" for code in codes)
    pairs = ", ".join(f"'{code}', `{code}`" for code in codes)
    return rows.sparkSession.sql(f"""
        WITH groups AS (
            SELECT `{QUESTION}` AS question, `{by}` AS `group`, grouping(`{by}`) AS is_total,
                   count(*) AS base, {sums}
            FROM coded
            GROUP BY GROUPING SETS ((`{QUESTION}`, `{by}`), (`{QUESTION}`))
        )
        SELECT question, code, CASE WHEN is_total = 1 THEN '全体' ELSE coalesce(`group`, '不明') END AS `group`,
               `count`, base, round(100 * `count` / base, 1) AS percent
        FROM groups LATERAL VIEW stack({len(codes)}, {pairs}) AS code, `count`
        ORDER BY question, code, is_total DESC, `group`
    """)


def table(spark: SparkSession, path: str) -> DataFrame:
    """The answers: Parquet where the name says so, else CSV with a header, as Excel quotes it."""
    if path.rstrip("/").endswith(".parquet"):
        return spark.read.parquet(path)
    reader = spark.read.options(header=True, multiLine=True, escape='"', encoding="UTF-8")
    found = reader.csv(path)
    first = found.columns[0]
    return found.withColumnRenamed(first, first.removeprefix("\ufeff"))


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--aftercode", type=Path, required=True, help="the binary, for the executors' system")
    parser.add_argument("--codebook", type=Path, required=True)
    parser.add_argument("--text", nargs="+", required=True, help="columns of answers, a question each")
    parser.add_argument("--by", required=True, help="column of groups")
    parser.add_argument("--default-stance", help="stance of a theme that says nothing else")
    parser.add_argument("--partitions", type=int, help="deal the rows out anew (a shuffle)")
    parser.add_argument("--out", required=True, help="folder of the table of themes (CSV)")
    parser.add_argument("--coded", help="folder of the coded rows (Parquet)")
    parser.add_argument("answers", help="folder or file of the answers")
    return parser.parse_args()


def main() -> None:
    args = arguments()
    codes = codes_of(str(args.aftercode), str(args.codebook), args.default_stance)
    spark = SparkSession.builder.appName("aftercode").getOrCreate()
    answers = table(spark, args.answers)
    missing = [name for name in [*args.text, args.by] if name not in answers.columns]
    if missing:
        raise SystemExit(f"{args.answers} has no column {', '.join(missing)}; it has {', '.join(answers.columns)}")
    if args.partitions:
        answers = answers.repartition(args.partitions)
    rows = coded(answers, args, codes)
    if args.coded:
        # Written once and read again, so that no answer is coded twice.
        rows.write.mode("overwrite").parquet(args.coded)
        rows = spark.read.parquet(args.coded)
    themes = tabulated(rows, args.by, codes).coalesce(1)
    themes.write.mode("overwrite").csv(args.out, header=True, encoding="UTF-8")
    spark.stop()


if __name__ == "__main__":
    try:
        main()
    except Failed as error:
        sys.exit(str(error))
