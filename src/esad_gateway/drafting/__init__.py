"""The messages that traders write about an e-SAD which they have: reports of receipt, alerts, changes, explanations."""
