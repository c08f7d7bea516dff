"""Requests to an ASGI app as a program sends them, without a network; and the same app on a port of this machine."""

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import unquote_to_bytes, urlsplit

import uvicorn
from starlette.types import ASGIApp, Message

from earlywarn.serve.loopback import take_port


@dataclass(frozen=True)
class Answered:
    """What came back."""

    status: int
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def ask(app: ASGIApp, address: str, token: str = "", method: str = "GET", **headers: str) -> Answered:
    """Send one request; a header's name is written with underscores."""
    parts, sent = urlsplit(address), list[Message]()
    said = {"host": "127.0.0.1:8707"} | ({"authorization": f"Bearer {token}"} if token else {}) | headers
    scope = {
        "type": "http",
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": unquote_to_bytes(parts.path).decode(errors="replace"),
        "raw_path": parts.path.encode(),
        "query_string": parts.query.encode(),
        "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in said.items()],
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    asyncio.run(app(scope, receive, send))
    start, *rest = sent
    carried = {name.decode(): value.decode() for name, value in start["headers"]}
    return Answered(start["status"], carried, b"".join(message.get("body", b"") for message in rest))


@contextmanager
def answering(app: ASGIApp) -> Iterator[str]:
    """Answer over HTTP from another thread, and lend the address."""
    with closing(take_port(0)) as port:
        server = uvicorn.Server(uvicorn.Config(app, http="h11", ws="none", lifespan="off", log_config=None))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [port]})
        thread.start()
        try:
            while not server.started:
                time.sleep(0.01)
            yield f"http://127.0.0.1:{port.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()
