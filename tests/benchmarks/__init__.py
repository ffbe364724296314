"""Benchmarks: figures and ratios, run by ``make bench``; never timed tests."""
