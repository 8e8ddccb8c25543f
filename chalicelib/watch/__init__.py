"""What looks at all the others, and what none of them knows: figures, seals and proofs."""
