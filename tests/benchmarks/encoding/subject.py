"""One model measured in a process of its own: ``subject.py MODEL TEXTS``.

``TEXTS`` has a passage a line. Prints one JSON object: a ``Cost``. Reads Linux's ``/proc``.
"""

from __future__ import annotations

import json
import sys
import time
from itertools import islice
from pathlib import Path

_BATCH = 256  # passages, as `jiwen index` encodes them; only one batch is held
_WARM = 8  # passages, encoded before the clock runs
_MB_PER_KB = 1 / 1024


def measure(model: str, texts: Path) -> dict[str, float]:
    """Processor seconds to load the model and to encode the texts, and MB resident.

    A few passages are encoded before, for what a model does only once.
    """
    started = time.process_time()
    from retrieval.encoder import open_encoder
    from retrieval.settings import EncoderSettings

    encoder = open_encoder(EncoderSettings(model=model))
    load_s = time.process_time() - started
    loaded_mb = resident("VmRSS")
    count, encode_s = 0, 0.0
    with texts.open(encoding="utf-8") as lines:
        while batch := [line.strip() for line in islice(lines, _BATCH)]:
            if count == 0:
                encoder.encode_passages(batch[:_WARM])
            started = time.process_time()
            encoder.encode_passages(batch)
            encode_s += time.process_time() - started
            count += len(batch)
    return {
        "load_s": load_s,
        "loaded_mb": loaded_mb,
        "rate": count / encode_s,
        "resident_mb": resident("VmRSS"),
        "peak_mb": resident("VmHWM"),
    }


def resident(field: str) -> float:
    """Megabytes that the kernel reports; unlike ``ru_maxrss``, nothing of the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    line = next(line for line in status.splitlines() if line.startswith(f"{field}:"))
    return int(line.split()[1]) * _MB_PER_KB


if __name__ == "__main__":
    print(json.dumps(measure(sys.argv[1], Path(sys.argv[2]))))
