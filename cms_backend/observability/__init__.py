"""Logs of the backend."""
