"""WS-Security 1.0 with X.509 at the traders' SOAP door: who signed an envelope, and signing what answers it."""
