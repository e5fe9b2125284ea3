"""What the flags of a command become."""

from __future__ import annotations

import pytest

from orchestrate.cli.options import shown_command


@pytest.mark.parametrize(
    ("words", "values", "shown"),
    [
        pytest.param(("-e", "@vault.yml"), ("@vault.yml",), "-e @vault.yml", id="a-file"),
        pytest.param(("-e", "a=s3cret"), ("a=s3cret",), "-e '(hidden)'", id="a-value"),
        pytest.param(("-ea=s3cret",), ("a=s3cret",), "'-e(hidden)'", id="in-one-word"),
        pytest.param(
            ("--extra-vars=a=s3cret", "-e", "b=2"),
            ("a=s3cret", "b=2"),
            "'--extra-vars=(hidden)' -e '(hidden)'",
            id="several",
        ),
        pytest.param(
            ("-e", "b", "-ea=1 b"),
            ("b", "a=1 b"),
            "-e '(hidden)' '-e(hidden)'",
            id="one-ends-another",
        ),
        pytest.param(("-e", ""), ("",), "-e ''", id="nothing"),
        pytest.param(("-e", "e"), ("e",), "-e '(hidden)'", id="a-letter-of-other-words"),
    ],
)
def test_others_do_not_see_the_values_of_variables(
    words: tuple[str, ...], values: tuple[str, ...], shown: str
) -> None:
    found = shown_command(["deploy", *words, "--check"], values)

    assert found == f"orchestrate deploy {shown} --check"
