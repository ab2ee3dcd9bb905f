"""What does the build take from the machine it runs on? Its compilers, and the libraries listed here.

The labels are the upstream projects' own, so that BUILD files read as they would with the libraries fetched from source.
To add a library: a line here (pkg-config name), its Debian package in tools/bazel, its name in MODULE.bazel.
"""

load("//tools/bzl:system_library.bzl", "pkg_config_repository", "probed_repository")
load("//tools/bzl:tidy_tools.bzl", "tidy_tools")
load("//tools/toolchain:local_compilers.bzl", "local_compilers")

# "package:name" of the label under @com_google_absl -> pkg-config module.
_ABSL = {
    "absl/algorithm:algorithm": "absl_algorithm",
    "absl/algorithm:container": "absl_algorithm_container",
    "absl/base:base": "absl_base",
    "absl/base:config": "absl_config",
    "absl/base:core_headers": "absl_core_headers",
    "absl/base:endian": "absl_endian",
    "absl/cleanup:cleanup": "absl_cleanup",
    "absl/container:btree": "absl_btree",
    "absl/container:fixed_array": "absl_fixed_array",
    "absl/container:flat_hash_map": "absl_flat_hash_map",
    "absl/container:flat_hash_set": "absl_flat_hash_set",
    "absl/container:inlined_vector": "absl_inlined_vector",
    "absl/debugging:failure_signal_handler": "absl_failure_signal_handler",
    "absl/debugging:stacktrace": "absl_stacktrace",
    "absl/debugging:symbolize": "absl_symbolize",
    "absl/flags:commandlineflag": "absl_flags_commandlineflag",
    "absl/flags:config": "absl_flags_config",
    "absl/flags:flag": "absl_flags",
    "absl/flags:marshalling": "absl_flags_marshalling",
    "absl/flags:parse": "absl_flags_parse",
    "absl/flags:reflection": "absl_flags_reflection",
    "absl/flags:usage": "absl_flags_usage",
    "absl/functional:any_invocable": "absl_any_invocable",
    "absl/functional:function_ref": "absl_function_ref",
    "absl/hash:hash": "absl_hash",
    "absl/memory:memory": "absl_memory",
    "absl/meta:type_traits": "absl_type_traits",
    "absl/numeric:bits": "absl_bits",
    "absl/numeric:int128": "absl_int128",
    "absl/status:status": "absl_status",
    "absl/status:statusor": "absl_statusor",
    "absl/strings:str_format": "absl_str_format",
    "absl/strings:strings": "absl_strings",
    "absl/synchronization:synchronization": "absl_synchronization",
    "absl/time:time": "absl_time",
    "absl/types:optional": "absl_optional",
    "absl/types:span": "absl_span",
    "absl/types:variant": "absl_variant",
    "absl/utility:utility": "absl_utility",
}

def host_repositories():
    """Declares every repository that is found on this machine; WORKSPACE and extensions.bzl both call it."""
    local_compilers(
        name = "local_compilers",
        main = "ordeal",
    )
    pkg_config_repository(
        name = "com_google_absl",
        debian = "libabsl-dev",
        modules = _ABSL,
    )
    pkg_config_repository(
        name = "com_google_googletest",
        debian = "libgtest-dev libgmock-dev",
        # As upstream, :gtest brings GoogleMock along.
        modules = {
            ":gtest": "gmock",
            ":gtest_main": "gmock_main",
        },
    )
    pkg_config_repository(
        name = "com_google_benchmark",
        debian = "libbenchmark-dev",
        modules = {
            ":benchmark": "benchmark",
            ":benchmark_main": "benchmark -lbenchmark_main",
        },
    )
    pkg_config_repository(
        name = "hwloc",
        debian = "libhwloc-dev",
        modules = {":hwloc": "hwloc"},
    )
    pkg_config_repository(
        name = "nlohmann_json",
        debian = "nlohmann-json3-dev",
        modules = {":json": "nlohmann_json"},
    )

    probed_repository(
        name = "afl",
        debian = "afl++",
        headers = {"runtime": "/usr/lib/afl/afl-compiler-rt.o"},
        linkopts = {"runtime": "/usr/lib/afl/afl-compiler-rt.o"},
    )

    # Debian ships no .pc file for Boost.
    probed_repository(
        name = "boost",
        debian = "libboost-context-dev",
        headers = {
            "context": "boost/context/detail/fcontext.hpp",
            "sha1": "boost/uuid/detail/sha1.hpp",
        },
        linkopts = {"context": "-lboost_context"},
    )
    tidy_tools(name = "tidy_tools")
