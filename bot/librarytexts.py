"""What the library's commands say; part of ``bot.wording``'s tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto


class Library(Enum):
    """What can be said of what the archive holds."""

    # the menu, and what /help adds
    MENU_PAPERS = auto()
    MENU_DAY = auto()
    MENU_RANDOM = auto()
    MENU_TIMELINE = auto()
    MENU_VERIFY = auto()
    MENU_PRIVACY = auto()
    MENU_FORGET = auto()
    HELP = auto()
    # /papers
    HELD = auto()
    HELD_PAPER = auto()
    HELD_UNNAMED = auto()
    HELD_DAYS = auto()
    HELD_UNDATED = auto()
    HELD_ALL_UNDATED = auto()
    HELD_GAPS = auto()
    HELD_GAP = auto()
    HELD_MORE_GAPS = auto()
    HELD_HOW = auto()
    HELD_REST = auto()
    HELD_NEXT = auto()
    # /day
    DAY_HOW = auto()
    DAY_SPAN = auto()
    DAY_UNREAD = auto()
    DAY_UNDATED = auto()
    DAY_NONE = auto()
    DAY_NEAREST = auto()
    DAY_WHICH = auto()
    DAY_COUNT = auto()
    DAY_PARTS = auto()
    DAY_PART = auto()
    DAY_OPEN = auto()
    DAY_UNNAMED = auto()
    DAY_LINE = auto()
    DAY_UNTITLED = auto()
    DAYS_COUNT = auto()
    DAYS_DAY = auto()
    PAGER = auto()
    BACK = auto()
    ONWARD = auto()
    # /random
    LEAD = auto()
    LEAD_NONE = auto()
    AGAIN = auto()
    # /timeline
    TIMELINE_HOW = auto()
    TIMELINE_NONE = auto()
    TIMELINE = auto()
    TIMELINE_NO_DAY = auto()
    TIMELINE_UNDATED = auto()
    TIMELINE_SPAN = auto()
    TIMELINE_ALL = auto()
    TIMELINE_MOST = auto()
    TIMELINE_MONTHS = auto()
    TIMELINE_YEARS = auto()
    TIMELINE_BLANK = auto()
    TIMELINE_BLANK_LINE = auto()
    # /verify
    VERIFY_HOW = auto()
    VERIFY_EXACT = auto()
    VERIFY_NEARLY = auto()
    VERIFY_STITCHED = auto()
    VERIFY_NOWHERE = auto()
    VERIFY_CHANGED = auto()
    VERIFY_ADDED = auto()
    VERIFY_LEFT_OUT = auto()
    VERIFY_REST = auto()
    VERIFY_MISSING = auto()
    # /privacy and /forget
    PRIVACY = auto()
    FORGOTTEN = auto()


LIBRARY_ZH: Mapping[Library, str] = {
    Library.MENU_PAPERS: "有哪些报纸",
    Library.MENU_DAY: "看某一天的报纸",
    Library.MENU_RANDOM: "随手翻一篇",
    Library.MENU_TIMELINE: "一个词什么时候见报",
    Library.MENU_VERIFY: "核对一句话报上有没有",
    Library.MENU_PRIVACY: "记下了什么",
    Library.MENU_FORGET: "忘掉我的记录",
    Library.HELP: "翻档案：\n"
    "· /papers 有哪些报纸，收了哪些日子\n"
    "· /day {day} 那天报上有什么；月份、年份也行\n"
    "· /random 随手翻一篇\n"
    "· /timeline {term} 一个词哪年哪月见报多少次，画成图\n"
    "· /verify 一句话 核对报上是不是这样写的\n"
    "· /privacy 记下了什么，/forget 全部忘掉",
    Library.HELD: "档案里共有 {articles} 篇，来自 {pages} 个版面文件{undated}。",
    Library.HELD_PAPER: "《{newspaper}》 {articles} 篇{days}",
    Library.HELD_UNNAMED: "不知是哪家报纸的 {articles} 篇{days}",
    Library.HELD_DAYS: "，{days} 天有报（{period}）{undated}",
    Library.HELD_UNDATED: "，其中 {n} 篇没有日期",
    Library.HELD_ALL_UNDATED: "，都没有日期",
    Library.HELD_GAPS: "　缺：{gaps}",
    Library.HELD_GAP: "{period}（{days} 天）",
    Library.HELD_MORE_GAPS: "还有 {n} 处",
    Library.HELD_HOW: "“缺”是这样算的：看这家报纸通常隔几天一期，隔了两倍以上、又连着 4 天以上没有报，"
    "就列出来；长假停刊也会算进去。收得太少或太零散的报纸不算。",
    Library.HELD_REST: "还有 {n} 家报纸没有列出。",
    Library.HELD_NEXT: "看某一天：/day {day}",
    Library.DAY_HOW: "写上日期，例如：/day {day}，/day {month}，/day {yearless}。",
    Library.DAY_SPAN: "有日期的报纸：{period}。",
    Library.DAY_UNREAD: "没看懂“{words}”是哪一天。",
    Library.DAY_UNDATED: "档案里的报纸都没有日期，不能按天看。",
    Library.DAY_NONE: "档案里没有{period}的报纸。",
    Library.DAY_NEAREST: "离得最近的是：",
    Library.DAY_WHICH: "{words}，哪一年的？",
    Library.DAY_COUNT: "{paper}{day}：共 {n} 篇{parts}。",
    Library.DAY_PARTS: "，其中{parts}",
    Library.DAY_PART: "{paper}{n} 篇",
    Library.DAY_OPEN: "点号码看开头。",
    Library.DAY_UNNAMED: "不知是哪家报纸的",
    Library.DAY_LINE: "{n}. {where}",
    Library.DAY_UNTITLED: "（没有标题）",
    Library.DAYS_COUNT: "{period}：{days} 天有报，共 {n} 篇。",
    Library.DAYS_DAY: "{day}（{n} 篇）",
    Library.PAGER: "{page}/{pages}",
    Library.BACK: "‹",
    Library.ONWARD: "›",
    Library.LEAD: "随手翻到一篇，开头是：",
    Library.LEAD_NONE: "没有翻到开头清楚、可以单看的报道。",
    Library.AGAIN: "再来一篇",
    Library.TIMELINE_HOW: "写上一个词，例如：/timeline {term}",
    Library.TIMELINE_NONE: "全库没有一篇提到“{term}”。",
    Library.TIMELINE: "全库逐篇核对：共 {n} 篇提到“{term}”。",
    Library.TIMELINE_NO_DAY: "都没有日期，画不出先后。",
    Library.TIMELINE_UNDATED: "其中 {n} 篇没有日期，没画进图里。",
    Library.TIMELINE_SPAN: "最早 {first}，最近 {last}。",
    Library.TIMELINE_ALL: "{dated}都在 {period}。",
    Library.TIMELINE_MOST: "最多的是 {period}，{n} 篇。",
    Library.TIMELINE_MONTHS: "一根柱子是一个月。",
    Library.TIMELINE_YEARS: "一根柱子是一年。",
    Library.TIMELINE_BLANK: "斜线处档案里没有报纸。",
    Library.TIMELINE_BLANK_LINE: "打点处档案里没有报纸。",
    Library.VERIFY_HOW: "把要核对的话写在后面：/verify 一句话。也可以回复一条消息，只写 /verify。",
    Library.VERIFY_EXACT: "一字不差，报上有这句话：",
    Library.VERIFY_NEARLY: "报上有一句很像的，但不完全一样：",
    Library.VERIFY_STITCHED: "不是一句原话，是拼起来的。各部分见于：",
    Library.VERIFY_NOWHERE: "档案里没有这句话。",
    Library.VERIFY_CHANGED: "· 您给的是“{copied}”，报上是“{printed}”",
    Library.VERIFY_ADDED: "· 报上没有“{copied}”",
    Library.VERIFY_LEFT_OUT: "· 少了“{printed}”",
    Library.VERIFY_REST: "· 还有 {n} 处不同",
    Library.VERIFY_MISSING: "没有找到的部分：{pieces}",
    Library.PRIVACY: "为了能接着聊，机器人记着这个聊天里最近几次的问题、给您看过哪几条引文；"
    "{days} 天没有动静就自动删掉。您点的评价、交的改正，会连同问题和引文留给管理者看，"
    "导出时不带姓名和编号。运行日志里不写您问了什么。\n\n"
    "问题只在这台服务器上查，不交给别处；Telegram 自己留着聊天记录。\n\n"
    "/forget 马上删掉上面这些。机器人若只对一部分人开放，谁能用的名单另外记着。",
    Library.FORGOTTEN: "好的，都忘了：对话、按钮、评价和改正，都已删掉。",
}

LIBRARY_EN: Mapping[Library, str] = {
    Library.MENU_PAPERS: "Which newspapers there are",
    Library.MENU_DAY: "The newspapers of a day",
    Library.MENU_RANDOM: "An article at random",
    Library.MENU_TIMELINE: "When a word was in print",
    Library.MENU_VERIFY: "Check a quotation",
    Library.MENU_PRIVACY: "What is kept",
    Library.MENU_FORGET: "Delete my records",
    Library.HELP: "Browse the archive:\n"
    "· /papers which newspapers it holds, and of which days\n"
    "· /day {day} what was in print that day; a month or a year will do\n"
    "· /random an article at random\n"
    "· /timeline {term} how often a word was in print, as a picture\n"
    "· /verify a sentence: did the paper print it so?\n"
    "· /privacy what is kept, /forget deletes it",
    Library.HELD: "The archive holds {articles} articles (page files: {pages}{undated}).",
    Library.HELD_PAPER: "《{newspaper}》 articles: {articles}{days}",
    Library.HELD_UNNAMED: "Of unknown newspapers: {articles}{days}",
    Library.HELD_DAYS: "; days with an issue: {days} ({period}){undated}",
    Library.HELD_UNDATED: ", {n} of them undated",
    Library.HELD_ALL_UNDATED: ", all undated",
    Library.HELD_GAPS: "　missing: {gaps}",
    Library.HELD_GAP: "{period} ({days} days)",
    Library.HELD_MORE_GAPS: "{n} more",
    Library.HELD_HOW: "How “missing” is told: where a paper mostly comes every so many days, a pause of "
    "twice that and of more than 3 days is listed; long holidays are, too. Papers of which too "
    "little is held are not judged.",
    Library.HELD_REST: "{n} more newspapers are not listed here.",
    Library.HELD_NEXT: "To see a day: /day {day}",
    Library.DAY_HOW: "Write a date, such as /day {day}, /day {month} or /day {yearless}.",
    Library.DAY_SPAN: "Dated newspapers: {period}.",
    Library.DAY_UNREAD: "I do not understand which day “{words}” is.",
    Library.DAY_UNDATED: "No newspaper of the archive states its date, so there are no days to show.",
    Library.DAY_NONE: "The archive holds no newspaper of {period}.",
    Library.DAY_NEAREST: "The nearest are:",
    Library.DAY_WHICH: "{words}: of which year?",
    Library.DAY_COUNT: "{paper}{day}: articles: {n}{parts}.",
    Library.DAY_PARTS: " ({parts})",
    Library.DAY_PART: "{paper} {n}",
    Library.DAY_OPEN: "Tap a number to read the beginning.",
    Library.DAY_UNNAMED: "of unknown newspapers",
    Library.DAY_LINE: "{n}. {where}",
    Library.DAY_UNTITLED: "(no headline)",
    Library.DAYS_COUNT: "{period}: days with an issue: {days}, articles: {n}.",
    Library.DAYS_DAY: "{day} ({n})",
    Library.PAGER: "{page}/{pages}",
    Library.BACK: "‹",
    Library.ONWARD: "›",
    Library.LEAD: "An article at random begins:",
    Library.LEAD_NONE: "I found no article that begins cleanly enough to be read by itself.",
    Library.AGAIN: "Another one",
    Library.TIMELINE_HOW: "Write a word, such as /timeline {term}",
    Library.TIMELINE_NONE: "No article of the archive holds “{term}”.",
    Library.TIMELINE: "Every article was gone through: {n} with “{term}”.",
    Library.TIMELINE_NO_DAY: "None states a date, so there is nothing to draw.",
    Library.TIMELINE_UNDATED: "Undated, and not in the picture: {n}.",
    Library.TIMELINE_SPAN: "First {first}, last {last}.",
    Library.TIMELINE_ALL: "All{dated}: {period}.",
    Library.TIMELINE_MOST: "Most in {period}: {n}.",
    Library.TIMELINE_MONTHS: "One bar is one month.",
    Library.TIMELINE_YEARS: "One bar is one year.",
    Library.TIMELINE_BLANK: "Where it is hatched, the archive holds no newspaper.",
    Library.TIMELINE_BLANK_LINE: "Where there is a dot, the archive holds no newspaper.",
    Library.VERIFY_HOW: "Write the words to check: /verify and the sentence. Or reply to a message "
    "with /verify alone.",
    Library.VERIFY_EXACT: "Word for word, the paper printed this:",
    Library.VERIFY_NEARLY: "The paper printed something very like it, but not the same:",
    Library.VERIFY_STITCHED: "This is no one sentence but pieced together. The parts stand in:",
    Library.VERIFY_NOWHERE: "The archive does not hold this.",
    Library.VERIFY_CHANGED: "· you have “{copied}”, the paper has “{printed}”",
    Library.VERIFY_ADDED: "· the paper does not have “{copied}”",
    Library.VERIFY_LEFT_OUT: "· “{printed}” is left out",
    Library.VERIFY_REST: "· {n} more differences",
    Library.VERIFY_MISSING: "Not found: {pieces}",
    Library.PRIVACY: "To follow a conversation, the bot remembers the last few questions of this "
    "chat and which quotes you were shown; after {days} silent days that is deleted. Ratings and "
    "corrections that you send are kept, with question and quote, for whoever runs the bot, and are "
    "exported without name or number. What you ask is not written into its log.\n\n"
    "Questions are looked up on this server and go nowhere else; Telegram keeps its own history."
    "\n\n/forget deletes all of this at once. Who may use a bot that is not open to everybody is "
    "kept apart.",
    Library.FORGOTTEN: "Done: conversation, buttons, ratings and corrections are deleted.",
}
