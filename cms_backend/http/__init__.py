"""What every endpoint shares: problems, limits, request bodies, paging."""
