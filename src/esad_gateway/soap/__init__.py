"""The SOAP door of traders: envelope in, ``Submission`` or query out, envelope back. It decides nothing."""
