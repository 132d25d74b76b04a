#include "tests/tidy/tree.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

namespace cellvigil::tidy {

namespace fs = std::filesystem;

namespace {

const fs::path& root() {
    static const fs::path path(CELLVIGIL_SOURCE_DIR);
    return path;
}

bool is_left_out(const fs::path& entry) {
    static const std::set<std::string> names{"build",        ".git",        ".cache",       ".run",
                                             "node_modules", "__pycache__", ".pytest_cache"};
    return names.contains(entry.filename().string());
}

bool is_identifier(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Copies text, blanking what is not code. Newlines stay, so that lines keep their numbers.
class Blanker {
  public:
    explicit Blanker(std::string_view text) : text_(text), result_(text) {}

    std::string run() {
        while (at_ < text_.size()) step();
        return std::move(result_);
    }

  private:
    void step() {
        const std::string_view rest = text_.substr(at_);
        if (rest.starts_with("//")) {
            blank_to(text_.find('\n', at_));
        } else if (rest.starts_with("/*")) {
            blank_past(text_.find("*/", at_ + 2), 2);
        } else if (rest.starts_with("R\"")) {
            const std::size_t open = text_.find('(', at_);
            const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
            blank_past(text_.find(close, open), close.size());
        } else if (rest.front() == '"' || (rest.front() == '\'' && !inside_number())) {
            literal(rest.front());
        } else {
            ++at_;
        }
    }

    // 1'000: a digit separator opens no character literal.
    bool inside_number() const { return at_ > 0 && is_identifier(text_[at_ - 1]); }

    void literal(char quote) {
        std::size_t end = at_ + 1;
        while (end < text_.size() && text_[end] != quote && text_[end] != '\n') end += text_[end] == '\\' ? 2U : 1U;
        const std::size_t inside = at_ + 1;
        at_ = inside;
        blank_to(std::min(end, text_.size()));
        ++at_;
    }

    void blank_past(std::size_t found, std::size_t length) {
        blank_to(found == std::string_view::npos ? text_.size() : found + length);
    }

    void blank_to(std::size_t end) {
        for (end = std::min(end, text_.size()); at_ < end; ++at_) {
            if (text_[at_] != '\n') result_[at_] = ' ';
        }
    }

    std::string_view text_;
    std::string result_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<std::string> files_under(const std::vector<std::string>& tops) {
    std::vector<std::string> found;
    for (const std::string& top : tops) {
        if (!fs::exists(root() / top)) continue;
        if (fs::is_regular_file(root() / top)) {
            found.push_back(top);
            continue;
        }
        for (auto entry = fs::recursive_directory_iterator(root() / top); entry != fs::recursive_directory_iterator();
             ++entry) {
            if (entry->is_directory() && is_left_out(entry->path())) {
                entry.disable_recursion_pending();
            } else if (entry->is_regular_file()) {
                found.push_back(fs::relative(entry->path(), root()).generic_string());
            }
        }
    }
    std::sort(found.begin(), found.end());
    return found;
}

std::vector<std::string> all_files() {
    std::vector<std::string> tops;
    for (const auto& entry : fs::directory_iterator(root())) {
        const std::string name = entry.path().filename().string();
        // In a worktree .git is a file that names the machine's path.
        if (!is_left_out(entry.path()) && name != "bench-results.json" && name != "compile_commands.json")
            tops.push_back(name);
    }
    return files_under(tops);
}

std::string read(const std::string& path) {
    std::ifstream in(root() / path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

bool exists(const std::string& path) { return fs::exists(root() / path); }

bool ends_with_any(std::string_view path, const std::vector<std::string>& endings) {
    return std::any_of(endings.begin(), endings.end(), [path](const std::string& end) { return path.ends_with(end); });
}

std::vector<std::string> lines_of(std::string_view text) {
    std::vector<std::string> lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

std::size_t line_number(std::string_view text, std::size_t offset) {
    const std::string_view before = text.substr(0, offset);
    return static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')) + 1;
}

std::string without_comments_and_literals(std::string_view text) { return Blanker(text).run(); }

std::vector<std::size_t> find_word(std::string_view text, std::string_view word) {
    std::vector<std::size_t> found;
    for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !is_identifier(text[at - 1]) || !is_identifier(word.front());
        const bool ends = end >= text.size() || !is_identifier(text[end]) || !is_identifier(word.back());
        if (begins && ends) found.push_back(at);
    }
    return found;
}

std::string folder_of(std::string_view path) {
    const std::size_t slash = path.rfind('/');
    return std::string(path.substr(0, slash == std::string_view::npos ? 0 : slash));
}

std::string finding(const std::string& path, std::string_view text, std::size_t offset, std::string_view what) {
    return path + ":" + std::to_string(line_number(text, offset)) + ": " + std::string(what);
}

std::string joined(const std::vector<std::string>& findings) {
    std::string text;
    for (const std::string& finding : findings) text += finding + "\n";
    return text;
}

}  // namespace cellvigil::tidy
