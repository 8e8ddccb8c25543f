"""Organisations that accept contributions: who they are, where they sell, where they are paid, what they take part in."""
