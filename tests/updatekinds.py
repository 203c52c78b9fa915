"""One update of every kind that Telegram sends, as JSON; each from ``user`` where one stands behind it.

Bot API, "Getting updates", the object Update.
"""

from __future__ import annotations

import time
from typing import Any

from telegramserver import BOT, User
from telegramserver.formatted import entities_of

Json = dict[str, Any]


def updates(user: User, text: str, *, chat_id: int) -> dict[str, Json]:
    """The content of an update by the name of its kind."""
    who, now = user.json(), int(time.time())
    private = {"id": chat_id, "type": "private", "first_name": user.first_name}
    channel = {"id": -100, "type": "channel", "title": "c"}
    message = {"message_id": 1, "date": now, "chat": private, "from": who, "text": text}
    message |= entities_of(text)
    shown = {"message_id": 2, "date": now, "chat": private, "from": BOT, "text": "…"}
    post = {"message_id": 3, "date": now, "chat": channel, "text": text}
    member = {"user": who, "status": "member"}
    change = {"chat": private, "from": who, "date": now}
    change |= {"old_chat_member": member, "new_chat_member": member}
    about = {"chat": private, "message_id": 2, "date": now}
    source = {"source": "premium", "user": who}
    boost = {"boost_id": "b", "add_date": now, "expiration_date": now + 9, "source": source}
    sold = {"currency": "XTR", "total_amount": 1, "invoice_payload": text}
    address = dict.fromkeys(
        ("country_code", "state", "city", "street_line1", "street_line2"), "x"
    ) | {"post_code": "1"}
    connection = {"id": "c", "user": who, "user_chat_id": chat_id, "date": now, "is_enabled": True}
    option = {"persistent_id": "o", "text": text, "voter_count": 1}
    poll = {
        **{"id": "p", "question": text, "options": [option], "total_voter_count": 1},
        **{"is_closed": False, "is_anonymous": True, "type": "regular"},
        **{"allows_multiple_answers": False, "allows_revoting": False, "members_only": False},
    }
    answer = {"poll_id": "p", "user": who, "option_ids": [0], "option_persistent_ids": ["o"]}
    emoji = {"type": "emoji", "emoji": "👍"}
    return {
        "message": message,
        "edited_message": message | {"edit_date": now},
        "channel_post": post,
        "edited_channel_post": post | {"edit_date": now},
        "inline_query": {"id": "1", "from": who, "query": text, "offset": ""},
        "chosen_inline_result": {"result_id": "1", "from": who, "query": text},
        "callback_query": {"id": "1", "from": who, "message": shown, "data": text[:9]}
        | {"chat_instance": "1"},
        "shipping_query": {"id": "1", "from": who, "invoice_payload": text}
        | {"shipping_address": address},
        "pre_checkout_query": {"id": "1", "from": who, **sold},
        "poll": poll,
        "poll_answer": answer,
        "my_chat_member": change,
        "chat_member": change,
        "chat_join_request": {"chat": private, "from": who, "user_chat_id": chat_id, "date": now},
        "chat_boost": {"chat": private, "boost": boost},
        "removed_chat_boost": {"chat": private, "boost_id": "b", "remove_date": now}
        | {"source": source},
        "message_reaction": about | {"user": who, "old_reaction": [], "new_reaction": [emoji]},
        "message_reaction_count": about | {"reactions": [{"type": emoji, "total_count": 1}]},
        "business_connection": connection | {"can_reply": True},
        "business_message": message | {"business_connection_id": "c"},
        "edited_business_message": message | {"business_connection_id": "c", "edit_date": now},
        "deleted_business_messages": {"business_connection_id": "c", "chat": private}
        | {"message_ids": [1]},
        "purchased_paid_media": {"from": who, "paid_media_payload": text},
        "managed_bot": {"user": who, "bot": BOT},
        "guest_message": message,
    }
