"""The backend's own keys, and what it vouches for about other people's."""
