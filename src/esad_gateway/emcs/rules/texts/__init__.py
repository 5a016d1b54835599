"""The texts of the catalogue, a module for every part of the rulebook."""
