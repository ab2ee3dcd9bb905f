#!/usr/bin/env python3
"""layer_table.py LAYERS_JSON WORKSPACE: is the table of layers in docs/architecture.md that of tools/bzl/layers.bzl?

Row by row, in order: the folder, and what it may include. `core` in the third column is every folder before `run` but
allocator/properties and fuzz/driver, as the page says.
"""

import json
import os
import re
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

PAGE = "docs/architecture.md"
ROW = re.compile(r"^\| `([\w/]+)` \|.*\| ([^|]+) \|$")
NAME = re.compile(r"`([\w/]+)`")


def rows(tree):
    """(line, folder, what it may include) of the page's table."""
    core = []
    for number, line in tree.lines(PAGE):
        match = ROW.match(line)
        if not match:
            continue
        folder, cell = match.groups()
        below = set(NAME.findall(cell)) | (set(core) if re.search(r"\bcore\b", cell) else set())
        if not NAME.search(cell) and cell not in ("core", "none of ours"):
            yield number, folder, None
            continue
        if "core" not in cell and folder not in ("allocator/properties", "fuzz/driver"):
            core.append(folder)
        yield number, folder, below


def check(tree, layers):
    written = list(rows(tree))
    for (number, folder, below), (expected, may_include) in zip(written, layers):
        if folder != expected:
            yield PAGE, number, f"expected the row of {expected}, got {folder}"
            return
        if below is None:
            yield PAGE, number, "the third column: expected folders in backticks, core, or: none of ours"
        elif below != set(may_include):
            wrong = sorted(below ^ set(may_include))
            yield PAGE, number, f"{folder} and tools/bzl/layers.bzl differ in: {', '.join(wrong)}"
    if len(written) != len(layers):
        yield PAGE, 1, f"expected {len(layers)} rows, got {len(written)}"


def main(arguments):
    if len(arguments) != 2:
        print("usage: layer_table.py LAYERS_JSON WORKSPACE", file=sys.stderr)
        return 1
    with open(arguments[0], encoding="utf-8") as file:
        layers = json.load(file)["layers"]
    tree = trees.Tree(trees.root_of(arguments[1]))
    return trees.report("rows", len(list(rows(tree))), check(tree, layers))


if __name__ == "__main__":
    sys.exit(main([os.path.abspath(argument) for argument in sys.argv[1:]]))
