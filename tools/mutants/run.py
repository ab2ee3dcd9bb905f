#!/usr/bin/env python3
"""run.py [--only=PATTERN] [--list]: does a test fail for every rule of the memory model that is changed?

mutants.txt names the mutants: one replaced text each. For each of them, one after the other, the changed sources are compiled and the
tests of their file are run, cheap ones first, until one fails. Prints "killed by TEST" or "SURVIVED" for each, then a summary. A survivor
that equivalent.txt gives a reason for is printed with that reason. Exits 1 when there is one without a reason, 2 on an error.

  --only=PATTERN  the mutants whose "file: name" matches this regular expression
  --list          names them and runs nothing

Needs clang++ (CXX says which), GoogleTest, Boost.Context and Abseil where the compiler and pkg-config find them. Objects are kept in
ORDEAL_MUTANTS_CACHE, or in a folder of the user's under the temporary directory: only what a mutant changes is compiled.
"""

import argparse
import collections
import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
TREE = os.path.dirname(os.path.dirname(HERE))
CXX = os.environ.get("CXX", shutil.which("clang++-19") or "clang++")
FLAGS = ["-std=c++20", "-march=x86-64-v2", "-w", "-I."] if os.uname().machine == "x86_64" else ["-std=c++20", "-w", "-I."]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)
RUN_SECONDS = 100  # a test that takes longer hangs: the mutant is killed


def named(folder, names):
    return [f"{folder}/{name}.cc" for name in names.split()]


JUDGE = named("memory/model", "judge") + named("base", "check")
LADDER = named("memory/model", "ladder tso armv8 power rc11")
PREFIX = named("memory/model", "prefix_judge prefix_order prefix_fences prefix_look_back")
ENGINE = (JUDGE + LADDER + PREFIX + ["memory/site.cc"] +
          named("memory/model", "arena barrier buffering exact_access exact_entry exact_events exact_learning exact_machine exact_passes exact_promises exact_standing exact_symmetry exact_waiting explore fiber growing_graph history interrupt leads load promise races record "
                "rmw run schedule schedule_led store trace_to_graph"))
LITMUS = named("memory/litmus", "alike call_parser condition_parser control_parser enumerator expression_parser init_parser lexer load_buffering "
               "location_orders parser primitives run state storable thread thread_parser thread_traces domains")

# What a test is linked with, cheap tests first: that is the order in which they run.
TESTS = {
    "judge_test": JUDGE,
    "race_test": JUDGE,
    "trace_to_graph_test": JUDGE + named("memory/model", "trace_to_graph"),
    "ladder_test": JUDGE + LADDER,
    "prefix_judge_test": JUDGE + PREFIX,
    "prefix_shapes_test": JUDGE + PREFIX,
    "engine_test": ENGINE,
    "ordering_test": ENGINE,
    "mixed_size_test": ENGINE,
    "race_clock_test": ENGINE,
    "buffering_test": ENGINE,
    "promise_test": ENGINE,
    "leads_test": ENGINE + named("memory/model", "classic_shapes"),
    **dict.fromkeys(["exact_threads_test", "exact_double_word_test", "exact_promises_test", "exact_chains_test", "exact_parts_test"], ENGINE),
    "exact_standing_test": ENGINE + named("memory/model", "classic_shapes"),
    "exact_symmetry_test": ENGINE,
    "exact_test": ENGINE + named("memory/model", "classic_shapes"),
    "classic_shapes_test": ENGINE + named("memory/model", "classic_shapes"),
    "suite_test": ENGINE + LITMUS,
}
FOLDER_OF = {"suite_test": "memory/litmus"}

OF_JUDGE = ["judge_test", "race_test", "trace_to_graph_test", "ladder_test", "prefix_judge_test", "prefix_shapes_test", "suite_test"]
OF_LADDER = ["ladder_test", "suite_test"]
OF_ENGINE = ["engine_test", "ordering_test", "mixed_size_test", "race_clock_test", "classic_shapes_test"]
OF_EXACT = ["exact_threads_test", "exact_double_word_test", "exact_promises_test", "exact_chains_test", "exact_standing_test", "exact_symmetry_test",
            "exact_parts_test", "exact_test", "suite_test"]
TESTS_OF = {"lkmm.h": OF_JUDGE, "judge.cc": OF_JUDGE, "axioms.h": OF_JUDGE, "explore.cc": OF_EXACT, "growing_graph.cc": OF_EXACT}
TESTS_OF |= dict.fromkeys([f"prefix_{part}.cc" for part in ("judge", "order", "fences", "look_back")], ["prefix_shapes_test", "prefix_judge_test"])
TESTS_OF |= dict.fromkeys(["tso.cc", "armv8.cc", "power.cc", "rc11.cc"], OF_LADDER)
TESTS_OF |= dict.fromkeys(["load.cc", "store.cc", "rmw.cc", "barrier.cc", "history.cc", "races.cc"], OF_ENGINE)
TESTS_OF |= dict.fromkeys(["promise.cc", "buffering.cc"], ["buffering_test", "promise_test", "leads_test"])
TESTS_OF |= dict.fromkeys([f"exact_{p}.cc" for p in "access events learning machine passes promises standing symmetry waiting".split()], OF_EXACT)

Mutant = collections.namedtuple("Mutant", "file name old new")


class Error(Exception):
    """Something that a person has to repair; its text is one line."""


def read_mutants(path):
    """Sections "[file]"; in them "* name", then the old text in lines with "- " and the new text in lines with "+ "."""
    mutants, file, names = [], None, set()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            mark, text = line[:1], line.rstrip("\n")[2:]
            if mark in ("#", "\n"):
                continue
            if mark == "[":
                file = line.strip()[1:-1]
            elif mark == "*":
                mutants.append(Mutant(file, text, [], []))
                if (file, text) in names:
                    raise Error(f"{path}:{number}: there are two mutants of {file} with the name '{text}'")
                names.add((file, text))
            elif mark in "-+" and mutants:
                (mutants[-1].old if mark == "-" else mutants[-1].new).append(text)
            else:
                raise Error(f"{path}:{number}: a line begins with [, *, -, + or #")
    return [Mutant(m.file, m.name, "\n".join(m.old), "\n".join(m.new)) for m in mutants]


def read_reasons(path):
    """Lines "file: name | reason"."""
    with open(path, encoding="utf-8") as lines:
        rows = [line.strip().split(" | ", 1) for line in lines if line.strip() and not line.startswith("#")]
    return dict(rows)


def key_of(mutant):
    return f"{os.path.basename(mutant.file)}: {mutant.name}"


def changed(mutant, text):
    if text.count(mutant.old) != 1 or not mutant.old:
        raise Error(f"{key_of(mutant)}: its text is {text.count(mutant.old)} times in {mutant.file}, not once")
    return text.replace(mutant.old, mutant.new)


class Build:
    """A copy of the sources, and objects by what they are made of."""

    def __init__(self, copy, cache):
        self.copy, self.cache, self.texts, self.made = copy, cache, {}, []
        os.makedirs(cache, exist_ok=True)
        packages = "absl_strings absl_status absl_statusor absl_str_format absl_flat_hash_map".split()
        found = subprocess.run(["pkg-config", "--libs", *packages], capture_output=True, text=True, check=False)
        self.libraries = ["-lboost_context", *found.stdout.split(), "-lgmock", "-lgtest", "-lgtest_main", "-lpthread"]
        self.link_flags = ["-fuse-ld=lld"] if shutil.which("ld.lld") else []

    def read(self, file):
        if file not in self.texts:
            with open(os.path.join(self.copy, file), encoding="utf-8") as source:
                self.texts[file] = source.read()
        return self.texts[file]

    def write(self, file, text):
        self.texts[file] = text
        with open(os.path.join(self.copy, file), "w", encoding="utf-8") as source:
            source.write(text)

    def closure(self, file):
        seen, todo = set(), [file]
        while todo:
            one = todo.pop()
            if one in seen or not os.path.exists(os.path.join(self.copy, one)):
                continue
            seen.add(one)
            todo += INCLUDE.findall(self.read(one))
        return sorted(seen)

    def compile(self, file, optimised, keep):
        flags = FLAGS + ["-O1" if optimised else "-O0"]
        digest = hashlib.sha256("\0".join([CXX, *flags, file]).encode())
        for one in self.closure(file):
            digest.update(one.encode() + b"\0" + self.read(one).encode() + b"\0")
        target = os.path.join(self.cache, digest.hexdigest()[:32] + ".o")
        if os.path.exists(target):
            return target
        done = subprocess.run([CXX, *flags, "-c", file, "-o", target + ".new"], cwd=self.copy, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Error(f"{file} does not compile: {first_error(done.stderr)}")
        os.rename(target + ".new", target)
        if not keep:
            self.made.append(target)
        return target

    def link(self, test, keep):
        # The axioms are run on small graphs only, and most mutants are of them: there a quick compilation is worth more.
        optimised = test not in ("judge_test", "race_test", "trace_to_graph_test", "ladder_test")
        main = f"{FOLDER_OF.get(test, 'memory/model')}/{test}.cc"
        objects = [self.compile(main, False, keep)] + [self.compile(file, optimised, keep) for file in TESTS[test]]
        target = os.path.join(self.copy, test)
        command = [CXX, *objects, "-o", target, *self.link_flags, *self.libraries]
        done = subprocess.run(command, cwd=self.copy, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise Error(f"{test} does not link: {first_error(done.stderr)}")
        return target

    def fails(self, test, keep):
        target = self.link(test, keep)
        try:
            done = subprocess.run([target, "--gtest_brief=1", "--gtest_fail_fast"], cwd=self.copy, capture_output=True, timeout=RUN_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            return True
        return done.returncode != 0

    def drop(self):
        for target in self.made:
            os.remove(target)
        self.made = []


def first_error(text):
    lines = [line for line in text.splitlines() if "error" in line] or text.splitlines() or ["no message"]
    return lines[0]


def verdict(build, mutant):
    text = build.read(mutant.file)
    build.write(mutant.file, changed(mutant, text))
    try:
        for test in TESTS_OF[os.path.basename(mutant.file)]:
            if build.fails(test, False):
                return test
        return None
    except Error as error:
        raise Error(f"{key_of(mutant)}: {error}") from error
    finally:
        build.write(mutant.file, text)
        build.drop()


def run(mutants, reasons):
    killed, explained, alone = collections.Counter(), collections.Counter(), collections.Counter()
    errors = []
    cache = os.environ.get("ORDEAL_MUTANTS_CACHE") or os.path.join(tempfile.gettempdir(), f"ordeal-mutants-{os.getuid()}")
    with tempfile.TemporaryDirectory(prefix="ordeal-mutants-") as copy:
        for folder in ("memory", "base"):
            shutil.copytree(os.path.join(TREE, folder), os.path.join(copy, folder))
        build = Build(copy, cache)
        for mutant in mutants:
            changed(mutant, build.read(mutant.file))
        wanted = {test for mutant in mutants for test in TESTS_OF[os.path.basename(mutant.file)]}
        for test in [test for test in TESTS if test in wanted]:
            if build.fails(test, True):
                raise Error(f"{test} fails without any mutant")
        for mutant in mutants:
            try:
                test = verdict(build, mutant)
            except Error as error:  # the others are worth knowing
                errors.append(error)
                print(f"run.py: {error}", file=sys.stderr, flush=True)
                continue
            key, reason = key_of(mutant), reasons.get(key_of(mutant))
            if test is not None:
                killed[mutant.file] += 1
                print(f"{key}: killed by {test}" + (", though equivalent.txt explains why it lives" if reason else ""), flush=True)
            elif reason is not None:
                explained[mutant.file] += 1
                print(f"{key}: SURVIVED, equivalent: {reason}", flush=True)
            else:
                alone[mutant.file] += 1
                print(f"{key}: SURVIVED", flush=True)
    print()
    for file in dict.fromkeys(mutant.file for mutant in mutants):
        number = killed[file] + explained[file] + alone[file]
        print(f"{file}: {number} mutants, {killed[file]} killed, {explained[file]} equivalent, {alone[file]} unexplained")
    survived = explained.total() + alone.total()
    print(f"{len(mutants)} mutants, {killed.total()} killed, {survived} survived")
    if errors:
        raise Error(f"{len(errors)} mutants could not be tried")
    return alone.total() == 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", default="", metavar="PATTERN")
    parser.add_argument("--list", action="store_true")
    arguments = parser.parse_args()
    try:
        try:
            only = re.compile(arguments.only)
        except re.error as error:
            raise Error(f"--only: {error}") from error
        all_mutants, reasons = read_mutants(os.path.join(HERE, "mutants.txt")), read_reasons(os.path.join(HERE, "equivalent.txt"))
        for key in set(reasons) - {key_of(mutant) for mutant in all_mutants}:
            raise Error(f"equivalent.txt: there is no mutant '{key}'")
        mutants = [mutant for mutant in all_mutants if only.search(key_of(mutant))]
        if not mutants:
            raise Error("--only: no mutant has such a name")
        if arguments.list:
            print("\n".join(key_of(mutant) for mutant in mutants))
            return 0
        return 0 if run(mutants, reasons) else 1
    except Error as error:
        print(f"run.py: {error}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
