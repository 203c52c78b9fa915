"""The bot's process beside a server: started, watched, stopped."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .api import BotApi
from .methods import TOKEN

ROOT = Path(__file__).parents[2]
CANNED = [sys.executable, str(ROOT / "tests" / "run_bot.py")]
REAL = [sys.executable, "-m", "bot.cli", "bot"]


@dataclass(frozen=True, slots=True)
class Running:
    """The bot's process and what it has printed so far."""

    process: subprocess.Popen[bytes]
    printed: Path

    def output(self) -> str:
        return self.printed.read_text(encoding="utf-8")

    def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(15)

    def resident_mb(self) -> float:
        """Memory that the process holds now (Linux)."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else 0.0

    def processor_s(self) -> float:
        """Processor time that the process has used (Linux)."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(") ")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def open_files(self) -> int:
        """Open files and connections of the process (Linux)."""
        return len(list(Path(f"/proc/{self.process.pid}/fd").iterdir()))


def without_limits(folder: Path) -> Path:
    """Settings under which one person may ask as much as a whole test asks."""
    (folder / "unlimited").mkdir(exist_ok=True)
    text = "[bot.limits]\nuser_per_min = 0\nall_per_min = 0\n"
    (folder / "unlimited" / "jiwen.toml").write_text(text)
    return folder / "unlimited"


@contextmanager
def start_bot(
    server: BotApi,
    folder: Path,
    program: list[str] = CANNED,
    environment: Mapping[str, str] | None = None,
) -> Iterator[Running]:
    """The bot's process, started; stopped at the end if it still runs."""
    printed = folder / "printed"
    variables = {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "JIWEN_TELEGRAM_BASE_URL": server.base_url,
        "JIWEN_SEEDS": str(ROOT / "seeds"),
        "JIWEN_STATE": str(folder / "state" / "bot.sqlite3"),
        "JIWEN_CONFIG": str(without_limits(folder)),
        "PYTHONPATH": str(ROOT),
        "PATH": os.environ["PATH"],
        "NO_PROXY": "*",
    }
    with printed.open("wb") as file:
        process = subprocess.Popen(
            program, cwd=ROOT, env=variables | dict(environment or {}), stdout=file, stderr=file
        )
        try:
            yield Running(process, printed)
        except BaseException as error:
            error.add_note(f"the bot printed:\n{printed.read_text(encoding='utf-8')[-3000:]}")
            raise
        finally:
            process.kill()
            process.wait()
