// Which word did they mean? For every place that refuses a name: flags, allocators, bugs, keywords of a file.
#pragma once
#include <span>
#include <string>
#include <string_view>

namespace ordeal {

// The candidate nearest to `word` in single-character edits (insert, delete, replace, swap of neighbours), if it is near enough
// to be a slip: at most a third of the word, never more than 3 edits. Empty if none is. The first of equals.
std::string_view Nearest(std::string_view word, std::span<const std::string_view> candidates);

// ` (did you mean "NEAREST"?)` or nothing: to be appended to a message.
std::string DidYouMean(std::string_view word, std::span<const std::string_view> candidates);

}  // namespace ordeal
