#include "rules/alert/reporting_clock.h"

#include <algorithm>
#include <array>
#include <cstdio>
#include <tuple>

#include "rules/base/hash.h"

namespace cellvigil {
namespace {

// clang-format off
constexpr auto kRules = std::to_array<ReportingRule>({
    {.jurisdiction = Jurisdiction::eu_trial},
    {.jurisdiction = Jurisdiction::eu_marketed, .unexpected_only = false, .fatal_days = 0, .completion_days = 0, .non_serious_days = 90},
    {.jurisdiction = Jurisdiction::uk_trial},
    {.jurisdiction = Jurisdiction::us_trial, .completion_days = 0, .from_determination = true},
    {.jurisdiction = Jurisdiction::us_marketed, .related_only = false, .fatal_days = 0, .completion_days = 0},
    {.jurisdiction = Jurisdiction::china_trial, .verified = false},
    {.jurisdiction = Jurisdiction::china_marketed, .unexpected_only = false, .fatal_days = 7, .completion_days = 0, .non_serious_days = 30, .verified = false},
});
// clang-format on

using Level = ReportLevel;

struct Judged {
    Level level = Level::none;
    std::vector<std::string> assumed;
};

// Related when either side says so; the sponsor never downgrades the investigator. Not known by either: taken as
// related.
bool related(const CaseState& state, std::vector<std::string>& assumed) {
    if (state.related_by_investigator.value_or(false) || state.related_by_sponsor.value_or(false)) return true;
    if (state.related_by_investigator && state.related_by_sponsor) return false;
    if (state.related_by_investigator || state.related_by_sponsor) return false;
    assumed.emplace_back("related");
    return true;
}

bool taken_as(const std::optional<bool>& known, const char* name, std::vector<std::string>& assumed) {
    if (!known) assumed.emplace_back(name);
    return known.value_or(true);
}

Judged judge(const CaseState& state, const ReportingRule& rule) {
    Judged judged;
    if (!state.valid) return judged;
    std::vector<std::string> assumed;
    if (rule.related_only && !related(state, assumed)) return judged;
    const bool serious = state.fatal_or_life_threatening.value_or(false) || taken_as(state.serious, "serious", assumed);
    if (!serious) {
        judged.level = rule.non_serious_days > 0 ? Level::non_serious : Level::none;
        return judged;
    }
    if (rule.unexpected_only && !taken_as(state.unexpected, "unexpected", assumed)) return judged;
    // Whether it is life-threatening is a judgement of the physician: not known is not taken as yes, but the serious
    // clock runs.
    const bool fatal = rule.fatal_days > 0 && state.fatal_or_life_threatening.value_or(false);
    judged.level = fatal ? Level::fatal : Level::serious;
    judged.assumed = std::move(assumed);
    return judged;
}

class Clock {
  public:
    Clock(const ReportingRule& rule, UtcOffset offset, CaseClocks& into) : rule_(rule), offset_(offset), into_(into) {}

    void take(const CaseEvent& event) {
        if (over_) return;
        if (event.kind == CaseEventKind::report_sent) return sent(event);
        if (event.kind == CaseEventKind::nullified) return nullify();
        if (event.kind == CaseEventKind::duplicate_found) return merge(event);
        const Judged now = judge(event.state, rule_);
        if (now.level > level_) {
            rise(event, now);
        } else if (now.level < level_ && reported_) {
            add(DeadlineKind::closing, event.at, rule_.follow_up_days,
                "no longer reportable after an expedited report: one closing report", {});
        } else if (event.kind == CaseEventKind::information && reported_ && level_ >= Level::serious) {
            add(DeadlineKind::follow_up, event.at, rule_.follow_up_days, "new significant information from a source",
                now.assumed);
        } else if (event.kind == CaseEventKind::determination && now.level == Level::serious &&
                   rule_.from_determination) {
            start_serious(event.at, now.assumed);
        }
        if (now.level < level_) withdraw_unsent(event.at);
        level_ = now.level;
        known_ = known_ || event.state.valid;
    }

  private:
    void rise(const CaseEvent& event, const Judged& now) {
        const bool first = !known_;
        const Instant start = first ? first_awareness_of(event) : event.at;
        const bool upgrade = !first;
        if (now.level == Level::fatal) {
            add(DeadlineKind::fatal, start, rule_.fatal_days,
                upgrade ? "became fatal or life-threatening" : "fatal or life-threatening", now.assumed);
        } else if (now.level == Level::serious) {
            // US trials: from the determination, which may come later; until then the receipt stands in for it.
            add(DeadlineKind::serious, start, rule_.serious_days, upgrade ? "became reportable" : "serious",
                now.assumed);
        } else if (now.level == Level::non_serious) {
            add(DeadlineKind::non_serious, start, rule_.non_serious_days, "not serious", now.assumed);
        }
    }

    Instant first_awareness_of(const CaseEvent& event) const {
        return into_.first_awareness ? std::min(*into_.first_awareness, event.at) : event.at;
    }

    void start_serious(Instant determined, const std::vector<std::string>& assumed) {
        for (Deadline& deadline : into_.deadlines) {
            if (deadline.jurisdiction == rule_.jurisdiction && deadline.kind == DeadlineKind::serious &&
                deadline.open()) {
                deadline = made(DeadlineKind::serious, determined, rule_.serious_days,
                                "serious, from the sponsor's determination", assumed);
            }
        }
    }

    void sent(const CaseEvent& event) {
        if (event.jurisdiction != rule_.jurisdiction) return;
        std::optional<SiteDate> completes;
        for (Deadline& deadline : into_.deadlines) {
            if (deadline.jurisdiction != rule_.jurisdiction || !deadline.open()) continue;
            if (deadline.kind == DeadlineKind::fatal && !event.complete && rule_.completion_days > 0)
                completes = deadline.due;
            deadline.met_at = event.at;
        }
        if (level_ >= Level::serious) reported_ = true;
        if (completes) {
            Deadline completion = made(DeadlineKind::completion, event.at, 0, "what the first report lacked", {});
            completion.due = *completes + days(rule_.completion_days);
            completion.due_at = start_of(completion.due + days(1), offset_);
            into_.deadlines.push_back(std::move(completion));
        }
    }

    void nullify() {
        for (Deadline& deadline : into_.deadlines) {
            if (deadline.jurisdiction == rule_.jurisdiction && deadline.open()) deadline.void_by_nullification = true;
        }
        over_ = true;
    }

    // The earliest awareness over both cases counts, though it may make the report late already.
    void merge(const CaseEvent& event) {
        if (!event.earlier_awareness) return;
        for (Deadline& deadline : into_.deadlines) {
            if (deadline.jurisdiction != rule_.jurisdiction || !deadline.open() ||
                deadline.kind == DeadlineKind::follow_up)
                continue;
            const SiteDate earlier = site_date(*event.earlier_awareness, offset_);
            if (earlier >= deadline.clock_start) continue;
            const days length = deadline.due - deadline.clock_start;
            deadline.clock_start = earlier;
            deadline.due = earlier + length;
            deadline.due_at = start_of(deadline.due + days(1), offset_);
            deadline.because += "; a duplicate was known earlier";
        }
    }

    // What was never reported and is no longer reportable needs no report.
    void withdraw_unsent(Instant) {
        if (reported_) return;
        std::erase_if(into_.deadlines, [&](const Deadline& deadline) {
            return deadline.jurisdiction == rule_.jurisdiction && deadline.open() &&
                   deadline.kind != DeadlineKind::closing;
        });
    }

    Deadline made(DeadlineKind kind, Instant start, std::int32_t length, std::string because,
                  std::vector<std::string> assumed) const {
        Deadline deadline;
        deadline.jurisdiction = rule_.jurisdiction;
        deadline.kind = kind;
        deadline.verified = rule_.verified;
        deadline.clock_start = site_date(start, offset_);
        deadline.due = deadline.clock_start + days(length);
        deadline.due_at = start_of(deadline.due + days(1), offset_);
        deadline.because = std::move(because);
        deadline.assumed = std::move(assumed);
        return deadline;
    }
    void add(DeadlineKind kind, Instant start, std::int32_t length, std::string because,
             std::vector<std::string> assumed) {
        if (length > 0) into_.deadlines.push_back(made(kind, start, length, std::move(because), std::move(assumed)));
    }

    const ReportingRule& rule_;
    const UtcOffset offset_;
    CaseClocks& into_;
    Level level_ = Level::none;
    bool known_ = false;  // a valid case was there before
    bool reported_ = false;
    bool over_ = false;
};

bool from_source(CaseEventKind kind) {
    return kind == CaseEventKind::information || kind == CaseEventKind::minor_information;
}

// Dates of the case itself, whatever the jurisdiction.
void note_dates(CaseClocks& clocks, const CaseEvent& event) {
    if (from_source(event.kind)) {
        if (event.state.valid && !clocks.first_awareness) clocks.first_awareness = event.at;
        clocks.most_recent = std::max(clocks.most_recent.value_or(event.at), event.at);
        clocks.pending_validity = !event.state.valid;
    }
    if (event.kind == CaseEventKind::duplicate_found && event.earlier_awareness && clocks.first_awareness) {
        clocks.first_awareness = std::min(*clocks.first_awareness, *event.earlier_awareness);
    }
    if (event.kind == CaseEventKind::nullified) clocks.pending_validity = false;
}

}  // namespace

const char* name_of(Jurisdiction jurisdiction) {
    constexpr auto kNames = std::to_array<const char*>(
        {"eu_trial", "eu_marketed", "uk_trial", "us_trial", "us_marketed", "china_trial", "china_marketed"});
    return kNames[static_cast<std::size_t>(jurisdiction)];
}

const char* name_of(DeadlineKind kind) {
    constexpr auto kNames = std::to_array<const char*>(
        {"fatal", "serious", "completion", "non_serious", "follow_up", "closing", "emerging_issue"});
    return kNames[static_cast<std::size_t>(kind)];
}

std::span<const ReportingRule> reporting_rules() { return kRules; }
const ReportingRule& default_rule(Jurisdiction jurisdiction) { return kRules[static_cast<std::size_t>(jurisdiction)]; }

CaseClocks clocks_of(std::span<const CaseEvent> events, std::span<const ReportingRule> rules, UtcOffset offset) {
    CaseClocks clocks;
    std::vector<Clock> running;
    for (const ReportingRule& rule : rules) running.emplace_back(rule, offset, clocks);
    CaseState before;
    for (const CaseEvent& event : events) {
        note_dates(clocks, event);
        const bool judged_anew = event.kind == CaseEventKind::internal_correction &&
                                 std::any_of(rules.begin(), rules.end(), [&](const ReportingRule& rule) {
                                     return judge(before, rule).level != judge(event.state, rule).level;
                                 });
        clocks.send_without_delay = clocks.send_without_delay || judged_anew;
        for (Clock& clock : running) clock.take(event);
        if (event.kind != CaseEventKind::report_sent && event.kind != CaseEventKind::nullified &&
            event.kind != CaseEventKind::duplicate_found) {
            before = event.state;
        }
    }
    std::stable_sort(clocks.deadlines.begin(), clocks.deadlines.end(), [](const Deadline& a, const Deadline& b) {
        return std::tuple(a.due, a.jurisdiction, a.kind) < std::tuple(b.due, b.jurisdiction, b.kind);
    });
    return clocks;
}

ReportLevel level_of(const CaseState& state, const ReportingRule& rule) { return judge(state, rule).level; }

ReportLevel level_of(const CaseState& state, std::span<const ReportingRule> rules) {
    ReportLevel highest = ReportLevel::none;
    for (const ReportingRule& rule : rules) highest = std::max(highest, level_of(state, rule));
    return highest;
}

std::string digest_of(std::span<const ReportingRule> rules) {
    std::string text;
    for (const ReportingRule& rule : rules) {
        for (const std::int64_t part : std::to_array<std::int64_t>(
                 {static_cast<int>(rule.jurisdiction), rule.unexpected_only ? 1 : 0, rule.related_only ? 1 : 0,
                  rule.fatal_days, rule.serious_days, rule.completion_days, rule.non_serious_days, rule.follow_up_days,
                  rule.from_determination ? 1 : 0}))
            text += std::to_string(part) + ",";
    }
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%016llx", static_cast<unsigned long long>(hash64(text)));
    return hex.data();
}

const Deadline* next_due(const CaseClocks& clocks) {
    const auto found = std::find_if(clocks.deadlines.begin(), clocks.deadlines.end(),
                                    [](const Deadline& deadline) { return deadline.open(); });
    return found == clocks.deadlines.end() ? nullptr : &*found;
}

Deadline rate_increase_deadline(Instant determined_at, UtcOffset offset) {
    Deadline deadline;
    deadline.jurisdiction = Jurisdiction::us_trial;
    deadline.kind = DeadlineKind::serious;
    deadline.clock_start = site_date(determined_at, offset);
    deadline.due = deadline.clock_start + days(15);
    deadline.due_at = start_of(deadline.due + days(1), offset);
    deadline.because =
        "increase of the rate of a serious suspected adverse reaction over protocol or investigator's brochure";
    return deadline;
}

Deadline emerging_issue_deadline(Instant established_at, const TeamCalendar& calendar) {
    Deadline deadline;
    deadline.jurisdiction = Jurisdiction::eu_marketed;
    deadline.kind = DeadlineKind::emerging_issue;
    deadline.clock_start = site_date(established_at, offset_at(calendar, established_at));
    deadline.due = add_working_days(calendar, deadline.clock_start, 3);
    const SiteDate after = deadline.due + days(1);
    deadline.due_at = start_of(after, offset_at(calendar, start_of(after, UtcOffset(0))));
    deadline.because = "emerging safety issue";
    return deadline;
}

}  // namespace cellvigil
