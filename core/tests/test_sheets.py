"""I5: no cell of our tables is a formula."""

from __future__ import annotations

import csv
import io

import pytest

from core.sheets import cell, lines


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx", "＝1", "＋1", "－1", "＠x", "  =1", "\n=1"])
def test_what_a_spreadsheet_would_run_gets_an_apostrophe(text):
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("value", ["Rao", "PW-1", 5, -5, 1.5, "a=b", ""])
def test_the_rest_stays(value):
    assert cell(value) == str(value)


def test_the_file_reads_back():
    rows = [["=HYPERLINK(1)", 'say "hi"', "two\r\nlines", None]]
    text = b"".join(lines(["a", "b", "c", "d"], rows)).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text, newline=""))) == [
        ["a", "b", "c", "d"],
        ["'=HYPERLINK(1)", 'say "hi"', "two\r\nlines", ""],
    ]
