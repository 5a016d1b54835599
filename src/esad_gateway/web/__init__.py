"""What every door over HTTP needs: bodies within limits, and errors as problem details."""
