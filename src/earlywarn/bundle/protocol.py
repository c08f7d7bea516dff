"""The bundle's format: its number, its files, its limits and its history.

History
    1  November 2026. First format.

Raise FORMAT when a bundle written now could be misread by the earlywarn that
wrote the bundles before: a field that changes its meaning, a file renamed, a
number kept in another unit. A new field with a default does not raise it. To
raise it: add a line to the history, keep a bundle of the old format among the
tests, and teach `read` to read it or to say which version still can.
"""

FORMAT = 1

MANIFEST = "manifest.json"
ENDINGS = {"trees": "txt", "logistic": "json"}  # LightGBM's own text; coefficients as JSON
JSON_FILES = ("calibration.json", "features.json", "metrics.json", "audit.json", "transparency_record.json")
TEXT_FILES = ("audit.csv", "card.md")
PAGES = ("report.html", "audit.html")

MEGABYTE = 1024 * 1024
MOST_BYTES = 64 * MEGABYTE  # of one file: the largest model of our search space has 7
MOST_TREES = 5_000
MOST_LEAVES = 4_096  # of one tree; ours have 31


def model_file(kind: str) -> str:
    """Return the name of the file that holds the model that is used.

    >>> model_file("trees"), tested_file("trees")
    ('model.txt', 'tested_model.txt')
    """
    return f"model.{ENDINGS[kind]}"


def tested_file(kind: str) -> str:
    """Return the name of the file that holds the model on which the measures were taken."""
    return f"tested_{model_file(kind)}"


def files_of(kind: str) -> frozenset[str]:
    """Return the names of all files of a bundle but its manifest: no more, no fewer."""
    return frozenset((model_file(kind), tested_file(kind), *JSON_FILES, *TEXT_FILES, *PAGES))
