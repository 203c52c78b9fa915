"""The HTTP under the server: requests in, JSON out, and the ways a server can fail.

Bot API, "Making requests": GET and POST; query string, URL-encoded, JSON and multipart bodies.
"""

from __future__ import annotations

import json
import re
import socket
import sys
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from email.message import Message
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

from .errors import ApiError, DroppedError, Json, SilentError

Answerer = Callable[[str, str, Json], object]
SILENCE_S = 2.0  # tests let the bot wait a shorter time
MAX_BODY_BYTES = 52 * 2**20  # a document of 50 MB and what stands around it


@dataclass(frozen=True, slots=True)
class File:
    """An uploaded file."""

    name: str
    data: bytes


class BotServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False
    request_queue_size = 512

    def __init__(self, answer: Answerer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer

    def handle_error(self, *_: object) -> None:
        """A bot that is killed leaves connections behind; anything else is ours, and is shown."""
        if not isinstance(sys.exception(), ConnectionError):
            traceback.print_exc()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: no 40 ms of waiting for an acknowledgement
    disable_nagle_algorithm = True
    server: BotServer

    def do_POST(self) -> None:
        path = urlsplit(self.path)
        _, token, method = path.path.split("/", 2) if path.path.count("/") > 1 else ("", "", "")
        try:
            params = self._params(path.query)
            result = self.server.answer(token.removeprefix("bot"), method, params)
        except DroppedError as error:
            time.sleep(SILENCE_S if isinstance(error, SilentError) else 0)
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        except ApiError as error:
            self._fail(error)
        else:
            self._reply(200, {"ok": True, "result": result})

    do_GET = do_POST  # noqa: N815 -- the name that http.server calls

    def _params(self, query: str) -> Json:
        length = int(self.headers.get("Content-Length", 0))
        if length > MAX_BODY_BYTES:
            self.close_connection = True
            raise ApiError(413, "Request Entity Too Large")
        return _one_each(query) | parameters(self.headers, self.rfile.read(length))

    def _fail(self, error: ApiError) -> None:
        if error.code == 502:
            self._reply(502, None)
            return
        reply = {"ok": False, "error_code": error.code, "description": error.description}
        self._reply(error.code, reply | ({"parameters": error.extra} if error.extra else {}))

    def _reply(self, code: int, content: Json | None) -> None:
        page = b"<html><head><title>502 Bad Gateway</title></head></html>"
        body = page if content is None else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "text/html" if content is None else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read ``BotApi.calls`` instead."""


def parameters(headers: Message, body: bytes) -> Json:
    """A body as parameters, by its content type."""
    kind = headers.get_content_type()
    if not body:
        return {}
    if kind == "application/json":
        return {k: v if isinstance(v, str) else json.dumps(v) for k, v in json.loads(body).items()}
    if kind == "multipart/form-data":
        edge = b"\r\n--" + str(headers.get_boundary()).encode()
        return dict(map(_part, (b"\r\n" + body).split(edge)[1:-1]))
    return _one_each(body.decode())


def _one_each(query: str) -> Json:
    return {key: values[-1] for key, values in parse_qs(query, True).items()}


def _part(part: bytes) -> tuple[str, str | File]:
    """A part of a multipart body (RFC 7578): its name, and its value or file."""
    head, _, data = part.partition(b"\r\n\r\n")
    given = dict(re.findall(r'(name|filename)="([^"]*)"', head.decode()))
    name, filename = given["name"], given.get("filename")
    return name, data.decode() if filename is None else File(filename, data)
