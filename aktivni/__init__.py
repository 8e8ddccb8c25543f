"""A small command for anybody with a receipt: is it in the books that the town sealed? Standard library alone."""
