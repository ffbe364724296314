"""The person's keys: an encrypted file, recovery words, identities, contacts. No Qt, no network."""
