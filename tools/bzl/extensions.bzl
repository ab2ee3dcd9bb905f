"""How does Bazel 7 get the repositories that WORKSPACE declares for Bazel 4? (Bazel 4 never loads this file.)"""

load("//tools/bzl:host.bzl", "host_repositories")

def _host_impl(_ctx):
    host_repositories()

host = module_extension(implementation = _host_impl)
