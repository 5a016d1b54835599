"""What whoever operates a gateway is told: metrics, whether it is ready, and what is wrong with it."""
