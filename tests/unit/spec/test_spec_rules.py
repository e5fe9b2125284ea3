"""Every key of the Compose Specification is known here: read, or refused by name."""

from __future__ import annotations

import pytest

from orchestrate.errors import SpecError
from orchestrate.spec import Document, read
from orchestrate.spec.rules.deploy import DEPLOY
from orchestrate.spec.rules.health import HEALTHCHECK
from orchestrate.spec.rules.kinds import Refused, Section
from orchestrate.spec.rules.project import PROJECT
from orchestrate.spec.rules.service import SERVICE

TOP_LEVEL = "configs include models name networks secrets services version volumes"
OF_A_SERVICE = """
    annotations attach blkio_config build cap_add cap_drop cgroup cgroup_parent command configs
    container_name cpu_count cpu_percent cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares
    cpus cpuset credential_spec depends_on deploy develop device_cgroup_rules devices dns dns_opt
    dns_search domainname entrypoint env_file environment expose extends external_links extra_hosts
    gpus group_add healthcheck hostname image init ipc isolation label_file labels links logging
    mac_address mem_limit mem_reservation mem_swappiness memswap_limit models network_mode networks
    oom_kill_disable oom_score_adj pid pids_limit platform ports post_start pre_start pre_stop
    privileged profiles provider pull_policy pull_refresh_after read_only restart runtime scale secrets
    security_opt shm_size stdin_open stop_grace_period stop_signal storage_opt sysctls tmpfs tty ulimits
    use_api_socket user userns_mode uts volumes volumes_from working_dir
"""
OF_A_HEALTHCHECK = "disable interval retries start_interval start_period test timeout"
OF_DEPLOY = """
    endpoint_mode labels mode placement replicas resources restart_policy rollback_config update_config
"""


@pytest.mark.parametrize(
    ("section", "keys"),
    [
        pytest.param(PROJECT, TOP_LEVEL, id="top level"),
        pytest.param(SERVICE, OF_A_SERVICE, id="service"),
        pytest.param(HEALTHCHECK, OF_A_HEALTHCHECK, id="healthcheck"),
        pytest.param(DEPLOY, OF_DEPLOY, id="deploy"),
    ],
)
def test_all_keys_of_the_specification_are_known(section: Section, keys: str) -> None:
    ours = {key for key in section.keys if key.startswith("x-")}

    assert section.keys.keys() - ours == set(keys.split())


@pytest.mark.parametrize(
    "key", [key for key, rule in SERVICE.keys.items() if isinstance(rule, Refused)]
)
def test_a_key_that_is_not_supported_is_refused_by_name(key: str) -> None:
    text = f"services:\n  web:\n    image: web:1\n    {key}: x\n"

    with pytest.raises(SpecError) as caught:
        read([Document("compose.yml", text)], {}, "shop")

    (problem,) = caught.value.problems
    assert str(problem).startswith(f"compose.yml:4:5: services.web.{key}: is not supported: ")
