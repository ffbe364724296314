"""The backend of the Contract Management System: log, ledger, API, and the pure kernel in `core`."""
