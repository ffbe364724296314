"""What people do with contracts, for window and command line alike: draft, propose, decide, compare, exchange."""
