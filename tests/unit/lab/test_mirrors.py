"""Which of the archives that a machine uses is Debian's."""

from __future__ import annotations

from pathlib import Path

import pytest

from orchestrate.errors import InputError
from orchestrate.lab.apt_sources import Source, parse_lines
from orchestrate.lab.mirrors import choose_mirrors, read_mirrors

MIRROR = "http://mirror.example.org/debian"
SECURITY = "http://mirror.example.org/debian-security"
DEBIAN_12 = f"""\
deb {MIRROR} bookworm main contrib
deb {MIRROR} bookworm-updates main
deb {SECURITY} bookworm-security main
deb {MIRROR} bookworm-backports main
"""
OTHERS = """\
deb [signed-by=/usr/share/keyrings/tool.gpg] https://apt.example.org bookworm main
deb [signed-by=/usr/share/keyrings/other.gpg] https://other.example.org bookworm stable
"""
OS_RELEASE = 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nVERSION_CODENAME=bookworm\nID=debian\n'


def suites(text: str, release: str, wanted: str) -> list[tuple[str, str]]:
    mirrors = choose_mirrors(parse_lines(text), release)
    assert mirrors is not None
    return [(source.uri, source.suite) for source in mirrors.release(wanted)]


def test_the_release_of_the_machine_comes_with_its_corrections() -> None:
    assert suites(DEBIAN_12, "bookworm", "bookworm") == [
        (MIRROR, "bookworm"),
        (MIRROR, "bookworm-updates"),
        (SECURITY, "bookworm-security"),
    ]


def test_another_release_is_taken_from_the_same_mirrors() -> None:
    assert suites(DEBIAN_12, "bookworm", "bullseye") == [
        (MIRROR, "bullseye"),
        (MIRROR, "bullseye-updates"),
        (SECURITY, "bullseye-security"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(OTHERS + DEBIAN_12, id="in front"),
        pytest.param(DEBIAN_12 + OTHERS, id="behind"),
        pytest.param(f"{OTHERS}deb {MIRROR} bookworm main\n", id="no-updates"),
        pytest.param(
            f"{OTHERS}deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] {MIRROR} bookworm main\n",
            id="signed-by-debian",
        ),
    ],
)
def test_archives_of_others_for_the_same_release_are_left_alone(text: str) -> None:
    assert suites(text, "bookworm", "bookworm")[0] == (MIRROR, "bookworm")
    assert "https://apt.example.org" not in dict(suites(text, "bookworm", "bookworm"))


def test_a_mirror_of_a_team_with_a_key_of_its_own_will_do() -> None:
    text = f"deb [signed-by=/etc/apt/keyrings/team.gpg] {MIRROR} bookworm main\n"

    assert suites(text, "bookworm", "bookworm") == [(MIRROR, "bookworm")]


@pytest.mark.parametrize(("name", "release"), [("stable", "bookworm"), ("sid", "forky")])
def test_a_release_may_go_by_the_name_that_it_has_for_a_time(name: str, release: str) -> None:
    assert suites(f"deb {MIRROR} {name} main\n", release, "bookworm") == [(MIRROR, "bookworm")]


def test_only_the_main_component_is_used() -> None:
    mirrors = choose_mirrors(parse_lines(DEBIAN_12), "bookworm")

    assert mirrors is not None
    assert {source.components for source in mirrors.release("bookworm")} == {("main",)}


@pytest.mark.parametrize(
    ("text", "release"),
    [
        pytest.param("", "bookworm", id="nothing"),
        pytest.param(f"deb {MIRROR} bookworm contrib\n", "bookworm", id="no-main"),
        pytest.param(DEBIAN_12, "", id="not-debian"),
        pytest.param(DEBIAN_12, "trixie", id="another-release"),
    ],
)
def test_where_there_is_none_nothing_is_guessed(text: str, release: str) -> None:
    assert choose_mirrors(parse_lines(text), release) is None


def write(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def test_both_forms_of_files_are_read(tmp_path: Path) -> None:
    stanza = f"Types: deb\nURIs: {SECURITY}\nSuites: bookworm-security\nComponents: main\n"
    write(
        tmp_path,
        {
            "etc/os-release": OS_RELEASE,
            "etc/apt/sources.list": "# moved to sources.list.d\n",
            "etc/apt/sources.list.d/base.list": f"deb {MIRROR} bookworm main\n",
            "etc/apt/sources.list.d/security.sources": stanza,
            "etc/apt/sources.list.d/old.list.disabled": "deb http://x.example.org bookworm main\n",
        },
    )

    assert read_mirrors(tmp_path).release("bookworm") == (
        Source(MIRROR, "bookworm", ("main",)),
        Source(SECURITY, "bookworm-security", ("main",)),
    )


def test_of_a_list_of_mirrors_the_first_is_taken(tmp_path: Path) -> None:
    """Cloud images are configured so; nodes do not have the list."""
    stanza = (
        "Types: deb\nURIs: mirror+file:///etc/apt/mirrors/debian.list\n"
        "Suites: bookworm bookworm-updates\nComponents: main\n"
    )
    write(
        tmp_path,
        {
            "etc/os-release": OS_RELEASE,
            "etc/apt/sources.list.d/debian.sources": stanza,
            "etc/apt/mirrors/debian.list": f"{MIRROR}\tpriority:1\nhttp://second.example.org/debian\n",
        },
    )

    assert read_mirrors(tmp_path).archive == Source(MIRROR, "bookworm", ("main",))


def test_without_a_mirror_of_debian_the_error_names_where_one_belongs(tmp_path: Path) -> None:
    write(tmp_path, {"etc/os-release": "ID=other\nVERSION_CODENAME=bookworm\n"})

    with pytest.raises(InputError, match=r"apt has no mirror of Debian here.*sources\.list\.d"):
        read_mirrors(tmp_path)
