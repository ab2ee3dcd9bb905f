"""Two binaries of the toy target (toy_target_testing.cc): one with the driver and, where there is one, one with libFuzzer.

Every case states what must come out and is put to both. What is random is compared by its form, with numbers and hashes
left out.
"""

import glob
import hashlib
import os
import re
import subprocess
import sys
import tempfile
import unittest

ENGINES = []
ENGINES_MADE = []


def form(text):
    """The lines that scripts read, without what differs from run to run."""
    lines = []
    for line in text.splitlines():
        if not re.match(r"#\d|Done |stat::|Running: |Executed |==\d+==|SUMMARY|artifact_prefix|ALARM|ERROR|\*\*\*|Base64", line):
            continue
        if "WARNING: " in line:  # of sanitizers' symbolizers
            continue
        line = re.sub(r"[0-9a-f]{40}", "SHA1", line)
        lines.append(re.sub(r"\d+", "N", line))
    return lines


class Engine:
    """One binary, run in a new empty directory."""

    def __init__(self, binary):
        self.binary = binary
        self.directory = tempfile.TemporaryDirectory()
        ENGINES_MADE.append(self)

    def put(self, name, text):
        path = os.path.join(self.directory.name, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "w", encoding="ascii") as file:
            file.write(text)

    def get(self, name):
        with open(os.path.join(self.directory.name, name), "rb") as file:
            return file.read()

    def run(self, *args):
        done = subprocess.run([self.binary, *args], cwd=self.directory.name, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300, check=False)
        return done.returncode, done.stdout.decode("latin-1")

    def start(self, *args):
        return subprocess.Popen([self.binary, *args], cwd=self.directory.name, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")

    def names(self, pattern="*"):
        return sorted(os.path.relpath(p, self.directory.name) for p in glob.glob(os.path.join(self.directory.name, pattern)))


def sha1(text):
    return hashlib.sha1(text.encode()).hexdigest()


class Case(unittest.TestCase):
    """What both engines must do."""

    def tearDown(self):
        while ENGINES_MADE:
            ENGINES_MADE.pop().directory.cleanup()

    def both(self, check):
        """check(engine) returns what must be equal for both."""
        results = []
        for binary in ENGINES:
            with self.subTest(engine=os.path.basename(binary)):
                results.append(check(Engine(binary)))
        if len(results) == 2:
            self.assertEqual(results[0], results[1], "the driver and libFuzzer differ")


def main():
    # Where a share of the tests is asked for (base/share_testing.h) the build watches our code: the driver alone.
    ours_only = os.environ.get("ORDEAL_TEST_SHARE", "1") != "1"
    ENGINES.extend(os.path.abspath(path) for path in sys.argv[1:] if path.endswith("_driver") or not ours_only)
    unittest.main(argv=sys.argv[:1])
