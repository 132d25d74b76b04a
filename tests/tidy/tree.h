// The project's own files, for the checks that read them. Paths are relative to the repository's root, with forward
// slashes.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace cellvigil::tidy {

// Every regular file below the given top folders (or files), sorted; build output and caches left out.
std::vector<std::string> files_under(const std::vector<std::string>& tops);
// Everything that git would hold: the whole tree without build output, caches and data of runs.
std::vector<std::string> all_files();

std::string read(const std::string& path);
bool exists(const std::string& path);
bool ends_with_any(std::string_view path, const std::vector<std::string>& endings);

std::vector<std::string> lines_of(std::string_view text);
std::size_t line_number(std::string_view text, std::size_t offset);

// C++ text of the same length and lines, with comments and the insides of string and character literals blanked.
std::string without_comments_and_literals(std::string_view text);

// Offsets of `word` where it is not part of a longer identifier.
std::vector<std::size_t> find_word(std::string_view text, std::string_view word);

// "rules/base/time.cc" -> "rules/base"; "daemon/main.cc" -> "daemon".
std::string folder_of(std::string_view path);

// "path:line: what".
std::string finding(const std::string& path, std::string_view text, std::size_t offset, std::string_view what);

// One failure text for a test: the findings, one a line, or "".
std::string joined(const std::vector<std::string>& findings);

}  // namespace cellvigil::tidy
