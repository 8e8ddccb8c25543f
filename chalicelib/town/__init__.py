"""The town and its people: what whatever a town hall does stands on."""
