"""What a data scientist would write: fugashi with IPADIC, and a compiled `re` a code over
the lemmas. One process. `pipeline.py CODES ANSWERS > codings.csv`

CODES is `codes.csv` beside this file; ANSWERS has the columns `id` and `text`.
"""

import csv
import re
import sys
import unicodedata

import fugashi
import ipadic

BASE_FORM = 6


def tagger() -> fugashi.GenericTagger:
    return fugashi.GenericTagger(ipadic.MECAB_ARGS)


def lemmas(tag: fugashi.GenericTagger, text: str) -> list[str]:
    """The base forms of an answer; the surface of a word that the dictionary lacks."""
    words = tag(unicodedata.normalize("NFKC", text).lower())
    return [
        word.surface if len(word.feature) <= BASE_FORM or word.feature[BASE_FORM] == "*" else word.feature[BASE_FORM]
        for word in words
    ]


def rules(path: str) -> list[tuple[str, re.Pattern]]:
    """A pattern a code: any of its words as a whole lemma."""
    with open(path, encoding="utf-8", newline="") as file:
        return [
            (row["code"], re.compile(rf"(?<!\S)(?:{'|'.join(map(re.escape, row['words'].split()))})(?!\S)"))
            for row in csv.DictReader(file)
        ]


def main(codes: str, answers: str) -> None:
    tag, patterns = tagger(), rules(codes)
    out = csv.writer(sys.stdout, lineterminator="\n")
    out.writerow(["id", "code"])
    with open(answers, encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            joined = " ".join(lemmas(tag, row["text"]))
            for code, pattern in patterns:
                if pattern.search(joined):
                    out.writerow([row["id"], code])


if __name__ == "__main__":
    main(*sys.argv[1:])
