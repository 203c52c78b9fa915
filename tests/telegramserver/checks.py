"""What the server holds a request against before it takes it. Values in, values or ApiError out.

The same functions judge what the fuzz renders, without a server.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .errors import ApiError, Json, bad_request
from .formatted import MAX_ENTITIES, Entity, checked_unicode, cleaned, read_html, units
from .wire import File

MAX_TEXT_UNITS = 4096  # sendMessage, text: "1-4096 characters after entities parsing"
MAX_CAPTION_UNITS = 1024  # sendDocument, caption: "0-1024 characters after entities parsing"
MAX_RAW_BYTES = 35_000  # TDLib reads no more; not documented
MAX_DATA_BYTES = 64  # InlineKeyboardButton, callback_data: "1-64 bytes"
MAX_BUTTONS = 100  # of one keyboard; more are refused by the server; not documented
MAX_ANSWER_CHARS = 200  # answerCallbackQuery, text: "0-200 characters"
MAX_RESULTS = 50  # answerInlineQuery: "No more than 50 results per query are allowed"
MAX_PHOTO_BYTES, MAX_FILE_BYTES = 10 * 2**20, 50 * 2**20  # "Sending files"
# "Users will be able to write a private message …": what shows nothing counts as empty.
_INVISIBLE = re.compile(r"[\s\u200b-\u200f\u2060-\u206f\ufe00-\ufe0f\ufeff\u2800\u3164\ufffc]*")
_ONE_OF = ("callback_data", "url", "switch_inline_query", "switch_inline_query_current_chat")


@dataclass(frozen=True, slots=True)
class Keyboard:
    """An inline keyboard: labels and what they carry, row by row."""

    rows: tuple[tuple[tuple[str, str], ...], ...] = ()

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        return tuple(button for row in self.rows for button in row)


def checked_text(params: Json, name: str = "text") -> tuple[str, tuple[Entity, ...]]:
    """The text (or caption) that a reader sees and what is marked in it."""
    raw = checked_unicode(params.get(name, ""))
    if len(raw.encode()) > MAX_RAW_BYTES:
        raise bad_request("text is too long")
    mode = params.get("parse_mode")
    if mode not in (None, "", "HTML"):
        raise bad_request("unsupported parse_mode")
    text, entities = cleaned(*(read_html(raw) if mode else (raw, ())))
    if name == "text" and _INVISIBLE.fullmatch(text):
        raise bad_request("message text is empty")
    if units(text) > (MAX_TEXT_UNITS if name == "text" else MAX_CAPTION_UNITS):
        raise bad_request(f"message {'' if name == 'text' else 'caption '}is too long")
    return text, entities[:MAX_ENTITIES]


def checked_keyboard(markup: str | None) -> Keyboard:
    """The inline keyboard; empty where there is another markup, or none."""
    whole = _parsed(markup, "reply markup", dict) if markup else {}
    rows = whole.get("inline_keyboard", [])
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request("object expected as reply markup")
    if whole.get("force_reply") and units(whole.get("input_field_placeholder", "x")) > 64:
        raise bad_request("input field placeholder is too long")
    keyboard = Keyboard(tuple(tuple(map(_button, row)) for row in rows if row))
    if len(keyboard.buttons) > MAX_BUTTONS:
        raise bad_request("REPLY_MARKUP_TOO_LONG")
    return keyboard


def _button(button: Json) -> tuple[str, str]:
    cannot = "can't parse inline keyboard button: "
    label = button.get("text")
    if not isinstance(label, str):
        raise bad_request(cannot + 'Can\'t find field "text"')
    if not checked_unicode(label).strip():
        raise bad_request(cannot + 'Field "text" must be non-empty')
    given = [name for name in _ONE_OF if name in button]
    if len(given) != 1:
        raise bad_request(cannot + "Text buttons are unallowed in the inline keyboard")
    data = str(button[given[0]])
    if (
        given == ["callback_data"]
        and not 1 <= len(checked_unicode(data).encode()) <= MAX_DATA_BYTES
    ):
        raise bad_request("BUTTON_DATA_INVALID")
    if given == ["url"] and not re.match(r"(https?|tg)://\S+$", data):
        raise bad_request(f"inline keyboard button URL '{data}' is invalid: Wrong HTTP URL")
    return label, data


def checked_buttons(markup: str | None) -> tuple[tuple[str, str], ...]:
    """The buttons of an inline keyboard, one after another."""
    return checked_keyboard(markup).buttons


def checked_callback_answer(params: Json) -> None:
    """A toast or alert that fits."""
    if len(checked_unicode(params.get("text", ""))) > MAX_ANSWER_CHARS:
        raise bad_request("MESSAGE_TOO_LONG")


def checked_results(params: Json) -> list[Json]:
    """The results of an inline query (answerInlineQuery, InlineQueryResultArticle)."""
    results: list[Json] = _parsed(params.get("results", ""), "inline query results", list)
    if len(results) > MAX_RESULTS:
        raise bad_request("RESULTS_TOO_MUCH")
    ids = [str(result.get("id", "")) for result in results]
    if not all(1 <= len(one.encode()) <= 64 for one in ids):
        raise bad_request("RESULT_ID_INVALID")
    if len(set(ids)) < len(ids):
        raise bad_request("RESULT_ID_DUPLICATE")
    for result in results:
        _checked_result(result)
    if len(params.get("next_offset", "").encode()) > 64:
        raise bad_request("NEXT_OFFSET_INVALID")
    return results


def _checked_result(result: Json) -> None:
    if result.get("type") != "article":
        raise bad_request("RESULT_TYPE_INVALID")
    if not checked_unicode(str(result.get("title", ""))).strip():
        raise bad_request("can't parse inline query result: Can't find field \"title\"")
    content = result.get("input_message_content")
    if not isinstance(content, dict) or "message_text" not in content:
        raise bad_request("MESSAGE_TEXT_EMPTY" if content else "SEND_MESSAGE_TYPE_INVALID")
    checked_text(content | {"text": content["message_text"]})
    if "reply_markup" in result:
        checked_keyboard(json.dumps(result["reply_markup"]))


def checked_commands(params: Json) -> Sequence[Json]:
    """The menu (BotCommand: 1-32 of a-z 0-9 _, description of 1-256)."""
    commands: list[Json] = _parsed(params.get("commands", "[]"), "commands", list)
    if len(commands) > 100:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    return commands


def checked_file(params: Json, name: str) -> File:
    """The upload of sendDocument or sendPhoto ("Sending files")."""
    given = params.get(name)
    if isinstance(given, str) and given.startswith("attach://"):
        given = params.get(given.removeprefix("attach://"))
    if not given:
        raise bad_request(f"there is no {name} in the request")
    if not isinstance(given, File):
        raise bad_request("wrong file identifier/HTTP URL specified")
    if not given.data:
        raise bad_request("file must be non-empty")
    if len(given.data) > (MAX_PHOTO_BYTES if name == "photo" else MAX_FILE_BYTES):
        raise bad_request("file is too big") if name == "photo" else _too_large()
    if name == "photo" and not given.data.startswith((b"\x89PNG\r\n", b"\xff\xd8\xff", b"RIFF")):
        raise bad_request("IMAGE_PROCESS_FAILED")
    return given


def _too_large() -> ApiError:
    return ApiError(413, "Request Entity Too Large")


def _parsed(text: str, what: str, kind: Callable[..., object]) -> object:
    try:
        value = json.loads(text)
    except ValueError:
        raise bad_request(f"can't parse {what} JSON object") from None
    if type(value) is not kind:
        raise bad_request(f"object expected as {what}")
    return value
