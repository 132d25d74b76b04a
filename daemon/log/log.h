// JSON lines for people and machines: {"ts":..,"level":..,"component":..,"event":..,"msg":..,<fields>}. One line per
// call, written whole. The same event is written at most `burst` times per `window`; what was left out is counted and
// told.
//
//   log::warn({"alerts", "sink_unavailable", "a sink takes no notifications; trying again"},
//             {{"channel", name}, {"wait_ms", wait.count()}, {"err", error}});
//
// Nothing that names a subject gets in above debug: component, event, message and field names are literals checked by
// the compiler (a field called subject, patient, pseudonym or key does not compile), values are numbers, times and
// text, and a subject enters only through `debug_subject`, which is left out unless the level is debug. Thread-safe.
#pragma once

#include <concepts>
#include <cstdint>
#include <functional>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::log {

enum class Level : std::uint8_t { debug, info, warn, error };
const char* name_of(Level level);
Result<Level> level_of(std::string_view name);  // "debug", "info", "warn", "error"; else `invalid`

// Words that would carry a subject's pseudonym; no field may be called so.
constexpr bool names_a_subject(std::string_view name) {
    for (const std::string_view word :
         {"subject", "subject_id", "subject_key", "subjects_id", "patient", "patient_id", "pseudonym", "key"})
        if (name == word) return true;
    return false;
}
constexpr bool is_snake_case(std::string_view name) {
    if (name.empty() || name.front() < 'a' || name.front() > 'z') return false;
    for (const char c : name)
        if ((c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_') return false;
    return true;
}

// A literal in snake_case that does not name a subject; anything else does not compile.
class Name {
  public:
    consteval Name(const char* text) : text_(text) {  // NOLINT(google-explicit-constructor)
        if (!is_snake_case(text_) || names_a_subject(text_)) throw "not a field, component or event name";
    }
    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

// A literal for people.
class Text {
  public:
    consteval Text(const char* text) : text_(text) {}  // NOLINT(google-explicit-constructor)
    constexpr std::string_view text() const { return text_; }

  private:
    std::string_view text_;
};

// What can stand in a line. Text is borrowed for the call.
class Value {
  public:
    enum class Kind : std::uint8_t { boolean, integer, unsigned_integer, number, text };

    template <std::same_as<bool> T>
    Value(T value) : kind_(Kind::boolean), integer_(value ? 1 : 0) {}  // NOLINT(google-explicit-constructor)
    template <std::signed_integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T value)
        : kind_(Kind::integer), integer_(value) {}  // NOLINT(google-explicit-constructor)
    template <std::unsigned_integral T>
    requires(!std::same_as<T, bool> && !std::same_as<T, char>) Value(T value)
        : kind_(Kind::unsigned_integer), unsigned_(value) {}  // NOLINT(google-explicit-constructor)
    template <std::floating_point T>
    Value(T value) : kind_(Kind::number), number_(static_cast<double>(value)) {}  // NOLINT(google-explicit-constructor)
    Value(std::string_view value) : kind_(Kind::text), text_(value) {}            // NOLINT(google-explicit-constructor)
    Value(const char* value) : kind_(Kind::text), text_(value) {}                 // NOLINT(google-explicit-constructor)
    Value(const std::string& value) : kind_(Kind::text), text_(value) {}          // NOLINT(google-explicit-constructor)
    Value(const Error& error) : kind_(Kind::text), text_(error.detail) {}         // NOLINT(google-explicit-constructor)
    template <typename Rep, typename Period>                                      // seconds, as a number
    Value(std::chrono::duration<Rep, Period> value)                               // NOLINT(google-explicit-constructor)
        : kind_(Kind::number), number_(std::chrono::duration<double>(value).count()) {}

    void append_json(std::string& out) const;

  private:
    Kind kind_;
    std::int64_t integer_ = 0;
    std::uint64_t unsigned_ = 0;
    double number_ = 0;
    std::string_view text_;
};

class Field {
  public:
    Field(const Name& name, const Value& value) : name_(name.text()), value_(value) {}
    std::string_view name() const { return name_; }
    const Value& value() const { return value_; }
    bool only_at_debug() const { return only_at_debug_; }

  private:
    friend Field debug_subject(std::string_view subject_key);
    struct SubjectTag {};
    Field(SubjectTag, std::string_view subject_key) : name_("subject"), value_(subject_key), only_at_debug_(true) {}
    std::string_view name_;
    Value value_;
    bool only_at_debug_ = false;
};
// The one way for a subject into the log: left out of the line unless the log's level is debug.
Field debug_subject(std::string_view subject_key);

enum class Repeats : std::uint8_t {
    limited,  // beyond the burst they are counted only
    all,      // every line matters
};

// What happened: `event` is the stable id that searches and dashboards use, `message` is for people.
struct What {
    consteval What(const Name& component_name, const Name& event_id, const Text& message_text,
                   Repeats how = Repeats::limited)
        : component(component_name.text()), event(event_id.text()), message(message_text.text()), repeats(how) {}
    std::string_view component;
    std::string_view event;
    std::string_view message;
    Repeats repeats;
};

struct Options {
    Level level = Level::info;
    bool to_stderr = false;    // else stdout
    std::uint32_t burst = 10;  // lines of one event per window; >= 1
    milliseconds window = seconds(10);
    std::function<void(std::string_view line)> sink;  // instead of stdout or stderr; called under the log's lock
    std::function<Instant()> now;                     // instead of the system's clock
};

// A log of its own; the process has one more, used by the free functions below.
class Log {
  public:
    explicit Log(Options options);
    ~Log();
    Log(const Log&) = delete;
    Log& operator=(const Log&) = delete;

    void write(Level level, const What& what, std::initializer_list<Field> fields = {});
    bool enabled(Level level) const;
    void set_level(Level level);
    void flush();  // tells the counts of repeats that were left out

  private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

// The process's log: info to stdout until configured. `configure` once at start; `set_level` any time.
void configure(Options options);
void set_level(Level level);
void debug(const What& what, std::initializer_list<Field> fields = {});
void info(const What& what, std::initializer_list<Field> fields = {});
void warn(const What& what, std::initializer_list<Field> fields = {});
void error(const What& what, std::initializer_list<Field> fields = {});
void flush();

}  // namespace cellvigil::log
