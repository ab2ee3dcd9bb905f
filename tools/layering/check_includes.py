#!/usr/bin/env python3
"""check_includes.py LAYERS_JSON WORKSPACE_FILE: does every #include follow tools/bzl/layers.bzl?

LAYERS_JSON is that table; WORKSPACE_FILE may be a symbolic link (as Bazel's are): the tree is the folder that it really
lies in. Prints one line a breach, "file:line: rule", and exits 1 when there is one. Beside the includes it looks at the
BUILD files: a layer's targets are visible as the table says, not more widely.
"""

import json
import os
import re
import sys

SOURCE = re.compile(r"\.(c|cc|cpp|cxx|h|hh|hpp|inc)$")
TEST = re.compile(r"_(test|testing|benchmark)\.[a-z]+$")
INCLUDE = re.compile(r'\s*#\s*include\s*(["<])([^">]+)[">]')
VISIBLE_TO = re.compile(r'visible_to\(\s*"([^"]*)"')
PUBLIC = "//visibility:public"

# Stubs are repositories of their own (.bazelignore).
SKIPPED = ["tools/stubs"]


class Table:
    def __init__(self, path):
        with open(path, encoding="utf-8") as file:
            data = json.load(file)
        self.layers = dict(data["layers"])
        self.libraries = data["libraries"]
        self.test_libraries = data["test_libraries"]

    def layer_of(self, path):
        """The longest folder of the table that `path` is under, or None."""
        folder = os.path.dirname(path)
        while folder and folder not in self.layers:
            folder = os.path.dirname(folder)
        return folder or None

    def breaches(self):
        """A folder may name only folders above it in the table: so there can be no cycle."""
        seen = []
        for layer, below in self.layers.items():
            for other in below:
                if other not in seen:
                    yield f"tools/bzl/layers.bzl: {layer} names {other}, which is not above it in the table"
            seen.append(layer)

    def include_breach(self, layer, is_test, included, quoted):
        """What is wrong with a file of `layer` that includes `included`, or None."""
        target = self.layer_of(included)
        if target:
            below = self.layers[layer]
            if target == layer or target in below:
                return None
            return f"{layer} may not include {target} ({included}); it may include: {', '.join(below) or 'itself only'}"
        first = included.split("/")[0]
        if first in self.libraries:
            return None
        if first in self.test_libraries:
            return None if is_test else f"only *_test, *_testing and *_benchmark files may include {first} ({included})"
        if not quoted:
            return None
        if first == included:
            return f"an include names its file from the top of the repository, not \"{included}\""
        return f"{first} is neither a folder nor a library of tools/bzl/layers.bzl ({included})"


def files_under(root):
    """Paths from `root`; hidden folders and links (Bazel's own are links) are passed over."""
    for folder, folders, names in os.walk(root):
        relative = os.path.relpath(folder, root)
        prefix = "" if relative == "." else relative + "/"
        folders[:] = sorted(name for name in folders if not name.startswith(".") and prefix + name not in SKIPPED)
        for name in sorted(names):
            yield prefix + name


def lines_of(root, path):
    with open(os.path.join(root, path), encoding="utf-8", errors="replace") as file:
        yield from enumerate(file, 1)


def check_source(table, root, path):
    layer = table.layer_of(path)
    if not layer:
        yield f"{path}:1: {os.path.dirname(path) or 'the top of the repository'} is not a folder of tools/bzl/layers.bzl"
        return
    is_test = bool(TEST.search(path))
    for number, line in lines_of(root, path):
        match = INCLUDE.match(line)
        breach = match and table.include_breach(layer, is_test, match[2], match[1] == '"')
        if breach:
            yield f"{path}:{number}: {breach}"


def check_build(table, root, path):
    layer = table.layer_of(path)
    if not layer:
        return
    for number, line in lines_of(root, path):
        match = VISIBLE_TO.search(line)
        if match and match[1] != layer:
            yield f'{path}:{number}: expected visible_to("{layer}"), got "{match[1]}"'
        if PUBLIC in line:
            yield f'{path}:{number}: expected visible_to("{layer}"), got "{PUBLIC}"'


def main(arguments):
    if len(arguments) != 2:
        print("usage: check_includes.py LAYERS_JSON WORKSPACE_FILE", file=sys.stderr)
        return 1
    table = Table(arguments[0])
    root = os.path.dirname(os.path.realpath(arguments[1]))
    found = list(table.breaches())
    sources = 0
    for path in files_under(root):
        if SOURCE.search(path):
            sources += 1
            found += check_source(table, root, path)
        elif os.path.basename(path) in ("BUILD", "BUILD.bazel"):
            found += check_build(table, root, path)
    if not sources:
        found.append(f"{root}: expected source files, found none")
    for breach in found:
        print(breach)
    print(f"{sources} source files, {len(found)} breaches of tools/bzl/layers.bzl")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
