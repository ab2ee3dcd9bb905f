// Where do new programs come from? Small stories that find bugs in allocators, interleaved, on a geometry drawn over all values.
//
// The same Rng state and options give the same program on every machine. Thread-safe, one Rng per thread.
#pragma once
#include "base/random.h"
#include "program/program.h"

namespace ordeal {

struct GenerateOptions {
  int max_ops = 24;  // 2..kMaxOps; small programs are frequent whatever the limit
  int max_cpus = 4;  // 2..kMaxCpus
};

// 2..max_ops ops, ids 0..n-1 in order; Validate and KeepsDiscipline hold.
Program Generate(Rng& rng, const GenerateOptions& options = {});

// The geometry alone. Every value of every dimension is frequent, and so is the corner where a stride or an
// index no longer fits its field: 64K pages, order >= 1, huge objects with their record inside.
Geometry GenerateGeometry(Rng& rng, const GenerateOptions& options = {});

}  // namespace ordeal
