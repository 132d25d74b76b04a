// What the store and the waiting sender are told of a message, from what admission and the timeline said. Pure.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "daemon/ingest/admission.h"
#include "daemon/ingest/inlet.h"
#include "daemon/pipeline/batch.h"
#include "daemon/store/store.h"
#include "rules/findings/findings.h"
#include "rules/monitor/alarm_course.h"
#include "rules/monitor/evaluation.h"
#include "rules/timeline/subject_timeline.h"

namespace cellvigil::pipeline {

// [{"path":..,"reason":..,"detail":..}]
std::string issues_json(const std::vector<Issue>& issues);

store::DeadLetter dead_letter_of(const ingest::MessageView& message, const std::vector<Issue>& issues,
                                 std::string frame);
store::Held held_of(const ingest::MessageView& message, const std::vector<Issue>& issues, std::string frame);

// What the subject's other facts say of a message, for its sender.
Issue issue_of(Reason reason);

// Reasons for which admission holds a message back; the rest of the quarantine's reasons are the timeline's, whose
// messages are in the timeline.
bool held_by_admission(std::string_view reason);

// An alert's change and whose it is, for the wire.
struct AlertNews {
    const AlertChange& change;
    std::string_view subject_key;
    std::string_view cohort;  // "study/cohort"
    std::string_view site;
    Instant at{};  // log time
    std::uint32_t partition = 0;
    std::int64_t position = 0;
    std::string_view pack;
    std::string_view pack_hash;
    std::string sentence;                                        // of the statement or the details it rests on
    std::vector<std::pair<std::string, std::string>> keys = {};  // of the pack, with their values: what decided
};
// cellvigil.v1.Alert, serialised.
using EncodeAlert = std::function<std::string(const AlertNews&)>;

// How an alarm of a monitor stands. Provisional ones are of what was committed between two looks: the next look
// confirms or withdraws them, and they are never formal.
enum class AlarmStanding : std::uint8_t { formal, provisional, confirmed, not_confirmed };

// What a monitor says of its cohort, for the wire.
struct SignalNews {
    const PreparedWatch& watch;
    const WatchSignal& found;
    std::vector<std::string> subjects = {};  // who has the event, at most kMostNamed; "study/subject"
    AlarmStanding standing = AlarmStanding::formal;
    Telling telling = Telling::crossed;  // of a formal alarm: what the look tells
    std::string_view alert_id;           // of a formal alarm the watch's
    std::uint32_t revision = 1;
    CalendarDay through = 0;
    Instant at{};  // log time
    std::string_view pack;
    std::string_view pack_hash;
};
using EncodeSignal = std::function<std::string(const SignalNews&)>;

// What a screen says of one site, lot, product or cohort, for the wire.
struct ScreenNews {
    const ScreenSpec& spec;
    const ScreenUnit& unit;
    std::string_view alarm_id;
    std::uint32_t revision = 1;
    CalendarDay through = 0;
    Instant at{};  // log time
    std::string_view pack;
    std::string_view pack_hash;
};
using EncodeScreen = std::function<std::string(const ScreenNews&)>;

inline constexpr std::size_t kMostNamed = 50;

// "S/0001, S/0002 and more": for explanations, which only those may read who may know. Empty: nobody.
std::string subjects_text(const std::vector<std::string>& subjects);

// Adds a screen's alarm as append_signal() does a monitor's.
void append_screen(Batch& batch, const ScreenNews& news, const EncodeScreen& encode);
// Of the provisional alarm between the look at `base` (nullopt: none was taken yet) and the next.
std::string provisional_id(std::string_view alarm_id, std::optional<CalendarDay> base);

// Adds a monitor's alarm, its notification, its audit entry with all that it rests on, and its count.
void append_signal(Batch& batch, const SignalNews& news, const EncodeSignal& encode);

// Adds the alert, its notification, its audit entry and its count.
void append_alert(Batch& batch, const AlertNews& news, const EncodeAlert& encode);

}  // namespace cellvigil::pipeline
