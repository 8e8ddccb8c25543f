"""Mechanisms that features share and that know no feature."""
