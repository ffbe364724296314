"""Who is asking: DID logins, tokens, and the launch secret of an embedded backend."""
