"""What a person has got wrong is said in one clear error; no cluster is asked, and nothing is changed."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from orchestrate.cli import main
from orchestrate.errors import ExitCode

Said = Callable[..., tuple[int, str, str]]
GOOD = "name: counter\nservices:\n  web:\n    image: web:1\n"


@pytest.fixture
def said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Said:
    """Run a command in an empty directory: its exit code, its output, and what it says is wrong."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    monkeypatch.setenv("ANSIBLE_CONFIG", str(tmp_path / "ansible.cfg"))
    monkeypatch.delenv("ORCHESTRATE_INVENTORY", raising=False)

    def run(*words: str) -> tuple[int, str, str]:
        with pytest.raises(SystemExit) as ended:
            main(words)
        captured = capsys.readouterr()
        return int(ended.value.code or 0), captured.out, captured.err

    return run


FILES = [
    pytest.param(None, "bad.yml: no such file or directory", id="missing"),
    pytest.param("services: a: b", "bad.yml:1:12: not valid YAML: ", id="broken-yaml"),
    pytest.param(
        "name: x\nservices: {a: {image: b, imagee: c}}",
        "bad.yml:2:26: services.a.imagee: ",
        id="unknown-key",
    ),
    pytest.param("name: x\nservices: {}", 'bad.yml:1:1: "services" is empty', id="no-services"),
    pytest.param(b"name: \xff", "bad.yml: not UTF-8 text (byte 6)", id="no-text"),
    pytest.param("", "bad.yml", id="empty"),
]


@pytest.mark.parametrize("command", ["plan", "converge", "deploy", "validate"])
@pytest.mark.parametrize(("content", "error"), FILES)
def test_a_bad_file(
    said: Said, tmp_path: Path, command: str, content: str | bytes | None, error: str
) -> None:
    if content is not None:
        data = content if isinstance(content, bytes) else content.encode()
        (tmp_path / "bad.yml").write_bytes(data)

    code, out, err = said(command, "-f", "bad.yml")

    assert (code, out) == (4, "")
    assert err.startswith(error)
    assert "Traceback" not in err
    assert not (tmp_path / "state").exists(), "nothing was begun"


@pytest.mark.parametrize(
    ("words", "error"),
    [
        pytest.param(["deploy"], "no Compose file here (compose.yaml, ", id="no-file"),
        pytest.param(
            ["validate"], "no Compose file here (compose.yaml, ", id="nothing-to-validate"
        ),
        pytest.param(
            ["converge", "-i", "nowhere.yml"], "inventory nowhere.yml: no such file", id="inventory"
        ),
        pytest.param(
            ["status", "-i", "nowhere.yml"], "inventory nowhere.yml: no such file", id="status"
        ),
        pytest.param(
            ["converge"],
            "no inventory: give one with -i, or name it in ansible.cfg",
            id="no-inventory",
        ),
        pytest.param(
            ["converge", "-i", "n1,", "--settings", "nowhere.yml"], "nowhere.yml: ", id="settings"
        ),
        pytest.param(
            ["plan", "-o", "plan.txt"],
            "-o plan.txt: expected json, or a file that ends in .yml",
            id="output",
        ),
    ],
)
def test_a_bad_argument(said: Said, words: list[str], error: str) -> None:
    code, out, err = said(*words)

    assert (code, out) == (4, "")
    assert err.startswith(error)


@pytest.mark.parametrize(
    ("words", "error"),
    [
        pytest.param(["converg"], "No such command 'converg'", id="command"),
        pytest.param(["plan", "--nosuch"], "No such option", id="option"),
        pytest.param(["down"], "Missing argument 'PROJECT'", id="argument"),
        pytest.param(["status", "-o", "xml"], "'xml' is not one of 'table', 'json'", id="format"),
        pytest.param(
            ["converge", "--lock-wait", "-1"], "-1.0 is not in the range x>=0", id="range"
        ),
    ],
)
def test_a_bad_word(said: Said, words: list[str], error: str) -> None:
    code, out, err = said(*words)

    assert (code, out) == (4, "")
    assert error in err


def test_bad_settings_are_found_beside_the_inventory(said: Said, tmp_path: Path) -> None:
    (tmp_path / "hosts.yml").write_text("all: {hosts: {n1: {}}}\n")
    (tmp_path / "orchestrate.yml").write_text("node: app\n")

    code, _, err = said("converge", "-i", "hosts.yml")

    assert (code, err) == (
        4,
        'orchestrate.yml:1:1: node: is not a known key: did you mean "nodes"?\n',
    )


@pytest.mark.parametrize("name", ["prompt", "prod@prompt"])
def test_a_password_is_not_asked_for(said: Said, tmp_path: Path, name: str) -> None:
    (tmp_path / "hosts.yml").write_text("all: {hosts: {n1: }}")

    code, _, err = said("plan", "-i", "hosts.yml", "--vault-id", name)

    assert code == 4
    assert err.startswith(f"--vault-id {name}: asks for a password: name a file with it")


def test_all_errors_of_a_file_at_once(said: Said, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(
        "name: x\nservices:\n  a: {imagee: b}\n  b: {imagee: c}\n"
    )

    code, _, err = said("validate")

    assert code == 4
    assert len([line for line in err.splitlines() if "imagee" in line]) == 2


def test_errors_as_data(said: Said, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(
        "name: x\nservices: {a: {image: 'b$X', imagee: c}}\nversion: '3'\n"
    )

    code, out, err = said("validate", "-o", "json")

    assert (code, err) == (4, "")
    assert json.loads(out) == [
        {
            "file": "compose.yml",
            "line": line,
            "column": column,
            "path": path,
            "message": message,
            "level": level,
        }
        for line, column, path, message, level in (
            (
                2,
                16,
                "services.a.image",
                "the variable X is not set: it is taken as empty",
                "warning",
            ),
            (2, 30, "services.a.imagee", 'is not a known key: did you mean "image"?', "error"),
            (
                3,
                1,
                "version",
                "has had no meaning since Compose has one format: remove it",
                "warning",
            ),
        )
    ]


def test_what_is_no_problem_of_a_file_is_data_without_a_place(said: Said) -> None:
    code, out, err = said("validate", "-o", "json", "-f", "gone.yml")

    (found,) = json.loads(out)
    assert (code, err) == (4, "")
    assert (found["file"], found["line"], found["level"]) == ("", 0, "error")
    assert found["message"] == "gone.yml: no such file or directory"


def test_a_good_file(said: Said, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(GOOD)

    assert said("validate")[:2] == (0, "compose.yml: 1 service, no errors\n")
    assert json.loads(said("validate", "-o", "json")[1]) == []


def test_help_tells_the_exit_codes(said: Said) -> None:
    code, out, _ = said("--help")

    assert code == 0
    told = " ".join(out.split())
    assert [code for code in ExitCode if f" {code} " not in told] == []
    assert "5 somebody else holds the lock" in told


FURTHER = """
services:
  web: {image: "web:$TAG", env_file: web.env}
  dev: {image: dev, profiles: [dev]}
"""


def test_files_that_a_file_names_are_read_beside_it(said: Said, tmp_path: Path) -> None:
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop/compose.yml").write_text(FURTHER)
    (tmp_path / "shop/.env").write_text("TAG=1")
    (tmp_path / "shop/web.env").write_text("A=1")

    found = said("validate", "-f", "shop/compose.yml", "-p", "x", "--profile", "dev")

    assert found == (0, "shop/compose.yml: 2 services, no errors\n", "")


@pytest.mark.parametrize(
    ("name", "problem"),
    [("folder", "folder: is no file"), ("large", "large: is larger than 64 MiB")],
)
def test_what_is_no_file_to_read(said: Said, tmp_path: Path, name: str, problem: str) -> None:
    (tmp_path / "folder").mkdir()
    with (tmp_path / "large").open("wb") as file:
        file.truncate(65 * 1024**2)
    (tmp_path / "compose.yml").write_text(
        f"name: x\nservices: {{web: {{image: a, env_file: {name}}}}}"
    )

    code, _, err = said("validate")

    assert (code, err) == (4, f"compose.yml:2:28: services.web.env_file: {problem}\n")


def test_no_device_is_read(said: Said, tmp_path: Path) -> None:
    (tmp_path / "compose.yml").write_text(
        "name: x\nservices: {web: {image: a, env_file: [/dev/null, /dev/zero]}}"
    )

    assert said("validate")[2].endswith("env_file[1]: /dev/zero: is no file\n")


@pytest.mark.parametrize("option", ["-p", "--profile", "--env-file"])
def test_an_option_about_files_needs_one(said: Said, option: str) -> None:
    code, _, err = said("converge", option, "x")

    assert code == 4
    assert err.endswith("is about a file: name one with -f\n")


SETTINGS_FINDING = {
    "file": "orchestrate.yml",
    "line": 2,
    "column": 1,
    "path": "max_unknown_share",
    "level": "error",
    "message": 'expected a number from 0 to 1, got "50": half of the nodes is "0.5"',
}


@pytest.mark.parametrize("content", [GOOD, GOOD.replace("image", "imagee")])
def test_validate_finds_what_is_wrong_with_the_settings_too(
    said: Said, tmp_path: Path, content: str
) -> None:
    (tmp_path / "compose.yml").write_text(content)
    (tmp_path / "orchestrate.yml").write_text("lost_after: 30\nmax_unknown_share: 50\n")

    code, out, _ = said("validate", "-o", "json")

    findings = json.loads(out)
    assert code == ExitCode.BAD_INPUT
    assert SETTINGS_FINDING in findings
    assert len(findings) == (1 if content == GOOD else 3)
