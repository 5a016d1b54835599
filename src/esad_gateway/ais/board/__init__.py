"""What a trader has to do until when: the deadline board."""
