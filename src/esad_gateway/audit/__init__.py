"""Whether a store tells the truth: what was signed, what follows from it, and what stands in the database."""
