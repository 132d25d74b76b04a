#include "daemon/journal/control.h"

#include <boost/json.hpp>
#include <optional>

namespace cellvigil::journal {
namespace {

namespace json = boost::json;

std::string day_text(std::int32_t day) { return to_rfc3339(Instant(std::chrono::sys_days(days(day)))).substr(0, 10); }

// Reads members, remembering whether one was missing or of another kind.
class Members {
  public:
    explicit Members(const json::object& object) : object_(object) {}

    std::string text(const char* name) {
        const json::string* found = nullptr;
        if (const json::value* value = object_.if_contains(name)) found = value->if_string();
        if (found == nullptr) return whole_ = false, std::string();
        return {found->data(), found->size()};
    }
    std::int64_t number(const char* name) {
        const std::int64_t* found = nullptr;
        if (const json::value* value = object_.if_contains(name)) found = value->if_int64();
        if (found == nullptr) return whole_ = false, 0;
        return *found;
    }
    bool flag(const char* name) {
        const bool* found = nullptr;
        if (const json::value* value = object_.if_contains(name)) found = value->if_bool();
        if (found == nullptr) return whole_ = false, false;
        return *found;
    }
    Instant instant(const char* name) {
        const auto at = parse_rfc3339(text(name));
        if (!at) return whole_ = false, Instant{};
        return *at;
    }
    std::int32_t day(const char* name) {
        const auto at = parse_rfc3339(text(name) + "T00:00:00Z");
        if (!at) return whole_ = false, 0;
        return static_cast<std::int32_t>(std::chrono::floor<days>(*at).time_since_epoch().count());
    }
    bool whole() const { return whole_; }

  private:
    const json::object& object_;
    bool whole_ = true;
};

Result<ControlRecord> checked(const Members& members, ControlRecord record) {
    if (!members.whole()) return fail(Errc::corrupt, "a control record lacks a member");
    return record;
}

}  // namespace

std::string control_json(const HeartbeatElsewhere& control) {
    return json::serialize(json::object{{"control", "heartbeat"},
                                        {"study", control.study},
                                        {"site", control.site},
                                        {"recorded", to_rfc3339(control.recorded)},
                                        {"appended", to_rfc3339(control.appended)}});
}

std::string control_json(const Tick& control) {
    return json::serialize(json::object{
        {"control", "tick"}, {"through", day_text(control.through)}, {"log_time", to_rfc3339(control.log_time)}});
}

std::string control_json(const DayClosed& control) {
    return json::serialize(json::object{{"control", "day_close"},
                                        {"first", day_text(control.first)},
                                        {"through", day_text(control.through)},
                                        {"log_time", to_rfc3339(control.log_time)},
                                        {"late", control.late},
                                        {"silent", control.silent},
                                        {"rules", control.rules},
                                        {"changes", control.changes}});
}

std::string control_json(const Release& control) {
    return json::serialize(
        json::object{{"control", "release"}, {"partition", control.partition}, {"position", control.position}});
}

Result<ControlRecord> read_control(std::string_view text) {
    boost::system::error_code error;
    const json::value value = json::parse(text, error);
    if (error || !value.is_object()) return fail(Errc::corrupt, "a control record is no JSON object");
    Members members(value.get_object());
    const std::string kind = members.text("control");
    if (kind == "heartbeat") {
        HeartbeatElsewhere beat{members.text("study"), members.text("site"), members.instant("recorded"),
                                members.instant("appended")};
        return checked(members, std::move(beat));
    }
    if (kind == "tick") return checked(members, Tick{members.day("through"), members.instant("log_time")});
    if (kind == "erase") return ControlRecord(Erasure{});
    if (kind == "release") {
        return checked(members,
                       Release{static_cast<std::uint32_t>(members.number("partition")), members.number("position")});
    }
    if (kind == "day_close") {
        DayClosed close;
        close.first = members.day("first");
        close.through = members.day("through");
        close.log_time = members.instant("log_time");
        close.late = members.number("late");
        close.silent = members.flag("silent");
        close.rules = members.text("rules");
        close.changes = members.text("changes");
        return checked(members, std::move(close));
    }
    return checked(members, OtherControl{});
}

}  // namespace cellvigil::journal
