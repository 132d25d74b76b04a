#include "daemon/log/log.h"

#include <fmt/format.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <cmath>
#include <map>
#include <mutex>
#include <utility>

namespace cellvigil::log {
namespace {

// Length of the well-formed UTF-8 sequence at the front, 0 when there is none.
std::size_t utf8_length(std::string_view text) {
    const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    const unsigned char lead = byte(0);
    if (lead < 0x80) return 1;
    const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
    for (std::size_t i = 1; i < length; ++i)
        if ((byte(i) & 0xC0U) != 0x80) return 0;
    const bool overlong = (lead == 0xE0 && byte(1) < 0xA0) || (lead == 0xF0 && byte(1) < 0x90);
    const bool outside = (lead == 0xED && byte(1) > 0x9F) || (lead == 0xF4 && byte(1) > 0x8F);
    return overlong || outside ? 0 : length;
}

void append_escaped(std::string& out, char c) {
    switch (c) {
        case '"':
            out += "\\\"";
            return;
        case '\\':
            out += "\\\\";
            return;
        case '\n':
            out += "\\n";
            return;
        case '\r':
            out += "\\r";
            return;
        case '\t':
            out += "\\t";
            return;
        default:
            fmt::format_to(std::back_inserter(out), "\\u{:04x}", static_cast<unsigned>(c));
            return;
    }
}

// Text as JSON; a byte that is not UTF-8 becomes the replacement character, so that every line can be read.
void append_text(std::string& out, std::string_view text) {
    out += '"';
    while (!text.empty()) {
        const char c = text.front();
        const std::size_t length = utf8_length(text);
        if (length == 0) {
            out += "\\ufffd";
        } else if (length == 1 && (static_cast<unsigned char>(c) < 0x20 || c == '"' || c == '\\')) {
            append_escaped(out, c);
        } else {
            out += text.substr(0, length);
        }
        text.remove_prefix(length == 0 ? 1 : length);
    }
    out += '"';
}

Instant system_now() { return std::chrono::floor<milliseconds>(std::chrono::system_clock::now()); }

void write_all(int descriptor, std::string_view bytes) {
    while (!bytes.empty()) {
        const auto written = ::write(descriptor, bytes.data(), bytes.size());
        if (written <= 0) return;  // nobody listens: a log must not stop the daemon
        bytes.remove_prefix(static_cast<std::size_t>(written));
    }
}

std::string with_millis(Instant at) {  // fixed width, so that lines sort as text
    const auto day = std::chrono::floor<days>(at);
    const std::chrono::year_month_day date{day};
    const std::chrono::hh_mm_ss time{at - day};
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(date.year()),
                       static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), time.hours().count(),
                       time.minutes().count(), time.seconds().count(), time.subseconds().count());
}

}  // namespace

const char* name_of(Level level) {
    switch (level) {
        case Level::debug:
            return "debug";
        case Level::info:
            return "info";
        case Level::warn:
            return "warn";
        case Level::error:
            return "error";
    }
    return "error";
}

Result<Level> level_of(std::string_view name) {
    for (const Level level : {Level::debug, Level::info, Level::warn, Level::error})
        if (name == name_of(level)) return level;
    return fail(Errc::invalid, "expected debug, info, warn or error");
}

void Value::append_json(std::string& out) const {
    switch (kind_) {
        case Kind::boolean:
            out += integer_ != 0 ? "true" : "false";
            return;
        case Kind::integer:
            fmt::format_to(std::back_inserter(out), "{}", integer_);
            return;
        case Kind::unsigned_integer:
            fmt::format_to(std::back_inserter(out), "{}", unsigned_);
            return;
        case Kind::number:
            if (std::isfinite(number_)) {
                fmt::format_to(std::back_inserter(out), "{}", number_);
            } else {
                out += "null";
            }
            return;
        case Kind::text:
            append_text(out, text_);
            return;
    }
}

Field debug_subject(std::string_view subject_key) { return {Field::SubjectTag{}, subject_key}; }

class Log::Impl {
  public:
    explicit Impl(Options given) : options_(std::move(given)), level_(options_.level) {}

    void set_level(Level level) { level_.store(level, std::memory_order_relaxed); }
    Level level() const { return level_.load(std::memory_order_relaxed); }

    void write(Level level, const What& what, std::initializer_list<Field> fields) {
        const Instant now = options_.now ? options_.now() : system_now();
        const std::lock_guard lock(mutex_);
        tell_repeats(now, false);
        if (what.repeats == Repeats::all) return emit(now, level, what, fields);
        Window& window = windows_[{what.component, what.event}];
        if (now >= window.opened + options_.window || now < window.opened) {
            window.opened = now;
            window.written = 0;
        }
        if (window.written >= options_.burst) {
            ++window.left_out;
            return;
        }
        ++window.written;
        emit(now, level, what, fields);
    }

    void flush() {
        const Instant now = options_.now ? options_.now() : system_now();
        const std::lock_guard lock(mutex_);
        tell_repeats(now, true);
    }

  private:
    struct Window {
        Instant opened{};
        std::uint32_t written = 0;
        std::uint64_t left_out = 0;
    };

    void tell_repeats(Instant now, bool all) {  // component and event are literals: the table cannot grow without bound
        for (auto& [id, window] : windows_) {
            if (window.left_out == 0 || (!all && now < window.opened + options_.window)) continue;
            const std::uint64_t left_out = std::exchange(window.left_out, 0);
            emit(now, Level::warn,
                 What{"log", "repeats_left_out", "the same event came too often; its lines were left out"},
                 {{"of_component", id.first}, {"of_event", id.second}, {"count", left_out}});
        }
    }

    void emit(Instant now, Level level, const What& what, std::initializer_list<Field> fields) {
        line_.clear();
        fmt::format_to(std::back_inserter(line_), R"({{"ts":"{}","level":"{}","component":"{}","event":"{}","msg":)",
                       with_millis(now), name_of(level), what.component, what.event);
        append_text(line_, what.message);
        for (const Field& field : fields) {
            if (field.only_at_debug() && this->level() != Level::debug) continue;
            fmt::format_to(std::back_inserter(line_), ",\"{}\":", field.name());
            field.value().append_json(line_);
        }
        line_ += "}\n";
        if (options_.sink) {
            options_.sink(line_);
        } else {
            write_all(options_.to_stderr ? STDERR_FILENO : STDOUT_FILENO, line_);
        }
    }

    const Options options_;
    std::atomic<Level> level_;
    std::mutex mutex_;
    std::map<std::pair<std::string_view, std::string_view>, Window> windows_;
    std::string line_;
};

Log::Log(Options options) : impl_(std::make_unique<Impl>(std::move(options))) {}
Log::~Log() = default;
void Log::write(Level level, const What& what, std::initializer_list<Field> fields) {
    if (enabled(level)) impl_->write(level, what, fields);
}
bool Log::enabled(Level level) const { return level >= impl_->level(); }
void Log::set_level(Level level) { impl_->set_level(level); }
void Log::flush() { impl_->flush(); }

namespace {

// The process's log is swapped whole, and an older one is kept alive for threads that still write to it.
std::shared_ptr<Log>& process_log() {
    static std::shared_ptr<Log> log = std::make_shared<Log>(Options{});
    return log;
}
std::shared_ptr<Log> current() { return std::atomic_load(&process_log()); }

}  // namespace

void configure(Options options) { std::atomic_store(&process_log(), std::make_shared<Log>(std::move(options))); }
void set_level(Level level) { current()->set_level(level); }
void debug(const What& what, std::initializer_list<Field> fields) { current()->write(Level::debug, what, fields); }
void info(const What& what, std::initializer_list<Field> fields) { current()->write(Level::info, what, fields); }
void warn(const What& what, std::initializer_list<Field> fields) { current()->write(Level::warn, what, fields); }
void error(const What& what, std::initializer_list<Field> fields) { current()->write(Level::error, what, fields); }
void flush() { current()->flush(); }

}  // namespace cellvigil::log
