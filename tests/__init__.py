"""The tests; they mirror the source's folders."""
