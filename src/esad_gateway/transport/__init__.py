"""Administration to administration: both ends of ``POST /ndea``, one SOAP operation that delivers a signed document."""
