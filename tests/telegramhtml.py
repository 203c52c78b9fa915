"""Telegram's HTML as the tests read it, under its old name; see ``telegramserver``."""

from telegramserver import Entity, checked_buttons, checked_text, read_html, units

__all__ = ["Entity", "checked_buttons", "checked_text", "read_html", "units"]
