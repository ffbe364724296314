"""The transparency log: queue, sequencer, checkpoints and proofs."""
