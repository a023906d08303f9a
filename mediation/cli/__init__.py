"""The command line `mediation`."""
