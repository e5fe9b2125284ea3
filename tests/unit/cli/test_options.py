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
    ],
)
def test_others_do_not_see_the_values_of_variables(
    words: tuple[str, ...], values: tuple[str, ...], shown: str
) -> None:
    found = shown_command(["deploy", *words, "--check"], values)

    assert found == f"orchestrate deploy {shown} --check"
