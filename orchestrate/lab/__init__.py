"""Throw-away clusters of real nodes on one machine.

A lab is a network, a registry and some nodes, all of them Docker containers. A node boots systemd,
answers SSH and has room for a Docker Engine of its own, so that everything above sees an ordinary
host in an ordinary inventory and cannot tell the difference.

Everything a lab makes carries the label `orchestrate.lab=<name>`: the engine is the record of what
exists, and `down` finds it from any directory.
"""
