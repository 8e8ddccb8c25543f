"""The fault campaign: spends by several processes while everything around them breaks, and the proof at the end."""
