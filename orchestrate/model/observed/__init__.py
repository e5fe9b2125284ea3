"""The observed cluster: the nodes' answers, the journal's records, the catalogue's view."""
