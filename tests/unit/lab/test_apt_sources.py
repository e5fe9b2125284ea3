"""apt's own configuration, in the forms that machines have it in."""

from __future__ import annotations

from orchestrate.lab.apt_sources import Source, parse_lines, parse_stanzas

MIRROR = "http://mirror.example.org/debian"
KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"


def test_a_line_names_an_archive_a_suite_and_its_components() -> None:
    assert parse_lines(f"deb {MIRROR} bookworm main contrib\n") == [
        Source(MIRROR, "bookworm", ("main", "contrib"))
    ]


def test_options_of_a_line_are_named_as_in_a_stanza() -> None:
    line = f"deb [ arch=amd64,arm64 signed-by={KEYRING} check-valid-until=no ] {MIRROR} sid main"

    (source,) = parse_lines(line)

    assert source.options == {
        "Architectures": "amd64 arm64",
        "Signed-By": KEYRING,
        "Check-Valid-Until": "no",
    }


def test_an_installed_machine_has_comments_source_code_and_its_first_disc() -> None:
    text = f"""\
# deb cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64 NETINST]/ bookworm main
deb cdrom:[Debian GNU/Linux 12.5.0 _Bookworm_ - Official amd64 NETINST]/ bookworm main

deb {MIRROR}/ bookworm main non-free-firmware   # the nearest one
deb-src {MIRROR}/ bookworm main
#deb http://old.example.org/debian bookworm main
this is no source
"""

    assert parse_lines(text) == [Source(MIRROR, "bookworm", ("main", "non-free-firmware"))]


def test_a_suite_may_be_a_path_without_components() -> None:
    assert parse_lines(f"deb [trusted=yes] {MIRROR} ./\n") == [
        Source(MIRROR, "./", (), {"Trusted": "yes"})
    ]


def test_a_stanza_stands_for_each_of_its_archives_and_suites() -> None:
    text = f"""\
# Made by the installer
Types: deb deb-src
URIs: {MIRROR}
  http://second.example.org/debian
Suites: bookworm bookworm-updates
Components: main
signed-by: {KEYRING}


Types: deb-src
URIs: {MIRROR}
Suites: bookworm
Components: main
"""

    assert [(source.uri, source.suite) for source in parse_stanzas(text)] == [
        (MIRROR, "bookworm"),
        (MIRROR, "bookworm-updates"),
        ("http://second.example.org/debian", "bookworm"),
        ("http://second.example.org/debian", "bookworm-updates"),
    ]
    assert parse_stanzas(text)[0].options == {"Signed-By": KEYRING}


def test_a_stanza_that_is_not_enabled_is_left_out() -> None:
    text = f"Enabled: no\nTypes: deb\nURIs: {MIRROR}\nSuites: bookworm\nComponents: main\n"

    assert parse_stanzas(text) == []


KEY = """\
Types: deb
URIs: http://mirror.example.org/debian
Suites: bookworm
Components: main
Signed-By:
 -----BEGIN PGP PUBLIC KEY BLOCK-----
 .
 mDMEY865UxYJKwYBBAHaRw8BAQdAd7Z0srwuhlB6JKFkcf4HU4SSS/xcRfwEQWzr
 # not a comment
 -----END PGP PUBLIC KEY BLOCK-----
"""


def test_a_key_in_a_stanza_is_kept_as_it_is() -> None:
    (source,) = parse_stanzas(KEY)

    assert parse_stanzas(source.stanza()) == [source]
    assert source.stanza().endswith(KEY.partition("Signed-By:")[2])
    assert source.keyrings() == []


def test_keys_may_be_in_several_files() -> None:
    text = f"deb [signed-by={KEYRING},/etc/apt/keyrings/own.asc,0123ABCD!] {MIRROR} sid main"

    assert parse_lines(text)[0].keyrings() == [KEYRING, "/etc/apt/keyrings/own.asc"]


def test_what_a_line_says_is_said_by_its_stanza() -> None:
    (source,) = parse_lines(f"deb [signed-by={KEYRING}] {MIRROR} bookworm main contrib")

    assert parse_stanzas(source.stanza()) == [source]
