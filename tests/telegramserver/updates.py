"""How updates reach the bot: getUpdates and its offset, or a webhook with its secret.

Bot API, "Getting updates": getUpdates, setWebhook, deleteWebhook, getWebhookInfo.
"""

from __future__ import annotations

import http.client
import itertools
import json
import re
import threading
from collections import deque
from collections.abc import Callable
from urllib.parse import urlsplit

from .errors import ApiError, Json, bad_request

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name
RETRY_S = 0.2  # between deliveries to a webhook that failed; Telegram waits longer
_OTHER = "terminated by other getUpdates request; make sure that only one bot instance is running"
_ACTIVE = (
    "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook"
    " first"
)


class Updates:
    """The updates that the bot has not confirmed yet."""

    def __init__(self, news: threading.Condition, now: Callable[[], float]) -> None:
        self._news, self._now = news, now
        self._waiting: deque[Json] = deque()
        self._turn = 0  # of the poller that came last
        self._webhook: Json = {}
        self._failed = ""
        self.handed: dict[int, float] = {}  # update id → when it was first handed out
        self.closing = False

    def add(self, update: Json) -> None:
        with self._news:
            self._waiting.append(update)
            self._news.notify_all()

    def pending(self) -> int:
        return len(self._waiting)

    def poll(self, params: Json) -> list[Json]:
        """The updates from ``offset`` on; those before it are confirmed and forgotten."""
        offset, limit = int(params.get("offset", 0)), int(params.get("limit", 100))
        timeout = float(params.get("timeout", 0))
        with self._news:
            if self._webhook:
                raise ApiError(409, f"Conflict: {_ACTIVE}")
            self._turn += 1
            mine = self._turn
            self._news.notify_all()
            self._confirm(offset)
            self._news.wait_for(
                lambda: self._waiting or self.closing or self._turn != mine, timeout
            )
            if self._turn != mine:
                raise ApiError(409, f"Conflict: {_OTHER}")
            found = list(itertools.islice(self._waiting, max(1, min(limit, 100))))
            for update in found:
                self.handed.setdefault(update["update_id"], self._now())
            return found

    def _confirm(self, offset: int) -> None:
        """A negative offset counts from the end of the queue."""
        while offset < 0 and len(self._waiting) > -offset:
            self._waiting.popleft()
        while self._waiting and self._waiting[0]["update_id"] < offset:
            self._waiting.popleft()

    def set_webhook(self, params: Json) -> bool:
        """Deliver to a URL from now on; http is let through for this machine alone."""
        url, secret = params.get("url", ""), params.get("secret_token", "")
        if not url:
            return self.delete_webhook(params)
        if not url.startswith(("https://", "http://127.0.0.1:")):
            raise bad_request("bad webhook: HTTPS URL must be provided for webhook")
        if not re.fullmatch(r"[A-Za-z0-9_-]{0,256}", secret):
            raise bad_request("secret token contains unallowed characters")
        with self._news:
            self._webhook = {"url": url, "secret": secret}
            self._news.notify_all()
        threading.Thread(target=self._deliver, args=(self._webhook,), daemon=True).start()
        return True

    def delete_webhook(self, params: Json) -> bool:
        with self._news:
            self._webhook = {}
            if params.get("drop_pending_updates") == "true":
                self._waiting.clear()
            self._news.notify_all()
        return True

    def webhook_info(self) -> Json:
        info = {"url": self._webhook.get("url", ""), "has_custom_certificate": False}
        failed = {"last_error_date": 1_700_000_000, "last_error_message": self._failed}
        return info | {"pending_update_count": self.pending()} | (failed if self._failed else {})

    def _deliver(self, hook: Json) -> None:
        """Hand the updates over one by one; each again until it is taken."""
        while True:
            with self._news:
                self._news.wait_for(
                    lambda: self._waiting or self.closing or self._webhook is not hook
                )
                if self.closing or self._webhook is not hook:
                    return
                update = self._waiting[0]
                self.handed.setdefault(update["update_id"], self._now())
            taken = self._post(hook, update)
            with self._news:
                if taken and self._waiting and self._waiting[0] is update:
                    self._waiting.popleft()
                self._news.notify_all()
                if not taken:
                    self._news.wait(RETRY_S)

    def _post(self, hook: Json, update: Json) -> bool:
        where = urlsplit(hook["url"])
        headers = {"Content-Type": "application/json"}
        headers |= {SECRET_HEADER: hook["secret"]} if hook["secret"] else {}
        connection = http.client.HTTPConnection(where.hostname or "", where.port, timeout=10)
        try:
            connection.request("POST", where.path or "/", json.dumps(update), headers)
            code = connection.getresponse().status
        except OSError as error:
            self._failed = str(error)
            return False
        finally:
            connection.close()
        self._failed = "" if code // 100 == 2 else f"Wrong response from the webhook: {code}"
        return code // 100 == 2
