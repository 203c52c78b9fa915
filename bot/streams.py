"""The command's standard streams: lines in, lines out, and errors on one line."""

from __future__ import annotations

import io
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

import click
from rich.console import Console

from retrieval.errors import JiwenError

if TYPE_CHECKING:
    from rich.console import RenderableType

    from retrieval.pages import Skipped
    from retrieval.records import Page

MENDABLE = 2
_INTERRUPTED = 130  # as the shell has it for SIGINT


def lines(*, keep_empty: bool = False) -> Iterator[str]:
    """The lines of standard input without their ends, read one at a time."""
    for raw in sys.stdin.buffer:
        line = raw.decode("utf-8-sig", errors="replace").rstrip("\r\n")
        if line or keep_empty:
            yield line


def text_of(argument: str) -> str:
    """An argument as text; bytes that are no UTF-8 become replacement characters."""
    return argument.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def show_text(shown: RenderableType) -> None:
    """Print for a reader; the terminal breaks long lines, so that a copied quote has none of ours."""
    Console().print(shown, soft_wrap=True)


def name_skipped(skipped: Skipped) -> None:
    """Say on stderr what was left out, and why."""
    from bot.render import visible

    click.echo(visible(f"{skipped.file}: {skipped.reason}"), err=True)


def name_hidden(page: Page, count: int) -> None:
    """Say on stderr how many articles of a page the take-down list hides, if it does."""
    from bot.render import visible

    if count:
        click.echo(visible(f"{page.id}: 另有 {count} 篇按撤稿名单隐藏"), err=True)


def write_line(line: bytes) -> None:
    """One line on stdout, at once, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.buffer.write(line.rstrip(b"\n") + b"\n")
    sys.stdout.buffer.flush()


@contextmanager
def one_line_errors() -> Iterator[None]:
    """Turn what the user can mend into one line on stderr and exit code 2."""
    try:
        yield
    except JiwenError as error:
        fail(str(error))
    except click.exceptions.NoArgsIsHelpError as error:  # `jiwen` alone
        error.show()
        sys.exit(MENDABLE)
    except click.UsageError as error:
        command = error.ctx.command_path if error.ctx else "jiwen"
        fail(f"{error.format_message()} See `{command} --help`.")
    except click.Abort:
        sys.exit(_INTERRUPTED)
    except Exception as error:  # the outer edge: never a traceback for the user
        logging.getLogger(__name__).info("unexpected", exc_info=True)
        what = f"{type(error).__name__}: {error}"
        fail(f"unexpected: {what[:300]}; run with -v for more")


def fail(message: str) -> NoReturn:
    """Say on one line of stderr what went wrong, and end."""
    click.echo(f"jiwen: {' '.join(message.split())}", err=True)
    sys.exit(MENDABLE)


def speak_chinese() -> None:
    """Let no character stop the program: UTF-8 where the locale has no Chinese, � for the rest."""
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        if not isinstance(stream, io.TextIOWrapper):
            continue
        try:
            "吉问".encode(stream.encoding)
        except UnicodeEncodeError:
            stream.reconfigure(encoding="utf-8")
        stream.reconfigure(errors="replace")
