"""Tests and tools of the window."""
