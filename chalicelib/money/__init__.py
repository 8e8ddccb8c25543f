"""Public money: budgets and awards, what they are spent on, what citizens owe, and what is paid out."""
