"""The backend over HTTP: one client for the embedded process and for a team's server."""
