# Copyright: orchestrate contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Whom a registry takes us for, and which image a tag stands for there.

A login comes from the play (O(registry_logins)), or from what `docker login` left on the node.
"""

from __future__ import annotations

import json
from base64 import b64decode, urlsafe_b64encode
from urllib.parse import quote

from ansible_collections.orchestrate.cluster.plugins.module_utils._engine import Engine, EngineError
from ansible_collections.orchestrate.cluster.plugins.module_utils._errors import (
    ActionError,
    UnavailableError,
)
from ansible_collections.orchestrate.cluster.plugins.module_utils._parallel import each

_HUB = "docker.io"
_HUB_IN_FILES = "https://index.docker.io/v1/"
_AT_ONCE = 8
_WITHIN_S = 15.0


class Logins:
    """`given` has registries with "user:password"; the file is that of the Docker command."""

    def __init__(self, given: dict[str, str], docker_config: str) -> None:
        self._given = given
        self._docker_config = docker_config

    def headers(self, image: str) -> dict[str, str]:
        """Return the header of a request that makes the engine speak to the image's registry."""
        registry = registry_of(image)
        login = self._given.get(registry)
        known = _split(registry, login) if login else self._from_file(registry)
        if not known:
            return {}
        known["serveraddress"] = registry
        return {"X-Registry-Auth": urlsafe_b64encode(json.dumps(known).encode()).decode()}

    def _from_file(self, registry: str) -> dict[str, str]:
        try:
            with open(self._docker_config, encoding="utf-8") as file:
                auths = json.load(file).get("auths") or {}
            entry = auths.get(_HUB_IN_FILES if registry == _HUB else registry) or {}
            if entry.get("identitytoken"):
                return {"identitytoken": entry["identitytoken"]}
            login = b64decode(entry.get("auth") or "", validate=True).decode()
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, AttributeError, TypeError) as error:
            raise ActionError(
                f"{self._docker_config} cannot be read: {error}: mend or remove it"
            ) from error
        return _split(registry, login) if login else {}


def registry_of(image: str) -> str:
    """Name the registry: what stands before the first slash, if it looks like a host."""
    host, slash, _ = image.partition("/")
    is_host = slash and ("." in host or ":" in host or host == "localhost")
    return host if is_host else _HUB


def resolve(images: list[str], engine: Engine, logins: Logins) -> dict[str, str]:
    """Ask the registries for the digests; an image that none of them tells of is left out."""
    found = each(lambda image: (image, _digest(image, engine, logins)), images, _AT_ONCE)
    return {image: digest for image, digest in found if digest}


def _digest(image: str, engine: Engine, logins: Logins) -> str:
    """Why there is none is not asked: whoever then pulls the image hears of it."""
    path = f"/distribution/{quote(image)}/json"
    try:
        request = engine.request("GET", path, headers=logins.headers(image))
        return engine.answer(request, _WITHIN_S)["Descriptor"]["digest"]
    except (ActionError, EngineError, UnavailableError, KeyError, TypeError):
        return ""


def _split(registry: str, login: str) -> dict[str, str]:
    user, colon, password = login.partition(":")
    if not colon:
        raise ActionError(f'the login for {registry} is not of the form "user:password"')
    return {"username": user, "password": password}
