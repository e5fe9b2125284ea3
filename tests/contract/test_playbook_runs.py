"""Runs of real `ansible-playbook` processes that end badly."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from orchestrate.adapters.ansible.options import AnsibleOptions
from orchestrate.adapters.ansible.process import Watch, run_playbook
from orchestrate.adapters.ansible.run import Event, Run

pytestmark = pytest.mark.contract
PLAYS = """
- name: First
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.debug: {msg: done}
- name: Second
  hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.pause: {seconds: 60}
"""
LOOP = """
- hosts: localhost
  connection: local
  gather_facts: false
  tasks:
    - ansible.builtin.assert: {that: item != 'b', fail_msg: b is not wanted}
      loop: [a, b]
"""


def run(directory: Path, text: str, dies_at: str = "") -> Run:
    """Run the plays; the process is killed when the play `dies_at` begins."""
    file = directory / "play.yml"
    file.write_text(text)
    artifacts = directory / "run"
    artifacts.mkdir()

    def heard(event: Event) -> None:
        is_start = event["event"] == "playbook_on_play_start"
        if dies_at and is_start and event["event_data"]["name"] == dies_at:
            os.kill(event["pid"], signal.SIGKILL)

    options = AnsibleOptions(inventory=("localhost,",))
    return run_playbook(file, options, artifacts, Watch(on_event=heard))


def test_a_process_that_is_killed_has_failed(tmp_path: Path) -> None:
    found = run(tmp_path, PLAYS, dies_at="Second")

    (failure,) = found.failures
    log = tmp_path / "run" / "artifacts" / "run" / "stdout"
    assert (found.status, found.plays) == ("failed", ["First", "Second"])
    assert (failure.node, failure.play) == ("localhost", "Second")
    assert f"ended early and named no host; run it again. Its log is {log}" in failure.message
    assert log.is_file()


def test_a_loop_gives_the_messages_of_the_items_that_failed(tmp_path: Path) -> None:
    (failure,) = run(tmp_path, LOOP).failures

    assert failure.message == "b: b is not wanted"
