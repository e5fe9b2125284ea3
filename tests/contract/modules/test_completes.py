"""Replicas that are to end: awaited until they have, and not started a second time."""

from __future__ import annotations

from typing import Any

import pytest

from tests.contract.modules.site import PROJECT, Site
from tests.contract.modules.test_start import detail

pytestmark = pytest.mark.contract

MIGRATE = f"{PROJECT}-migrate-1-r1"


SECOND_TIME = "test -e /data/ran || { touch /data/ran; echo no table; exit 3; }"


def run_once(site: Site, command: str, **changes: Any) -> dict[str, Any]:
    """A start of what runs one line of shell, and ends."""
    own = {"entrypoint": ["/bin/sh", "-c"], "command": [command], "restart": "no", "user": "0:0"}
    return site.start(MIGRATE, kind="none", completes=True, **own | changes)


def test_it_is_awaited_until_it_has_ended(site: Site) -> None:
    answer = site.replicas(run_once(site, "sleep 2"))

    assert not answer.get("failed"), answer
    seen = site.seen(MIGRATE)
    assert (seen["state"], seen["exit_code"], seen["config"]["restart"]) == ("exited", 0, "no")
    assert site.registered(MIGRATE)["status"] == "passing"


def test_the_second_time_it_is_not_started(site: Site) -> None:
    site.replicas(run_once(site, "true"))
    before = site.seen(MIGRATE)

    answer = site.replicas(run_once(site, "true"))

    assert (answer["changed"], detail(answer)) == (False, "nothing to do")
    assert site.seen(MIGRATE) == before


def test_one_that_failed_is_started_again(site: Site) -> None:
    failing = run_once(site, SECOND_TIME)
    first = site.replicas(failing)

    assert "exited with code 3" in first["msg"]
    assert "no table" in first["msg"]
    assert not site.replicas(failing).get("failed")
    assert site.seen(MIGRATE)["exit_code"] == 0


def test_what_the_engine_tries_again_is_awaited(site: Site) -> None:
    answer = site.replicas(run_once(site, SECOND_TIME, restart="on-failure"))

    assert not answer.get("failed"), answer
    seen = site.seen(MIGRATE)
    assert (seen["state"], seen["exit_code"], seen["restart_count"]) == ("exited", 0, 1)


def test_what_fails_as_often_as_it_may_has_failed(site: Site) -> None:
    answer = site.replicas(run_once(site, "exit 4", restart="on-failure:2"))

    assert "exited with code 4" in answer["msg"]
    assert site.seen(MIGRATE)["restart_count"] == 2


def test_of_a_job_nobody_awaits_the_end(site: Site) -> None:
    job = run_once(site, "sleep 30", unattended=True, restart="on-failure")

    assert detail(site.replicas(job)) == "created, started, registered"
    assert site.seen(MIGRATE)["state"] == "running"
    assert detail(site.replicas(job)) == "nothing to do"


def test_a_job_that_fails_at_once_is_told_of(site: Site) -> None:
    answer = site.replicas(run_once(site, "echo no table; exit 5", unattended=True))

    assert "exited with code 5" in answer["msg"]
    assert "no table" in answer["msg"]


def test_one_that_does_not_end_in_time_is_left_running(site: Site) -> None:
    answer = site.replicas(run_once(site, "sleep 30", deadline_s=1))

    assert "has not completed within 1 s" in answer["msg"]
    assert site.seen(MIGRATE)["state"] == "running"


def test_check_mode_foresees_nothing_for_what_has_completed(site: Site) -> None:
    site.replicas(run_once(site, "true"))

    assert site.replicas(run_once(site, "true"), check=True)["changed"] is False
