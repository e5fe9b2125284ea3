"""Consul: the journal and the lock in its KV store, and what its catalogue remembers."""
