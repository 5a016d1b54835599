"""National procedures in the store: people, cases, guarantees, declarations; each with its tables."""
