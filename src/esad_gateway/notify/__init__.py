"""Traders are told that something came for them: webhooks that are called, and streams of events."""
