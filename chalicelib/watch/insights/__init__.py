"""Live figures, exports, open data."""
