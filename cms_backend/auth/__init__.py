"""Who is asking: attaching to an embedded backend, DID logins, tokens."""
