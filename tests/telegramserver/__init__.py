"""A Bot API server on loopback, as strict as Telegram, and the people who talk through it."""

from .api import BotApi
from .checks import checked_buttons, checked_callback_answer, checked_results, checked_text
from .errors import ApiError
from .formatted import Entity, read_html, units
from .messages import Sent, composed
from .methods import TOKEN, Call, InlineAnswer
from .people import BLOCKED, BOT, KICKED, READER, User
from .troubles import Trouble
from .wire import File

__all__ = [
    "BLOCKED",
    "BOT",
    "KICKED",
    "READER",
    "TOKEN",
    "ApiError",
    "BotApi",
    "Call",
    "Entity",
    "File",
    "InlineAnswer",
    "Sent",
    "Trouble",
    "User",
    "checked_buttons",
    "checked_callback_answer",
    "checked_results",
    "checked_text",
    "composed",
    "read_html",
    "units",
]
