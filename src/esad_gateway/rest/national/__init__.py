"""The REST doors of national procedures, under ``/v1/national``."""
