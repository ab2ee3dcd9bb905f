#!/usr/bin/env python3
"""check_includes_test.py CHECK_INCLUDES_PY: does the checker refuse what it must, and only that?

Each case is a small tree in which one thing is wrong; a checker that finds nothing would fail here.
"""

import json
import os
import subprocess
import sys
import tempfile
import unittest

CHECKER = ""
TABLE = {
    "layers": [
        ["base", []],
        ["memory", ["base"]],
        ["memory/model", ["base", "memory"]],
        ["allocator", ["base", "memory"]],
    ],
    "libraries": ["absl", "hwloc.h"],
    "test_libraries": ["gtest"],
}
SOUND = {
    "base/check.h": '#include <vector>\n#include "absl/strings/str_cat.h"\n',
    "memory/order.h": '#include "base/check.h"\n',
    "memory/model/engine.cc": '#include "memory/model/engine.h"\n#include "memory/order.h"\n#include "hwloc.h"\n',
    "memory/model/engine_test.cc": '#include "gtest/gtest.h"\n',
    "allocator/slub.h": '#include "memory/order.h"\n',
    "allocator/BUILD": 'package(default_visibility = visible_to("allocator"))\n',
    ".hidden/stray.cc": '#include "nowhere/x.h"\n',
}


def check(extra, table=None):
    """Runs the checker on the sound tree plus `extra` (path -> text): its exit status and its output."""
    with tempfile.TemporaryDirectory() as root:
        tree = {"WORKSPACE": "", "layers.json": json.dumps(table or TABLE), **SOUND, **extra}
        for path, text in tree.items():
            path = os.path.join(root, path)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        done = subprocess.run(
            [CHECKER, os.path.join(root, "layers.json"), os.path.join(root, "WORKSPACE")],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout


class CheckIncludes(unittest.TestCase):
    def refuses(self, extra, *expected, table=None):
        status, output = check(extra, table)
        self.assertEqual(status, 1, output)
        self.assertIn(" 1 breaches", output)
        for text in expected:
            self.assertIn(text, output)

    def test_a_sound_tree_passes(self):
        self.assertEqual(check({}), (0, "5 source files, 0 breaches of tools/bzl/layers.bzl\n"))

    def test_an_upward_include(self):
        self.refuses({"memory/bad.h": '// one\n#include "allocator/slub.h"\n'},
                     "memory/bad.h:2: memory may not include allocator (allocator/slub.h); it may include: base")

    def test_an_upward_include_in_angle_brackets(self):
        self.refuses({"base/bad.h": "#  include <memory/order.h>\n"},
                     "base/bad.h:1: base may not include memory (memory/order.h); it may include: itself only")

    def test_a_sublayer_is_not_its_parent(self):
        self.refuses({"allocator/bad.h": '#include "memory/model/engine.h"\n'},
                     "allocator/bad.h:1: allocator may not include memory/model (memory/model/engine.h)")
        self.refuses({"memory/bad.h": '#include "memory/model/engine.h"\n'}, "memory may not include memory/model")

    def test_a_test_follows_the_table_too(self):
        self.refuses({"memory/bad_test.cc": '#include "gtest/gtest.h"\n#include "allocator/slub.h"\n'},
                     "memory/bad_test.cc:2: memory may not include allocator")

    def test_a_file_in_an_unknown_folder(self):
        self.refuses({"misc/util.cc": "\n"}, "misc/util.cc:1: misc is not a folder of tools/bzl/layers.bzl")
        self.refuses({"util.cc": "\n"}, "util.cc:1: the top of the repository is not a folder")

    def test_an_include_from_an_unknown_folder(self):
        self.refuses({"base/bad.cc": '#include "misc/util.h"\n'},
                     "base/bad.cc:1: misc is neither a folder nor a library of tools/bzl/layers.bzl (misc/util.h)")

    def test_an_include_without_a_folder(self):
        self.refuses({"base/bad.cc": '#include "check.h"\n'}, 'base/bad.cc:1: an include names its file from the top')

    def test_a_test_library_outside_tests(self):
        self.refuses({"base/bad.cc": '#include "gtest/gtest.h"\n'}, "base/bad.cc:1: only *_test")

    def test_a_build_file_with_another_visibility(self):
        self.refuses({"base/BUILD": 'package(default_visibility = visible_to("memory"))\n'},
                     'base/BUILD:1: expected visible_to("base"), got "memory"')
        self.refuses({"base/BUILD": '    visibility = ["//visibility:public"],\n'},
                     'base/BUILD:1: expected visible_to("base"), got "//visibility:public"')

    def test_a_table_that_names_upwards(self):
        table = {**TABLE, "layers": [["base", ["memory"]]] + TABLE["layers"][1:]}
        self.refuses({}, "layers.bzl: base names memory, which is not above it in the table", table=table)


if __name__ == "__main__":
    CHECKER = os.path.abspath(sys.argv.pop(1))
    unittest.main()
