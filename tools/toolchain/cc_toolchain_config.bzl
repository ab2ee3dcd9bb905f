"""What flags does a C++ file get? One description for clang and gcc on every processor, with the sanitizers as features."""

load("@rules_cc//cc:action_names.bzl", "ACTION_NAMES")
load(
    "@rules_cc//cc:cc_toolchain_config_lib.bzl",
    "feature",
    "flag_group",
    "flag_set",
    "tool_path",
    "with_feature_set",
)

_COMPILE = [
    ACTION_NAMES.assemble,
    ACTION_NAMES.preprocess_assemble,
    ACTION_NAMES.c_compile,
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.linkstamp_compile,
]

_CPP = [
    ACTION_NAMES.cpp_compile,
    ACTION_NAMES.cpp_header_parsing,
    ACTION_NAMES.linkstamp_compile,
]

_LINK = [
    ACTION_NAMES.cpp_link_executable,
    ACTION_NAMES.cpp_link_dynamic_library,
    ACTION_NAMES.cpp_link_nodeps_dynamic_library,
]

_WARNINGS = [
    "-Wall",
    "-Wextra",
    "-Wno-unused-parameter",
]

# -v2 has cmpxchg16b, which the allocators' double-word compare-and-exchange needs, and SSE4.1. clang takes POWER for a machine without
# lqarx and stqcx. until it is told, and would call a library that may lock.
_MACHINE = {
    "ppc": ["-mcpu=power8"],
    "x86_64": ["-march=x86-64-v2"],
}

# That < of two vectors is a vector there too, as on the other processors; clang warns that it may think otherwise one day.
_CLANG_MACHINE = {
    "ppc": [
        "-faltivec-src-compat=mixed",
        "-Wno-deprecated-altivec-src-compat",
    ],
}

# A build that is the same wherever and whenever it is made; a file is "memory/order.h" also when it was found through
# `-iquote .`, so that std::source_location prints paths of the repository.
_REPRODUCIBLE = [
    "-no-canonical-prefixes",
    "-ffile-prefix-map=./=",
    "-Wno-builtin-macro-redefined",
    "-D__DATE__=\"redacted\"",
    "-D__TIMESTAMP__=\"redacted\"",
    "-D__TIME__=\"redacted\"",
]

# gcc calls libatomic for 16-byte atomics even where the processor has the instruction. What follows -Bdynamic is the C library's, which
# stays shared also in a binary that brings its other libraries along (tools/bzl/self_contained.bzl).
_LIBRARIES = [
    "-Wl,--push-state,--as-needed",
    "-latomic",
    "-Wl,--pop-state",
    "-Wl,-Bdynamic",
    "-lm",
]

def _set(actions, flags, mode = None):
    return flag_set(
        actions = actions,
        flag_groups = [flag_group(flags = flags)] if flags else [],
        with_features = [with_feature_set(features = [mode])] if mode else [],
    )

def _sanitizer(name, flags):
    return feature(
        name = name,
        flag_sets = [
            _set(_COMPILE, flags + ["-fno-omit-frame-pointer"]),
            _set(_LINK, flags),
        ],
    )

# A planted bug computes wild addresses, and the engine must be the one who says so (Ending::kWild): a modelled word is addressed by calling a
# method on what may be null, misaligned or nowhere. The addresses of our own data are asan's to judge.
_WILD = "-fno-sanitize=alignment,null,object-size"

def _features(gcc, cpu, cross):
    return [
        feature(name = "dbg"),
        feature(name = "fastbuild"),
        feature(name = "opt"),
        # No supports_pic: Bazel would compile every library twice. Both compilers make position-independent executables
        # by themselves, and nothing here is a shared library.
        feature(
            name = "default_flags",
            enabled = True,
            flag_sets = [
                _set(_COMPILE + _LINK, cross),
                _set(_COMPILE, _WARNINGS + _MACHINE.get(cpu, []) + _REPRODUCIBLE),
                _set(_COMPILE, ["-fno-canonical-system-headers"] if gcc else _CLANG_MACHINE.get(cpu, [])),
                _set(_COMPILE, ["-O0", "-g"], mode = "dbg"),
                _set(_COMPILE, ["-O0", "-g1"], mode = "fastbuild"),
                # No -DNDEBUG: the checks are kept.
                _set(_COMPILE, ["-O2", "-g1", "-ffunction-sections", "-fdata-sections"], mode = "opt"),
                _set(_CPP, ["-std=c++20"]),
                # clang's runtimes have a C++ half that only its C++ driver links.
                _set(_LINK, ["-pthread"] + ([] if gcc else ["--driver-mode=g++"]) + (["-fuse-ld=lld"] if cross else [])),
                _set(_LINK, ["-Wl,--gc-sections"], mode = "opt"),
            ],
        ),
        feature(
            name = "default_libraries",
            enabled = True,
            flag_sets = [_set(_LINK, (["-lstdc++"] if gcc else []) + _LIBRARIES)],
        ),
        _sanitizer("asan", ["-fsanitize=address"]),
        _sanitizer("tsan", ["-fsanitize=thread"]),
        _sanitizer("ubsan", ["-fsanitize=undefined", "-fno-sanitize-recover=undefined", _WILD]),
    ]

def _impl(ctx):
    compiler = ctx.attr.path
    sysroot = ctx.attr.sysroot
    cross = ["--target=" + ctx.attr.target, "--sysroot=" + sysroot] if sysroot else []
    tools = {
        # Its index knows the symbols of any 64-bit little-endian ELF file, so that it is right for the other processors too.
        "ar": "/usr/bin/ar",
        "cpp": compiler,
        "gcc": compiler,
        "gcov": "/usr/bin/gcov",
        "ld": "/usr/bin/ld",
        "nm": "/usr/bin/nm",
        "objdump": "/usr/bin/objdump",
        "strip": "/usr/bin/strip",
    }
    return cc_common.create_cc_toolchain_config_info(
        ctx = ctx,
        toolchain_identifier = ctx.label.name,
        host_system_name = "local",
        target_system_name = ctx.attr.cpu + "-linux-gnu",
        target_cpu = ctx.attr.cpu,
        target_libc = "glibc",
        compiler = ctx.attr.compiler,
        abi_version = "local",
        abi_libc_version = "local",
        # Bazel refuses headers from outside the workspace that are not under one of these.
        cxx_builtin_include_directories = ["/usr"] + ([sysroot] if sysroot else []),
        features = _features(ctx.attr.compiler == "gcc", ctx.attr.cpu, cross),
        tool_paths = [tool_path(name = name, path = path) for name, path in tools.items()],
    )

cc_toolchain_config = rule(
    implementation = _impl,
    attrs = {
        "compiler": attr.string(mandatory = True, values = ["clang", "gcc"]),
        "cpu": attr.string(mandatory = True, doc = "a name in @platforms//cpu"),
        "path": attr.string(mandatory = True, doc = "the C compiler driver, absolute"),
        "sysroot": attr.string(doc = "for another processor: the tree with its /usr, absolute"),
        "target": attr.string(doc = "for another processor: its triple"),
    },
    provides = [CcToolchainConfigInfo],
)
