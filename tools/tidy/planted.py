"""A small tree with files as a case plants them, and a checker run on it."""

import contextlib
import io
import os
import runpy
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.realpath(__file__))


def run(script, arguments):
    """The script as if called with these arguments, in this process: a new one each time takes ten times as long."""
    output, kept = io.StringIO(), sys.argv
    sys.argv = [script, *arguments]
    try:
        with contextlib.redirect_stdout(output), contextlib.redirect_stderr(output):
            runpy.run_path(script, run_name="__main__")
    except SystemExit as exit_:
        return exit_.code, output.getvalue()
    finally:
        sys.argv = kept
    return None, output.getvalue()


class Planted(unittest.TestCase):
    checker = ""
    sound = {}

    def run_on(self, extra, before=()):
        """The exit status, the output, and what the files of the tree are afterwards."""
        with tempfile.TemporaryDirectory() as root:
            tree = {"WORKSPACE": "", **self.sound, **extra}
            for path, text in tree.items():
                path = os.path.join(root, path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            status, output = run(os.path.join(HERE, self.checker), [*before, os.path.join(root, "WORKSPACE")])
            left = {}
            for path in tree:
                with open(os.path.join(root, path), encoding="utf-8") as file:
                    left[path] = file.read()
            return status, output, left

    def refuses(self, extra, *expected, count=1, before=()):
        status, output, _ = self.run_on(extra, before)
        self.assertEqual(status, 1, output)
        self.assertIn(f" {count} breaches", output)
        for text in expected:
            self.assertIn(text, output)

    def accepts(self, extra, before=()):
        status, output, _ = self.run_on(extra, before)
        self.assertEqual(status, 0, output)
        self.assertIn(" 0 breaches", output)
