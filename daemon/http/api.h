// The routes of /api/v1, /metrics and the health probes: docs/http-api.md.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "daemon/http/desk.h"
#include "daemon/http/live.h"
#include "daemon/http/message.h"
#include "daemon/http/reader.h"
#include "daemon/ingest/admission.h"
#include "daemon/ingest/inlet.h"
#include "daemon/ingest/refusal.h"
#include "rules/base/result.h"
#include "rules/base/time.h"

namespace cellvigil::http {

// One named check of a probe. `detail` is shown by ?verbose and never names a subject.
struct Check {
    std::string name;  // "partitions_assigned", "replay_done", "store_writable"
    bool passed = false;
    std::string detail;
    bool needed = true;  // false: shown, but the probe passes without it
};
using Probe = std::function<std::vector<Check>()>;  // quick, from any thread

// What the pipeline knows of one subject, as JSON text. `not_found`: no such subject; `unavailable`: not now.
// `done` is called once, from any thread. The calls return at once.
class SubjectViews {
  public:
    using Done = std::function<void(Result<std::string> json)>;
    virtual ~SubjectViews() = default;
    // {"study","subject","as_of","assessments":[..],"episodes":[..]}
    virtual void assessments(std::string study, std::string subject, Done done) = 0;
    // Why each grade stands as it does at `at` (nullopt: now, in log time).
    // From what was known at `known_at`; nullopt: from what is known now.
    virtual void explanation(std::string study, std::string subject, std::optional<Instant> at,
                             std::optional<Instant> known_at, Done done) = 0;
    // Which statements up to `at` are others than by what was known at `since`, and because of which records.
    virtual void changes(std::string study, std::string subject, Instant since, std::optional<Instant> known_at,
                         std::optional<Instant> at, Done done) = 0;
    // The facts that were live at `known_at` (nullopt: now), in order of time, with their versions.
    virtual void timeline(std::string study, std::string subject, std::optional<Instant> known_at, Done done) = 0;
};

// What is asked of one cohort's tables.
struct CohortQuestion {
    std::string cohort;               // "study/cohort"
    std::string table;                // "rates"; empty: all
    std::optional<Instant> as_of;     // nullopt: each subject to its last verified day
    std::optional<Instant> known_at;  // nullopt: from what is known now
};

struct Api {
    ingest::Inlet* inlet = nullptr;
    // The partition key of a serialised envelope, framed or bare: "study/subject", heartbeats "study/site/site_id".
    // Empty when the bytes tell none: the message is submitted under an empty key and refused by admission.
    std::function<std::string(std::string_view value)> key_of;
    std::function<std::vector<ingest::JsonItem>(std::string_view text)> envelopes_of_json;
    ingest::KeepRefused keep_refused;  // dead letters of what became no message; may be empty
    std::shared_ptr<Reader> reader;
    AlertDesk desk;  // its reader is the one above unless it has one
    // Takes as long as there are subjects, so on a reader of its own. Either empty: answered 503.
    std::shared_ptr<Reader> slow_reader;
    std::function<Result<std::string>(store::Store& session, const CohortQuestion&)> cohort_tables;
    SubjectViews* subjects = nullptr;           // nullptr: these routes answer 503
    std::function<std::string()> metrics_text;  // runs on the reader's thread
    std::function<std::string()> signals;  // what the monitors last said, as JSON; quick, from any thread; may be empty
    // Who has the events of monitors that crossed, of those who may be seen; the same.
    std::function<std::string(const std::function<bool(std::string_view)>& may_see)> signal_subjects;
    // JSON, quick, from any thread; empty: answered 503.
    std::function<std::string()> sites;
    std::function<std::string()> rules;
    std::function<std::string()> config;  // redacted
    Live* live_events = nullptr;          // nullptr: the stream answers 503
    Probe live;
    Probe ready;
    Probe started;
    std::size_t max_messages = 100'000;       // in one POST
    std::size_t max_body_bytes = 16U << 20U;  // of a body when it has been unpacked
};

// Everything `api` points to must outlive the server.
std::vector<Route> api_routes(const Api& api);

}  // namespace cellvigil::http
