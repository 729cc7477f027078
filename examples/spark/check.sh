#!/usr/bin/env bash
# Codes a table on a small Spark cluster (a master and two executors as processes of this
# machine) and on one machine, and compares. Ends with 0 if all is equal, 77 if it could
# not be tried here (and says why), else 1.
#
# usage: check.sh [AFTERCODE]     the binary; else target/release/aftercode
# AFTERCODE_SPARK_VENV names a virtual environment to make or to use again.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
aftercode=$(realpath "${1:-$root/target/release/aftercode}")
codebook=$root/codebooks/medical-cybersecurity.toml

skip() {
    echo "Spark example: not tried: $1" >&2
    exit 77
}
fail() {
    echo "Spark example: $1" >&2
    exit 1
}

command -v java > /dev/null || skip "there is no Java"
command -v python3 > /dev/null || skip "there is no Python"
version=$(java -version 2>&1 | sed -n 's/.*version "\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 17 ] || skip "Spark needs Java 17, this is ${version:-unknown}"
[ -x "$aftercode" ] || fail "$aftercode is not there; build it with cargo build --release"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
venv=${AFTERCODE_SPARK_VENV:-$work/venv}
if ! [ -x "$venv/bin/spark-submit" ]; then
    python3 -m venv "$venv" || skip "python3 -m venv does not work (Debian: python3-venv)"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$here/requirements.txt" ||
        skip "pip could not install requirements.txt"
fi
export PYSPARK_PYTHON=$venv/bin/python PYSPARK_DRIVER_PYTHON=$venv/bin/python
SPARK_HOME=$("$venv/bin/python" -c 'import pyspark; print(pyspark.__path__[0])')
export SPARK_HOME SPARK_LOCAL_IP=127.0.0.1

# usage: spark OUT ANSWERS [OPTION ...]
spark() {
    local out=$1 answers=$2
    shift 2
    "$venv/bin/spark-submit" --master 'local-cluster[2,1,1024]' --driver-memory 1g \
        --conf spark.ui.enabled=false --conf spark.executor.memory=1g \
        --conf spark.sql.shuffle.partitions=4 --conf spark.task.maxFailures=1 \
        --conf spark.sql.files.openCostInBytes=134217728 \
        "$here/code_answers.py" --text Q1 Q2 --by 施設種別 --default-stance request \
        --aftercode "${AFTERCODE_OF_SPARK:-$aftercode}" --codebook "$codebook" \
        --out "$out" "$@" "$answers" > "$out.log" 2>&1
}

cd "$work"
"$venv/bin/python" "$here/make_data.py" 40 6 data
"$aftercode" run data/whole/study.toml --quiet

spark csv data/answers || { tail -40 csv.log >&2; fail "the CSV files were not coded"; }
echo -n "CSV:     "
"$venv/bin/python" "$here/compare.py" csv data/whole/out/themes.csv

spark parquet data/answers.parquet --coded coded || { tail -40 parquet.log >&2; fail "the Parquet files were not coded"; }
echo -n "Parquet: "
"$venv/bin/python" "$here/compare.py" parquet data/whole/out/themes.csv

# A process that is killed at its end, and one that loses rows and ends well, on the
# executors alone: either must fail the job, and say so.
for broken in 'kill -9 $$' 'exit 0'; do
    cat > broken.sh << SCRIPT
#!/bin/bash
[ -n "\${SPARK_EXECUTOR_DIRS:-}" ] || exec '$aftercode' "\$@"
'$aftercode' "\$@" | head -n 100
$broken
SCRIPT
    chmod +x broken.sh
    if AFTERCODE_OF_SPARK=$work/broken.sh spark broken data/answers; then
        fail "a process with \"$broken\" lost rows, and nobody was told"
    fi
    case $broken in
        exit*) said="rows went in, 99 came back" ;;
        *) said="aftercode ended with -9" ;;
    esac
    grep -q "$said" broken.log || { tail -40 broken.log >&2; fail "the log does not say \"$said\""; }
    echo "Broken process ($broken): the job fails"
done

codebook=$work/nowhere.toml
if spark nowhere data/answers; then fail "a codebook that is not there did no harm"; fi
grep -q nowhere.toml nowhere.log || fail "the log does not name the codebook that is not there"
echo "Missing codebook: the job fails"
