"""Which C++ compilers does this machine have? Makes @local_compilers with a Bazel toolchain for clang and one for gcc.

clang is the newest of 22 to 16 that brings libFuzzer's runtime along (older ones lack std::source_location); the
environment variable ORDEAL_CLANG names another. A compiler that is not there still has a toolchain: one that says so when
it is used, because Bazel's own message ("no matching toolchains") names nobody.

The same clang, with lld, builds for the other processors: against the tree that tools/cross/sysroot.sh makes (platforms
aarch64 and ppc64le).
"""

_HEAD = """
load("@rules_cc//cc:defs.bzl", "cc_toolchain")
load("@{main}//tools/toolchain:cc_toolchain_config.bzl", "cc_toolchain_config")

package(default_visibility = ["//visibility:public"])

filegroup(name = "empty")
"""

_TOOLCHAIN = """
cc_toolchain_config(
    name = "{name}_config",
    compiler = "{compiler}",
    cpu = "{cpu}",
    path = "{path}",
    sysroot = "{sysroot}",
    target = "{target}",
)

cc_toolchain(
    name = "{name}_cc",
    all_files = ":empty",
    compiler_files = ":empty",
    dwp_files = ":empty",
    linker_files = ":empty",
    objcopy_files = ":empty",
    strip_files = ":empty",
    supports_param_files = True,
    toolchain_config = ":{name}_config",
)

toolchain(
    name = "{name}",
    exec_compatible_with = ["@platforms//os:linux"],
    target_compatible_with = [
        "@platforms//os:linux",
        "@platforms//cpu:{cpu}",
        "@{main}//platforms:built_by_{compiler}",
    ],
    toolchain = ":{name}_cc",
    toolchain_type = "@bazel_tools//tools/cpp:toolchain_type",
)
"""

# What `uname -m` says of a processor that one may build for from another -> Debian's name and the triple.
_ABROAD = {
    "aarch64": ("arm64", "aarch64-linux-gnu"),
    "ppc64le": ("ppc64el", "powerpc64le-linux-gnu"),
}

# A wrapper, so that what is missing is looked for when it is needed and not when Bazel last read this file.
_CROSS_CLANG = """#!/bin/sh
if [ ! -e '{sysroot}/.made-of' ]; then
  echo '{sysroot} not found: tools/cross/sysroot.sh {debian}' >&2
  exit 1
fi
if [ ! -x '{bin}/ld.lld' ]; then
  echo '{bin}/ld.lld not found: apt-get install lld-{version}' >&2
  exit 1
fi
exec '{clang}' "$@"
"""

_OLDEST = 16
_NEWEST = 22

# What `uname -m` says -> the constraint in @platforms//cpu.
_CPU = {
    "aarch64": "aarch64",
    "ppc64le": "ppc",
    "x86_64": "x86_64",
}

def _version(ctx, clang):
    words = ctx.execute([clang, "--version"]).stdout.split("version ")
    major = words[1].split(".")[0] if len(words) > 1 else ""
    return int(major) if major.isdigit() else 0

def _has_libfuzzer(ctx, clang, machine):
    # The name has the architecture in it or not, by distribution; an absolute path is the answer of a clang that has it.
    for library in ["libclang_rt.fuzzer-%s.a" % machine, "libclang_rt.fuzzer.a"]:
        if ctx.execute([clang, "-print-file-name=" + library]).stdout.startswith("/"):
            return True
    return False

def _clang(ctx, machine):
    chosen = ctx.os.environ.get("ORDEAL_CLANG")
    if chosen:
        return chosen if chosen.startswith("/") else ctx.which(chosen)
    found = [ctx.which("clang-%d" % version) for version in range(_NEWEST, _OLDEST - 1, -1)]
    found = [clang for clang in found if clang]
    plain = ctx.which("clang")
    if plain and _version(ctx, plain) >= _OLDEST:
        found.append(plain)
    for clang in found:
        if _has_libfuzzer(ctx, clang, machine):
            return clang
    return found[0] if found else None

def _placeholder(ctx, name, message):
    ctx.file(name, "#!/bin/sh\necho '%s' >&2\nexit 1\n" % message, executable = True)
    return ctx.path(name)

def _cache(ctx):
    env = ctx.os.environ
    return env.get("XDG_CACHE_HOME", env.get("HOME", "/") + "/.cache") + "/ordeal"

def _cross_toolchain(ctx, machine, clang):
    debian, triple = _ABROAD[machine]
    sysroot = _cache(ctx) + "/sysroot-" + debian
    wrapper = "clang_" + machine
    bin = str(ctx.path(clang).realpath.dirname)
    ctx.file(wrapper, executable = True, content = _CROSS_CLANG.format(
        bin = bin,
        clang = clang,
        debian = debian,
        sysroot = sysroot,
        version = _version(ctx, clang),
    ))
    return _TOOLCHAIN.format(
        compiler = "clang",
        cpu = _CPU[machine],
        main = ctx.attr.main,
        name = machine,
        path = ctx.path(wrapper),
        sysroot = sysroot,
        target = triple,
    )

def _impl(ctx):
    machine = ctx.execute(["uname", "-m"]).stdout.strip()
    if machine not in _CPU:
        fail("expected one of the processors {}, got {}".format(", ".join(_CPU.keys()), machine))
    clang = _clang(ctx, machine)
    if not clang:
        clang = _placeholder(
            ctx,
            "no_clang",
            "clang %d or newer not found: apt-get install clang-19 libclang-rt-19-dev, or build with --config=gcc" % _OLDEST,
        )
    gcc = ctx.which("gcc")
    if not gcc:
        gcc = _placeholder(ctx, "no_gcc", "gcc not found: apt-get install g++")
    text = _HEAD.format(main = ctx.attr.main)
    for compiler, path in {"clang": clang, "gcc": gcc}.items():
        text += _TOOLCHAIN.format(
            compiler = compiler,
            cpu = _CPU[machine],
            main = ctx.attr.main,
            name = compiler,
            path = path,
            sysroot = "",
            target = "",
        )
    for other in _ABROAD:
        if other != machine:
            text += _cross_toolchain(ctx, other, clang)
    ctx.file("BUILD.bazel", text)

local_compilers = repository_rule(
    implementation = _impl,
    attrs = {"main": attr.string(mandatory = True, doc = "the name of the workspace that holds //tools/toolchain")},
    configure = True,
    environ = ["HOME", "ORDEAL_CLANG", "PATH", "XDG_CACHE_HOME"],
    local = True,
)
