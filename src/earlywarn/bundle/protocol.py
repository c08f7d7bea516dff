"""The bundle's format: its number, its files, its limits and its history.

History
    1  November 2026. First format.
    2  November 2026. `golden_rows.json`: made-up rows with the scores that every load must give;
                       papers for the public, for parents or staff, and for a data protection officer.
    3  November 2026. `reference.json`: what the data looked like in training, in aggregates, for `monitor`.

Raise FORMAT when a bundle written now could be misread by the earlywarn that
wrote the bundles before: a field that changes its meaning, a file renamed or
added, a number kept in another unit. A new field with a default does not raise
it. To raise it: add a line to the history and to `_FILES_SINCE`, keep a bundle
of the new format (`tests/fixtures/make_bundles.py`), and teach `read` what the
older ones lack.
"""

FORMAT = 3
READ = range(1, FORMAT + 1)  # every format that can still be read

MANIFEST = "manifest.json"
SIGNATURE = "signature.json"  # beside the files, not of them: it can be added to a bundle that was written
GOLDEN_ROWS = "golden_rows.json"
REFERENCE = "reference.json"
ENDINGS = {"trees": "txt", "logistic": "json"}  # LightGBM's own text; coefficients as JSON

_FILES_SINCE = {
    1: (
        *("calibration.json", "features.json", "metrics.json", "audit.json", "transparency_record.json"),
        *("audit.csv", "card.md", "report.html", "audit.html"),
    ),
    2: (GOLDEN_ROWS, "transparency_record.md", "dpia_annex.md", "in_plain_words.md"),
    3: (REFERENCE,),
}

MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * MEGABYTE  # of a model or a page: the largest model of our search space has 7
MOST_JSON_BYTES = 16 * MEGABYTE  # JSON grows some twentyfold when read; the audit of 100,000 pupils has 2
MOST_TREES = 5_000
MOST_LEAVES = 32  # of one tree; ours have 31, and reasons are looked up by at most 32 splits on a path
MOST_ODDS = 1_000.0  # that one leaf may add, in log-odds, either way


def model_file(kind: str) -> str:
    """Return the name of the file that holds the model that is used.

    >>> model_file("trees"), tested_file("trees")
    ('model.txt', 'tested_model.txt')
    """
    return f"model.{ENDINGS[kind]}"


def tested_file(kind: str) -> str:
    """Return the name of the file that holds the model on which the measures were taken."""
    return f"tested_{model_file(kind)}"


def files_of(kind: str, written_in: int = FORMAT) -> frozenset[str]:
    """Return the names of all files of a bundle but its manifest: no more, no fewer.

    >>> "golden_rows.json" in files_of("trees"), "golden_rows.json" in files_of("trees", written_in=1)
    (True, False)
    """
    kept = (name for since, names in _FILES_SINCE.items() if since <= written_in for name in names)
    return frozenset((model_file(kind), tested_file(kind), *kept))


def most_bytes(file: str) -> int:
    """Return the size that a file may have."""
    return MOST_JSON_BYTES if file.endswith(".json") else MOST_BYTES
