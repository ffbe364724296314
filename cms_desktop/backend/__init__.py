"""The embedded backend seen from outside: find it, start it, keep it running."""
