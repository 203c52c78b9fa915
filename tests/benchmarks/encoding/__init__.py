"""What encoding costs: ``python -m tests.benchmarks.encoding --corpus CORPUS``."""
