"""A small HTTP server for machines that watch the bot: ``/healthz`` and ``/metrics``."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Final

import msgspec

from bot import wording
from bot.figures import BOUNDS_S, Figures, resident_bytes
from bot.shelf import Shelf
from bot.wording import Door
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from prometheus_client.core import Metric

# A poll waits at most 10 s, and the retry loop pauses at most 30 s: past this it is down.
SILENT_S: Final = 120.0
_TEXT: Final = "text/plain; charset=utf-8"
_EXTRA: Final = b"metrics need prometheus-client: pip install 'jiwen[metrics]'\n"

Page = tuple[HTTPStatus, str, bytes]


class Probe:
    """The server, in a thread of its own."""

    def __init__(self, listen: str, port: int, pages: Mapping[str, Callable[[], Page]]) -> None:
        try:
            self._http = _Server((listen, port), pages)
        except OSError as error:
            where = f"{listen}:{port}"
            raise SettingsError(wording.both(Door.PORT_TAKEN, where=where, why=error)) from None
        self.port: int = self._http.server_address[1]
        threading.Thread(target=self._http.serve_forever, daemon=True, name="probe").start()

    def close(self) -> None:
        """Stop serving."""
        self._http.shutdown()
        self._http.server_close()


def health(shelf: Shelf, figures: Figures, *, polls: bool) -> Page:
    """Return 200 while updates come in, 503 where the server has long been silent."""
    since = figures.polled if figures.polled is not None else figures.started
    silent_s = time.monotonic() - since
    sound = not polls or silent_s < SILENT_S
    body: dict[str, object] = {"ok": sound, "generation": shelf.generation}
    body |= {"silent_s": round(silent_s, 1)} if polls else {}
    status = HTTPStatus.OK if sound else HTTPStatus.SERVICE_UNAVAILABLE
    return status, "application/json", msgspec.json.encode(body) + b"\n"


def metrics(shelf: Shelf, figures: Figures) -> Page:
    """Return what is counted in the form that Prometheus reads; 501 without its package."""
    try:
        from prometheus_client import CollectorRegistry, generate_latest
        from prometheus_client.exposition import CONTENT_TYPE_LATEST
    except ImportError:
        return HTTPStatus.NOT_IMPLEMENTED, _TEXT, _EXTRA
    registry = CollectorRegistry()
    registry.register(_Collector(shelf, figures))
    return HTTPStatus.OK, CONTENT_TYPE_LATEST, generate_latest(registry)


class _Collector:
    """The figures as Prometheus' families."""

    def __init__(self, shelf: Shelf, figures: Figures) -> None:
        self._shelf = shelf
        self._figures = figures

    def collect(self) -> Iterator[Metric]:
        """Yield every family once."""
        from prometheus_client.core import (
            CounterMetricFamily,
            GaugeMetricFamily,
            HistogramMetricFamily,
        )

        figures = self._figures
        for name, told, counts, label in (
            ("jiwen_updates", "updates at the gate", figures.rulings, "ruling"),
            ("jiwen_answers", "answers", figures.verdicts, "verdict"),
            ("jiwen_reloads", "changes of the index", figures.reloads, "outcome"),
        ):
            family = CounterMetricFamily(name, told, labels=[label])
            for value, n in dict(counts).items():  # the loop counts on
                family.add_metric([value], n)
            yield family
        yield CounterMetricFamily("jiwen_errors", "updates that failed", figures.errors)
        yield CounterMetricFamily("jiwen_duplicates", "updates come twice", figures.duplicates)
        waited = HistogramMetricFamily("jiwen_answer_seconds", "from taking up to sent")
        waited.add_metric([], _cumulative(figures), figures.sum_s)
        yield waited
        yield GaugeMetricFamily("jiwen_uptime_seconds", "since the start", figures.uptime_s())
        yield GaugeMetricFamily("jiwen_resident_bytes", "memory", resident_bytes())
        for what, n in self._shelf.counts.items():
            yield GaugeMetricFamily(f"jiwen_archive_{what}", f"{what} of the archive", n)


def _cumulative(figures: Figures) -> list[tuple[str, float]]:
    """The histogram as Prometheus wants it: at most so many seconds, each bound with all below."""
    bounds = [*(str(bound) for bound in BOUNDS_S), "+Inf"]
    total, rows = 0, []
    for bound, n in zip(bounds, figures.buckets, strict=True):
        total += n
        rows.append((bound, float(total)))
    return rows


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, address: tuple[str, int], pages: Mapping[str, Callable[[], Page]]) -> None:
        self.pages = pages
        super().__init__(address, _Handler)


class _Handler(BaseHTTPRequestHandler):
    server: _Server

    def do_GET(self) -> None:
        """Answer with a page, or 404."""
        page = self.server.pages.get(self.path.partition("?")[0])
        status, kind, body = page() if page else (HTTPStatus.NOT_FOUND, _TEXT, b"")
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Whoever watches asks all the time; that is no news."""
