#!/usr/bin/env python3
"""command_line_test.py DRIVER [LIBFUZZER]: does the driver do with each flag of a search what libFuzzer does?"""

import hashlib
import os
import re
import sys

sys.dont_write_bytecode = True
import engines_testing  # noqa: E402
from engines_testing import ENGINES, Engine, form, sha1  # noqa: E402


class CommandLine(engines_testing.Case):
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
    engines_testing.main()
