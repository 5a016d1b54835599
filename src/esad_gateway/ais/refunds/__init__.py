"""What a consignor hands in for duty to be refunded (REF)."""
