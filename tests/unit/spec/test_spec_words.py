"""The words of a command line, as Compose itself splits it."""

from __future__ import annotations

import pytest

from orchestrate.spec.words import split_words


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("", []),
        (" \n\t ", []),
        ("a\nb\tc  d\r\n", ["a", "b", "c", "d"]),
        ("a # b", ["a", "#", "b"]),
        ("a '' \"\"", ["a", "", ""]),
        ("""--o="u v"w'x y'z""", ["--o=u vwx yz"]),
        ("""'a "b" \\c' "d 'e'" """, ['a "b" \\c', "d 'e'"]),
        (r"a\ b c\\d \'e", ["a b", r"c\d", "'e"]),
        (r'sh -c "echo \"hi\" \$HOME \\ \d"', ["sh", "-c", r'echo "hi" $HOME \ d']),
        ("'a;b' \"c & d | e\" \\> '(f)' \"`g`\"", ["a;b", "c & d | e", ">", "(f)", "`g`"]),
        ("$HOME ${X} *.txt ~ é", ["$HOME", "${X}", "*.txt", "~", "é"]),
    ],
)
def test_a_line_has_these_words(line: str, words: list[str]) -> None:
    assert split_words(line) == words


@pytest.mark.parametrize("line", ["it's", 'say "hi', "'", '"a\\"', "end\\"])
def test_what_has_no_end_is_told(line: str) -> None:
    with pytest.raises(ValueError, match="got one with a"):
        split_words(line)


@pytest.mark.parametrize("mark", list(";&|<>()`"))
def test_what_is_for_a_shell_is_refused(mark: str) -> None:
    with pytest.raises(ValueError, match="which is for a shell") as caught:
        split_words(f"a 'x' b{mark} c")

    assert f'"{mark}"' in str(caught.value)
