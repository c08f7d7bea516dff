"""Fifty programs ask the service at once, for a minute: does it lose any, and how long do they wait?

    python benchmarks/serve.py DEMO [SECONDS]

In:  the folder of a demo (`earlywarn demo --out DEMO`): its bundle, data and date; tokens and log are not kept.
Out: `results/serve.json`, and its table. An answer is lost if it did not come, was not 200, or was not, byte for byte,
     what the same address answered before the crowd came.
"""

import asyncio
import json
import platform
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import cycle
from pathlib import Path

import numpy as np

RESULTS = Path(__file__).parent / "results" / "serve.json"
AT_ONCE, SECONDS, PEOPLE = 50, 60, 5
ADDRESSES = ("/about", "/lists/onset", "/lists/already")
UNTIL = "2099-07-31"


@dataclass(frozen=True)
class Service:
    """Where it answers, and a token for each school."""

    port: int
    secrets: dict[str, str]


def main() -> None:
    demo, seconds = Path(sys.argv[1]), float(sys.argv[2]) if len(sys.argv) > 2 else SECONDS
    with tempfile.TemporaryDirectory() as folder, running(demo, Path(folder)) as service:
        found = asyncio.run(measured(service, seconds))
    found = {"at once": AT_ONCE, "seconds": seconds, **found, "python": platform.python_version()}
    RESULTS.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8", newline="\n")
    print("\n".join(["| | |", "|---|---|", *(f"| {name} | {value} |" for name, value in found.items())]))


@contextmanager
def running(demo: Path, folder: Path) -> Iterator[Service]:
    """Serve the demo's pupils on a free port, from a process of its own."""
    about = json.loads((demo / "scores" / "pupil-absence" / "about.json").read_text(encoding="utf-8"))
    secrets = {school: token(folder, school) for school in about["school_names"]}
    where = ["--tokens", folder / "tokens.yaml", "--private", folder / "private", "--port", 0, "--rate", 10**9]
    words = ["serve", demo / "models" / "pupil-absence" / "1", demo / "data", "--as-of", about["as_of"], *where]
    with subprocess.Popen(command(*words), stdout=subprocess.PIPE, text=True) as process:
        try:
            said = (re.search(r"http://127.0.0.1:(\d+)", line) for line in process.stdout or ())
            yield Service(int(next(found for found in said if found)[1]), secrets)
        finally:
            process.terminate()


def token(folder: Path, school: str) -> str:
    words = ["serve-token", school, "--for", school, "--until", UNTIL, "--tokens", folder / "tokens.yaml", "--json"]
    said = subprocess.run(command(*words), stdout=subprocess.PIPE, text=True, check=True).stdout
    return str(json.loads(said)["token"])


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "earlywarn", *map(str, words)]


async def measured(service: Service, seconds: float) -> dict[str, object]:
    """Ask each address once, quietly, then all of them again and again from every caller."""
    right = {request: await alone(service, request) for request in await requests_of(service)}
    until = time.monotonic() + seconds
    callers = [caller(service, right, number, until) for number in range(AT_ONCE)]
    found = await asyncio.gather(*callers)
    waits = 1_000 * np.array([wait for came, _ in found for wait in came])
    p50, p95, p99 = np.percentile(waits, (50, 95, 99)).round(1).tolist()
    sizes = np.array([len(answer) for answer in right.values()])
    return {
        "addresses": len(right),
        "median answer, bytes": int(np.median(sizes)),
        "answers": len(waits),
        "lost": sum(lost for _, lost in found),
        "answers a second": round(len(waits) / seconds),
        "p50, ms": p50,
        "p95, ms": p95,
        "p99, ms": p99,
        "longest, ms": round(float(waits.max()), 1),
    }


async def requests_of(service: Service) -> list[bytes]:
    """Return what every school may ask: what stands behind its lists, both lists, the first people of one."""
    found = []
    for secret in service.secrets.values():
        listed = json.loads((await alone(service, request("/lists/onset", secret)))[1:])["people"]
        people = [f"/people/{one['person_id']}" for one in listed[:PEOPLE]]
        found += [request(address, secret) for address in (*ADDRESSES, *people)]
    return found


def request(address: str, secret: str) -> bytes:
    return f"GET {address} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {secret}\r\n\r\n".encode()


async def alone(service: Service, asked: bytes) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.write(asked)
    answer = await whole(reader)
    writer.close()
    return answer


async def caller(service: Service, right: dict[bytes, bytes], first: int, until: float) -> tuple[list[float], int]:
    """Ask one after the other on one connection, a new one after a loss; return the waits, and how many were lost."""
    waits, lost = list[float](), 0
    order = cycle([*right][first % len(right) :] + [*right][: first % len(right)])
    reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    while time.monotonic() < until:
        asked, began = next(order), time.monotonic()
        try:
            writer.write(asked)
            lost += await whole(reader) != right[asked]
            waits.append(time.monotonic() - began)
        except (OSError, asyncio.IncompleteReadError):
            lost += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", service.port)
    writer.close()
    return waits, lost


async def whole(reader: asyncio.StreamReader) -> bytes:
    """Return an answer's body, marked where its status is not 200."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    body = await reader.readexactly(int(length[1]) if length else 0)
    return (b" " if head.startswith(b"HTTP/1.1 200") else b"!") + body


if __name__ == "__main__":
    main()
