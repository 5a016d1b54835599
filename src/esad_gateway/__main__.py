"""``python -m esad_gateway``: the same as ``esad``."""

from esad_gateway.cli import main

if __name__ == "__main__":
    main()
