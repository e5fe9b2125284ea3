"""The spec: the user's Compose file as values. The words are those of the Compose Specification.

Times are in seconds (`_s`), memory in bytes, CPUs in cores. A field that the file does not set holds
the default that semantics give it, so nothing further down asks "was it set?"; where "not set" has a
meaning of its own (use what the image says), it is None.
"""
