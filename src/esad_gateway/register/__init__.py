"""The register of operators in and out: the JSON file of an administration, and IE713 extracts of SEED."""
