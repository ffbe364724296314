"""The desktop side: wallet, window, command line and the services they share."""
