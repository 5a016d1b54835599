"""What the doors of national procedures ask of the desks behind them."""
