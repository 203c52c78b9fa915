"""吉问's archive: pages become articles, passages, vectors; questions become proven quotes."""

import os

# Read when numpy is first imported. A question's products are too small to be shared out: threads
# that waited for their part took as much processor time again as all of the question.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
