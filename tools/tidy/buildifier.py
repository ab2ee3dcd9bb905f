#!/usr/bin/env python3
"""buildifier.py [--fix] BUILDIFIER WORKSPACE: is every BUILD and .bzl file laid out as buildifier does it?"""

import subprocess
import sys

sys.dont_write_bytecode = True
import tree as trees  # noqa: E402


def files_of(tree):
    return tree.named("BUILD", "WORKSPACE", "MODULE.bazel") + tree.having(".bzl")


def run(tool, tree, mode):
    options = [f"-mode={mode}", "-lint=off"]
    return subprocess.run([tool, *options, *files_of(tree)], cwd=tree.root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)


def check(tool, tree):
    done = run(tool, tree, "check")
    lines = [line for line in done.stdout.split("\n") if line]
    for line in lines:
        path, _, what = line.partition(" # ")
        yield path, 1, f"{what or 'not as buildifier would have it'}: tools/tidy/buildifier.py --fix BUILDIFIER WORKSPACE"
    if done.returncode and not lines:
        yield tool, 1, f"exit status {done.returncode}"


def main(arguments):
    fix = arguments[:1] == ["--fix"]
    arguments = arguments[fix:]
    if len(arguments) != 2:
        print("usage: buildifier.py [--fix] BUILDIFIER WORKSPACE", file=sys.stderr)
        return 1
    tool, tree = arguments[0], trees.Tree(trees.root_of(arguments[1]))
    if fix:
        run(tool, tree, "fix")
    return trees.report("BUILD and .bzl files", len(files_of(tree)), check(tool, tree))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
