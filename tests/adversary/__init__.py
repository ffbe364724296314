"""An adversary: made-up histories in real logs, hostile edits of their files, and what must hold all the same."""
