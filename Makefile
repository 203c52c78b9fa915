# 吉问: `make ask Q="问题"` asks, `make test` tests; both prepare everything they need.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
INDEXED := .jiwen/current
# Another torch, such as a CPU-only build: TORCH="torch --index-url ..."
TORCH ?= torch
# How large the archives are that `make bench CORPUS=...` measures; 5: the five pages.
PASSAGES ?= 5,10000,100000
Q ?= 辽源市冬季植树一共栽了多少棵树?

.PHONY: ask setup index bot test lint types check bench clean help

ask: $(INDEXED) ## answer a question: make ask Q="..."
	@$(BIN)/jiwen ask "$${Q:-$(Q)}" || test $$? -eq 1

help: ## list the targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/'

setup: $(STAMP) ## prepare .venv only

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] + "; give another with PYTHON=...") if sys.version_info < (3, 11) else None'
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt $(TORCH)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[dev]'
	@touch $@

index: $(STAMP) ## build or update the index over seeds/
	@$(BIN)/jiwen index

$(INDEXED): $(STAMP) $(shell find seeds config retrieval -type f -not -name '*.pyc')
	@$(BIN)/jiwen index
	@touch $@

bot: $(INDEXED) ## run the Telegram bot (needs TELEGRAM_BOT_TOKEN)
	@$(BIN)/jiwen bot

test: lint types check ## lint, types and tests

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(STAMP)
	$(BIN)/mypy

check: $(STAMP)
	$(BIN)/python -m pytest

bench: $(STAMP) ## time build, questions and the bot before a crowd; CORPUS=folder adds how all grows
	@$(BIN)/python tests/benchmarks/bench.py
	@$(BIN)/python -m tests.benchmarks.load
	@if [ -z "$(CORPUS)" ]; then \
		echo "How all grows with the archive: make bench CORPUS=FOLDER [PASSAGES=$(PASSAGES)], where FOLDER/text holds news_*.jsonl.zst;" \
		"bm25s stands beside it after: $(BIN)/pip install -c constraints.txt -e '.[bench]'"; \
	else \
		$(BIN)/python -m tests.benchmarks.scale "$(CORPUS)" --passages "$(PASSAGES)"; \
	fi

clean: ## remove the environment and the index
	rm -rf $(VENV) .jiwen
