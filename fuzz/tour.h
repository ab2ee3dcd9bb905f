// What does somebody see who just types `bazel run //fuzz:slab_fuzzer`? A tour of about a minute: the canary, real fuzzing of the correct
// allocator, three planted bugs with their verdicts, and the line that starts a real campaign.
#pragma once

namespace ordeal {

// Runs this same binary again, step by step. Returns the exit code: 0 if every step gave what it should.
int Tour();

}  // namespace ordeal
