"""Retrievers compared: ``python -m tests.benchmarks.retrievers --corpus CORPUS``."""
