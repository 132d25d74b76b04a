#include "rules/monitor/watch_share.h"

#include <algorithm>
#include <map>
#include <optional>
#include <utility>
#include <variant>

#include "rules/cohort/infection_episode.h"

namespace cellvigil {
namespace {

// What screens count of one subject in one cohort's tables.
class Counts {
  public:
    Counts(const SubjectFacts& subject, const IndexCourse& index, const IndexShare& share, const RuleSet& rules)
        : subject_(subject), index_(index), share_(share), rules_(rules) {}

    void add(ScreenShare& into, std::uint16_t place, const ScreenTableSpec& table,
             const std::vector<Product>& products) {
        into_ = &into;
        table_ = place;
        switch (table.group) {
            case ScreenGroup::site_rates:
                if (!subject_.site.empty()) add_rates(table.endpoint, subject_.site);
                break;
            case ScreenGroup::site_reports:
                if (!subject_.site.empty()) add_reports();
                break;
            case ScreenGroup::lot_rates:
                if (index_.lot.empty()) break;
                add_rates(table.endpoint, index_.lot);
                put(ScreenColumn::subjects, calendar(0), 1, index_.lot);
                break;
            case ScreenGroup::site_delays:
                if (!subject_.site.empty()) add_delays();
                break;
            case ScreenGroup::completeness:
                add_completeness();
                break;
            case ScreenGroup::pairs:
                add_pairs(product_in(subject_, products));
                break;
        }
    }

  private:
    std::int32_t calendar(Day day) const {
        return static_cast<std::int32_t>(index_.date.time_since_epoch().count()) + day;
    }
    void put(ScreenColumn column, std::int32_t x, std::int64_t count, const std::string& unit) {
        if (count == 0) return;
        for (ScreenCount& one : *into_) {
            if (one.table != table_ || one.column != column || one.x != x || one.unit != unit) continue;
            one.count += count;
            return;
        }
        into_->push_back({table_, column, x, count, unit});
    }
    const std::vector<Spell>* spells(const EndpointKey& key) const {
        for (const Contribution& one : share_.contributions) {
            if (one.key == key) return &one.spells;
        }
        return nullptr;
    }
    const std::vector<InfectionEpisode>& episodes() {
        if (!infections_) infections_ = infections_of(subject_, rules_);
        return infections_->episodes;
    }
    Day onset_of(const InfectionEpisode& episode) const {
        return day_since(index_.date, episode.onset, episode.offset);
    }

    void add_rates(ReportedEndpoint endpoint, const std::string& unit) {
        const auto seen = at_risk(subject_, index_, share_, endpoint, rules_);
        if (!seen) return;
        put(ScreenColumn::events, 0, seen->events, unit);
        put(ScreenColumn::at_risk, 0, seen->days, unit);
    }
    // Equal exposure for everybody: only who was followed through the window counts.
    void add_reports() {
        const Day last = rules_.infection.delayed_after_day;
        if (index_.entry > 0 || index_.infections.last < last) return;
        const auto reported = std::count_if(episodes().begin(), episodes().end(), [&](const InfectionEpisode& episode) {
            const Day onset = onset_of(episode);
            return counts(episode, rules_.infection) && onset >= 0 && onset <= last;
        });
        put(ScreenColumn::subjects, static_cast<std::int32_t>(std::min<std::ptrdiff_t>(reported, kDelayCap)), 1,
            subject_.site);
    }
    // Of each episode its first report, as its source recorded it; what was taken over from old files says nothing.
    void add_delays() {
        for (const InfectionEpisode& episode : episodes()) {
            if (onset_of(episode) < 0) continue;
            const Fact* first = nullptr;
            for (const Fact& fact : subject_.facts) {
                if (std::find(episode.records.begin(), episode.records.end(), fact.record) == episode.records.end())
                    continue;
                if (first == nullptr || fact.recorded_at < first->recorded_at) first = &fact;
            }
            if (first == nullptr || first->origin == DataOrigin::backfill) continue;
            const auto day_of = [](Instant at) {
                return static_cast<std::int32_t>(std::chrono::floor<days>(at).time_since_epoch().count());
            };
            const std::int32_t received = day_of(first->recorded_at);
            const std::int32_t delay = std::clamp(received - day_of(episode.onset), 0, kDelayCap);
            if (received < 0) continue;
            put(ScreenColumn::events, delay_place(received / kQuarterDays, delay), 1, subject_.site);
        }
    }
    bool is_known(Dimension dimension, Day day) const {
        return std::any_of(share_.runs.begin(), share_.runs.end(), [&](const StratumRun& run) {
            return run.stratum.dimension == dimension && run.first <= day && day <= run.last &&
                   run.stratum.value != "unknown";
        });
    }
    // Days are alike between two changes of either.
    void add_completeness() {
        const std::vector<Spell>* found = spells({Endpoint::zoster_past_day_90, Estimand::before_next_therapy});
        if (found == nullptr) return;
        std::int64_t all = 0;
        std::int64_t known = 0;
        for (const Spell& spell : *found) {
            std::vector<Day> changes{spell.origin + 1, spell.exit + 1};
            for (const StratumRun& run : share_.runs) {
                const bool matters =
                    run.stratum.dimension == Dimension::antiviral || run.stratum.dimension == Dimension::cd4;
                if (matters && run.first > spell.origin + 1 && run.first <= spell.exit) changes.push_back(run.first);
            }
            std::sort(changes.begin(), changes.end());
            for (std::size_t i = 0; i + 1 < changes.size(); ++i) {
                const std::int64_t length = changes[i + 1] - changes[i];
                all += length;
                if (is_known(Dimension::antiviral, changes[i]) && is_known(Dimension::cd4, changes[i])) known += length;
            }
        }
        put(ScreenColumn::at_risk, 0, all, {});
        put(ScreenColumn::known, 0, known, {});
    }
    void first_of(std::map<std::string, Day>& firsts, const std::string& kind, std::optional<Day> day) const {
        if (!day || *day < 0) return;
        const auto [at, added] = firsts.emplace(kind, *day);
        if (!added) at->second = std::min(at->second, *day);
    }
    std::optional<Day> event_day(const EndpointKey& key) const {
        const std::vector<Spell>* found = spells(key);
        if (found == nullptr || found->empty()) return std::nullopt;
        const Spell& spell = found->front();
        return spell.ended_in_cause && spell.cause == kEventCause ? std::optional(spell.exit) : std::nullopt;
    }
    // One subject and one kind of event are one report, however often it came.
    void add_pairs(const std::string& product) {
        if (product.empty()) return;
        std::map<std::string, Day> firsts;
        for (const Endpoint endpoint : {Endpoint::crs_any, Endpoint::icans_any, Endpoint::neutropenia_3,
                                        Endpoint::second_malignancy, Endpoint::non_relapse_death})
            first_of(firsts, name_of(endpoint), event_day({endpoint, Estimand::regardless}));
        for (const InfectionEpisode& episode : episodes()) {
            if (!counts(episode, rules_.infection)) continue;
            const bool zoster = episode.is(RecurrenceGroup::vzv);
            first_of(firsts, zoster ? "zoster" : "other_infection", onset_of(episode));
        }
        for (const Fact& fact : subject_.facts) {
            const auto* said = fact.body == nullptr ? nullptr : std::get_if<AdverseEvent>(fact.body);
            if (said == nullptr || fact.at < index_.at) continue;
            if (const char* kind = kind_of_report(said->category)) first_of(firsts, kind, day_since(index_.date, fact));
        }
        for (const auto& [kind, day] : firsts)
            put(ScreenColumn::events, calendar(day) / kMonthDays, 1, product + "#" + kind);
    }
    // nullptr: counted by what was observed, or no kind of its own.
    static const char* kind_of_report(AdverseEventCategory category) {
        switch (category) {
            case AdverseEventCategory::iec_hs:
                return "iec_hs";
            case AdverseEventCategory::hypogammaglobulinaemia:
                return "hypogammaglobulinaemia";
            case AdverseEventCategory::cardiac:
                return "cardiac";
            case AdverseEventCategory::neuro_other:
                return "neuro_other";
            case AdverseEventCategory::licats:
                return "licats";
            case AdverseEventCategory::enterocolitis:
                return "enterocolitis";
            case AdverseEventCategory::unspecified:
            case AdverseEventCategory::crs:
            case AdverseEventCategory::icans:
            case AdverseEventCategory::cytopenia:
            case AdverseEventCategory::infection:
            case AdverseEventCategory::second_malignancy:
            case AdverseEventCategory::t_cell_malignancy:
            case AdverseEventCategory::other:
                return nullptr;
        }
        return nullptr;
    }

    const SubjectFacts& subject_;
    const IndexCourse& index_;
    const IndexShare& share_;
    const RuleSet& rules_;
    std::optional<Infections> infections_;
    ScreenShare* into_ = nullptr;
    std::uint16_t table_ = 0;
};

}  // namespace

WatchShare watch_share(const SubjectFacts& subject, const WatchPlan& plan, const RuleSet& rules) {
    WatchShare found;
    if (plan.empty()) return found;
    const std::vector<IndexCourse> indexes = index_courses(subject, rules);
    if (indexes.empty()) return found;
    const IndexCourse& first = indexes.front();
    const auto concerns = [&](const auto& table) {
        return is_in(table.cohort, subject, first, plan.catalogue.products);
    };
    if (std::none_of(plan.tables.begin(), plan.tables.end(), concerns) &&
        std::none_of(plan.screens.tables.begin(), plan.screens.tables.end(), concerns))
        return found;
    const SubjectShare whole = share_of(subject, {}, rules);
    found.calendar = calendar_counts(subject, first, whole.indexes.front(), plan, rules);
    Counts counts(subject, first, whole.indexes.front(), rules);
    for (std::size_t i = 0; i < plan.screens.tables.size(); ++i) {
        if (!concerns(plan.screens.tables[i])) continue;
        counts.add(found.screens, static_cast<std::uint16_t>(i), plan.screens.tables[i], plan.catalogue.products);
    }
    return found;
}

std::vector<std::uint16_t> tables_with_event(const CalendarShare& share) {
    std::vector<std::uint16_t> tables;
    for (const CalendarCount& one : share) {
        const bool event = one.column == CalendarColumn::known_events || one.column == CalendarColumn::events;
        if (event && (tables.empty() || tables.back() != one.table)) tables.push_back(one.table);
    }
    return tables;
}

}  // namespace cellvigil
