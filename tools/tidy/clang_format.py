#!/usr/bin/env python3
"""clang_format.py [--fix] CLANG_FORMAT WORKSPACE: is every C++ file laid out as .clang-format says?

Another version lays out differently: 19 is the one that counts.
"""

import re
import subprocess
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402

VERSION = "19"


def run(tool, tree, options):
    files = tree.cpp()
    return subprocess.run([tool, *options, *files], cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def check(tool, tree):
    done = run(tool, tree, ["--dry-run", "--Werror"])
    seen = set()
    for match in re.finditer(r"^(\S+):(\d+):\d+: error: ", done.stdout, re.MULTILINE):
        if match[1] not in seen:
            seen.add(match[1])
            yield match[1], match[2], "laid out otherwise: tools/tidy/clang_format.py --fix clang-format-19 WORKSPACE"
    if done.returncode and not seen:
        yield tool, 1, done.stdout.strip()


def main(arguments):
    fix = arguments[:1] == ["--fix"]
    arguments = arguments[fix:]
    if len(arguments) != 2:
        print("usage: clang_format.py [--fix] CLANG_FORMAT WORKSPACE", file=sys.stderr)
        return 1
    tool, tree = arguments[0], trees.Tree(trees.root_of(arguments[1]))
    version = subprocess.run([tool, "--version"], stdout=subprocess.PIPE, text=True, check=False).stdout
    if f"version {VERSION}." not in version:
        print(f"error: {tool}: expected clang-format {VERSION}, got: {version.strip()}", file=sys.stderr)
        return 1
    if fix:
        run(tool, tree, ["-i"])
    return trees.report("C++ files", len(tree.cpp()), check(tool, tree))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
