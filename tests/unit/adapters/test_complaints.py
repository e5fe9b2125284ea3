"""The sentence that matters, out of what Ansible says of an inventory that it cannot read."""

from __future__ import annotations

import pytest

from orchestrate.adapters.ansible.complaints import reason_of

BROKEN_YAML = """
[WARNING]: Failed to parse inventory with 'auto' plugin: YAML parsing failed: no such plugin.

<<< caused by >>>

Origin: /etc/ansible/hosts.yml:2:1

[WARNING]: Failed to parse inventory with 'yaml' plugin: YAML parsing failed: no node content.
Origin: <inventory plugin 'yaml' with source '/etc/ansible/hosts.yml'>

[WARNING]: Failed to parse inventory with 'ini' plugin: Invalid host pattern 'all:' supplied.
Origin: /etc/ansible/hosts.yml
"""


@pytest.mark.parametrize(
    ("warnings", "reason"),
    [
        pytest.param(
            BROKEN_YAML,
            "YAML parsing failed: no node content. (/etc/ansible/hosts.yml:2)",
            id="the plugin of the format, and the line that another knew",
        ),
        pytest.param(
            "[WARNING]: Failed to parse inventory with 'script' plugin: exit code 1\n",
            "exit code 1",
            id="no line",
        ),
        pytest.param(
            "[WARNING]: Failed to parse inventory with 'auto' plugin: no root key\n",
            "no root key",
            id="nobody knew the format",
        ),
        pytest.param("[WARNING]: something else\n", "", id="no reason"),
    ],
)
def test_the_reason(warnings: str, reason: str) -> None:
    assert reason_of(warnings) == reason
