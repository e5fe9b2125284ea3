"""The modules of the collection against a real Docker Engine and a real Consul agent."""
