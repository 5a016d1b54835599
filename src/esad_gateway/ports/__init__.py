"""What the gateway needs of the world, as Protocols, and the values that cross them. Adapters satisfy these."""
