"""The keys that do not simply merge as mappings, append as lists or replace as texts."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TypeAlias

from orchestrate.spec.located import Content, Located
from orchestrate.spec.pairs import as_pairs

Path = tuple[str, ...]
Identity: TypeAlias = Callable[[Located], str | None]
"""What tells an item of a list from the others; None: it is like no other."""
Forms: TypeAlias = Callable[[Located, Located], tuple[Content, Content]]
"""The earlier and the later content, brought to forms that can be merged."""


def is_replaced(path: Path) -> bool:
    return any(pattern in _REPLACED for pattern in _patterns(path))


def with_equal_forms(path: Path, earlier: Located, later: Located) -> tuple[Content, Content]:
    forms = next((_FORMS[pattern] for pattern in _patterns(path) if pattern in _FORMS), None)
    return forms(earlier, later) if forms else (earlier.content, later.content)


def identity_at(path: Path) -> Identity:
    """Items of the same text are one, but for what Compose leaves to others."""
    if path[:1] not in {("services",), ("networks",)} or any(
        key.startswith("x-") for key in path[2:]
    ):
        return lambda _: None
    found = (_IDENTITIES[pattern] for pattern in _patterns(path) if pattern in _IDENTITIES)
    return next(found, _text_of)


def _patterns(path: Path) -> tuple[str, ...]:
    """Replace the names that a person chose by stars: a service's, and those inside it."""
    if len(path) <= _NAMED:
        return ()
    first = ".".join((path[0], "*", *path[2:]))
    if len(path) <= _NAMED_INSIDE:
        return (first,)
    return (first, ".".join((path[0], "*", path[2], "*", *path[4:])))


_NAMED, _NAMED_INSIDE = 1, 3


def _text_of(item: Located) -> str | None:
    return item.content if isinstance(item.content, str) else None


def _text_at(key: str) -> Identity:
    """A text, or a mapping's text under this key."""

    def identity(item: Located) -> str | None:
        content = item.content
        if isinstance(content, dict):
            return _text_of(content[key]) if key in content else None
        return _text_of(item)

    return identity


def _device(item: Located) -> str | None:
    """Return the path of a device in the container: `/dev/a:/dev/b:rwm`."""
    if isinstance(item.content, str):
        parts = item.content.split(":")
        return parts[1] if len(parts) > 1 else parts[0]
    return _text_at("target")(item)


def _each(convert: Callable[[Located], Content]) -> Forms:
    """Bring both to one form; where one has neither of its forms, the later stands alone and is judged."""

    def forms(earlier: Located, later: Located) -> tuple[Content, Content]:
        old, new = convert(earlier), convert(later)
        return (None, later.content) if old is None or new is None else (old, new)

    return forms


def _as_list(located: Located) -> Content:
    """`dns: 10.0.0.1` is `dns: [10.0.0.1]`."""
    content = located.content
    return [Located(content, located.place)] if isinstance(content, str) else content


def _as_named(located: Located) -> Content:
    """`networks: [front]` is `networks: {front: }`."""
    return _name_items(located.content, None)


def _as_dependencies(located: Located) -> Content:
    """`depends_on: [db]` has its conditions; they take the place of those that a mapping gave before."""
    started = Located("service_started", located.place)
    required = Located("true", located.place)
    return _name_items(located.content, {"condition": started, "required": required})


def _name_items(content: Content, value: Content) -> Content:
    if not isinstance(content, list):
        return content
    if not all(isinstance(item.content, str) for item in content):
        return None
    return {str(item.content): Located(value, item.place, item.tag) for item in content}


def _as_build(located: Located) -> Content:
    """`build: ./web` is `build: {context: ./web}`."""
    content = located.content
    return {"context": Located(content, located.place)} if isinstance(content, str) else content


def _as_hosts(located: Located) -> Content:
    """`extra_hosts: {db: [A, B]}` is `extra_hosts: [db=A, db=B]`: a name may have several addresses."""
    content = located.content
    if isinstance(content, dict):
        return [host for name, value in content.items() for host in _hosts(name, value)]
    if not isinstance(content, list) or not all(isinstance(item.content, str) for item in content):
        return None
    return [
        item._replace(content=_HOST.sub(r"\1=", str(item.content), count=1)) for item in content
    ]


_HOST = re.compile(r"^([^=:]*)[=:]")


def _hosts(name: str, value: Located) -> list[Located]:
    addresses = value.content if isinstance(value.content, list) else [value]
    return [one._replace(content=f"{name}={one.content or ''}") for one in addresses]


def _limit(earlier: Located, later: Located) -> tuple[Content, Content]:
    """`nofile: 1024` gives both of its limits: the later stands alone, unless both name them one by one."""
    old, new = earlier.content, later.content
    return (old if isinstance(old, dict) and isinstance(new, dict) else None), new


def _logging(earlier: Located, later: Located) -> tuple[Content, Content]:
    """The options of one driver are nothing to another."""
    old, new = earlier.content, later.content
    if isinstance(old, dict) and isinstance(new, dict) and {"driver"} <= old.keys() & new.keys():
        return (old if old["driver"].content == new["driver"].content else None), new
    return old, new


def _healthcheck(earlier: Located, later: Located) -> tuple[Content, Content]:
    """Keep the later of `test` and `disable`; in one file they contradict each other."""
    old, new = earlier.content, later.content
    if isinstance(old, dict) and isinstance(new, dict) and new.keys() & _EITHER:
        return {key: value for key, value in old.items() if key not in _EITHER}, new
    return old, new


_EITHER = {"test", "disable"}
_PAIRS, _LIST, _NAMED_ITEMS = (
    _each(lambda located: as_pairs(located.content)),
    _each(_as_list),
    _each(_as_named),
)
_REPLACED = {
    "services.*.command",
    "services.*.entrypoint",
    "services.*.healthcheck.test",
    # what stands under a name of the person's is one value, and so is none
    "services.*.annotations.*",
    "services.*.environment.*",
    "services.*.labels.*",
    "services.*.sysctls.*",
}
_FORMS: Mapping[str, Forms] = {
    **{
        f"services.*.{key}": _PAIRS
        for key in ("annotations", "environment", "labels", "sysctls", "deploy.labels")
    },
    **{f"{kind}.*.labels": _PAIRS for kind in ("networks", "volumes", "configs", "secrets")},
    **{
        f"services.*.{key}": _LIST
        for key in ("dns", "dns_opt", "dns_search", "env_file", "label_file", "tmpfs")
    },
    "services.*.networks": _NAMED_ITEMS,
    "services.*.models": _NAMED_ITEMS,
    "services.*.depends_on": _each(_as_dependencies),
    "services.*.build": _each(_as_build),
    "services.*.extra_hosts": _each(_as_hosts),
    "services.*.logging": _logging,
    "services.*.ulimits.*": _limit,
    "services.*.healthcheck": _healthcheck,
}
_IDENTITIES: Mapping[str, Identity] = {
    "services.*.env_file": _text_at("path"),
    "services.*.devices": _device,
    "services.*.blkio_config.*": _text_at("path"),
    "networks.*.ipam.config": _text_at("subnet"),
}
