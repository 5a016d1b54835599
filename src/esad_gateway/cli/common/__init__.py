"""What several commands share: output, language, paths, offline sources, access to a gateway or its data directory."""
