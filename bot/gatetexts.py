"""What the gate, the inline answers and the admin's commands say; part of ``bot.wording``'s tables."""

from __future__ import annotations

from collections.abc import Mapping
from enum import Enum, auto


class Door(Enum):
    """What can be said at the door and in the office."""

    # to whoever wants to come in
    PAIR_NEEDED = auto()
    PAIR_EMPTY = auto()
    PAIR_WRONG = auto()
    PAIRED = auto()
    PAIRED_ADMIN = auto()
    TOO_FAST = auto()
    TOO_BUSY = auto()
    LATE = auto()
    MENU_ASK = auto()
    # inline
    INLINE_TITLE = auto()
    INLINE_NOTHING = auto()
    INLINE_ASKED = auto()
    INLINE_RELATED = auto()
    # the admin's commands
    MENU_STATUS = auto()
    MENU_REBUILD = auto()
    MENU_RELOAD = auto()
    MENU_FEEDBACK = auto()
    MENU_BLOCK = auto()
    MENU_UNBLOCK = auto()
    MENU_INVITE = auto()
    STATUS = auto()
    STATUS_FIGURES = auto()
    UNKNOWN = auto()
    SPAN_DAYS = auto()
    SPAN_HOURS = auto()
    SPAN_MINUTES = auto()
    REBUILDING = auto()
    REBUILD_STEP = auto()
    REBUILD_BUSY = auto()
    REBUILT = auto()
    REBUILT_SAME = auto()
    REBUILD_FAILED = auto()
    STAGE_READ = auto()
    STAGE_SPLIT = auto()
    STAGE_TOKENISE = auto()
    STAGE_ENCODE = auto()
    STAGE_WRITE = auto()
    RELOADED = auto()
    RELOAD_FAILED = auto()
    NO_UPKEEP = auto()
    FEEDBACK_NONE = auto()
    FEEDBACK_SENT = auto()
    WHICH_USER = auto()
    BLOCKED = auto()
    UNBLOCKED = auto()
    NOT_ADMINS = auto()
    INVITED = auto()
    INVITED_ADMIN = auto()
    # to whoever started the bot
    FIRST_ADMIN = auto()
    NOBODY_LISTED = auto()
    OPEN_AND_LISTED = auto()
    WEBHOOK_MALFORMED = auto()
    SECRET_MALFORMED = auto()
    PORT_TAKEN = auto()


DOOR_ZH: Mapping[Door, str] = {
    Door.PAIR_NEEDED: "这里凭邀请码进入。请向管理员要一个，然后发送：/pair 邀请码",
    Door.PAIR_EMPTY: "请把邀请码写在后面，例如：/pair aB3dE5gH7jK9",
    Door.PAIR_WRONG: "这个邀请码不对，或者已经用过、过期了。请向管理员再要一个。",
    Door.PAIRED: "欢迎！想查什么，写一句话就行。用法见 /help。",
    Door.PAIRED_ADMIN: "好了，您现在是管理员。\n\n/status 看运行情况\n/rebuild 重建索引\n/reload 重新打开索引\n"
    "/feedback 导出读者的评价\n/block 编号、/unblock 编号 停用或恢复一位读者\n/invite 发一个邀请码",
    Door.TOO_FAST: "问得有点快，请过 {seconds} 秒再问。",
    Door.TOO_BUSY: "现在问的人太多，请过 {seconds} 秒再问。",
    Door.LATE: "刚才我有一阵子没在线，您之前的话现在才收到，隔得太久，没有去查。还想问的，请再发一次。",
    Door.MENU_ASK: "提问（群里用）：/ask 问题",
    Door.INLINE_TITLE: "没有找到",
    Door.INLINE_NOTHING: "吉问没有查到：{question}",
    Door.INLINE_ASKED: "问：{question}",
    Door.INLINE_RELATED: "相关：{text}",
    Door.MENU_STATUS: "运行情况",
    Door.MENU_REBUILD: "重建索引",
    Door.MENU_RELOAD: "重新打开索引",
    Door.MENU_FEEDBACK: "导出读者的评价",
    Door.MENU_BLOCK: "停用一位读者：/block 编号",
    Door.MENU_UNBLOCK: "恢复一位读者：/unblock 编号",
    Door.MENU_INVITE: "发一个邀请码",
    Door.STATUS: "索引 {generation}：{pages} 页，{articles} 篇，{passages} 段\n"
    "已运行 {uptime}，索引打开于 {opened} 前\n"
    "占用内存 {memory} MB\n"
    "凭邀请码进来的 {readers} 人，停用 {blocked} 人",
    Door.STATUS_FIGURES: "回答 {answered} 次，只有相关 {related} 次，没有找到 {none} 次，出错 {errors} 次\n"
    "用时：中位 {p50} 毫秒，百分之九十五在 {p95} 毫秒以内\n"
    "因太快或太忙没有接 {limited} 次，不许进 {refused} 次",
    Door.UNKNOWN: "不详",
    Door.SPAN_DAYS: "{days} 天 {hours} 小时",
    Door.SPAN_HOURS: "{hours} 小时 {minutes} 分",
    Door.SPAN_MINUTES: "{minutes} 分 {seconds} 秒",
    Door.REBUILDING: "开始重建索引……",
    Door.REBUILD_STEP: "正在重建索引：{stage} {n}",
    Door.REBUILD_BUSY: "已经在重建了，请等它做完。",
    Door.REBUILT: "重建好了：{pages} 页，{articles} 篇，{passages} 段；跳过 {skipped} 个文件。已换上新索引 {generation}。",
    Door.REBUILT_SAME: "版面没有改动，索引还是 {generation}；跳过 {skipped} 个文件。",
    Door.REBUILD_FAILED: "没有重建成：{why}\n原来的索引照常使用。",
    Door.STAGE_READ: "读入页面",
    Door.STAGE_SPLIT: "分出文章",
    Door.STAGE_TOKENISE: "切分词语",
    Door.STAGE_ENCODE: "计算向量",
    Door.STAGE_WRITE: "写入索引",
    Door.RELOADED: "已重新打开索引 {generation}，用了 {ms} 毫秒。",
    Door.RELOAD_FAILED: "打不开：{why}\n原来的索引照常使用。",
    Door.NO_UPKEEP: "这个机器人不管索引，请在服务器上运行 jiwen index。",
    Door.FEEDBACK_NONE: "还没有读者的评价。",
    Door.FEEDBACK_SENT: "读者的评价，共 {n} 条。",
    Door.WHICH_USER: "请写上读者的编号，例如：/{command} 123456789",
    Door.BLOCKED: "已停用 {user}。恢复用 /unblock {user}。",
    Door.UNBLOCKED: "已恢复 {user}。",
    Door.NOT_ADMINS: "{user} 是管理员，不能停用。",
    Door.INVITED: "邀请码（一天之内有效，只能用一次）：{code}\n对方发送 /pair {code}，或打开 {link}",
    Door.INVITED_ADMIN: "管理员邀请码（一天之内有效，只能用一次，请只交给信得过的人）：{code}\n"
    "对方发送 /pair {code}，或打开 {link}",
    Door.FIRST_ADMIN: "还没有管理员：请私聊机器人发送 /pair {code}，先到者为管理员（一天之内有效）",
    Door.NOBODY_LISTED: '[bot] access = "listed" 而 allowed_users 和 admins 都是空的，谁也进不来：请写上用户编号',
    Door.OPEN_AND_LISTED: '[bot] access = "open" 而 allowed_users 不是空的：请去掉一个',
    Door.WEBHOOK_MALFORMED: "[bot.webhook] url 是 {url}，不是网址：要写成 https://bot.example.org/jiwen 的样子",
    Door.PORT_TAKEN: "不能在 {where} 上等待（{why}）：请换一个端口",
    Door.SECRET_MALFORMED: "JIWEN_WEBHOOK_SECRET 只能用字母、数字、下划线和连字符，16 到 256 个",
}

DOOR_EN: Mapping[Door, str] = {
    Door.PAIR_NEEDED: "You need a code to come in. Ask whoever runs this bot for one, then send: /pair CODE",
    Door.PAIR_EMPTY: "Please write the code behind it, as in: /pair aB3dE5gH7jK9",
    Door.PAIR_WRONG: "This code is wrong, used or expired. Please ask for another.",
    Door.PAIRED: "Welcome! Just ask a question; see /help.",
    Door.PAIRED_ADMIN: "Done, you run this bot now.\n\n/status how it is doing\n/rebuild the index\n"
    "/reload the index\n/feedback what readers thought\n/block ID, /unblock ID a reader\n"
    "/invite a code that lets one person in",
    Door.TOO_FAST: "That was a little fast, please ask again in {seconds} s.",
    Door.TOO_BUSY: "Many people are asking right now, please try again in {seconds} s.",
    Door.LATE: "I was away and got your messages only now, too late to look them up. "
    "Please send again what you still want to know.",
    Door.MENU_ASK: "Ask (in groups): /ask question",
    Door.INLINE_TITLE: "Nothing found",
    Door.INLINE_NOTHING: "jiwen found nothing: {question}",
    Door.INLINE_ASKED: "Asked: {question}",
    Door.INLINE_RELATED: "related: {text}",
    Door.MENU_STATUS: "How it is doing",
    Door.MENU_REBUILD: "Rebuild the index",
    Door.MENU_RELOAD: "Open the index again",
    Door.MENU_FEEDBACK: "Export what readers thought",
    Door.MENU_BLOCK: "Block a reader: /block ID",
    Door.MENU_UNBLOCK: "Unblock a reader: /unblock ID",
    Door.MENU_INVITE: "A code that lets one person in",
    Door.STATUS: "Index {generation}: {pages} pages, {articles} articles, {passages} passages\n"
    "Running for {uptime}, index opened {opened} ago\n"
    "Memory {memory} MB\n"
    "Let in by code {readers}, blocked {blocked}",
    Door.STATUS_FIGURES: "Answered {answered}, related only {related}, nothing found {none}, errors {errors}\n"
    "Time: median {p50} ms, 95 in 100 within {p95} ms\n"
    "Turned away as too fast or too busy {limited}, not let in {refused}",
    Door.UNKNOWN: "unknown",
    Door.SPAN_DAYS: "{days} d {hours} h",
    Door.SPAN_HOURS: "{hours} h {minutes} min",
    Door.SPAN_MINUTES: "{minutes} min {seconds} s",
    Door.REBUILDING: "Rebuilding the index…",
    Door.REBUILD_STEP: "Rebuilding the index: {stage} {n}",
    Door.REBUILD_BUSY: "A rebuild is under way, please wait for it.",
    Door.REBUILT: "Rebuilt: {pages} pages, {articles} articles, {passages} passages; {skipped} files skipped. "
    "Index {generation} is in use.",
    Door.REBUILT_SAME: "No page changed, the index is still {generation}; {skipped} files skipped.",
    Door.REBUILD_FAILED: "The rebuild failed: {why}\nThe index from before stays in use.",
    Door.STAGE_READ: "reading pages",
    Door.STAGE_SPLIT: "dividing articles",
    Door.STAGE_TOKENISE: "cutting words",
    Door.STAGE_ENCODE: "computing vectors",
    Door.STAGE_WRITE: "writing",
    Door.RELOADED: "Opened index {generation} again, in {ms} ms.",
    Door.RELOAD_FAILED: "It cannot be opened: {why}\nThe index from before stays in use.",
    Door.NO_UPKEEP: "This bot does not look after its index: run jiwen index on the server.",
    Door.FEEDBACK_NONE: "No reader has said anything yet.",
    Door.FEEDBACK_SENT: "What readers thought, {n} in all.",
    Door.WHICH_USER: "Please write the reader's id, as in: /{command} 123456789",
    Door.BLOCKED: "Blocked {user}. To undo: /unblock {user}",
    Door.UNBLOCKED: "{user} may ask again.",
    Door.NOT_ADMINS: "{user} runs this bot and cannot be blocked.",
    Door.INVITED: "A code for one person, good for a day: {code}\nSend /pair {code}, or open {link}",
    Door.INVITED_ADMIN: "A code that makes one person an admin, good for a day: {code}\n"
    "Send /pair {code}, or open {link}",
    Door.FIRST_ADMIN: "no admin yet: send /pair {code} to the bot in a private chat; "
    "the first to do so runs it (good for a day)",
    Door.NOBODY_LISTED: '[bot] access = "listed", but allowed_users and admins are empty, '
    "so nobody could come in: write user ids there",
    Door.OPEN_AND_LISTED: '[bot] access = "open", but allowed_users is not empty: drop one of them',
    Door.WEBHOOK_MALFORMED: "[bot.webhook] url is {url}, which is no address: write one like "
    "https://bot.example.org/jiwen",
    Door.PORT_TAKEN: "cannot listen on {where} ({why}): set another port",
    Door.SECRET_MALFORMED: "JIWEN_WEBHOOK_SECRET must be 16 to 256 letters, digits, _ or -",
}
