"""Figures as ratios against a floor measured in the same run, and exact counts."""
