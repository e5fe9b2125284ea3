"""Container orchestration for an Ansible inventory."""

__version__ = "0.1.0"
