"""How is a fuzz target linked? With libFuzzer where there is one, and with our own driver elsewhere."""

load("@rules_cc//cc:defs.bzl", "cc_binary", "cc_library")

_LIBFUZZER = ["-fsanitize=fuzzer"]

# Where the compiler has libFuzzer; the settings are in platforms/BUILD.
_SETTINGS = [
    "//platforms:libfuzzer_aarch64",
    "//platforms:libfuzzer_x86_64",
]

def libfuzzer_or(with_libfuzzer, without, afl = None):
    """`with_libfuzzer` where the compiler has libFuzzer for the processor, `afl` with --config=afl, `without` elsewhere."""
    branches = {setting: with_libfuzzer for setting in _SETTINGS}
    branches["//conditions:default"] = without
    branches["//platforms:with_afl"] = without if afl == None else afl
    return select(branches)

_DRIVER = ["//fuzz/driver"]

# --config=afl: the driver's AFL++ side, with AFL++'s own runtime.
_AFL = _DRIVER + ["@afl//:runtime"]

def fuzz_target(name, srcs, deps = [], linkopts = [], **kwargs):
    """A fuzz target, linked twice. One build of the tree, no coverage instrumentation: features are the extra counters.

    NAME takes its main() from libFuzzer where there is one, and from our own driver elsewhere (g++; POWER; --config=afl).
    NAME_driver has our own everywhere, so that the two can be compared.

    Args:
      name: the binary.
      srcs: the file with LLVMFuzzerTestOneInput.
      deps: as for cc_library.
      linkopts: as for cc_binary.
      **kwargs: as for cc_library.
    """
    cc_library(
        name = name + "_target",
        srcs = srcs,
        alwayslink = True,
        deps = deps,
        **kwargs
    )
    cc_binary(
        name = name,
        linkopts = linkopts + libfuzzer_or(_LIBFUZZER, []),
        deps = [":" + name + "_target"] + libfuzzer_or([], _DRIVER, _AFL),
        **kwargs
    )
    cc_binary(
        name = name + "_driver",
        linkopts = linkopts,
        deps = [":" + name + "_target"] + _DRIVER,
        **kwargs
    )
