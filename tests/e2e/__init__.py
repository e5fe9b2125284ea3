"""The product as its user has it: commands on a lab of real nodes, requests through its proxies.

`make e2e` brings up a lab of its own. While working on the tests: ORCHESTRATE_LAB=NAME takes that lab,
ORCHESTRATE_KEEP_LAB=1 leaves it standing.
"""
