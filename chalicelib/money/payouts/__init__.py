"""Settlement with providers: what is owed, orders to the bank, and what the bank really did."""
