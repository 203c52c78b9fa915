"""The Bot API server of the tests, under its old name; see ``telegramserver``."""

from telegramserver import BOT, READER, TOKEN, BotApi, Call, Sent, Trouble, User

__all__ = ["BOT", "READER", "TOKEN", "BotApi", "Call", "Sent", "Trouble", "User"]
