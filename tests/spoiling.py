"""Ways to spoil one file of a bundle: bytes, lines, numbers, LightGBM's arrays, JSON.

Each takes a source of chance and the file's bytes, and returns other bytes.
"""

import json
import random
import re
from collections.abc import Callable
from typing import Any

NUMBERS = (
    *("-1", "0", "1", "2", "3", "7", "99", "-99", "3.5", "-0.0", "1e-320", "1e308", "1e999", "-1e999", "nan", "inf"),
    *("2147483648", "-2147483649", "99999999999999999999", "0x10", "1_0", "1-2", "", " ", "true", "[", "\n"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, -1, 0, 1, 2, 10**400, 0.5, -0.0, 1e300, float("inf"), float("nan"), "", "1", "x" * 100_000, [], {}),
    *("../../etc/passwd", "\ud800", "\x00", [None], {"": ""}, [[]], "isotonic", [1.0] * 100_000),
)

Draw = random.Random
Way = Callable[[Draw, bytes], bytes]


# Ways to spoil any file ---------------------------------------------------------------------------------------------


def flip(draw: Draw, content: bytes) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << draw.randrange(8)]) + content[at + 1 :]


def insert(draw: Draw, content: bytes) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + draw.randbytes(draw.choice((1, 2, 50))) + content[at:]


def delete(draw: Draw, content: bytes) -> bytes:
    at = draw.randrange(len(content))
    return content[:at] + content[at + draw.choice((1, 2, 50)) :]


def cut_short(draw: Draw, content: bytes) -> bytes:
    return content[: draw.randrange(len(content))]


def repeat(draw: Draw, content: bytes) -> bytes:
    first, last = sorted(draw.choices(range(len(content)), k=2))
    return content[:last] + content[first:last] * draw.choice((1, 2, 20)) + content[last:]


def lose_a_line(draw: Draw, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    del lines[draw.randrange(len(lines))]
    return b"".join(lines)


def swap_lines(draw: Draw, content: bytes) -> bytes:
    lines = content.splitlines(keepends=True)
    one, other = (draw.randrange(len(lines)) for _ in range(2))
    lines[one], lines[other] = lines[other], lines[one]
    return b"".join(lines)


def another_number(draw: Draw, content: bytes) -> bytes:
    text = content.decode()
    found = draw.choice([*re.finditer(r"-?\d+(\.\d+)?(e-?\d+)?", text)] or [re.match("", text)])
    assert found is not None
    return f"{text[: found.start()]}{draw.choice(NUMBERS)}{text[found.end() :]}".encode()


# Ways to spoil LightGBM's text, with the declared lengths mended so that the trees themselves are looked at ---------


def _in_an_array(draw: Draw, content: bytes, change: Callable[[list[str]], list[str]]) -> bytes:
    lines = content.decode().split("\n")
    last = lines.index("end of trees")
    at = draw.choice([place for place, line in enumerate(lines[:last]) if "=" in line])
    name, _, array = lines[at].partition("=")
    lines[at] = f"{name}={' '.join(change(array.split(' ')))}"
    return mended("\n".join(lines).encode())


def another_entry(draw: Draw, content: bytes) -> bytes:
    def change(array: list[str]) -> list[str]:
        array[draw.randrange(len(array))] = draw.choice(NUMBERS)
        return array

    return _in_an_array(draw, content, change)


def swapped_entries(draw: Draw, content: bytes) -> bytes:
    return _in_an_array(draw, content, lambda array: draw.sample(array, len(array)))


def lost_entry(draw: Draw, content: bytes) -> bytes:
    return _in_an_array(draw, content, lambda array: array[1:])


def longer_array(draw: Draw, content: bytes) -> bytes:
    return _in_an_array(draw, content, lambda array: array * draw.choice((2, 3, 10_000)))


def other_children(draw: Draw, content: bytes) -> bytes:
    """Give a tree children that lead anywhere: back, to themselves, out of range, to the same place twice."""
    lines = content.decode().split("\n")
    at = draw.choice([place for place, line in enumerate(lines) if line.startswith(("left_child=", "right_child="))])
    name, _, array = lines[at].partition("=")
    many = len(array.split(" "))
    lines[at] = f"{name}={' '.join(str(draw.randint(-many - 2, many + 1)) for _ in range(many))}"
    return mended("\n".join(lines).encode())


def a_chain_of_splits(draw: Draw, content: bytes) -> bytes:
    """Put in place of the first tree one that is deep: in form a tree, however many leaves it has."""
    text = content.decode()
    splits = draw.choice((20, 31, 32, 300, 5_000))
    deep = {
        "num_leaves": [splits + 1],
        "split_feature": [draw.randrange(5) for _ in range(splits)],
        "decision_type": [2] * splits,
        "left_child": [-place - 1 for place in range(splits)],
        "right_child": [*range(1, splits), -splits - 1],
        "leaf_count": [1] * (splits + 1),
        "internal_count": [*range(splits + 1, 1, -1)],
    }
    deep |= {name: [0] * splits for name in ("split_gain", "threshold", "internal_value", "internal_weight")}
    deep |= {name: [0] * (splits + 1) for name in ("leaf_value", "leaf_weight")}
    first = text[text.index("Tree=0") : text.index("Tree=1")]
    tree = first
    for name, array in deep.items():
        tree = re.sub(rf"^{name}=.*$", f"{name}={' '.join(map(str, array))}", tree, flags=re.MULTILINE)
    return mended(text.replace(first, tree, 1).encode())


def mended(content: bytes) -> bytes:
    """Declare the lengths that the trees now have."""
    blocks = re.split(rb"(?=Tree=\d+\n)|(?=end of trees\n)", content)
    sizes = b" ".join(str(len(block)).encode() for block in blocks if block.startswith(b"Tree="))
    return re.sub(rb"^tree_sizes=.*$", b"tree_sizes=" + sizes, content, count=1, flags=re.MULTILINE)


# Ways to spoil JSON -------------------------------------------------------------------------------------------------


def _places(found: Any) -> list[tuple[Any, Any]]:
    """Return every place in some JSON: what holds it, and its key or number there."""
    keys = list(found) if isinstance(found, dict) else range(len(found)) if isinstance(found, list) else ()
    return [place for key in keys for place in ((found, key), *_places(found[key]))]


def _dumped(found: Any) -> bytes:
    text = json.dumps(found, sort_keys=True, indent=2, ensure_ascii=False)
    return f"{text}\n".encode(errors="surrogatepass")


def another_value(draw: Draw, content: bytes) -> bytes:
    found = json.loads(content)
    holder, key = draw.choice(_places(found))
    holder[key] = draw.choice(VALUES)
    return _dumped(found)


def lost_value(draw: Draw, content: bytes) -> bytes:
    found = json.loads(content)
    holder, key = draw.choice(_places(found))
    del holder[key]
    return _dumped(found)


def added_value(draw: Draw, content: bytes) -> bytes:
    found = json.loads(content)
    holder, _ = draw.choice(_places(found))
    value = draw.choice(VALUES)
    if isinstance(holder, dict):
        holder[draw.choice(("extra", "../x", "__class__", "raw"))] = value
    else:
        holder.append(value)
    return _dumped(found)


def twice(draw: Draw, content: bytes) -> bytes:
    """Say something twice: a key with two values."""
    lines = content.decode().split("\n")
    at = draw.choice([place for place, line in enumerate(lines) if line.endswith(",")] or [0])
    return "\n".join([*lines[:at], lines[at], *lines[at:]]).encode()


def nested(draw: Draw, content: bytes) -> bytes:
    deep = draw.choice((10, 150, 500, 100_000))
    return b'{"populations": ' + b"[" * deep + b"]" * deep + b"}"


ANY: tuple[Way, ...] = (flip, insert, delete, cut_short, repeat, lose_a_line, swap_lines, another_number)
IN_TREES: tuple[Way, ...] = (
    *(another_entry, swapped_entries, lost_entry, longer_array, other_children, a_chain_of_splits),
)
IN_JSON: tuple[Way, ...] = (another_value, lost_value, added_value, twice, nested)
