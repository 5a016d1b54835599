"""Why nobody was signed in: the visitor's doing, or the provider's."""

from esad_gateway.errors import PeerError, SenderError


class SignInRefused(SenderError):
    """What came back from a provider of identities signs nobody in; signing in has to begin anew."""


class ProviderFailed(PeerError):
    """A provider of identities did not answer, or what it answered is not right; nobody was signed in."""


class ProviderSlow(ProviderFailed):
    """A provider of identities did not answer in its time."""
