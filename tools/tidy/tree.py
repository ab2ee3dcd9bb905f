"""What does the tree hold, and how does a check of it report?

A check is a function of a Tree that yields breaches: (path, line, rule). main() runs it on the tree that a WORKSPACE file
really lies in (in a test that file is a link), prints a line a breach and gives the exit status.
"""

import os
import sys

# Repositories of their own, and what a fuzzer or a night leaves at the top (.gitignore).
SKIPPED = ("tools/stubs", "findings", "runs")
HIDDEN = (".ci",)


class Tree:
    def __init__(self, root):
        self.root = root
        self.files = sorted(self._walk())

    def _walk(self):
        for folder, folders, names in os.walk(self.root):
            prefix = os.path.relpath(folder, self.root) + "/"
            prefix = "" if prefix == "./" else prefix
            folders[:] = [name for name in folders if self._wanted(prefix, name)]
            yield from (prefix + name for name in names)

    def _wanted(self, prefix, name):
        return prefix + name not in SKIPPED and name != "__pycache__" and (not name.startswith(".") or prefix + name in HIDDEN)

    def having(self, *endings):
        return [path for path in self.files if path.endswith(endings)]

    def named(self, *names):
        return [path for path in self.files if os.path.basename(path) in names]

    def cpp(self):
        return self.having(".cc", ".h")

    def exists(self, path):
        return os.path.exists(os.path.join(self.root, path))

    def text(self, path):
        with open(os.path.join(self.root, path), encoding="utf-8", errors="replace") as file:
            return file.read()

    def lines(self, path):
        return enumerate(self.text(path).split("\n"), 1)


def root_of(workspace_file):
    if os.path.basename(workspace_file) != "WORKSPACE" or not os.path.isfile(workspace_file):
        print(f"error: {workspace_file}: expected the file WORKSPACE at the top of the tree", file=sys.stderr)
        sys.exit(1)
    return os.path.dirname(os.path.realpath(workspace_file))


def report(what, looked_at, breaches):
    """Prints them and a last line with the count. To have looked at nothing is a breach, too."""
    breaches = list(breaches)
    for path, line, rule in breaches:
        print(f"{path}:{line}: {rule}")
    if not looked_at:
        print(f"expected {what}, found none")
    print(f"{looked_at} {what}, {len(breaches)} breaches")
    return 1 if breaches or not looked_at else 0


def main(what, files_of, check):
    """check(tree) on the tree of the WORKSPACE file that is the only argument; files_of(tree) is what it looks at."""
    if len(sys.argv) != 2:
        print(f"usage: {os.path.basename(sys.argv[0])} WORKSPACE", file=sys.stderr)
        return 1
    tree = Tree(root_of(sys.argv[1]))
    return report(what, len(files_of(tree)), check(tree))
