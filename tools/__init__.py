"""What makes the committed documents from the code."""
