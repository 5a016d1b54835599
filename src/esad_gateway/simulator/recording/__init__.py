"""What passes between a system and a gateway, kept with other identities, and played again.

``proxy`` forwards and keeps, ``writing`` replaces identities and makes the file, ``model`` is what the file says,
``replaying`` sends the requests again and compares the answers.
"""
