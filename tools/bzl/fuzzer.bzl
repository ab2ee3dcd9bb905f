"""How is a fuzz target linked? With libFuzzer where there is one, and with the caller's own driver elsewhere."""

load("@rules_cc//cc:defs.bzl", "cc_binary")

_LIBFUZZER = ["-fsanitize=fuzzer"]

# Where the compiler has libFuzzer; the settings are in platforms/BUILD.
_SETTINGS = [
    "//platforms:libfuzzer_aarch64",
    "//platforms:libfuzzer_x86_64",
]

def _choose(with_libfuzzer, without):
    branches = {setting: with_libfuzzer for setting in _SETTINGS}
    branches["//conditions:default"] = without
    return select(branches)

def libfuzzer_binary(name, srcs = [], deps = [], linkopts = [], driver = None, **kwargs):
    """An ordinary cc_binary that takes its main() from libFuzzer: one build of the tree, no coverage instrumentation.

    Args:
      name: the binary.
      srcs: the file with LLVMFuzzerTestOneInput.
      deps: as for cc_binary.
      linkopts: as for cc_binary.
      driver: the label of a library with a main() of our own, for g++ and for processors without libFuzzer. Without it
        the target does not exist there, and `//...` passes over it.
      **kwargs: as for cc_binary.
    """
    cc_binary(
        name = name,
        srcs = srcs,
        linkopts = linkopts + _choose(_LIBFUZZER, []),
        target_compatible_with = [] if driver else _choose([], ["//platforms:without_libfuzzer"]),
        deps = deps + (_choose([], [driver]) if driver else []),
        **kwargs
    )
