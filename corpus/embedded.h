// Which reproducers come with the binary? The corpus's, as text, for who has no checkout: a box with a tarball.
#pragma once
#include <span>
#include <string>

namespace ordeal {

struct EmbeddedFile {
  std::string name;  // "slub.exts_reader_order.ordeal"
  std::string text;
};

// In the order of the names. Generated from corpus/bugs by the build.
std::span<const EmbeddedFile> EmbeddedCorpus();

}  // namespace ordeal
