"""Signing in at a provider of identities over OpenID Connect."""
