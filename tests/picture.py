"""Writes a page that shows a Telegram conversation as the bot really held it.

    python tests/picture.py conversation.html
    chromium --headless --screenshot=docs/conversation.png --window-size=460,980 conversation.html

The bot runs as in the tests: a real process, against a Bot API server on loopback.
"""

from __future__ import annotations

import html
import subprocess
import sys
import tempfile
from pathlib import Path

from telegramserver import BotApi
from telegramserver.running import REAL, ROOT, start_bot

ASKED = ("东丰县打疫苗的接种点有几个?", "那抽调了多少人?", "延吉恐龙王国的门票多少钱一张?")
_STYLE = """
body { margin: 0; padding: 14px; background: #b5cbb0; width: 432px;
       font: 15px/1.45 "Noto Sans CJK SC", sans-serif; }
div { margin: 0 0 10px; padding: 8px 12px; border-radius: 12px; background: #fff; width: fit-content;
      max-width: 350px; white-space: pre-wrap; overflow-wrap: anywhere; }
div.reader { margin-left: auto; background: #e3fdc8; }
blockquote { margin: 4px 0; padding: 2px 0 2px 8px; border-left: 3px solid #4a9c51; }
span { display: block; margin: -4px 0 10px; padding: 6px; border-radius: 8px; max-width: 362px;
       background: #0003; color: #fff; text-align: center; }
a, code { color: #2678b6; font-size: 13px; }
"""


def conversation() -> list[str]:
    """The bubbles of a conversation, as HTML."""
    bubbles = []
    with tempfile.TemporaryDirectory() as name, BotApi() as api:
        folder = Path(name)
        index = [sys.executable, "-m", "bot.cli", "index", "--index", folder / "index"]
        subprocess.run(index, cwd=ROOT, check=True, capture_output=True)
        with start_bot(api, folder, REAL, {"JIWEN_INDEX": str(folder / "index")}):
            for question in ASKED:
                api.say(1, question)
                sent = api.wait_for_message(1)
                bubbles.append(f'<div class="reader">{html.escape(question)}</div>')
                bubbles.append(f"<div>{sent.raw}</div>")
                bubbles += [f"<span>{html.escape(label)}</span>" for label in api.buttons(sent)]
    return bubbles


def main(path: Path) -> None:
    """Write the page."""
    page = "\n".join(conversation())
    path.write_text(f'<meta charset="utf-8"><style>{_STYLE}</style>{page}', encoding="utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
