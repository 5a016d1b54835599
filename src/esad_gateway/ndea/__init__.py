"""The door of the other administrations: documents in SOAP envelopes."""
