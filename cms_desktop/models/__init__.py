"""Lists for the window: rows that change in place, and the register, which is fetched as it is read."""
