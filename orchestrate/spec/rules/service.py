"""A service: every key that the Compose Specification gives one, supported or refused."""

from __future__ import annotations

import re

from orchestrate.spec.rules.budget import BUDGET
from orchestrate.spec.rules.depends import DEPENDS_ON
from orchestrate.spec.rules.deploy import DEPLOY
from orchestrate.spec.rules.files import SERVICE_CONFIGS, SERVICE_SECRETS
from orchestrate.spec.rules.health import HEALTHCHECK
from orchestrate.spec.rules.hooks import HOOKS
from orchestrate.spec.rules.ingress import INGRESS
from orchestrate.spec.rules.jobs import check_job
from orchestrate.spec.rules.kinds import OrNull, PassedOver, Refused, Scalar, Section
from orchestrate.spec.rules.limits import LIMITS, check_limits
from orchestrate.spec.rules.mounts import MOUNTS
from orchestrate.spec.rules.names import (
    CONTAINER_NAME,
    LINKS,
    check_container_name,
    join_links,
)
from orchestrate.spec.rules.networks import (
    HARDWARE_ADDRESS,
    MEMBERSHIPS,
    NETWORK_MODE,
    join_hardware_addresses,
)
from orchestrate.spec.rules.pairs import ENVIRONMENT, LABELS
from orchestrate.spec.rules.ports import EXPOSE, PORTS
from orchestrate.spec.rules.privileges import PRIVILEGES
from orchestrate.spec.rules.process import COMMAND, PLATFORM, PROCESS, USER
from orchestrate.spec.rules.refused import SERVICE_KEYS
from orchestrate.spec.rules.scalars import DURATION, matching, whole_between
from orchestrate.spec.rules.sources import ENV_FILE, EXTENDS, LABEL_FILE, PROFILES
from orchestrate.spec.rules.tmpfs import TMPFS, join_tmpfs

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?/)?{_PART}(?:/{_PART})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_LONGEST_IMAGE = 512
_PULL_POLICIES = {"always", "missing", "if_not_present", "never"}
_MOST = 1_000_000
PRIORITY = whole_between(-_MOST, _MOST, f"a whole number from -{_MOST} to {_MOST}")
_BUILD = "is passed over: the image is not built here, it comes from the registry"


def _parse_image(text: str) -> str | None:
    return text if len(text) <= _LONGEST_IMAGE and _IMAGE.fullmatch(text) else None


def _parse_pull_policy(text: str) -> str | None:
    """A tag is looked up whenever a file is deployed: once a day, say, is a matter for cron."""
    if text == "build":
        raise ValueError("images are not built here: push it to a registry")
    if text in {"daily", "weekly"} or text.startswith("every_"):
        raise ValueError('write "always", and deploy as often as that')
    return {"if_not_present": "missing"}.get(text, text) if text in _PULL_POLICIES else None


SERVICE = Section(
    keys={
        "image": Scalar('an image such as "registry.example.com/shop/web:1.4"', _parse_image),
        "pull_policy": Scalar('"always", "missing" or "never"', _parse_pull_policy),
        "command": COMMAND,
        "entrypoint": COMMAND,
        "environment": ENVIRONMENT,
        "env_file": OrNull(ENV_FILE),
        "profiles": PROFILES,
        "extends": EXTENDS,
        "labels": LABELS,
        "label_file": LABEL_FILE,
        "user": USER,
        "ports": PORTS,
        "expose": EXPOSE,
        "volumes": MOUNTS,
        "networks": OrNull(MEMBERSHIPS),
        "network_mode": NETWORK_MODE,
        "mac_address": HARDWARE_ADDRESS,
        "container_name": CONTAINER_NAME,
        "links": LINKS,
        "configs": SERVICE_CONFIGS,
        "secrets": SERVICE_SECRETS,
        "healthcheck": HEALTHCHECK,
        "stop_grace_period": DURATION,
        "restart": matching(
            '"no", "always", "unless-stopped", "on-failure" or "on-failure:3"',
            r"no|always|unless-stopped|on-failure(:[0-9]{1,6})?",
        ),
        "depends_on": DEPENDS_ON,
        **PROCESS,
        **PRIVILEGES,
        **LIMITS,
        "tmpfs": TMPFS,
        "post_start": HOOKS,
        "pre_stop": HOOKS,
        "platform": PLATFORM,
        "deploy": DEPLOY,
        "x-ingress": INGRESS,
        "x-budget": BUDGET,
        "x-priority": PRIORITY,
        "build": PassedOver(_BUILD),
        "attach": PassedOver("is about the terminal of one machine, and has no effect here"),
        **{key: Refused(advice) for key, advice in SERVICE_KEYS.items()},
    },
    required={"image": "build it, push it to a registry that the nodes reach, and name it here"},
    checks=(
        lambda spot, _: spot.note("service", spot.key),
        check_limits,
        check_container_name,
        check_job,
        join_hardware_addresses,
        join_links,
        join_tmpfs,
    ),
)
