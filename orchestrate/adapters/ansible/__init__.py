"""The nodes, through Ansible: the inventory, the plays, and the way that Ansible takes to a host."""
