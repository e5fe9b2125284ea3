"""What each key of a Compose file may hold: tables by subject, and the mechanism that applies them."""
