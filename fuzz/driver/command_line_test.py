#!/usr/bin/env python3
"""command_line_test.py DRIVER [LIBFUZZER]: does the driver do with each flag what libFuzzer does?

Both are the same toy target (toy_target_testing.cc). Every case states what must come out and is put to both; where there
is no libFuzzer (g++; POWER) to the driver alone. What is random is compared by its form, with numbers and hashes left out.
"""

import glob
import hashlib
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
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


class CommandLine(unittest.TestCase):
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

    def test_files_are_run_once_or_as_often_as_runs_says(self):
        def check(engine):
            engine.put("a", "good")
            code, text = engine.run("-runs=3", "a")
            self.assertEqual(code, 0)
            self.assertIn("Running 1 inputs 3 time(s) each.", text)
            self.assertIn("NOTE: fuzzing was not performed", text)
            self.assertEqual(engine.names(), ["a"])
            return form(text)

        self.both(check)

    def test_what_an_input_does_decides_artefact_and_exit_code(self):
        expected = {"CRASH": ("crash-", 77), "EXIT": ("crash-", 77), "HANG": ("timeout-", 70), "EAT": ("oom-", 71)}
        for word, (kind, wanted) in expected.items():

            def check(engine, word=word, kind=kind, wanted=wanted):
                engine.put("dir/in", word)
                limit = "-timeout=1" if word == "HANG" else "-timeout=100"
                code, text = engine.run(limit, "-rss_limit_mb=300", "-runs=9", "dir")
                self.assertEqual(code, wanted, text)
                self.assertIn(kind + sha1(word), engine.names())
                self.assertEqual(engine.get(kind + sha1(word)).decode(), word)
                # Run as a file it has its artefact already.
                code, _ = engine.run(limit, "-rss_limit_mb=300", "dir/in")
                self.assertEqual(code, wanted)
                self.assertEqual(len(engine.names(kind + "*")), 1)
                return form(text)

            self.both(check)

    def test_artefacts_go_where_they_are_told(self):
        def check(engine):
            engine.put("dir/in", "CRASH")
            code, first = engine.run("-artifact_prefix=here-", "-runs=9", "dir")
            self.assertEqual(code, 77)
            self.assertEqual(engine.names("here-*"), ["here-crash-" + sha1("CRASH")])
            code, second = engine.run("-exact_artifact_path=exact", "-error_exitcode=5", "-runs=9", "dir")
            self.assertEqual(code, 5)
            self.assertEqual(engine.get("exact"), b"CRASH")
            code, _ = engine.run("-timeout_exitcode=6", "-timeout=1", "-runs=9", "dir")
            self.assertEqual(code, 77)
            return form(first) + form(second)

        self.both(check)

    def test_fuzzing_ends_after_runs_and_says_how_it_went(self):
        def check(engine):
            os.mkdir(os.path.join(engine.directory.name, "dir"))
            code, text = engine.run("-runs=3000", "-seed=1", "-max_len=64", "-print_final_stats=1", "dir")
            self.assertEqual(code, 0, text)
            self.assertIn("INFO: Seed: 1\n", text)
            self.assertIn("Done 3000 runs in ", text)
            self.assertIn("stat::number_of_executed_units: 3000\n", text)
            for line in text.splitlines():
                if line.startswith("#") and not line.startswith("####"):
                    self.assertRegex(line, r"^#\d+\t(INITED|NEW   |REDUCE|pulse |RELOAD|DONE  ) (cov: \d+ )?ft: \d+ corp: \d+/\d+K?b (lim: \d+ )?exec/s: \d+ rss: \d+Mb"
                                           r"( L: \d+/\d+ MS: \d+ .*-.*)?$")
            files = engine.names("dir/*")
            self.assertTrue(files and all(os.path.basename(f) == hashlib.sha1(engine.get(f)).hexdigest() for f in files))
            self.assertTrue(all(len(engine.get(f)) <= 64 for f in files))
            events = {line.split()[1] for line in text.splitlines() if re.match(r"#\d", line)} - {"pulse"}
            return events, [re.sub(r"\d+", "N", line) for line in text.splitlines() if line.startswith(("Done", "stat::"))]

        self.both(check)

    def test_a_seed_makes_the_same_corpus_again(self):
        def check(engine):
            for name in ("one", "two"):
                os.mkdir(os.path.join(engine.directory.name, name))
                self.assertEqual(engine.run("-runs=500", "-seed=7", name)[0], 0)
            one, two = ({os.path.basename(f) for f in engine.names(d + "/*")} for d in ("one", "two"))
            self.assertTrue(one)
            self.assertEqual(one, two)

        self.both(check)

    def test_runs_0_runs_the_corpus_and_nothing_else(self):
        def check(engine):
            engine.put("dir/a", "a")
            engine.put("dir/sub/b", "bbb")
            code, text = engine.run("-runs=0", "dir")
            self.assertEqual(code, 0)
            self.assertIn("seed corpus: files: 2 min: 1b max: 3b total: 4b", text)
            self.assertIn("Done 3 runs", text)  # the empty input is one
            self.assertEqual(engine.names("dir/*"), ["dir/a", "dir/sub"])
            return form(text)

        self.both(check)

    def test_max_total_time_ends_it(self):
        def check(engine):
            code, text = engine.run("-max_total_time=1", "-max_len=3")
            self.assertEqual(code, 0)
            return [line for line in form(text) if line.startswith("Done")]

        self.both(check)

    def test_verbosity_0_says_nothing_of_a_clean_run(self):
        def check(engine):
            code, text = engine.run("-verbosity=0", "-runs=50")
            self.assertEqual((code, form(text)), (0, []))

        self.both(check)

    def test_a_rejected_input_is_not_kept(self):
        def check(engine):
            engine.put("dir/in", "REJECT")
            code, text = engine.run("-runs=0", "dir")
            self.assertEqual(code, 0, text)
            self.assertNotIn("corp: ", [line for line in text.splitlines() if "INITED" in line][0])

        self.both(check)

    def test_a_slow_input_is_reported(self):
        def check(engine):
            engine.put("dir/in", "SLOW")
            code, _ = engine.run("-runs=0", "-report_slow_units=1", "dir")
            self.assertEqual(code, 0)
            self.assertEqual(engine.names("slow-unit-*"), ["slow-unit-" + sha1("SLOW")])

        self.both(check)

    def test_missing_directories(self):
        def check(engine):
            code, text = engine.run("-runs=1", "nowhere")
            self.assertEqual(code, 1)
            self.assertIn('ERROR: The required directory "nowhere" does not exist', text)
            self.assertEqual(engine.run("-runs=9", "-create_missing_dirs=1", "made")[0], 0)
            self.assertEqual(engine.names(), ["made"])
            return form(text)

        self.both(check)

    def test_jobs(self):
        def check(engine):
            engine.put("dir/in", "good")
            code, text = engine.run("-jobs=3", "-workers=2", "-runs=20", "dir")
            self.assertEqual(code, 0, text)
            self.assertEqual(engine.names("fuzz-*.log"), ["fuzz-0.log", "fuzz-1.log", "fuzz-2.log"])
            self.assertEqual(len(re.findall(r"={18} Job \d exited with exit code 0 =", text)), 3)
            self.assertEqual(text.count("Done "), 3)
            engine.put("bad", "CRASH")
            code, text = engine.run("-jobs=2", "-workers=1", "bad")
            self.assertEqual(code, 1)
            return re.findall(r"={18} Job \d exited with exit code \d+ =+", text)

        self.both(check)

    def test_merge_keeps_what_shows_more_and_survives_a_failure(self):
        def check(engine):
            for name, text in {"a": "a", "b": "a", "c": "cc", "d": "xxCRASH", "e": "eeee"}.items():
                engine.put("from/" + name, text)
            os.mkdir(os.path.join(engine.directory.name, "into"))
            code, text = engine.run("-merge=1", "into", "from")
            self.assertEqual(code, 0, text)
            kept = engine.names("into/*")
            self.assertEqual(kept, sorted("into/" + sha1(t) for t in ("a", "cc", "eeee")))
            self.assertIn("MERGE-OUTER: 5 files, 0 in the initial corpus", text)
            self.assertEqual(len(engine.names("crash-*")), 1)
            code, text = engine.run("-merge=1", "into", "from")
            self.assertIn("MERGE-OUTER: 0 new files with 0 new features added", text)
            self.assertEqual(engine.names("into/*"), kept)
            return re.findall(r"\d+ new files with \d+ new features", text)

        self.both(check)

    def test_minimize_crash_ends_with_a_shorter_one_that_fails(self):
        def check(engine):
            long = "x" * 20 + "CRASH" + "y" * 20
            engine.put("bad", long)
            code, text = engine.run("-minimize_crash=1", "-runs=1000", "bad")
            self.assertEqual(code, 0, text)
            self.assertEqual(engine.get("bad").decode(), long)
            made = engine.names("minimized-from-*")
            self.assertIn("minimized-from-" + sha1(long), made)
            smallest = min(made, key=lambda name: len(engine.get(name)))
            self.assertLess(len(engine.get(smallest)), 20)
            self.assertEqual(engine.run(smallest)[0], 77)
            code, _ = engine.run("-minimize_crash=1", "-runs=1000", "-exact_artifact_path=small", "bad")
            self.assertLess(len(engine.get("small")), 20)
            return text.split("CRASH_MIN: ")[1], code

        self.both(check)

    def test_minimize_crash_refuses_what_does_not_fail(self):
        def check(engine):
            engine.put("fine", "good")
            code, text = engine.run("-minimize_crash=1", "-runs=100", "fine")
            self.assertIn("did not crash", text)
            return code

        self.both(check)

    def test_reload_takes_what_others_found(self):
        def check(engine):
            engine.put("dir/in", "a")
            fuzzer = engine.start("-reload=1", "-max_len=8", "-max_total_time=60", "-stop_file=enough", "dir")
            try:
                for line in fuzzer.stdout:
                    if "INITED" in line:
                        time.sleep(2)  # libFuzzer goes by whole seconds
                        engine.put("dir/other", "RARE")
                    if "RELOAD" in line:
                        break
                else:
                    self.fail("no RELOAD")
                engine.put("enough", "")
                rest = fuzzer.stdout.read()
                self.assertIn("DONE", rest)
                self.assertEqual(fuzzer.wait(), 0)
            finally:
                fuzzer.kill()
                fuzzer.stdout.close()
                fuzzer.wait()

        self.both(check)

    def test_signals_end_it(self):
        for number, wanted in {signal.SIGINT: 72, signal.SIGTERM: 72, signal.SIGUSR1: 0}.items():

            def check(engine, number=number, wanted=wanted):
                fuzzer = engine.start("-max_total_time=60", "-max_len=3")
                for line in fuzzer.stdout:
                    if "INITED" in line:
                        break
                fuzzer.send_signal(number)
                text = fuzzer.stdout.read()
                fuzzer.stdout.close()
                self.assertEqual(fuzzer.wait(), wanted, text)
                return "run interrupted" in text, "trying to exit gracefully" in text

            self.both(check)

    def test_help_has_libfuzzers_names_and_defaults(self):
        def flags(binary):
            code, text = Engine(binary).run("-help=1")
            self.assertEqual(code, 0)
            return dict(re.findall(r"^ (\w+) *\t(-?\d+)\t", text, re.MULTILINE))

        ours = flags(ENGINES[0])
        asked = "runs max_total_time seed max_len jobs workers merge minimize_crash print_final_stats timeout rss_limit_mb reload verbosity help".split()
        self.assertLessEqual(set(asked), set(ours))
        if len(ENGINES) == 2:
            theirs = flags(ENGINES[1])
            self.assertEqual({name: theirs.get(name) for name in ours if name != "create_missing_dirs"}, {name: ours[name] for name in ours if name != "create_missing_dirs"})

    def test_the_driver_refuses_where_libfuzzer_only_warns(self):
        for arg, wanted in {
            "-run=5": 'did you mean "runs"',
            "-runs=many": "expected a whole number",
            "-runs=": "expected a whole number",
            "-runs": "has no value",
            "-fork=2": "-jobs=N",
            "-dict=words": "libFuzzer alone has it",
        }.items():
            code, text = Engine(ENGINES[0]).run(arg)
            self.assertEqual((code, text.count("\n")), (1, 1), text)
            self.assertIn(wanted, text)
        code, text = Engine(ENGINES[0]).run("-use_value_profile=1", "-runs=9")
        self.assertEqual(code, 0)
        self.assertIn("-use_value_profile=1 has a meaning for libFuzzer alone, ignored", text)


if __name__ == "__main__":
    ENGINES = [os.path.abspath(path) for path in sys.argv[1:]]
    unittest.main(argv=sys.argv[:1])
