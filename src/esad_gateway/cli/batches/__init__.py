"""What stands behind ``esad batch`` and ``esad saad``: their options, checks, uploads and signatures."""
