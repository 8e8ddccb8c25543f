"""Programmes of a town, their rules and money, and people's applications for them."""
