"""What providers offer, and what citizens order of it on credit."""
