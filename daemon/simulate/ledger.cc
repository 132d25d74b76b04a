#include "daemon/simulate/ledger.h"

#include <algorithm>
#include <iterator>

#include <fmt/format.h>

namespace cellvigil::simulate {
namespace {

constexpr double kSevereNeutropenia = 1.0;  // 10*9/L, CTCAE grade 3
constexpr int kPastDay = 90;

constexpr std::array<const char*, kPhenotypes> kPhenotypeNames{"mild", "quick", "intermittent", "aplastic"};
constexpr std::array<const char*, 6> kZosterNames{
    "unspecified", "localised", "multidermatomal", "disseminated", "ophthalmic_or_oticus", "cns_or_visceral"};
constexpr std::array<const char*, 6> kPathogenNames{"unspecified", "bacterial", "viral",
                                                    "fungal",      "parasitic", "unknown"};
constexpr std::array<const char*, 11> kCauseNames{
    "unspecified", "disease",           "infection",      "crs",   "icans",  "neurotoxicity_other",
    "iec_hs",      "second_malignancy", "other_toxicity", "other", "unknown"};
constexpr std::array<const char*, 8> kTherapyNames{"unspecified",          "allogeneic_hct", "autologous_hct",
                                                   "cell_therapy",         "systemic",       "radiotherapy",
                                                   "checkpoint_inhibitor", "t_cell_engager"};
constexpr std::array<const char*, 22> kOrganismNames{
    "unspecified",   "bacteria",     "c_difficile", "vzv",         "cmv",       "hsv",
    "ebv",           "hhv6",         "adenovirus",  "enterovirus", "influenza", "rsv",
    "parainfluenza", "rhinovirus",   "sars_cov_2",  "bk_virus",    "yeast",     "mould",
    "pneumocystis",  "helicobacter", "hbv",         "other"};

template <typename Names, typename Enum>
const char* named(const Names& names, Enum value) {
    return names.at(static_cast<std::size_t>(value));
}

std::string quoted(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + '"';
}

// Builds {"a":1,"b":"x"}: names are ours and need no escaping.
class Object {
  public:
    Object& raw(std::string_view name, std::string_view json) {
        text_ += fmt::format("{}\"{}\":{}", text_.empty() ? "" : ",", name, json);
        return *this;
    }
    Object& text(std::string_view name, std::string_view value) { return raw(name, quoted(value)); }
    Object& number(std::string_view name, std::uint64_t value) { return raw(name, fmt::to_string(value)); }
    Object& integer(std::string_view name, int value) { return raw(name, fmt::to_string(value)); }
    Object& share(std::string_view name, double value) { return raw(name, fmt::format("{:.6g}", value)); }
    Object& truth(std::string_view name, bool value) { return raw(name, value ? "true" : "false"); }
    Object& at(std::string_view name, const SubjectTruth& subject, double day) {
        text(name, to_rfc3339(subject.at(day), subject.offset));
        return integer(fmt::format("{}_day", name), subject.day_number(day));
    }
    std::string end() const { return "{" + text_ + "}"; }

  private:
    std::string text_;
};

template <typename Items, typename One>
std::string array_of(const Items& items, One one) {
    std::string out = "[";
    for (const auto& item : items) {
        if (out.size() > 1) out += ',';
        out += one(item);
    }
    return out + "]";
}

std::string crs_json(const SubjectTruth& truth) {
    if (!truth.crs) return "null";
    Object object;
    object.integer("grade", truth.crs->grade)
        .at("onset", truth, truth.crs->course.from)
        .at("end", truth, truth.crs->course.until);
    object.integer("hypotension", truth.crs->hypotension).integer("hypoxia", truth.crs->hypoxia);
    object.truth("tocilizumab", truth.crs->tocilizumab.has_value());
    return object.end();
}

std::string icans_json(const SubjectTruth& truth) {
    if (!truth.icans) return "null";
    Object object;
    object.integer("grade", truth.icans->grade).at("onset", truth, truth.icans->course.from);
    object.at("end", truth, truth.icans->course.until).truth("seizure", truth.icans->seizure.has_value());
    return object.end();
}

int longest_run(const SubjectTruth& truth, double limit) {
    int longest = 0;
    int run = 0;
    for (int day = 0; day <= 30; ++day) {
        run = neutrophils_at(truth.counts, day + 0.25, false) <= limit ? run + 1 : 0;
        longest = std::max(longest, run);
    }
    return longest;
}

double lowest_neutrophils(const SubjectTruth& truth) {
    double lowest = 1e9;
    const double until = std::min(60.0, truth.exits.observed_until());
    for (int quarter = 0; 0.25 * quarter <= until; ++quarter)
        lowest = std::min(lowest, neutrophils_at(truth.counts, 0.25 * quarter, false));
    return lowest;
}

std::string counts_json(const SubjectTruth& truth) {
    Object object;
    object.text("phenotype", named(kPhenotypeNames, truth.counts.phenotype));
    object.integer("longest_run_at_most_500", longest_run(truth, 0.5))
        .integer("longest_run_at_most_100", longest_run(truth, 0.1));
    object.share("nadir", lowest_neutrophils(truth)).truth("growth_factor", !truth.counts.growth_factor.empty());
    return object.end();
}

std::string infection_json(const SubjectTruth& truth, const InfectionTruth& infection) {
    Object object;
    object.at("onset", truth, infection.course.from).at("end", truth, infection.course.until);
    object.text("pathogen", named(kPathogenNames, infection.pathogen))
        .text("organism", named(kOrganismNames, infection.organism));
    object.integer("grade", infection.grade).truth("severe", infection.severe).truth("fatal", infection.fatal);
    return object.truth("reported", infection.reported).end();
}

std::string zoster_json(const SubjectTruth& truth, const ZosterTruth& zoster) {
    Object object;
    object.at("onset", truth, zoster.course.from).at("end", truth, zoster.course.until);
    object.text("class", named(kZosterNames, zoster.extent))
        .truth("serious", zoster.serious)
        .truth("neuralgia", zoster.neuralgia);
    return object.truth("on_prophylaxis", zoster.on_prophylaxis).truth("recurrence", zoster.recurrence).end();
}

std::string exits_json(const SubjectTruth& truth) {
    const ExitsTruth& exits = truth.exits;
    const double until = exits.observed_until();
    Object object;
    object.at("observed_until", truth, until);
    if (exits.relapse) object.at("relapse", truth, *exits.relapse);
    if (exits.next_therapy) {
        object.at("next_therapy", truth, *exits.next_therapy)
            .text("next_therapy_kind", named(kTherapyNames, exits.next_therapy_kind));
    }
    if (exits.death && *exits.death <= until)
        object.at("death", truth, *exits.death).text("cause", named(kCauseNames, exits.cause));
    if (exits.lost && *exits.lost <= until) object.at("lost", truth, *exits.lost);
    return object.end();
}

}  // namespace

void Ledger::add_line(std::string_view line) {
    text_.append(line);
    text_.push_back('\n');
}

void Ledger::open(const Parameters& parameters) {
    Object object;
    object.text("type", "run")
        .text("simulator", kSimulatorVersion)
        .number("seed", parameters.seed)
        .text("preset", parameters.preset);
    object.text("study", parameters.study).text("cohort", parameters.cohort).text("now", to_rfc3339(parameters.now));
    object.number("subjects", parameters.subjects)
        .number("sites", parameters.sites)
        .text("scenario", name_of(parameters.scenario));
    if (parameters.scenario == Scenario::hazard_doubled)
        object.text("scenario_from", to_rfc3339(parameters.scenario_from));
    object.integer("vitals_every_minutes", parameters.vitals.every_minutes);
    add_line(object.end());
}

void Ledger::add_subject(const SubjectTruth& truth, const Parameters& parameters) {
    Object object;
    object.text("type", "subject").text("subject", truth.subject).text("study", parameters.study);
    object.text("site", fmt::format("site-{:02}", truth.site + 1)).text("lot", truth.lot);
    object.text("infused", to_rfc3339(truth.infused, truth.offset)).number("age_years", truth.age_years);
    object.raw("crs", crs_json(truth)).raw("icans", icans_json(truth)).raw("counts", counts_json(truth));
    object.integer("prophylaxis_stop_day", truth.day_number(truth.prophylaxis_stop));
    object.raw("infections",
               array_of(truth.infections, [&](const InfectionTruth& one) { return infection_json(truth, one); }));
    object.raw("zoster", array_of(truth.zoster, [&](const ZosterTruth& one) { return zoster_json(truth, one); }));
    object.raw("exits", exits_json(truth));
    add_line(object.end());

    const auto past = [&](const auto& happenings) {
        return std::any_of(happenings.begin(), happenings.end(),
                           [&](const auto& one) { return truth.day_number(one.course.from) > kPastDay; });
    };
    const auto count = [](std::uint64_t& counter, bool counted) { counter += counted ? 1U : 0U; };
    count(cohort_.crs_any, truth.crs.has_value());
    count(cohort_.crs_3, truth.crs && truth.crs->grade >= 3);
    count(cohort_.icans_any, truth.icans.has_value());
    count(cohort_.icans_3, truth.icans && truth.icans->grade >= 3);
    count(cohort_.neutropenia_3, lowest_neutrophils(truth) < kSevereNeutropenia);
    count(cohort_.infected, !truth.infections.empty());
    count(cohort_.infected_past_90, past(truth.infections));
    count(cohort_.zoster, !truth.zoster.empty());
    count(cohort_.zoster_past_90, past(truth.zoster));
    count(cohort_.deaths, truth.exits.death && *truth.exits.death <= truth.exits.observed_until());
    count(cohort_.lost, truth.exits.lost && *truth.exits.lost <= truth.exits.observed_until());
    count(cohort_.relapses, truth.exits.relapse.has_value());
}

void Ledger::add_faults(const SubjectTruth& truth, const Transmission& sent) {
    for (int index = 0; index < kFaults; ++index) {
        const auto fault = static_cast<Fault>(index);
        if ((sent.faults & bit(fault)) == 0) continue;
        Object object;
        object.text("type", "fault").text("kind", name_of(fault)).text("message_id", sent.message_id);
        object.text("subject", truth.subject).text("record", sent.record).number("version", sent.version);
        add_line(object.end());
    }
}

void Ledger::add_malformed(Malformed kind, std::string_view message_id, Instant emitted) {
    Object object;
    object.text("type", "malformed").text("kind", name_of(kind)).text("message_id", message_id);
    object.text("expected", name_of(expected_of(kind)))
        .text("reason", reason_of(kind))
        .text("emitted", to_rfc3339(emitted));
    add_line(object.end());
}

void Ledger::close(const Totals& totals) {
    Object cohort;
    cohort.text("type", "cohort")
        .number("subjects", totals.subjects)
        .number("crs_any", cohort_.crs_any)
        .number("crs_3", cohort_.crs_3);
    cohort.number("icans_any", cohort_.icans_any)
        .number("icans_3", cohort_.icans_3)
        .number("neutropenia_3", cohort_.neutropenia_3);
    cohort.number("infected", cohort_.infected).number("infected_past_90", cohort_.infected_past_90);
    cohort.number("zoster", cohort_.zoster).number("zoster_past_90", cohort_.zoster_past_90);
    cohort.number("deaths", cohort_.deaths).number("lost", cohort_.lost).number("relapses", cohort_.relapses);
    add_line(cohort.end());

    Object malformed;
    for (int index = 0; index < kMalformed; ++index) {
        malformed.number(name_of(static_cast<Malformed>(index)),
                         totals.malformed_by_kind.at(static_cast<std::size_t>(index)));
    }
    Object faults;
    for (int index = 0; index < kFaults; ++index)
        faults.number(name_of(static_cast<Fault>(index)), totals.faults.at(static_cast<std::size_t>(index)));
    Object object;
    object.text("type", "totals")
        .number("subjects", totals.subjects)
        .number("messages", totals.messages)
        .number("bytes", totals.bytes);
    object.number("creates", totals.creates).number("amends", totals.amends).number("retracts", totals.retracts);
    object.number("heartbeats", totals.heartbeats)
        .number("repeats", totals.repeats)
        .number("malformed", totals.malformed);
    object.number("not_yet_sent", totals.not_yet_sent)
        .raw("malformed_by_kind", malformed.end())
        .raw("faults", faults.end());
    add_line(object.end());
}

}  // namespace cellvigil::simulate
