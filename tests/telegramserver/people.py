"""Who talks, and where: users, chats, topics, and chats that a bot cannot write to."""

from __future__ import annotations

from dataclasses import dataclass, field

from .errors import ApiError, Json, bad_request

BOT = {"id": 123456789, "is_bot": True, "first_name": "吉问", "username": "jiwen_test_bot"}


@dataclass(frozen=True, slots=True)
class User:
    id: int = 42
    first_name: str = "读者"
    language_code: str | None = "zh-hans"

    def json(self) -> Json:
        names = {"id": self.id, "is_bot": False, "first_name": self.first_name}
        return names | ({"language_code": self.language_code} if self.language_code else {})


READER = User()


@dataclass(slots=True)
class Chat:
    """A chat that the bot has met; ``id`` negative for groups."""

    id: int
    type: str
    name: str
    topics: set[int] = field(default_factory=set)
    closed_topics: set[int] = field(default_factory=set)
    refusal: ApiError | None = None  # what every message to it is answered with

    def json(self) -> Json:
        chat: Json = {"id": self.id, "type": self.type}
        chat |= {"first_name": self.name} if self.type == "private" else {"title": self.name}
        return chat | ({"is_forum": True} if self.topics else {})


class Chats:
    """The chats that the bot has met. Bot API: a bot can't start a conversation."""

    def __init__(self) -> None:
        self._chats: dict[int, Chat] = {}

    def meet(self, chat_id: int, user: User, chat_type: str) -> Chat:
        """The chat, known from now on."""
        name = user.first_name if chat_type == "private" else "读报群"
        return self._chats.setdefault(chat_id, Chat(chat_id, chat_type, name))

    def known(self, chat_id: int) -> Chat | None:
        return self._chats.get(chat_id)

    def open_for(self, chat_id: str, thread: str | None = None) -> Chat:
        """The chat to write to; raises as Telegram does where that cannot be."""
        try:
            chat = self._chats[int(chat_id)]
        except (KeyError, ValueError):
            raise bad_request("chat not found") from None
        if chat.refusal:
            raise chat.refusal
        if thread and int(thread) not in chat.topics:
            raise bad_request("message thread not found")
        if thread and int(thread) in chat.closed_topics:
            raise bad_request("TOPIC_CLOSED")
        return chat


BLOCKED = ApiError(403, "Forbidden: bot was blocked by the user")
KICKED = ApiError(403, "Forbidden: bot was kicked from the supergroup chat")
DEACTIVATED = ApiError(403, "Forbidden: user is deactivated")


def migrated(chat_id: int) -> ApiError:
    """ResponseParameters, migrate_to_chat_id."""
    why = "Bad Request: group chat was upgraded to a supergroup chat"
    return ApiError(400, why, {"migrate_to_chat_id": chat_id})
