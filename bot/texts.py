"""The tables of ``bot.wording``: Chinese first, English with the same keys (a test holds it)."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, StrEnum, auto

from retrieval.records import Reason, Verdict


class Lang(StrEnum):
    """A language we speak with readers; quotes stay as they were printed."""

    ZH = "zh"
    EN = "en"


class Text(Enum):
    """What can be said, other than a verdict or a reason."""

    START = auto()
    HELP = auto()
    ABOUT = auto()
    GREETING = auto()
    THANKS = auto()
    NEW = auto()
    # what the bot's command menu says
    MENU_START = auto()
    MENU_HELP = auto()
    MENU_ABOUT = auto()
    MENU_NEW = auto()
    # messages that hold no question
    ONLY_TEXT = auto()
    NO_WORDS = auto()
    UNKNOWN_COMMAND = auto()
    # parts of an answer
    ASKED = auto()
    UNDERSTOOD = auto()
    SIGNED = auto()
    FULL = auto()
    FULL_FILE = auto()
    FULL_NOTE = auto()
    REFERENCE = auto()
    # buttons under an answer
    BUTTON_MORE = auto()
    BUTTON_NEAR = auto()
    BUTTON_FULL = auto()
    BUTTON_CITE = auto()
    BUTTON_FIX = auto()
    BUTTON_BACK = auto()
    BUTTON_DROP = auto()
    WHY_BESIDE = auto()
    WHY_MISSED = auto()
    WHY_MISQUOTED = auto()
    WHY_OTHER = auto()
    # what readers say of answers
    WHY = auto()
    RATED = auto()
    FIX = auto()
    FIX_HINT = auto()
    FIX_THANKS = auto()
    FIX_LONG = auto()
    # several questions in one message
    TOO_MANY = auto()
    FURTHER = auto()
    AROUND = auto()
    WHOLE = auto()
    CONTINUED = auto()
    CITE = auto()
    PERIOD = auto()
    SINCE = auto()
    UNTIL = auto()
    # what going through everything adds up to
    TALLY = auto()
    TALLY_NONE = auto()
    TALLY_HOLD = auto()
    TALLY_HOLD_ALL = auto()
    TALLY_SIGNED = auto()
    TALLY_SIGNED_ON = auto()
    TALLY_OUGHT = auto()
    TALLY_WHERE = auto()
    TALLY_UNDATED = auto()
    TALLY_UNNAMED = auto()
    TALLY_UNSIGNED = auto()
    TALLY_MISREAD = auto()
    TALLY_FIRST = auto()
    TALLY_LAST = auto()
    TALLY_SPAN = auto()
    TALLY_DAY = auto()
    TALLY_NO_DAY = auto()
    TALLY_REPORTERS = auto()
    TALLY_PAPERS = auto()
    TALLY_DAYS = auto()
    TALLY_NAME = auto()
    TALLY_REST = auto()
    TALLY_DATED = auto()
    TALLY_LISTED = auto()
    TALLY_UNLISTED = auto()
    TALLY_QUOTES = auto()
    TALLY_CHANGED = auto()
    TALLY_HIDDEN = auto()
    ALSO = auto()
    SUGGESTION = auto()
    # how a question was read
    READING = auto()
    JOINT = auto()
    PREFERRED = auto()
    HOLDING = auto()
    UNHELD = auto()
    WITHOUT = auto()
    FROM_TODAY = auto()
    ANY_YEAR = auto()
    PAPER = auto()
    SECTION = auto()
    REPORTER = auto()
    # parts of a source line
    FILE = auto()
    PAGE = auto()
    LINE = auto()
    LINES = auto()
    DOUBTFUL = auto()
    LEGIBLE = auto()
    # things that went wrong
    EXPIRED = auto()
    GONE = auto()
    CITE_UNKNOWN = auto()
    TAKEN_DOWN = auto()
    TAKEN_DOWN_WHY = auto()
    UNSEARCHED = auto()
    FAILURE = auto()
    # the terminal
    WELCOME = auto()
    PROMPT = auto()
    GOODBYE = auto()
    NEW_TOPIC = auto()
    # the bot's own trouble, told to whoever started it
    TOKEN_MISSING = auto()
    TOKEN_MALFORMED = auto()
    TOKEN_REFUSED = auto()
    BASE_URL_MALFORMED = auto()
    SERVER_UNREACHABLE = auto()


Key = Text | Reason | Verdict

ZH: Mapping[Key, str] = {
    Verdict.ANSWERED: "报上是这样写的：",
    Verdict.RELATED: "有相关的报道，但没有读到直接写明答案的句子，最接近的是：",
    Verdict.NONE: "没有找到。",
    Reason.EMPTY_QUESTION: "没有收到问题。请写一句话，例如：辽源市冬季植树栽了多少棵？",
    Reason.LONG_QUESTION: "问题太长了，请用不超过 {max_chars} 字的一句话来问。",
    Reason.NOT_A_QUESTION: "这不像是能在报纸里查到答案的问题。"
    "可以问报上登过的人、事、时间、地点或数字。",
    Reason.EMPTY_ARCHIVE: "档案里还没有报纸。请管理者放入版面文件，再运行 jiwen index。",
    Reason.NOTHING_IN_SCOPE: "档案里没有{where}的版面。可以换个日期、换家报纸，或者不限范围再问。",
    Reason.NOT_STATED: "有相关的报道，但没有读到直接写明答案的句子。可以问得更具体，或换个说法。",
    Reason.NOT_FOUND: "没有读到与此有关的报道。"
    "可以换个说法，写上人名、地名或单位名，或者去掉日期再问。",
    Reason.NOWHERE_HELD: "全库没有一篇提到。可以换个说法，或者不限报纸和日期再问。",
    Reason.NOT_PROVEN: "找到的文字与原件对不上，所以没有显示：版面文件在建索引之后改动过。"
    "请管理者运行 jiwen index 再问。",
    Reason.TAKEN_DOWN: "这篇报道已按撤稿名单隐藏，不再显示。",
    Reason.NOTHING_FURTHER: "没有别的了：找到的都给您看过了。可以换个说法再问。",
    Reason.NOTHING_ASKED: "还没有问过什么，或者隔得太久，我已经忘了。请先问一句话。",
    Reason.STARTED_ANEW: "好的，换个话题。请问。",
    Text.START: "您好，这里是吉问。\n\n问一句话，我到旧报纸里去找，把回答它的句子一字不改地抄给您，"
    "并写明报名、日期、版次、标题和行号。找不到就说找不到，不编。\n\n例如：\n{examples}\n\n"
    "用法见 /help，来历见 /about。",
    Text.HELP: "直接打字提问就行。例如：\n{examples}\n\n"
    "· 可以写明报纸或日期：2021年1月的辽源日报上……\n"
    "· 加引号按原样找：“法治进校园”；不要的词前面加空格和减号： -招聘\n"
    "· 可以接着追问：那总投资呢？他还说了什么？还有吗？详细点；看看原文。\n"
    "· 问全部的，逐篇核对：一共有几篇提到疫苗？最早什么时候报道？哪些记者写过？\n"
    "· 粗体是回答问题的文字；下面的按钮可以看其他引文、上下文、全文、引用格式，也可以评价、报错字。\n"
    "· 每条引文有引用码，点一下就再看一遍。\n"
    "· /new(或 /reset、“换个话题”)从头开始，/about 看说明。",
    Text.ABOUT: "吉问只抄原文，不写答案："
    "显示的每一个字都在报纸版面的文字里，发出之前与原件逐字核对过。\n\n"
    "版面文字由扫描件识别而来，会有错字；为了忠实，错字照抄。"
    "除了写明“全库逐篇核对”的，只读到了最相关的几段，不等于全部报道。\n\n提问不离开这台服务器和 Telegram。"
    "为了听懂追问、让按钮一直能用，对话会在服务器上留一阵子；您的评价（连同那个问题）和改正意见会留给管理者看。",
    Text.GREETING: "您好！想查什么？写一句话就行，例如：辽源市冬季植树栽了多少棵？",
    Text.THANKS: "不客气。还想查什么，随时问。",
    Text.NEW: "好的，换个话题。请问。",
    Text.MENU_START: "开始",
    Text.MENU_HELP: "怎么提问",
    Text.MENU_ABOUT: "这是什么",
    Text.MENU_NEW: "换个话题",
    Text.ONLY_TEXT: "不好意思，语音、图片、文件我都看不懂，只看得懂文字。请把问题打成一句话。",
    Text.NO_WORDS: "这里没有可以查的字词。请把问题写成一句话。",
    Text.UNKNOWN_COMMAND: "没有这个命令。直接打字提问就行，用法见 /help。",
    Text.ASKED: "问：{question}",
    Text.UNDERSTOOD: "理解为：{question}",
    Text.SIGNED: "署名 {names}",
    Text.FULL: "全文（{n} 字）：",
    Text.FULL_FILE: "全文 {n} 字，一条消息放不下，在文件里。",
    Text.FULL_NOTE: "以下是版面上的文字，由扫描件识别而来，一字未改，错字照抄。",
    Text.REFERENCE: "引用格式（点一下复制）：",
    Text.BUTTON_MORE: "更多 {place} ›",
    Text.BUTTON_NEAR: "上下文",
    Text.BUTTON_FULL: "全文",
    Text.BUTTON_CITE: "引用",
    Text.BUTTON_FIX: "识别有误",
    Text.BUTTON_BACK: "‹ 返回",
    Text.BUTTON_DROP: "✕ {what}",
    Text.WHY_BESIDE: "答非所问",
    Text.WHY_MISSED: "没找到",
    Text.WHY_MISQUOTED: "引文有误",
    Text.WHY_OTHER: "其他",
    Text.WHY: "哪里不好？",
    Text.RATED: "记下了，谢谢您。",
    Text.FIX: "哪里认错了？请回复这条消息，写上改正后的句子。\n"
    "报纸原文我不会改动，您写的会交给管理者核对。不想改了，不理它就行。",
    Text.FIX_HINT: "改正后的句子",
    Text.FIX_THANKS: "收到，谢谢您帮忙校对！核对之前，引文仍按原样显示。",
    Text.FIX_LONG: "太长了，请只写有错的那一句，不超过 {max_chars} 字。",
    Text.TOO_MANY: "一次最多答 {most} 个问题，还有 {n} 个没答，请再发一次。",
    Text.FURTHER: "其他引文：",
    Text.AROUND: "前后文是这样的：",
    Text.WHOLE: "全文（{n} 段）：",
    Text.CONTINUED: "（接上）",
    Text.CITE: "引用码 {cite}",
    Text.READING: "〔{parts}〕",
    Text.JOINT: " · ",
    Text.PREFERRED: "{what}优先",
    Text.HOLDING: "含“{phrase}”",
    Text.UNHELD: "没有原样含“{phrase}”的答案，按词查找",
    Text.WITHOUT: "不含“{word}”",
    Text.FROM_TODAY: "{period}（{words}，从今天算起）",
    Text.ANY_YEAR: "{words}（不论哪年）",
    Text.PAPER: "《{newspaper}》",
    Text.SECTION: "“{section}”栏",
    Text.REPORTER: "{reporter}的报道",
    Text.PERIOD: "{first}至{last}",
    Text.SINCE: "{first}以后",
    Text.UNTIL: "{last}以前",
    Text.TALLY: "全库逐篇核对{where}：共 {n} 篇{hold}{ought}。",
    Text.TALLY_NONE: "全库逐篇核对{where}：没有一篇{hold}。",
    Text.TALLY_HOLD: "提到{terms}",
    Text.TALLY_HOLD_ALL: "同时提到{terms}",
    Text.TALLY_SIGNED: "署名“{byline}”",
    Text.TALLY_SIGNED_ON: "署名“{byline}”、{hold}",
    Text.TALLY_OUGHT: "（其中 {facts}）",
    Text.TALLY_WHERE: "（{where}）",
    Text.TALLY_UNDATED: "{n} 篇无日期",
    Text.TALLY_UNNAMED: "{n} 篇不知是哪家报纸",
    Text.TALLY_UNSIGNED: "{n} 篇没有署名",
    Text.TALLY_MISREAD: "另有 {n} 篇可能把字认错了，没有计入。",
    Text.TALLY_FIRST: "有日期的当中，最早的是 {day}。",
    Text.TALLY_LAST: "有日期的当中，最近的是 {day}。",
    Text.TALLY_SPAN: "{dated}最早 {first}，最近 {last}。",
    Text.TALLY_DAY: "{dated}都在 {day}。",
    Text.TALLY_NO_DAY: "都没有日期，说不出先后。",
    Text.TALLY_REPORTERS: "署名的有：{names}。",
    Text.TALLY_PAPERS: "报纸有：{names}。",
    Text.TALLY_DAYS: "日期有：{names}。",
    Text.TALLY_NAME: "{name}（{n} 篇）",
    Text.TALLY_REST: "共 {n} 个，没有全列",
    Text.TALLY_DATED: "有日期的",
    Text.TALLY_LISTED: "{n}. {source}",
    Text.TALLY_UNLISTED: "还有 {n} 篇没有列出。",
    Text.TALLY_QUOTES: "下面引其中 {n} 篇：",
    Text.TALLY_CHANGED: "有的版面在建索引之后改动过，数目不一定准：请运行 jiwen index。",
    Text.TALLY_HIDDEN: "按撤稿名单隐藏的 {n} 篇没有核对，不在其内。",
    Text.ALSO: "另见 {source}",
    Text.SUGGESTION: "您是不是要找{names}？",
    Text.FILE: "原件 {file}",
    Text.PAGE: "第{page}版",
    Text.LINE: "第{first}行",
    Text.LINES: "第{first}–{last}行",
    Text.DOUBTFUL: "文字可能有误",
    Text.LEGIBLE: "文字清楚",
    Text.EXPIRED: "这个按钮已过期，请再问一次。",
    Text.GONE: "这段文字已经不在档案里了（版面改动过，或已撤下）。请再问一次。",
    Text.CITE_UNKNOWN: "档案里没有这个引用码。请核对一下，或者直接提问。",
    Text.TAKEN_DOWN: "这篇报道已按撤稿名单隐藏，不再显示。",
    Text.TAKEN_DOWN_WHY: "这篇报道已按撤稿名单隐藏，不再显示。原因：{reason}",
    Text.UNSEARCHED: "按撤稿名单隐藏的 {n} 篇没有查。",
    Text.FAILURE: "抱歉，刚才出了点问题，没有查成。请稍后再问一次。",
    Text.WELCOME: "吉问：问一句话，看报上怎么写。可以接着问：还有吗、详细点、看看原文；空行或 /reset 换个话题，Ctrl-D 结束。",
    Text.PROMPT: "问> ",
    Text.GOODBYE: "再见。",
    Text.NEW_TOPIC: "换个话题。",
    Text.TOKEN_MISSING: "没有设置 TELEGRAM_BOT_TOKEN：请向 @BotFather 申请，再 export 它",
    Text.TOKEN_MALFORMED: "TELEGRAM_BOT_TOKEN 的样子不对（应为 数字:字母数字）："
    "请从 @BotFather 原样复制",
    Text.TOKEN_REFUSED: "Telegram 不认 TELEGRAM_BOT_TOKEN：请向 @BotFather 核对或重新申请",
    Text.BASE_URL_MALFORMED: "JIWEN_TELEGRAM_BASE_URL 是 {url}，不是网址："
    "要写成 http://127.0.0.1:8081/bot 的样子",
    Text.SERVER_UNREACHABLE: "连不上 Bot API 服务器 {server}：请检查网络或 JIWEN_TELEGRAM_BASE_URL",
}

EN: Mapping[Key, str] = {
    Verdict.ANSWERED: "The paper says:",
    Verdict.RELATED: "There are reports on this, but I read no sentence that states the answer. "
    "The nearest is:",
    Verdict.NONE: "Nothing found.",
    Reason.EMPTY_QUESTION: "No question arrived. Please write a sentence, in Chinese if you can.",
    Reason.LONG_QUESTION: "That is too long: please ask in one sentence of at most {max_chars} "
    "characters.",
    Reason.NOT_A_QUESTION: "A newspaper would hardly answer that. Ask about people, events, times, "
    "places or figures that were in the paper.",
    Reason.EMPTY_ARCHIVE: "The archive holds no newspapers yet. Whoever runs it should add pages "
    "and run jiwen index.",
    Reason.NOTHING_IN_SCOPE: "The archive holds no pages of {where}. Try another date, another "
    "paper, or no limit at all.",
    Reason.NOT_STATED: "There are reports on this, but I read no sentence that states the answer. "
    "Try a more precise question or other words.",
    Reason.NOT_FOUND: "I read no report on this. Try other words, the name of a person, a place "
    "or an office, or leave out the date.",
    Reason.NOWHERE_HELD: "No article of the archive holds it. Try other words, or no limit of paper "
    "and date.",
    Reason.NOT_PROVEN: "The text found differs from the page, so it is not shown: the page was "
    "changed after it was indexed. Whoever runs this should run jiwen index.",
    Reason.TAKEN_DOWN: "This report has been taken down and is no longer shown.",
    Reason.NOTHING_FURTHER: "That was all: you have seen everything I found. Try other words.",
    Reason.NOTHING_ASKED: "Nothing was asked yet, or so long ago that I forgot. Please ask first.",
    Reason.STARTED_ANEW: "All right, a new subject. Please ask.",
    Text.START: "Hello, this is 吉问 (jiwen).\n\nAsk a question, in Chinese, and I look it up in "
    "old local newspapers and copy out the sentences that answer it, word for word, with paper, "
    "date, page, headline and lines. Where there is nothing, I say so.\n\nFor example:\n"
    "{examples}\n\nSee /help for more, /about for what this is.",
    Text.HELP: "Just type a question, in Chinese. For example:\n{examples}\n\n"
    "· You may name a paper or a date.\n"
    "· Quotation marks ask for exactly these letters; a space and a minus leave a word out: -招聘\n"
    "· You may ask on: 那总投资呢？ 还有吗？ (more) 详细点 (context) 看看原文 (the whole article).\n"
    "· How many reports, the first, the last, which reporters: every article is gone through.\n"
    "· What answers is in bold; the buttons show further quotes, context, the whole article, a "
    "reference, and take ratings and misreadings.\n"
    "· Each quote has a code: tap it to see the quote again.\n"
    "· /new (or /reset) changes the subject, /about says what this is.",
    Text.ABOUT: "jiwen only quotes and never writes an answer: every character shown stands in the "
    "text of the newspaper page and was compared with it before it was sent.\n\nThe pages were "
    "read by machine and hold misread characters, which are left as they are. Unless it "
    "says that every article was gone through, the best passages read are not all that was "
    "printed.\n\nYour question stays on this server and Telegram. The conversation is kept there for "
    "a while, so that follow-ups and buttons work; your ratings (with the question) and corrections "
    "are kept for whoever runs this.",
    Text.GREETING: "Hello! What would you like to look up? One sentence will do.",
    Text.THANKS: "You are welcome. Ask whenever you like.",
    Text.NEW: "All right, a new subject. Please ask.",
    Text.MENU_START: "Begin",
    Text.MENU_HELP: "How to ask",
    Text.MENU_ABOUT: "What this is",
    Text.MENU_NEW: "Change the subject",
    Text.ONLY_TEXT: "Sorry, I cannot understand voice, pictures or files, only text. "
    "Please type your question.",
    Text.NO_WORDS: "There are no words here to look up. Please write your question as a sentence.",
    Text.UNKNOWN_COMMAND: "There is no such command. Just type a question; see /help.",
    Text.ASKED: "You asked: {question}",
    Text.UNDERSTOOD: "Understood as: {question}",
    Text.SIGNED: "signed {names}",
    Text.FULL: "The whole article ({n} characters):",
    Text.FULL_FILE: "The whole article, {n} characters, is too long for messages: here is a file.",
    Text.FULL_NOTE: "What follows is the text of the page as a machine read it, misreadings included.",
    Text.REFERENCE: "Reference (tap to copy):",
    Text.BUTTON_MORE: "More {place} ›",
    Text.BUTTON_NEAR: "Context",
    Text.BUTTON_FULL: "Whole text",
    Text.BUTTON_CITE: "Cite",
    Text.BUTTON_FIX: "Misread",
    Text.BUTTON_BACK: "‹ Back",
    Text.BUTTON_DROP: "✕ {what}",
    Text.WHY_BESIDE: "Beside the point",
    Text.WHY_MISSED: "Not found",
    Text.WHY_MISQUOTED: "Wrong quote",
    Text.WHY_OTHER: "Other",
    Text.WHY: "What was wrong?",
    Text.RATED: "Noted, thank you.",
    Text.FIX: "What was misread? Please reply to this message with the corrected sentence.\n"
    "The page stays as it is; whoever runs the archive will check what you write. "
    "To leave it, just ignore this.",
    Text.FIX_HINT: "The corrected sentence",
    Text.FIX_THANKS: "Thank you for the correction! Until it is checked, the quote stays as it is.",
    Text.FIX_LONG: "That is too long: please write only the misread sentence, at most {max_chars} "
    "characters.",
    Text.TOO_MANY: "I answer at most {most} questions at once; please send the other {n} again.",
    Text.FURTHER: "Further quotes:",
    Text.AROUND: "What stands around it:",
    Text.WHOLE: "The whole article ({n} pieces):",
    Text.CONTINUED: "(continued)",
    Text.CITE: "cite {cite}",
    Text.READING: "[{parts}]",
    Text.JOINT: " · ",
    Text.PREFERRED: "preferring {what}",
    Text.HOLDING: "holding “{phrase}”",
    Text.UNHELD: "no answer holds “{phrase}” as it stands; searched by its words",
    Text.WITHOUT: "without “{word}”",
    Text.FROM_TODAY: "{period} ({words}, counted from today)",
    Text.ANY_YEAR: "{words} (of any year)",
    Text.PAPER: "《{newspaper}》",
    Text.SECTION: "section “{section}”",
    Text.REPORTER: "reports by {reporter}",
    Text.PERIOD: "{first} to {last}",
    Text.SINCE: "{first} and later",
    Text.UNTIL: "{last} and earlier",
    Text.TALLY: "Every article{where} was gone through: {n} {hold}{ought}.",
    Text.TALLY_NONE: "Every article{where} was gone through: none {hold}.",
    Text.TALLY_HOLD: "with {terms}",
    Text.TALLY_HOLD_ALL: "with all of {terms}",
    Text.TALLY_SIGNED: "signed “{byline}”",
    Text.TALLY_SIGNED_ON: "signed “{byline}” and {hold}",
    Text.TALLY_OUGHT: " ({facts})",
    Text.TALLY_WHERE: " ({where})",
    Text.TALLY_UNDATED: "{n} undated",
    Text.TALLY_UNNAMED: "{n} of unknown newspapers",
    Text.TALLY_UNSIGNED: "{n} unsigned",
    Text.TALLY_MISREAD: "{n} more may hold it misread and are not counted.",
    Text.TALLY_FIRST: "The first with a date: {day}.",
    Text.TALLY_LAST: "The last with a date: {day}.",
    Text.TALLY_SPAN: "First{dated} {first}, last {last}.",
    Text.TALLY_DAY: "All{dated} on {day}.",
    Text.TALLY_NO_DAY: "None states a date, so there is no first or last.",
    Text.TALLY_REPORTERS: "Signed by: {names}.",
    Text.TALLY_PAPERS: "Newspapers: {names}.",
    Text.TALLY_DAYS: "Dates: {names}.",
    Text.TALLY_NAME: "{name} ({n})",
    Text.TALLY_REST: "{n} in all, not all listed",
    Text.TALLY_DATED: " with a date",
    Text.TALLY_LISTED: "{n}. {source}",
    Text.TALLY_UNLISTED: "{n} more are not listed here.",
    Text.TALLY_QUOTES: "{n} of them:",
    Text.TALLY_CHANGED: "Some pages were changed after they were indexed, so the number may be "
    "off: run jiwen index.",
    Text.TALLY_HIDDEN: "Articles on the take-down list ({n}) were not gone through.",
    Text.ALSO: "see also {source}",
    Text.SUGGESTION: "Did you mean {names}?",
    Text.FILE: "file {file}",
    Text.PAGE: "page {page}",
    Text.LINE: "line {first}",
    Text.LINES: "lines {first}–{last}",
    Text.DOUBTFUL: "the text may be misread",
    Text.LEGIBLE: "legible text",
    Text.EXPIRED: "This button has expired, please ask again.",
    Text.GONE: "The archive no longer holds this text (the page was changed, or taken down). "
    "Please ask again.",
    Text.CITE_UNKNOWN: "The archive holds no such code. Please check it, or ask a question.",
    Text.TAKEN_DOWN: "This report has been taken down and is no longer shown.",
    Text.TAKEN_DOWN_WHY: "This report has been taken down and is no longer shown. Reason: {reason}",
    Text.UNSEARCHED: "Articles on the take-down list ({n}) were not searched.",
    Text.FAILURE: "Sorry, something went wrong and I could not look that up. Please try again.",
    Text.WELCOME: "jiwen: ask, and see what the paper said. An empty line or /reset changes the "
    "subject, Ctrl-D ends.",
    Text.PROMPT: "ask> ",
    Text.GOODBYE: "Goodbye.",
    Text.NEW_TOPIC: "A new subject.",
    Text.TOKEN_MISSING: "TELEGRAM_BOT_TOKEN is not set: get one from @BotFather and export it",
    Text.TOKEN_MALFORMED: "TELEGRAM_BOT_TOKEN is malformed (not digits:letters): copy it from "
    "@BotFather as it is",
    Text.TOKEN_REFUSED: "Telegram refuses TELEGRAM_BOT_TOKEN: check it with @BotFather or get "
    "a new one",
    Text.BASE_URL_MALFORMED: "JIWEN_TELEGRAM_BASE_URL is {url}, which is no address: write one "
    "like http://127.0.0.1:8081/bot",
    Text.SERVER_UNREACHABLE: "the Bot API server {server} cannot be reached: check the network or "
    "JIWEN_TELEGRAM_BASE_URL",
}

# Questions about pages that come with the program; they stay Chinese in every language.
EXAMPLES = (
    "辽源市冬季植树一共栽了多少棵树？",
    "谁主持了创建国家高新区培训会？",
    "建行辽源分行五年来办理了多少笔跨境人民币业务？",
)
