"""A port of this machine, and a service that answers there until it is told to stop."""

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.types import ASGIApp

from earlywarn.errors import ConfigError

HOST = "127.0.0.1"
_STOPS = (signal.SIGINT, signal.SIGTERM)
_PATIENCE = 5  # seconds for answers under way, once it is told to stop
_LONGEST_HEAD = 16 * 1024  # bytes of a request that are kept while its head is not complete


def take_port(port: int) -> socket.socket:
    """Take a port of this machine, not yet answering; 0 takes any that is free."""
    taken = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)  # after a kill, its old connections may linger
    try:
        taken.bind((HOST, port))
    except OSError:
        taken.close()
        raise ConfigError(
            f"port {port} of {HOST} cannot be taken: something else answers there, or it is reserved",
            fix="stop what answers there, or choose another with --port",
        ) from None
    return taken


def answer_until_stopped(app: ASGIApp, taken: socket.socket) -> None:
    """Answer until Ctrl-C or SIGTERM; answers under way are finished first."""
    settings = uvicorn.Config(
        app,
        http="h11",
        ws="none",
        lifespan="off",
        log_config=None,
        log_level="critical",
        access_log=False,  # it would write paths, and with them people
        proxy_headers=False,
        server_header=False,
        h11_max_incomplete_event_size=_LONGEST_HEAD,
        timeout_graceful_shutdown=_PATIENCE,
    )
    server = uvicorn.Server(settings)
    with _stopped_by_signals(server):
        server.run(sockets=[taken])


@contextmanager
def _stopped_by_signals(server: uvicorn.Server) -> Iterator[None]:
    """Let signals stop the server and nothing more: when it has stopped it raises them anew."""
    before = {each: signal.signal(each, server.handle_exit) for each in _STOPS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
