"""The `cms` command: the same work as the window, without a screen. Never loads Qt."""
