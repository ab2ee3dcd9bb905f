#!/usr/bin/env python3
"""disabled.py WORKSPACE: does every test that does not run say why?

A DISABLED_ test or suite, `#if 0` and "manual" on a test want a comment on their line or on the one above; GTEST_SKIP() wants
its message. Looked at: C++ files and BUILD files.
"""

import re
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

IN_CPP = [
    (re.compile(r"\bDISABLED_\w"), "a DISABLED_ test"),
    (re.compile(r"^\s*#\s*if\s+0\b"), "#if 0"),
]
SKIP = re.compile(r"\bGTEST_SKIP\(\)\s*(<<|$)?")
MANUAL = re.compile(r'"manual"')
TEST_RULE = re.compile(r"^(\w*test\w*)\(", re.MULTILINE)


def without_reason(lines, comment, patterns):
    """(line, what) of each match with no comment on its line or the one above; `lines` counts from 1."""
    for number, line in enumerate(lines, 1):
        for pattern, what in patterns:
            above = lines[number - 2].strip() if number > 1 else ""
            if pattern.search(line) and comment not in line and not above.startswith(comment):
                yield number, what


def skips_without_message(lines):
    for number, line in enumerate(lines, 1):
        match = SKIP.search(line)
        if match and match[1] != "<<" and not (number < len(lines) and match[1] == "" and lines[number].lstrip().startswith("<<")):
            yield number


def manual_tests(text):
    """The lines of BUILD rules of tests, others blanked: their numbers stay."""
    kept = [""] * (text.count("\n") + 1)
    lines = text.split("\n")
    for match in TEST_RULE.finditer(text):
        first = text.count("\n", 0, match.start())
        last = next((n for n in range(first, len(lines)) if lines[n] == ")"), len(lines) - 1)
        kept[first:last + 1] = lines[first:last + 1]
    return kept


def check(tree):
    for path in tree.cpp():
        lines = tree.text(path).split("\n")
        for number, what in without_reason(lines, "//", IN_CPP):
            yield path, number, f"{what} without a comment that says why, on its line or the one above"
        for number in skips_without_message(lines):
            yield path, number, "GTEST_SKIP() without a message: expected GTEST_SKIP() << WHY"
    for path in tree.named("BUILD"):
        for number, _ in without_reason(manual_tests(tree.text(path)), "#", [(MANUAL, "")]):
            yield path, number, 'a test with the tag "manual" without a comment that says why, on its line or the one above'


if __name__ == "__main__":
    sys.exit(trees.main("C++ and BUILD files", lambda tree: tree.cpp() + tree.named("BUILD"), check))
