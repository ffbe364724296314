"""Telling clients what changed: the event stream."""
