"""The documents are true: their commands run, their names exist, their links lead somewhere."""
