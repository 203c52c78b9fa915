"""The HTTP under ``botapi``: requests in, JSON out, and the ways a server can fail."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import Callable
from email.parser import BytesParser
from email.policy import HTTP
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

Json = dict[str, Any]
SILENCE_S = 2.0  # how long a server that took a call says nothing, before the connection is closed
Answerer = Callable[[str, str, Json], object]


class ApiError(Exception):
    def __init__(self, code: int, description: str, extra: Json | None = None) -> None:
        super().__init__(code, description)
        self.code, self.description, self.extra = code, description, extra


class BotServer(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def __init__(self, answer: Answerer) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.answer = answer

    def handle_error(self, *_: object) -> None:
        """A bot that is killed leaves connections behind; nothing to report."""


def _form(body: str) -> Json:
    return {key: values[-1] for key, values in parse_qs(body, True).items()}


def _multipart(kind: str, body: bytes) -> Json:
    """The fields of a form with files; a file is its name and its bytes."""
    head = f"Content-Type: {kind}\r\n\r\n".encode()
    fields: Json = {}
    for part in BytesParser(policy=HTTP).parsebytes(head + body).iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        data = part.get_payload(decode=True)
        file = part.get_filename()
        fields[name] = (file, data) if file else data.decode()
    return fields


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together: no 40 ms of waiting for an acknowledgement
    disable_nagle_algorithm = True
    server: BotServer

    def do_POST(self) -> None:
        _, token, method = self.path.split("/", 2) if self.path.count("/") > 1 else ("", "", "")
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        kind = self.headers.get("Content-Type", "")
        params = _multipart(kind, body) if kind.startswith("multipart/") else _form(body.decode())
        try:
            result = self.server.answer(token.removeprefix("bot"), method, params)
        except ApiError as error:
            self._fail(error)
        else:
            self._reply(200, {"ok": True, "result": result})

    def _fail(self, error: ApiError) -> None:
        if error.code < 0:
            time.sleep(SILENCE_S)
        if error.code <= 0:
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif error.code == 502:
            self._reply(502, None)
        else:
            reply = {"ok": False, "error_code": error.code, "description": error.description}
            self._reply(error.code, reply | ({"parameters": error.extra} if error.extra else {}))

    def _reply(self, code: int, content: Json | None) -> None:
        body = b"<html>502 Bad Gateway</html>" if content is None else json.dumps(content).encode()
        self.send_response(code)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Tests read ``BotApi.calls`` instead."""
