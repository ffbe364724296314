"""Anchors: where the log's checkpoints stand on a ledger, from submission to finality."""
