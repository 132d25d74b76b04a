// What truly happens to one simulated subject, before anybody writes it down: the quantities that the truth ledger
// states and the courses are made from. Times are days since the infusion (fractions of a day; negative before it).
// Pure: the same parameters and index give the same subject.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "daemon/simulate/parameters.h"

namespace cellvigil::simulate {

// [from, until) in days since the infusion.
struct Stretch {
    double from = 0;
    double until = 0;
    bool holds(double day) const { return from <= day && day < until; }
};

struct CrsTruth {
    int grade = 1;  // 1..4; 5 is told by the death
    Stretch course;
    Stretch peak;         // when the deciding sign is there
    int hypotension = 0;  // 0, 2, 3, 4: the component at the peak
    int hypoxia = 0;
    double plateau_celsius = 39;
    double rise_days = 0.35;
    double fever_until = 0;  // earlier than course.until after a response to tocilizumab
    std::optional<double> tocilizumab;
};

struct IcansTruth {
    int grade = 1;
    Stretch course;
    Stretch peak;
    std::optional<double> seizure;
    bool long_seizure = false;  // more than five minutes
    bool deep_weakness = false;
    bool focal_oedema = false;
    std::optional<Stretch> sedated;
};

struct Dip {  // neutrophils at or below 0.5 from `low.from` to `low.until`
    Stretch low;
    double nadir = 0.07;  // 10*9/L
    double edge = 0.48;   // at both ends
};

struct GrowthFactor {  // filgrastim: neutrophils times `factor` for `lasts` days
    double day = 0;
    double factor = 4;
    double lasts = 2.5;
};

struct CountsTruth {
    Phenotype phenotype = Phenotype::quick;
    double neutrophils_before = 3;  // 10*9/L
    std::vector<Dip> dips;
    double platelets_before = 160;
    double platelets_nadir = 40;
    double platelets_nadir_day = 14;
    double platelets_recover = 30;
    double haemoglobin_before = 110;  // g/L
    double haemoglobin_nadir = 78;
    double haemoglobin_recover = 25;
    double lymphocytes_before = 1.1;
    double lymphocytes_recover = 66;
    bool white_cells_spared = false;
    std::vector<GrowthFactor> growth_factor;
};

struct ImmuneTruth {
    double b_cells_return = 400;
    double b_cells_after = 0.15;         // 10*9/L
    double igg_before = 6.5;             // g/L
    std::vector<double> immunoglobulin;  // days
    double cd4_rank = 0;                 // standard normal: where the subject's CD4 course lies
};

struct InfectionTruth {
    Stretch course;
    PathogenClass pathogen = PathogenClass::bacterial;
    Organism organism = Organism::bacteria;
    int grade = 2;        // CTCAE
    bool severe = false;  // intravenous treatment or admission
    bool fatal = false;
    bool reported = true;
};

struct ZosterTruth {
    Stretch course;
    ZosterClass extent = ZosterClass::localised;
    bool serious = false;
    bool neuralgia = false;
    bool on_prophylaxis = false;
    bool recurrence = false;
};

struct ExitsTruth {
    double cut = 0;  // the data cut, days after the infusion
    std::optional<double> relapse;
    std::optional<double> next_therapy;
    SubsequentTherapyKind next_therapy_kind = SubsequentTherapyKind::systemic;
    std::optional<double> death;
    DeathCause cause = DeathCause::unknown;
    std::optional<double> lost;
    // The earliest of death, loss and the cut: nothing is observed after it.
    double observed_until() const;
};

struct SubjectTruth {
    std::string subject;  // pseudonym
    std::uint32_t index = 0;
    std::uint32_t site = 0;  // 0-based
    std::string lot;
    Instant infused{};
    UtcOffset offset{};
    std::uint32_t age_years = 58;
    std::optional<std::uint32_t> age_days;
    Sex sex = Sex::male;
    double weight_kg = 65;
    bool prior_transplant = false;
    bool prior_zoster = false;
    bool outpatient = false;
    bool paediatric() const { return age_years < 12; }
    double discharge_day = 14;
    std::vector<double> visits;     // after discharge, in order
    double prophylaxis_stop = 180;  // antiviral; from day -5
    ExitsTruth exits;
    std::optional<CrsTruth> crs;
    std::optional<IcansTruth> icans;
    CountsTruth counts;
    ImmuneTruth immune;
    std::vector<InfectionTruth> infections;
    std::vector<ZosterTruth> zoster;

    Instant at(double day) const;  // to the whole minute
    // Whole site-local dates after the infusion's: 0 on the day itself.
    int day_number(double day) const;
    // In hospital, or an outpatient brought in by CRS or ICANS.
    bool in_hospital(double day) const;
    double hour_of(double day) const;  // local, [0, 24)
};

SubjectTruth draw_subject(const Parameters& parameters, std::uint32_t index);

// The parts, in the order in which they are drawn; each uses a stream of its own.
void draw_exits(SubjectTruth& truth, const Parameters& parameters);
void draw_visits(SubjectTruth& truth, const Parameters& parameters);
void draw_acute_toxicity(SubjectTruth& truth, const Parameters& parameters);
void draw_counts(SubjectTruth& truth, const Parameters& parameters);
void draw_immune_recovery(SubjectTruth& truth, const Parameters& parameters);
void draw_infections(SubjectTruth& truth, const Parameters& parameters);
void draw_zoster(SubjectTruth& truth, const Parameters& parameters);
// After the rest: a death takes its cause and its last illness from what else happened.
void settle_death(SubjectTruth& truth, const Parameters& parameters);

// The curves behind the tests, without noise; canonical units.
double neutrophils_at(const CountsTruth& counts, double day, bool with_growth_factor);
double platelets_at(const CountsTruth& counts, double day);
double haemoglobin_at(const CountsTruth& counts, double day);
double lymphocytes_at(const CountsTruth& counts, double day);
double igg_at(const ImmuneTruth& immune, double igg_nadir_factor, double day, bool with_replacement);
double cd4_at(const ImmuneTruth& immune, double day);   // 10*9/L
double cd19_at(const ImmuneTruth& immune, double day);  // 10*9/L

// Streams of Random by purpose.
enum class Purpose : std::uint64_t {
    subject = 1,
    exits,
    visits,
    acute,
    counts,
    immune,
    infections,
    zoster,
    death,
    vitals,
    neuro,
    sampling,
    laboratory,
    support,
    reports,
    follow_up,
    immune_tests,
    stream,
    transport,
    charting,
    malformed,
    site,
    white_cells,
};
Random stream_of(const Parameters& parameters, std::uint32_t subject, Purpose purpose);

}  // namespace cellvigil::simulate
