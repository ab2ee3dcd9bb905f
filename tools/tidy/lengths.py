#!/usr/bin/env python3
"""lengths.py [--update | --anew] WORKSPACE: does no file and no function get long, and none that is long longer?

A ratchet: what is over its limit stands in lengths.txt, with its length. What is not there may not go over; what is there may
not grow, and whoever makes it shorter lowers its line: --update does that. To let something grow, change its line by hand,
and say why in the commit. --anew writes the whole list, for the day on which a limit changes.

Looked at: C++, Python and shell; functions.py says how, and what it cannot see.
"""

import os
import sys

sys.dont_write_bytecode = True
import functions  # noqa: E402
import tree as trees  # noqa: E402

FILE_LIMIT = 200
FUNCTION_LIMIT = 50
LIST = "tools/tidy/lengths.txt"
HEAD = """# What is longer than a file or a function should be, with its lines. Held by //tools/tidy:lengths_test; only down:
# tools/tidy/lengths.py --update WORKSPACE. Rows: "file LINES PATH", "function LINES PATH NAME".
"""


def is_source(tree, path):
    return path.endswith((".cc", ".h", ".py", ".sh")) or ("." not in os.path.basename(path) and tree.text(path).startswith("#!/bin/bash"))


def sources(tree):
    return [path for path in tree.files if is_source(tree, path)]


def long_ones(tree):
    """{(kind, path, name): lines} of all that is over its limit."""
    found = {}
    for path in sources(tree):
        text = tree.text(path)
        lines = text.count("\n")
        if lines > FILE_LIMIT:
            found["file", path, ""] = lines
        for name, length in functions.of_file(path, text).items():
            if length > FUNCTION_LIMIT:
                found["function", path, name] = length
    return found


def read_list(tree):
    """{(kind, path, name): (lines, number of the row)}; a row that is none is a breach."""
    rows, breaches = {}, []
    for number, line in tree.lines(LIST) if tree.exists(LIST) else []:
        fields = line.split(" ", 3)
        if not line or line.startswith("#"):
            continue
        if len(fields) < 3 or fields[0] not in ("file", "function") or not fields[1].isdigit() or (fields[0] == "function") != (len(fields) == 4):
            breaches.append((LIST, number, f'expected "file LINES PATH" or "function LINES PATH NAME", got "{line}"'))
        else:
            rows[fields[0], fields[2], fields[3] if len(fields) == 4 else ""] = (int(fields[1]), number)
    return rows, breaches


def row(key, lines):
    return " ".join(part for part in (key[0], str(lines), key[1], key[2]) if part)


def write_list(tree, lengths):
    with open(os.path.join(tree.root, LIST), "w", encoding="utf-8") as file:
        file.write(HEAD + "".join(row(key, lines) + "\n" for key, lines in sorted(lengths.items())))


def check(tree):
    listed, breaches = read_list(tree)
    yield from breaches
    present = long_ones(tree)
    for key, lines in sorted(present.items()):
        kind, path, name = key
        limit = FILE_LIMIT if kind == "file" else FUNCTION_LIMIT
        what = f"{name}() has" if name else "has"
        if key not in listed:
            yield path, 1, f"{what} {lines} lines, expected at most {limit}"
        elif lines > listed[key][0]:
            yield path, 1, f"{what} {lines} lines, expected at most {listed[key][0]} ({LIST}:{listed[key][1]})"
    for key, (lines, number) in sorted(listed.items()):
        if present.get(key, 0) < lines:
            now = f"now {present[key]}" if key in present else "not over the limit any more"
            yield LIST, number, f'"{row(key, lines)}" is {now}: tools/tidy/lengths.py --update WORKSPACE'


def main(arguments):
    options = [argument for argument in arguments if argument.startswith("--")]
    files = [argument for argument in arguments if not argument.startswith("--")]
    if len(files) != 1 or len(options) > 1 or not set(options) <= {"--update", "--anew"}:
        print("usage: lengths.py [--update | --anew] WORKSPACE", file=sys.stderr)
        return 1
    tree = trees.Tree(trees.root_of(files[0]))
    if options:
        present, listed = long_ones(tree), read_list(tree)[0]
        kept = present if options == ["--anew"] else {key: min(lines, listed[key][0]) for key, lines in present.items() if key in listed}
        write_list(tree, kept)
    return trees.report("source files", len(sources(tree)), check(tree))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
