"""The command ``jiwen``: every call of the terminal. Errors are one line on stderr, exit code 2."""

from __future__ import annotations

import logging
import os
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.console import Console

from bot.librarycommands import COMMANDS
from bot.places import Places, from_environment, options, placed
from bot.streams import (
    MENDABLE,
    lines,
    name_hidden,
    name_skipped,
    one_line_errors,
    show_text,
    speak_chinese,
    text_of,
    write_line,
)
from retrieval.errors import SettingsError

if TYPE_CHECKING:
    from retrieval.records import Answer, Page, Scope
    from retrieval.settings import Settings

_FOUND_NOTHING = 1


@click.group(
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="例: jiwen index && jiwen ask '辽源市冬季植树一共栽了多少棵树?'",
)
@options
@click.option("-v", "--verbose", is_flag=True, help="把过程写到标准错误输出")
@click.version_option(package_name="jiwen", message="jiwen %(version)s")
@click.pass_context
def cli(context: click.Context, /, verbose: bool, **folders: Path | None) -> None:
    """吉问: 向地方报纸的档案提问, 得到报上的原话和出处。"""
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    context.obj = {
        name: folder or from_environment(name, dict(os.environ)) for name, folder in folders.items()
    }


@cli.command()
@click.option("--full", is_flag=True, help="不管有没有改动, 全部重建")
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON")
@click.option("--watch", is_flag=True, help="一直看着页面文件夹, 有改动就更新(Ctrl-C 结束)")
@placed
def index(places: Places, full: bool, as_json: bool, watch: bool) -> None:
    """建立或更新索引: 只读改动过的页面; 没有改动就什么也不做。"""
    from bot.indexing import indexed, watched

    if watch:
        watched(places, as_json=as_json)
    else:
        indexed(places, full=full, as_json=as_json)


@cli.command()
@click.argument("question")
@click.option("--json", "as_json", is_flag=True, help="每个回答一行 JSON")
@click.option("-k", type=click.IntRange(1, 50), help="最多几条引文 [默认见 config/jiwen.toml]")
@click.option(
    "--from", "date_from", metavar="日期", help="只找这一天及以后的, 如 2021-01-27 或 2021-01"
)
@click.option("--to", "date_to", metavar="日期", help="只找这一天及以前的")
@click.option("--newspaper", metavar="报名", help="只找这家报纸的, 如 辽源日报")
@click.option("--legible", is_flag=True, help="只找文字清楚的段落")
@placed
def ask(
    places: Places,
    question: str,
    as_json: bool,
    k: int | None,
    date_from: str | None,
    date_to: str | None,
    newspaper: str | None,
    legible: bool,
) -> None:
    """提一个问题; 问题写成 - 时从标准输入逐行读问题, 每行一个 JSON 回答。

    \b
    例: jiwen ask '订阅辽源日报打什么电话?'
        jiwen ask --from 2021-01 --newspaper 辽源日报 '疫苗接种情况如何?' --json
    没有找到时退出码为 1。
    """  # noqa: D301 -- click wants the control character
    scope = _scope(places, date_from, date_to, newspaper)
    if legible:
        scope = replace(scope, legible=places.read_config().archive.answer.legible_at)
    archive = places.open_archive()
    if question == "-":
        for line in lines(keep_empty=True):
            _print_json(archive.ask(line, k=k, scope=scope))
        return
    answer = archive.ask(text_of(question), k=k, scope=scope)
    if as_json:
        _print_json(answer)
    else:
        _print_answer(answer)
    if answer.verdict == "none":
        sys.exit(_FOUND_NOTHING)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="逐行读问题, 每行一个 JSON 回答; 空行换话题")
@placed
def chat(places: Places, as_json: bool) -> None:
    """在终端里连续提问, 听得懂「那…呢」。"""
    from bot.dialog import Manner
    from bot.terminal import converse, converse_json

    manner = Manner(forget_s=60 * places.read_config().bot.forget_after_min)
    archive = places.open_archive()
    if as_json:
        converse_json(archive, lines(keep_empty=True), write_line, manner=manner)
    else:
        converse(archive, Console(), manner=manner)


@cli.command()
@click.option("--json", "as_json", is_flag=True, help="每篇文章一行 JSON")
@click.option("--page", "page_id", metavar="文件", help="只看这一页")
@click.option("--full", is_flag=True, help="与 --page 同用: 正文全文, 不只开头")
@click.option("--draft", "as_draft", is_flag=True, help="写出这一页的改正表, 供手工修改")
@placed
def articles(
    places: Places, as_json: bool, page_id: str | None, full: bool, as_draft: bool
) -> None:
    """把页面怎样分成了文章(只读页面, 不需要索引)。

    \b
    --page 逐行显示一页: 每一段归哪一篇, 为什么在这里分, 哪里没有把握。
    分得不对可以手工改: 页面 p1.txt 旁边放一个 p1.articles.toml, 其中写明的以它为准。
    例: jiwen articles --page p1.txt --draft > seeds/p1.articles.toml
    然后修改行号、标题、作者、日期(说明在文件开头), 再运行 jiwen index。
    """  # noqa: D301 -- click wants the control character
    from retrieval.articles import skipped_lines
    from retrieval.pages import Skipped, read_page, read_pages

    if full and not page_id:
        raise click.UsageError("--full needs one page: --page FILE.")
    settings = places.read_config().archive
    one = read_page(places.seeds, page_id, settings) if page_id else None
    if as_draft:
        _print_draft(one, settings)
        return
    for page in [one] if one else read_pages(places.seeds, settings):
        if isinstance(page, Skipped):
            name_skipped(page)
            continue
        for line in skipped_lines(page):
            name_skipped(line)
        if as_json:
            _print_articles(page, settings)
        else:
            _show_division(page, settings, whole=one is not None, full=full)


@cli.command()
@click.argument("identifier", metavar="编号")
@placed
def show(places: Places, identifier: str) -> None:
    """显示一页、一篇文章、一个段落或一条引文, 连同原文的行。

    \b
    例: jiwen show 003_1ed890315a895296.txt/a3
    """  # noqa: D301 -- click wants the control character
    from bot.reports import hidden_line, shown
    from retrieval.errors import TakenDownError

    try:
        show_text(shown(places.open_archive(), text_of(identifier)))
    except TakenDownError as error:
        show_text(hidden_line(error.reason))
        sys.exit(_FOUND_NOTHING)


@cli.command()
@click.argument("quote", required=False)
@placed
def verify(places: Places, quote: str | None) -> None:
    """重读每一页、证明每个段落; 给出一句引文时, 查它在哪里。

    \b
    例: jiwen verify
        jiwen verify '将23个品种总计2677棵树木'
    """  # noqa: D301 -- click wants the control character
    from bot.reports import verified, whereabouts
    from retrieval.whereabouts import Standing, locate

    archive = places.open_archive()
    if quote is None:
        text, sound = verified(archive)
        show_text(text)
        sys.exit(0 if sound else _FOUND_NOTHING)
    found = locate(text_of(quote), archive.near)
    show_text(whereabouts(archive, found))
    sys.exit(_FOUND_NOTHING if found.standing is Standing.NOWHERE else 0)


@cli.command(name="eval")
@click.argument("questions", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="每次衡量一行 JSON")
@click.option("--floors", type=click.Path(path_type=Path), help="下限(TOML, 按类别)")
@click.option("--trec", type=click.Path(path_type=Path), help="把 run.trec 和 qrels.trec 写到这里")
@click.option("--noise", metavar="比例", help="认错多少字(0 到 1, 可以几个): 0,0.02,0.05,0.1")
@click.option("--seed", default=0, show_default=True, help="认错哪些字由它决定")
@click.option(
    "--distractors",
    multiple=True,
    type=click.Path(path_type=Path),
    help="另加不相干的文章(.jsonl, 每行一篇; 可以几个)",
)
@placed
def evaluate(
    places: Places,
    questions: Path,
    as_json: bool,
    floors: Path | None,
    trec: Path | None,
    noise: str | None,
    seed: int,
    distractors: tuple[Path, ...],
) -> None:
    """用一组问题(每行一个 JSON)衡量回答; 低于设定的下限时退出码为 1。

    \b
    --noise 和 --distractors 在临时文件夹里另建索引: 故意认错一些字, 或者加进别的文章, 再衡量一遍。
    例: jiwen eval tests/questions.jsonl --floors tests/quality/floors.toml
        jiwen eval tests/questions.jsonl --noise 0,0.02,0.05,0.1
    """  # noqa: D301 -- click wants the control character
    from bot.evaluation import Trial, rates, tried, write_trec
    from bot.gauges import measured, trials_table
    from retrieval.measures import FLOORS, read_floors, read_questions

    gold = read_questions(questions)
    pinned = read_floors(floors) if floors else FLOORS
    trials = [Trial(rate, seed, distractors) for rate in rates(noise)] if noise else []
    if distractors and not noise:
        trials = [Trial(0.0, seed, ()), Trial(0.0, seed, distractors)]
    runs = tried(places, gold, trials)
    for run in runs:
        if as_json:
            write_line(run.json())
        elif not trials:
            show_text(measured(run.table, pinned))
    if trials and not as_json:
        show_text(trials_table(runs))
    if trec:
        write_trec(trec, runs[0])
    if trials and not floors:
        return
    if failing := [line for run in runs for line in run.below(pinned)]:
        click.echo("; ".join(failing), err=True)
        sys.exit(_FOUND_NOTHING)


@cli.command()
@click.option("--out", type=click.Path(path_type=Path), help="模型的文件夹 [默认 索引文件夹/model]")
@click.option("--minutes", type=click.FloatRange(0.1, 600), default=3.0, help="最多几分钟 [默认 3]")
@click.option("--seed", type=click.IntRange(0), default=0, help="随机数种子 [默认 0]")
@click.option("--json", "as_json", is_flag=True, help="结果写成一行 JSON")
@placed
def adapt(places: Places, out: Path | None, minutes: float, seed: int, as_json: bool) -> None:
    """让随附的句向量模型适应自己的档案; 在留出的文章上更好才保留。

    \b
    用档案自己的文章训练(标题找正文, 句子找上下文), 为档案里的新词添加向量;
    三成文章不参加训练, 用来监督和检验。不改动设置: 保留时打印要写进设置的两行。
    例: jiwen adapt --minutes 10
    没有更好、或文章太少时不写任何文件, 退出码为 1。
    """  # noqa: D301 -- click wants the control character
    from bot.adapting import adapted, adapted_json
    from bot.progress import shown
    from retrieval.generations import claim
    from retrieval.manifest import MODEL
    from retrieval.training.adapt import Order, Result
    from retrieval.training.adapt import adapt as fit

    settings = places.read_config().archive
    if out is None:
        claim(places.index)
    order = Order(out or places.index / MODEL, minutes, seed, date.today().isoformat())
    with shown(Console(stderr=True)) as progress:
        outcome = fit(places.seeds, settings, order, progress=progress)
    if as_json:
        write_line(adapted_json(outcome, order.out))
    else:
        show_text(adapted(outcome, order.out))
    sys.exit(0 if outcome.result is Result.KEPT else _FOUND_NOTHING)


@cli.command()
@click.argument("task", required=False, type=click.Choice(["check"]))
@placed
def takedown(places: Places, task: str | None) -> None:
    """撤稿名单(config/takedown.toml)的每一条, 各隐藏了哪些文章。

    \b
    jiwen takedown check 只说要留意的: 没有对上文章的条目, 仍在显示的转载; 有则退出码为 1。
    """  # noqa: D301 -- click wants the control character
    from bot.takedowns import listed, look, warnings

    if task is None:
        show_text(listed(look(places)))
        return
    for line in (found := warnings(look(places, reprints=True))):
        show_text(line)
    if found:
        sys.exit(_FOUND_NOTHING)
    show_text("撤稿名单没有要留意的。")


@cli.command()
@placed
def bot(places: Places) -> None:
    """运行 Telegram 机器人(令牌放在环境变量 TELEGRAM_BOT_TOKEN 中)。"""
    from msgspec.structs import replace as changed

    from bot.access import bot_settings
    from bot.health import heartbeat
    from bot.rebuilding import command
    from bot.shelf import Upkeep
    from bot.telegram import run

    settings = bot_settings(places.read_config(), os.environ, places.index)
    heart = heartbeat(places.index, os.environ)
    upkeep = Upkeep.of(places.index, command(places), places.lists)
    run(places.open_archive, changed(settings, heartbeat=heart), upkeep)


@cli.command()
@placed
def health(places: Places) -> None:
    """机器人是否还好(给 Docker 和监控用): 索引能打开, 状态能写, 两分钟内听到过 Telegram。

    好则什么也不说, 退出码为 0; 不好则逐条说明, 退出码为 1。
    """
    from bot.health import ailments, heartbeat

    found = list(ailments(places, heartbeat(places.index, os.environ)))
    for line in found:
        click.echo(line, err=True)
    sys.exit(_FOUND_NOTHING if found else 0)


for command in COMMANDS:
    cli.add_command(command)


@cli.command()
@placed
def doctor(places: Places) -> None:
    """检查安装、模型、索引和页面, 并说明怎么办。"""
    from bot.doctor import examine

    sound = True
    for finding in examine(places):
        show_text(finding.text)
        sound = sound and finding.sound
    sys.exit(0 if sound else MENDABLE)


def _scope(
    places: Places, date_from: str | None, date_to: str | None, newspaper: str | None
) -> Scope:
    """The scope that the options name, in whole days and by the newspaper's official name."""
    from retrieval.dates import days
    from retrieval.mentions import newspaper_named
    from retrieval.records import Scope

    papers = places.read_config().archive.newspapers
    first = days(date_from)[0] if date_from else None
    last = days(date_to)[1] if date_to else None
    if first and last and first > last:
        raise SettingsError(f"--from {date_from} lies after --to {date_to}; swap them")
    return Scope(first, last, newspaper_named(newspaper, papers) if newspaper else None)


def _print_articles(page: Page, settings: Settings) -> None:
    """Print each article of a page as a line of JSON."""
    from bot.render import article_json, json_line
    from retrieval.articles import split_page
    from retrieval.records import Kind
    from retrieval.takedown import shown

    articles = split_page(page, settings)
    left = shown(articles, settings)
    name_hidden(page, len(articles) - len(left))
    for article in left:
        if article.kind is not Kind.FURNITURE:
            write_line(json_line(article_json(article)))


def _show_division(page: Page, settings: Settings, *, whole: bool, full: bool) -> None:
    """Show how a page was divided: its articles in a list, or the whole page line by line."""
    from bot.reviews import Look, listed, whole_page
    from retrieval.legibility import legibilities
    from retrieval.review import review_page
    from retrieval.takedown import shown_of

    whole_review = review_page(page, settings)
    review = shown_of(whole_review, settings)
    name_hidden(page, len(whole_review.articles) - len(review.articles))
    clean = legibilities([a.body.text for a in review.articles])
    pairs = zip(review.articles, clean, strict=True)
    misread = {a.id for a, value in pairs if value < settings.answer.legible_at}
    if not whole:
        show_text(listed(review, misread))
        return
    console = Console()
    look = Look(full, console.width if console.is_terminal else None)
    show_text(whole_page(review, misread, look))


def _print_draft(page: Page | None, settings: Settings) -> None:
    """Print the corrections of a page as it is divided now, what is wrong with its own on stderr."""
    from bot.drafts import draft
    from retrieval.articles import skipped_lines, split_page
    from retrieval.takedown import shown

    if page is None:
        raise click.UsageError("--draft needs one page: --page FILE.")
    for left_out in skipped_lines(page):
        name_skipped(left_out)
    write_line(draft(page, shown(split_page(page, settings), settings)).encode())


def _print_json(answer: Answer) -> None:
    from bot.render import answer_json, json_line

    write_line(json_line(answer_json(answer)))


def _print_answer(answer: Answer) -> None:
    from bot.render import answer_terminal

    show_text(answer_terminal(answer))


def main() -> None:
    """Run the command."""
    speak_chinese()
    with one_line_errors():
        # Not standalone: click would print its own errors, on four lines.
        sys.exit(cli.main(prog_name="jiwen", standalone_mode=False))


if __name__ == "__main__":
    main()
