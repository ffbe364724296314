"""Contracts: the one function that admits signed events, the register, evidence files."""
