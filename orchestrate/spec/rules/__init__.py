"""The rules for each key of a Compose file: tables by subject, and the mechanism that applies them."""
