"""The story of one small importer: from a sign-in that fails to a declaration, over real doors."""
