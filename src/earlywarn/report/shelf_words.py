"""The bundles on the shelf as lines of text: what `earlywarn models` prints."""

from collections.abc import Sequence

from earlywarn.bundle.listing import ListedBundle


def shelf_lines(bundles: Sequence[ListedBundle]) -> list[str]:
    """Return a row a bundle: model, version, what it is used for, the last day of its data, and how well it ranks."""
    if not bundles:
        return ["There are no models yet: `earlywarn train CONFIG` makes one."]
    wide = max(len(one.name) for one in bundles)
    return [
        f"{'model':{wide}}  version  {'role':10}  {'data to':10}  AUC on the test dates",
        *(
            f"{one.name:{wide}}  {one.version:>7}  {one.role or '-':10}  {one.data_to or '-'!s:10}  {_how_well(one)}"
            for one in bundles
        ),
    ]


def _how_well(one: ListedBundle) -> str:
    if one.damage:
        return f"damaged: {one.damage}"
    if one.auc is None:
        return "not estimable"
    return f"{one.auc:.3f}" if one.low is None else f"{one.auc:.3f} ({one.low:.3f} to {one.high:.3f})"
