"""A service: every key that the Compose Specification gives one, supported or refused."""

from __future__ import annotations

import re
import shlex

from orchestrate.spec.located import Plain
from orchestrate.spec.rules.depends import DEPENDS_ON
from orchestrate.spec.rules.deploy import DEPLOY
from orchestrate.spec.rules.files import SERVICE_CONFIGS, SERVICE_SECRETS
from orchestrate.spec.rules.health import HEALTHCHECK
from orchestrate.spec.rules.ingress import INGRESS
from orchestrate.spec.rules.kinds import Forms, ListOf, OrNull, Refused, Scalar, Section
from orchestrate.spec.rules.mounts import MOUNTS
from orchestrate.spec.rules.networks import MEMBERSHIPS, refuse_mode
from orchestrate.spec.rules.pairs import ENVIRONMENT, LABELS
from orchestrate.spec.rules.ports import PORTS, read_expose
from orchestrate.spec.rules.refused import SERVICE_KEYS
from orchestrate.spec.rules.scalars import DURATION, TEXT, matching, one_of
from orchestrate.spec.rules.spot import MismatchError, Spot

_PART = r"[a-z0-9]+(?:(?:\.|_{1,2}|-+)[a-z0-9]+)*"
_IMAGE = re.compile(
    rf"(?:[A-Za-z0-9.-]+(?::[0-9]{{1,5}})?/)?{_PART}(?:/{_PART})*"
    r"(?::[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(?:@sha256:[0-9a-f]{64})?"
)
_LONGEST_IMAGE = 512
_PULL_POLICIES = {"always", "missing", "if_not_present", "never"}


def _parse_image(text: str) -> str | None:
    return text if len(text) <= _LONGEST_IMAGE and _IMAGE.fullmatch(text) else None


def _parse_pull_policy(text: str) -> str | None:
    """A tag is looked up whenever a file is deployed: once a day, say, is a matter for cron."""
    if text == "build":
        raise ValueError("images are not built here: push it to a registry")
    if text in {"daily", "weekly"} or text.startswith("every_"):
        raise ValueError('write "always", and deploy as often as that')
    return {"if_not_present": "missing"}.get(text, text) if text in _PULL_POLICIES else None


def _split_line(spot: Spot) -> Plain:
    try:
        return shlex.split(str(spot.content))
    except ValueError as error:
        raise MismatchError(f"expected a command line, got one with an error: {error}") from error


_COMMAND = OrNull(
    Forms("a command line or a list of words", text=_split_line, sequence=ListOf(TEXT))
)

SERVICE = Section(
    keys={
        "image": Scalar('an image such as "registry.example.com/shop/web:1.4"', _parse_image),
        "pull_policy": Scalar('"always", "missing" or "never"', _parse_pull_policy),
        "command": _COMMAND,
        "entrypoint": _COMMAND,
        "environment": ENVIRONMENT,
        "labels": LABELS,
        "user": matching('a user such as "1000:1000" or "app"', r"[A-Za-z0-9_.:-]*"),
        "ports": PORTS,
        "expose": read_expose,
        "volumes": MOUNTS,
        "networks": OrNull(MEMBERSHIPS),
        "network_mode": refuse_mode,
        "configs": SERVICE_CONFIGS,
        "secrets": SERVICE_SECRETS,
        "healthcheck": HEALTHCHECK,
        "stop_grace_period": DURATION,
        "restart": one_of(
            "unless-stopped", "always", advice="a replica that ends is always started again"
        ),
        "depends_on": DEPENDS_ON,
        "deploy": DEPLOY,
        "x-ingress": INGRESS,
        **{key: Refused(advice) for key, advice in SERVICE_KEYS.items()},
    },
    required={"image": "name the image that its replicas run"},
    checks=(lambda spot, _: spot.note("service", spot.path.rpartition(".")[2]),),
)
