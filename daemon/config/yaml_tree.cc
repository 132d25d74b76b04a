#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <fstream>
#include <optional>
#include <set>

#include "daemon/config/effective.h"

namespace cellvigil::config {
namespace {

struct Pattern {
    std::size_t place = 0;  // in the table
    std::vector<std::string> segments;
};

const std::vector<Pattern>& patterns() {
    static const std::vector<Pattern> all = [] {
        std::vector<Pattern> made;
        for (std::size_t i = 0; i < keys().size(); ++i) made.push_back({i, segments_of(keys()[i].path)});
        return made;
    }();
    return all;
}

bool is_name(const std::string& segment) { return segment.front() == '<'; }

// Fixed segments go before names.
bool fits(const Pattern& pattern, const std::vector<std::string>& path) {
    if (pattern.segments.size() < path.size()) return false;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (!is_name(pattern.segments[i]) && pattern.segments[i] != path[i]) return false;
    return true;
}

Names names_in(const Pattern& pattern, const std::vector<std::string>& path) {
    Names names;
    for (std::size_t i = 0; i < path.size(); ++i)
        if (is_name(pattern.segments[i])) names.push_back(path[i]);
    return names;
}

class Reader {
  public:
    Reader(std::string file, Effective& effective, std::vector<Problem>& problems)
        : file_(std::move(file)), effective_(effective), problems_(problems) {}

    void document(const YAML::Node& root) {
        if (root.IsNull()) return;
        if (!root.IsMap()) {
            report(root.Mark(), "expected a map of settings");
            return;
        }
        children(root);
    }

    void report(const YAML::Mark& mark, std::string what) {
        problems_.push_back({where(mark), fmt::format("{}", fmt::join(path_, ".")), std::move(what)});
    }

  private:
    std::string where(const YAML::Mark& mark) const {
        if (mark.is_null()) return file_;
        return fmt::format("{}:{}:{}", file_, mark.line + 1, mark.column + 1);
    }

    void children(const YAML::Node& map) {
        std::set<std::string> seen;
        for (const auto& entry : map) {
            if (!entry.first.IsScalar()) {
                report(entry.first.Mark(), "expected a key, found something else");
                continue;
            }
            path_.push_back(entry.first.Scalar());
            if (!seen.insert(path_.back()).second) {
                report(entry.first.Mark(), "this key stands twice in the map");
            } else {
                node(entry.second, entry.first.Mark());
            }
            path_.pop_back();
        }
    }

    void node(const YAML::Node& value, const YAML::Mark& key_mark) {
        const Pattern* leaf = nullptr;
        bool inner = false;
        for (const Pattern& pattern : patterns()) {
            if (!fits(pattern, path_)) continue;
            if (pattern.segments.size() > path_.size()) {
                inner = true;
            } else {
                leaf = &pattern;
            }
        }
        if (leaf == nullptr && !inner) {
            report(key_mark, "unknown key; " + expected_here());
            return;
        }
        if (path_.back().empty()) {
            report(key_mark, "expected a name, found an empty one");
            return;
        }
        if (leaf != nullptr && keys()[leaf->place].expected.kind != Kind::group) {
            this->leaf(*leaf, value, key_mark);
            return;
        }
        if (!value.IsMap() && !value.IsNull()) {
            report(value.Mark(), "expected a map; " + keys_below());
            return;
        }
        if (leaf != nullptr) store(*leaf, Value{}, key_mark);
        if (value.IsMap()) children(value);
    }

    void leaf(const Pattern& pattern, const YAML::Node& value, const YAML::Mark& key_mark) {
        const Expected& expected = keys()[pattern.place].expected;
        Result<Value> read = fail(Errc::invalid, "");
        if (value.IsSequence() && expected.kind == Kind::list) {
            std::vector<std::string> words;
            for (const auto& word : value) {
                if (!word.IsScalar()) {
                    report(word.Mark(), "expected text in the list, found something else");
                    return;
                }
                words.push_back(word.Scalar());
            }
            read = read_list(expected, std::move(words));
        } else if (value.IsScalar() && expected.kind != Kind::list) {
            read = read_value(expected, value.Scalar());
        } else {
            const char* kind = value.IsMap()        ? "a map"
                               : value.IsSequence() ? "a list"
                               : value.IsNull()     ? "nothing"
                                                    : "one value";
            read = fail(Errc::invalid, fmt::format("expected {}, found {}", to_text(expected), kind));
        }
        if (!read) {
            report(value.IsNull() ? key_mark : value.Mark(), read.error().detail);
            return;
        }
        store(pattern, std::move(*read), value.Mark());
    }

    void store(const Pattern& pattern, Value value, const YAML::Mark& mark) {
        effective_.insert_or_assign({pattern.place, names_in(pattern, path_)}, Given{std::move(value), where(mark)});
    }

    // What could stand where the last segment of path_ stands, or one level below it.
    std::string listed(const std::vector<std::string>& parent) const {
        std::set<std::string> next;
        for (const Pattern& pattern : patterns())
            if (pattern.segments.size() > parent.size() && fits(pattern, parent))
                next.insert(pattern.segments[parent.size()]);
        return fmt::format("expected {}{}", next.size() == 1 ? "" : "one of ", fmt::join(next, ", "));
    }
    std::string expected_here() const { return listed({path_.begin(), path_.end() - 1}); }
    std::string keys_below() const { return listed(path_); }

    std::string file_;
    Effective& effective_;
    std::vector<Problem>& problems_;
    std::vector<std::string> path_;
};

// Where a second document begins. Reads at most two: yaml-cpp finds documents without end in some texts (",:::"), and
// its LoadAll keeps them all.
class SecondDocument final : public YAML::EventHandler {
  public:
    static std::optional<YAML::Mark> in(const std::string& file) {
        std::ifstream text(file);
        YAML::Parser parser(text);
        SecondDocument found;
        if (!parser.HandleNextDocument(found) || !parser.HandleNextDocument(found)) return std::nullopt;
        return found.root_.value_or(YAML::Mark::null_mark());
    }

    void OnDocumentStart(const YAML::Mark&) override { root_.reset(); }
    void OnDocumentEnd() override {}
    void OnNull(const YAML::Mark& mark, YAML::anchor_t) override { begin(mark); }
    void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override { begin(mark); }
    void OnScalar(const YAML::Mark& mark, const std::string&, YAML::anchor_t, const std::string&) override {
        begin(mark);
    }
    void OnSequenceStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t,
                         YAML::EmitterStyle::value) override {
        begin(mark);
    }
    void OnSequenceEnd() override {}
    void OnMapStart(const YAML::Mark& mark, const std::string&, YAML::anchor_t, YAML::EmitterStyle::value) override {
        begin(mark);
    }
    void OnMapEnd() override {}

  private:
    void begin(const YAML::Mark& mark) {
        if (!root_) root_ = mark;
    }
    std::optional<YAML::Mark> root_;
};

}  // namespace

void read_yaml(const std::string& file, Effective& effective, std::vector<Problem>& problems) {
    Reader reader(file, effective, problems);
    try {
        const YAML::Node first = YAML::LoadFile(file);
        if (const auto second = SecondDocument::in(file))
            reader.report(*second, "expected one document, found another");
        reader.document(first);
    } catch (const YAML::BadFile&) {
        problems.push_back({file, "", "cannot be read"});
    } catch (const YAML::Exception& failure) {
        reader.report(failure.mark, failure.msg);
    }
}

}  // namespace cellvigil::config
