# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Pulling images: the engine answers "200 OK" first and tells of the failure inside its stream of
progress.
"""

from __future__ import annotations

import json
from typing import BinaryIO
from urllib.parse import urlencode

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import error_text
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import ActionError
from ansible_collections.orchestrate.cluster.plugins.module_utils._node import Node

# Between two signs of progress, not for the whole: large images take as long as they take.
_SILENCE_S = 120.0
_OK = 200
_NOT_FOUND = ("not found", "manifest unknown", "does not exist")


def pull(action: dict, node: Node, *, check_mode: bool) -> list[str]:
    """Pull an image that is not there; with `always`, look for a newer one of the same name."""
    image = action["image"]
    before = node.engine.image(image)
    if before and not action["always"]:
        return []
    if not check_mode:
        _download(node, image)
    after = node.engine.image(image)
    is_new = before is None or after["Id"] != before["Id"]
    return ["pulled"] if is_new else []


def _download(node: Node, image: str) -> None:
    question = urlencode({"fromImage": image, "tag": default_tag(image)})
    headers = node.logins.headers(image)
    request = node.engine.request("POST", f"/images/create?{question}", headers=headers)
    with node.engine.endpoint.open(request, _SILENCE_S) as answer:
        is_stream = answer.status == _OK
        reason = _stream_error(answer.body) if is_stream else error_text(answer.body.read())
    if reason:
        raise ActionError(_failure(image, reason))


def default_tag(image: str) -> str:
    """Without a tag the engine would pull every tag that there is."""
    has_version = "@" in image or ":" in image.rpartition("/")[2]
    return "" if has_version else "latest"


def _stream_error(stream: BinaryIO) -> str:
    for line in stream:
        try:
            progress = json.loads(line)
        except ValueError:
            return "the engine broke off its report"
        if "error" in progress:
            return progress["error"]
    return ""


def _failure(image: str, reason: str) -> str:
    if any(words in reason for words in _NOT_FOUND):
        return f"image {image}: not found in its registry ({reason}). Push it there, or correct the name"
    return f"image {image}: cannot be pulled: {reason}"
