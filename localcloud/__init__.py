"""The whole installation on one machine: `make run`."""
