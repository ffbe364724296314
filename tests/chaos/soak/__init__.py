"""Several homes exchange files while their backends are killed, their disks fail and their clocks jump.

`python -m tests.chaos.soak --minutes 30`. What is counted at the end is what must not happen: an acknowledged event
that is lost, one that is there twice, and a log that signed two histories.
"""
