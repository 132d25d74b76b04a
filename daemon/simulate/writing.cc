#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "daemon/simulate/stream.h"

namespace cellvigil::simulate {
namespace {

constexpr double kDayMs = 86'400'000.0;

milliseconds days_ms(double count) { return milliseconds(std::llround(count * kDayMs)); }

// One wording as it will be sent.
struct Draft {
    Instant recorded{};
    std::size_t wording = 0;
    bool corrects = false;    // puts right what the earlier drafts have wrong
    bool recovering = false;  // a follow-up without news: only the outcome moves
};

class Scribe {
  public:
    Scribe(const SubjectTruth& truth, const Parameters& parameters)
        : truth_(truth),
          parameters_(parameters),
          random_(stream_of(parameters, truth.index, Purpose::stream)),
          slips_(stream_of(parameters, truth.index, Purpose::charting)),
          skew_(clock_skew(parameters, truth.site)) {}

    void write(const Fact& fact);
    std::vector<Transmission> take() { return std::move(written_); }

  private:
    Instant recorded_for(const Fact& fact, const Wording& wording);
    Instant next_visit_after(Instant at) const;
    milliseconds report_delay(const Fact& fact, Instant at);
    EffectiveTime effective_of(Instant at, TimePrecision precision) const;
    Transmission draft(const Fact& fact, const Wording& wording, Instant recorded) const;
    void write_bedside(const Fact& fact);
    void write_report(const Fact& fact);
    void write_again(const Fact& fact, const Transmission& first);
    std::vector<Draft> plan_versions(const Fact& fact, bool wrong);
    Faults choose_errors(const Fact& fact);
    void apply_errors(Faults faults, Transmission& sent, int shift_days) const;

    const SubjectTruth& truth_;
    const Parameters& parameters_;
    Random random_;
    Random slips_;
    milliseconds skew_;
    std::vector<Transmission> written_;
    int extra_ = 0;
};

bool is_report(Reporting reporting) { return reporting == Reporting::inpatient || reporting == Reporting::outpatient; }

bool is_bedside(Reporting reporting) {
    return reporting == Reporting::charted || reporting == Reporting::laboratory || reporting == Reporting::support;
}

Instant Scribe::next_visit_after(Instant at) const {
    if (at < truth_.at(truth_.discharge_day)) return truth_.at(truth_.discharge_day);
    for (const double visit : truth_.visits)
        if (truth_.at(visit) > at) return truth_.at(visit);
    return at + days(60);
}

// From the site's knowledge to the sponsor's inbox.
milliseconds Scribe::report_delay(const Fact& fact, Instant at) {
    const MessageStream& habits = parameters_.stream;
    const double serious = random_.lognormal(habits.serious_days);
    const bool slow = random_.chance(0.10);
    const double slow_days = random_.uniform({3, 10});
    const bool late = random_.chance(fact.fatal ? habits.expedited_late_fatal : habits.expedited_late);
    const double late_days = random_.uniform({7, 15});
    const double other = random_.lognormal(habits.other_days);
    if (!fact.serious) return next_visit_after(at) - at + days_ms(other);
    return days_ms(serious + (slow ? slow_days : 0) + (late ? late_days : 0));
}

Instant Scribe::recorded_for(const Fact& fact, const Wording& wording) {
    const Instant from = std::max(wording.at, wording.not_before);
    const MessageStream& habits = parameters_.stream;
    switch (fact.reporting) {
        case Reporting::charted:
            return from + days_ms(std::min(0.25, random_.lognormal({4.0 / 1440, 0.7})));
        case Reporting::laboratory:
            return from + days_ms(random_.lognormal({100.0 / 1440, 0.5}));
        case Reporting::support: {
            const bool late = random_.chance(0.03);
            return from + days_ms(random_.lognormal(late ? Lognormal{8.0 / 24, 0.6} : Lognormal{6.0 / 1440, 0.8}));
        }
        case Reporting::registration:
            return from + days_ms(random_.lognormal({4.0 / 24, 0.6}));
        case Reporting::visit:
            return from + days_ms(random_.lognormal({1, 0.8}));
        case Reporting::exit:
            return from + days_ms(random_.lognormal(habits.inpatient_days) + random_.lognormal(habits.serious_days));
        case Reporting::inpatient: {
            const Instant aware = from + days_ms(random_.lognormal(habits.inpatient_days));
            return aware + report_delay(fact, aware);
        }
        case Reporting::outpatient: {
            const bool visit = random_.chance(habits.only_at_next_visit);
            const double by_itself = random_.lognormal(habits.outpatient_days);
            const Instant aware = visit ? next_visit_after(from) : from + days_ms(by_itself);
            return aware + report_delay(fact, aware);
        }
    }
    return from;
}

EffectiveTime Scribe::effective_of(Instant at, TimePrecision precision) const {
    using namespace std::chrono;
    const UtcOffset offset = truth_.offset;
    const SiteDate date = site_date(at, offset);
    const year_month_day civil{sys_days(date.time_since_epoch())};
    const auto start = [offset](year_month_day day) {
        return start_of(SiteDate(sys_days(day).time_since_epoch()), offset);
    };
    switch (precision) {
        case TimePrecision::unspecified:
        case TimePrecision::second:
        case TimePrecision::minute:
            return {at + skew_, at + skew_, offset, precision};
        case TimePrecision::day:
            return {start_of(date, offset), start_of(date + days(1), offset), offset, precision};
        case TimePrecision::month: {
            const year_month month{civil.year(), civil.month()};
            return {start(month / 1), start((month + months(1)) / 1), offset, precision};
        }
        case TimePrecision::year:
            return {start(civil.year() / 1 / 1), start((civil.year() + years(1)) / 1 / 1), offset, precision};
    }
    return {};
}

Transmission Scribe::draft(const Fact& fact, const Wording& wording, Instant recorded) const {
    Transmission sent;
    sent.recorded = recorded + skew_;
    sent.emitted = recorded;
    const bool bedside = is_bedside(fact.reporting);
    sent.source = fmt::format("{}.site-{:02}", bedside ? "ehr" : "edc", truth_.site + 1);
    sent.origin = bedside ? DataOrigin::ehr : DataOrigin::edc;
    sent.record = fact.record;
    sent.effective = effective_of(wording.at, fact.precision);
    if (wording.until) sent.effective_end = effective_of(*wording.until, fact.precision);
    sent.body = wording.body;
    return sent;
}

// The local time is right and the offset stated beside it is not: the instant moves.
void state_wrong_zone(EffectiveTime& time, UtcOffset wrong) {
    const milliseconds moved = *time.offset - wrong;
    time.from += moved;
    time.until += moved;
    time.offset = wrong;
}

void Scribe::write_bedside(const Fact& fact) {
    const Wording& wording = fact.wordings.front();
    const Instant recorded = recorded_for(fact, wording);
    Transmission sent = draft(fact, wording, recorded);
    int day_shift = 0;
    if (auto* reading = std::get_if<Observation>(&sent.body);
        reading != nullptr && fact.reporting == Reporting::charted)
        sent.faults |= slip_reading(*reading, parameters_.vitals, slips_, day_shift);
    sent.effective.from += days(day_shift);
    sent.effective.until += days(day_shift);
    const bool wrong_zone = slips_.chance(parameters_.stream.wrong_zone);
    const auto wrong = truth_.offset + hours(slips_.integer(0, 1) == 0 ? -1 : 1);
    const bool amended = slips_.chance(parameters_.vitals.error_corrected);
    const milliseconds after = days_ms(slips_.lognormal({0.25, 1.0}));
    const bool dies_soon = truth_.exits.death && wording.at > truth_.at(*truth_.exits.death) - hours(3);
    if (wrong_zone && !dies_soon && fact.reporting != Reporting::support && fact.precision == TimePrecision::minute) {
        state_wrong_zone(sent.effective, wrong);
        sent.faults |= bit(Fault::wrong_zone);
    }
    const Faults slips = sent.faults & (bit(Fault::unit_error) | bit(Fault::digit_slip) | bit(Fault::wrong_day));
    written_.push_back(std::move(sent));
    if (slips == 0 || !amended) return;
    Transmission right = draft(fact, wording, recorded + after);
    right.version = 2;
    right.action = RecordAction::amend;
    right.reason = "charting error";
    written_.push_back(std::move(right));
}

Faults Scribe::choose_errors(const Fact& fact) {
    const MessageStream& habits = parameters_.stream;
    const bool onset = random_.chance(habits.onset_corrected);
    const bool grade = random_.chance(habits.grade_corrected);
    const bool term = random_.chance(habits.term_corrected);
    const bool causality = random_.chance(habits.causality_corrected);
    const bool lot = random_.chance(habits.lot_corrected);
    if (fact.reporting == Reporting::registration)
        return lot && std::holds_alternative<Infusion>(fact.wordings.front().body) ? bit(Fault::lot_wrong) : 0;
    if (!is_report(fact.reporting)) return 0;
    const bool event = std::holds_alternative<AdverseEvent>(fact.wordings.front().body);
    return (onset ? bit(Fault::onset_wrong) : 0) | (grade ? bit(Fault::grade_wrong) : 0) |
           (term && event ? bit(Fault::term_wrong) : 0) | (causality && event ? bit(Fault::causality_wrong) : 0);
}

std::uint32_t other_grade(std::uint32_t grade) { return grade >= 4 ? grade - 1 : grade + 1; }

void Scribe::apply_errors(Faults faults, Transmission& sent, int shift_days) const {
    sent.faults |= faults;
    if ((faults & bit(Fault::onset_wrong)) != 0) {
        Instant latest = sent.recorded - days(1);
        if (truth_.exits.death) latest = std::min(latest, truth_.at(*truth_.exits.death) - days(1));
        if (sent.effective.from + days(shift_days) > latest) shift_days = -std::abs(shift_days);
        sent.effective.from += days(shift_days);
        sent.effective.until += days(shift_days);
        if (sent.effective_end && sent.effective_end->from < sent.effective.from) sent.effective_end = sent.effective;
    }
    const bool grade = (faults & bit(Fault::grade_wrong)) != 0;
    if (auto* event = std::get_if<AdverseEvent>(&sent.body)) {
        if (grade && event->reported) event->reported->grade = other_grade(event->reported->grade);
        if ((faults & bit(Fault::term_wrong)) != 0) event->verbatim = "Adverse event, unspecified";
        if ((faults & bit(Fault::causality_wrong)) != 0)
            event->judged_by(AssessorRole::investigator) = Relatedness::unlikely;
    }
    if (auto* infection = std::get_if<Infection>(&sent.body); infection != nullptr && grade && sent.version == 1)
        for (SiteGrade& severity : infection->severities) severity.grade = other_grade(severity.grade);
    if (auto* infusion = std::get_if<Infusion>(&sent.body);
        infusion != nullptr && (faults & bit(Fault::lot_wrong)) != 0)
        infusion->lot = "LOT-99";
}

// When each version is written: the wordings, a correction when the first is wrong, and for serious ones further
// follow-ups.
std::vector<Draft> Scribe::plan_versions(const Fact& fact, bool wrong) {
    std::vector<Draft> drafts;
    for (std::size_t index = 0; index < fact.wordings.size(); ++index)
        drafts.push_back({recorded_for(fact, fact.wordings[index]), index, false, false});
    for (std::size_t index = 1; index < drafts.size(); ++index)
        drafts[index].recorded = std::max(drafts[index].recorded, drafts[index - 1].recorded + minutes(10));
    const double correction = std::min(60.0, random_.lognormal({3, 1.3}));
    if (wrong) drafts.push_back({drafts.front().recorded + days_ms(correction), 0, true, false});
    if (fact.serious && is_report(fact.reporting)) {
        int versions = 1;
        while (versions < 12 && !random_.chance(1 / parameters_.stream.serious_versions)) ++versions;
        for (int extra = static_cast<int>(drafts.size()); extra < versions; ++extra)
            drafts.push_back({drafts.front().recorded + days_ms(random_.uniform({1, 30})), 0, false, true});
    }
    std::stable_sort(drafts.begin(), drafts.end(),
                     [](const Draft& a, const Draft& b) { return a.recorded < b.recorded; });
    std::size_t current = 0;
    for (Draft& draft : drafts) {
        if (draft.corrects || draft.recovering) draft.wording = current;
        current = draft.wording;
    }
    return drafts;
}

void set_recovering(Body& body) {
    if (auto* event = std::get_if<AdverseEvent>(&body); event != nullptr && event->outcome == Outcome::not_recovered)
        event->outcome = Outcome::recovering;
    if (auto* infection = std::get_if<Infection>(&body);
        infection != nullptr && infection->outcome == Outcome::not_recovered)
        infection->outcome = Outcome::recovering;
}

// The same happening under another record, or one on the wrong subject that is withdrawn later.
void Scribe::write_again(const Fact& fact, const Transmission& first) {
    const bool twice = random_.chance(parameters_.stream.reported_twice);
    const bool wrong_subject = random_.chance(parameters_.stream.nullified);
    const milliseconds after = days_ms(random_.uniform({1, 10}));
    const milliseconds withdrawn = days_ms(random_.lognormal({5, 1.0}));
    if (twice && fact.wordings.front().body.index() == first.body.index()) {
        Transmission again = first;
        again.source = fmt::format("ehr.site-{:02}", truth_.site + 1);
        again.origin = DataOrigin::ehr;
        again.record = fmt::format("d{}", ++extra_);
        again.recorded += after;
        again.emitted += after;
        again.faults |= bit(Fault::reported_twice);
        written_.push_back(std::move(again));
    }
    if (!wrong_subject) return;
    Transmission stray = first;
    stray.record = fmt::format("n{}", ++extra_);
    stray.recorded += after;
    stray.emitted += after;
    stray.faults |= bit(Fault::wrong_subject);
    Transmission retraction = stray;
    retraction.version = 2;
    retraction.action = RecordAction::retract;
    retraction.reason = "belongs to another subject";
    retraction.recorded += withdrawn;
    retraction.emitted += withdrawn;
    retraction.effective_end.reset();
    retraction.body = Retraction{};
    written_.push_back(std::move(stray));
    written_.push_back(std::move(retraction));
}

void Scribe::write_report(const Fact& original) {
    Fact fact = original;
    const MessageStream& habits = parameters_.stream;
    const double partial = fact.reporting == Reporting::outpatient || fact.reporting == Reporting::visit ? 1.4 : 0.4;
    const bool month = random_.chance(habits.month_only * partial);
    const bool year = random_.chance(habits.year_only * partial);
    const bool may_be_partial =
        is_report(fact.reporting) || std::holds_alternative<SubsequentTherapy>(fact.wordings.front().body);
    Faults dates = 0;
    if (may_be_partial && (month || year)) {
        fact.precision = year ? TimePrecision::year : TimePrecision::month;
        dates = bit(year ? Fault::year_only : Fault::month_only);
    }
    Faults errors = choose_errors(fact);
    if (dates != 0) errors &= ~bit(Fault::onset_wrong);  // a month is right however many days one is off
    const int shift_days = random_.integer(1, 5) * (random_.chance(0.5) ? 1 : -1);
    std::uint32_t version = 0;
    bool corrected = false;
    std::size_t first = written_.size();
    for (const Draft& planned : plan_versions(fact, errors != 0)) {
        Transmission sent = draft(fact, fact.wordings[planned.wording], planned.recorded);
        corrected = corrected || planned.corrects;
        sent.version = ++version;
        sent.faults |= dates;
        if (version > 1) {
            sent.action = RecordAction::amend;
            sent.reason = planned.corrects ? "correction of the first report" : "follow-up";
        }
        if (planned.recovering) set_recovering(sent.body);
        if (!corrected) apply_errors(errors, sent, shift_days);
        written_.push_back(std::move(sent));
    }
    if (is_report(fact.reporting)) {
        const Transmission copy = written_[first];
        write_again(fact, copy);
    }
}

void Scribe::write(const Fact& fact) {
    if (is_bedside(fact.reporting)) {
        write_bedside(fact);
    } else {
        write_report(fact);
    }
}

}  // namespace

std::vector<Transmission> write_down(const SubjectTruth& truth, const Parameters& parameters, std::vector<Fact> facts) {
    Scribe scribe(truth, parameters);
    for (const Fact& fact : facts) scribe.write(fact);
    std::vector<Transmission> written = scribe.take();
    std::stable_sort(written.begin(), written.end(),
                     [](const Transmission& a, const Transmission& b) { return a.recorded < b.recorded; });
    return written;
}

}  // namespace cellvigil::simulate
