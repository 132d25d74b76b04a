#include "tests/support/ledger.h"

#include <cstring>

namespace cellvigil::ledger {
namespace {

using story::d;
using story::Story;

// Days from infusion; 0: did not happen.
struct Row {
    const char* id;
    const char* site;
    const char* lot;
    const char* indication;
    int crs;  // highest grade
    int icans;
    int neutropenia;   // 1: grade 3 or more
    int leukopenia;    // 1: grade 3 or more
    const char* best;  // CR, PR, SD; NE: not evaluable, withdrew on day 45
    int progression;
    int therapy;
    int transplant;
    int death;
    const char* cause;
    int last_assessment;
    int last_contact;
    int lost;  // declared
    int antiviral_stop;
    int cytopenia;  // about day 365: 1 normal twice; 2 neutrophils, 3 platelets stay low; 4 low once, then recovered;
                    // 5 one value; 6 two low values 6 days apart; 0 not tested
    int zoster;
    int infection;
};

// clang-format off
constexpr Row kRows[] = {
    {"C039-01",  "site-01",  "L1",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1789,  2066,     0,  540, 1,    0,   90},
    {"C039-02",  "site-02",  "L1",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1687,  1868,     0,  180, 1,  910,    0},
    {"C039-03",  "site-03",  "L1",  "LBCL", 1, 0, 1, 1,  "CR",  917,  931,    0,     0,               "none",   917,  1954,     0,  120, 1,    0,  255},
    {"C039-04",  "site-04",  "L1",  "LBCL", 2, 0, 1, 0,  "CR",  933,  947,    0,     0,               "none",   933,  1985,     0,  270, 5,    0,  333},
    {"C039-05",  "site-01",  "L1",  "LBCL", 3, 0, 1, 1,  "CR",  600,  614,    0,   751,            "disease",   600,   751,     0,  540, 1,    0,  150},
    {"C039-06",  "site-02",  "L1",   "MCL", 1, 0, 0, 0,  "CR",    0,    0,    0,     0,               "none",  1700,  1712,     0,  270, 0,    0,   20},
    {"C039-07",  "site-03",  "L1",  "LBCL", 0, 0, 1, 0,  "CR",  628,  642,    0,  1043,            "disease",   628,  1043,     0,  365, 6,    0,  390},
    {"C039-08",  "site-04",  "L1",  "LBCL", 1, 0, 1, 1,  "CR",  961,  975,    0,  1194,            "disease",   961,  1194,     0,  365, 2,    0,  301},
    {"C039-09",  "site-01",  "L2",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1653,  1802,     0,  120, 1,   60,    0},
    {"C039-10",  "site-02",  "L2",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1738,  1967,     0,  540, 1,  498,    0},
    {"C039-11",  "site-03",  "L2",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1806,  2099,     0,  365, 0,   90,    0},
    {"C039-12",  "site-04",  "L2",  "LBCL", 1, 1, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1840,  2165,     0,  180, 1,    0,    0},
    {"C039-13",  "site-01",  "L2",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1602,  1703,     0,  180, 1,    0,    0},
    {"C039-14",  "site-02",  "L2",  "LBCL", 1, 0, 1, 0,  "CR",  446,    0,  500,     0,               "none",   446,  1768,     0,  540, 0,    0,    0},
    {"C039-15",  "site-03",  "L2",  "LBCL", 1, 0, 1, 1,  "SD",  105,  119,    0,   202,            "disease",   105,   202,     0,  120, 0,    0,    0},
    {"C039-16",  "site-04",  "L2",  "LBCL", 2, 2, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1500,  1505,     0,  210, 1,    0,  133},
    {"C039-17",  "site-01",  "L3",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1060,  1600,     0,  270, 1,    0,    0},
    {"C039-18",  "site-02",  "L3",  "LBCL", 2, 0, 1, 0,  "CR",  813,  827,    0,     0,               "none",   813,  1892,     0,  180, 1,    0,  380},
    {"C039-19",  "site-03",  "L3",   "MCL", 1, 0, 0, 1,  "PR",    0,    0,    0,     0,               "none",  1297,  1317,  1400,  210, 0,    0,  165},
    {"C039-20",  "site-04",  "L3",  "LBCL", 1, 0, 0, 0,  "CR",    0,    0,    0,     0,               "none",  1534,  1571,     0,  365, 1,  412,    0},
    {"C039-21",  "site-01",  "L3",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",   163,  1680,     0,  365, 1,  198,    0},
    {"C039-22",  "site-02",  "L3",  "LBCL", 2, 0, 0, 1,  "NE",    0,    0,    0,     0,               "none",     0,    45,     0,  540, 0,    0,    0},
    {"C039-23",  "site-03",  "L3",  "LBCL", 2, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1619,  1736,     0,  180, 1,    0,    0},
    {"C039-24",  "site-04",  "L3",  "LBCL", 0, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1772,  2033,     0,  180, 3,    0,    0},
    {"C039-25",  "site-01",  "L4",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,   567,              "other",   545,   567,     0,  540, 1,    0,    0},
    {"C039-26",  "site-02",  "L4",  "LBCL", 1, 0, 1, 1,  "SD",  107,  121,    0,   310,            "disease",   107,   310,     0,  365, 0,    0,    0},
    {"C039-27",  "site-03",  "L4",  "LBCL", 2, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1721,  1934,     0,  270, 1,    0,    0},
    {"C039-28",  "site-04",  "L4",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,   555,          "infection",   510,   555,     0,  180, 0,    0,  540},
    {"C039-29",  "site-01",  "L4",  "LBCL", 2, 0, 0, 0,  "CR",    0,    0,    0,     0,               "none",  1636,  1769,     0,  365, 1,    0,  190},
    {"C039-30",  "site-02",  "L4",  "LBCL", 1, 0, 1, 0,  "CR",  439,  453,    0,   772,            "disease",   439,   772,     0,  270, 0,    0,    0},
    {"C039-31",  "site-03",  "L4",    "FL", 2, 0, 1, 0,  "CR",    0,    0,    0,  1340,  "second_malignancy",  1300,  1340,     0,  365, 1,    0,    0},
    {"C039-32",  "site-04",  "L4",  "LBCL", 1, 0, 0, 1,  "CR",    0,    0,    0,     0,               "none",  1568,  1637,     0,  365, 0,  655,    0},
    {"C039-33",  "site-01",  "L5",  "LBCL", 2, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1585,  1670,     0,  365, 1,   91,    0},
    {"C039-34",  "site-02",  "L5",  "LBCL", 1, 0, 0, 0,  "PR",  427,  441,    0,     0,               "none",   427,  1675,     0,  210, 0,    0,    0},
    {"C039-35",  "site-03",  "L5",  "LBCL", 2, 0, 1, 0,  "SD",  207,  221,    0,   400,            "disease",   207,   400,     0,  180, 0,  230,    0},
    {"C039-36",  "site-04",  "L5",  "LBCL", 0, 0, 1, 1,  "CR",  818,  832,    0,  1153,            "disease",   818,  1153,     0,  180, 0,    0,  370},
    {"C039-37",  "site-01",  "L5",  "LBCL", 1, 0, 0, 0,  "CR",    0,    0,    0,     0,               "none",  1670,  1835,     0,  180, 0,  341,    0},
    {"C039-38",  "site-02",  "L5",    "FL", 1, 0, 1, 1,  "CR",  334,  348,    0,   463,            "disease",   334,   463,     0,  180, 0,    0,   95},
    {"C039-39",  "site-03",  "L5",  "LBCL", 2, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1755,  2000,     0,  210, 1,  260,    0},
    {"C039-40",  "site-04",  "L5",  "LBCL", 2, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1517,  1538,     0,  210, 0,    0,    0},
    {"C039-41",  "site-01",  "L6",  "LBCL", 2, 0, 1, 0,  "CR",  428,  442,    0,   597,            "disease",   428,   597,     0,  120, 0,    0,    0},
    {"C039-42",  "site-02",  "L6",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",  1704,  1901,     0,  540, 1,    0,    0},
    {"C039-43",  "site-03",  "L6",  "LBCL", 1, 0, 1, 0,  "PR",  297,  311,    0,   556,            "disease",   297,   556,     0,  180, 0,    0,   91},
    {"C039-44",  "site-04",  "L6",  "LBCL", 2, 0, 1, 1,  "SD",  242,  256,    0,   576,            "disease",   242,   576,     0,  270, 0,    0,  214},
    {"C039-45",  "site-01",  "L6",  "LBCL", 1, 1, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1823,  2132,     0,  270, 1,    0,    0},
    {"C039-46",  "site-02",  "L6",  "LBCL", 1, 0, 1, 0,  "CR",    0,    0,    0,     0,               "none",  1551,  1604,     0,  120, 4,    0,  120},
    {"C039-47",  "site-03",  "L6",  "LBCL", 1, 0, 1, 1,  "CR",  458,  472,    0,   810,            "disease",   458,   810,     0,  180, 1,    0,  102},
    {"C039-48",  "site-04",  "L6",  "LBCL", 1, 0, 1, 1,  "CR",    0,    0,    0,     0,               "none",   321,  1640,     0,  365, 1,    0,    0},
};
// clang-format on

bool is(const char* text, const char* word) { return std::strcmp(text, word) == 0; }

void tell_acute(Story& story, const Row& row) {
    story.temperature(d(2), 36.8).ice(d(2), 10);
    if (row.crs >= 1) story.temperature(d(3), 38.9).temperature(d(5), 36.7);
    if (row.crs == 2) story.oxygen(d(3, 11), OxygenDevice::nasal_cannula, 2.0);
    if (row.crs >= 3)
        story.systolic(d(3, 11), 78)
            .starts(d(3, 11), Agent::norepinephrine)
            .oxygen(d(3, 11), OxygenDevice::nasal_cannula, 8.0);
    if (row.crs == 2 || row.crs >= 3) story.oxygen(d(5), OxygenDevice::room_air);
    if (row.crs >= 3) story.stops(d(5), Agent::norepinephrine);
    if (row.icans == 1) story.ice(d(6), 8).ice(d(7), 10);
    if (row.icans == 2) story.ice(d(6), 5).ice(d(7), 10);
    for (const int day : {4, 8, 14}) {
        story.lab(d(day), Analyte::neutrophils, row.neutropenia == 1 ? 0.3 : 1.2);
        story.lab(d(day), Analyte::leukocytes, row.leukopenia == 1 ? 1.1 : 2.4);
    }
    story.lab(d(28), Analyte::neutrophils, 1.8).lab(d(28), Analyte::leukocytes, 3.2);
}

void tell_counts_at_a_year(Story& story, const Row& row) {
    if (row.cytopenia == 0) return;
    struct Counts {
        int day;
        double neutrophils, platelets;
    };
    std::vector<Counts> counts{{340, 2.6, 160}, {366, 2.9, 155}};
    if (row.cytopenia == 2) counts = {{344, 0.6, 150}, {366, 0.7, 150}};
    if (row.cytopenia == 3) counts = {{344, 1.8, 31}, {366, 1.9, 44}};
    if (row.cytopenia == 4) counts = {{344, 0.8, 150}, {366, 1.9, 150}};
    if (row.cytopenia == 5) counts = {{360, 0.8, 150}};
    if (row.cytopenia == 6) counts = {{360, 0.8, 150}, {366, 0.8, 150}};
    for (const Counts& one : counts) {
        story.lab(d(one.day), Analyte::neutrophils, one.neutrophils).lab(d(one.day), Analyte::platelets, one.platelets);
        story.lab(d(one.day), Analyte::haemoglobin, 118);
    }
}

void tell_infections(Story& story, const Row& row) {
    if (row.zoster > 0) {
        Infection zoster;
        zoster.pathogen = PathogenClass::viral;
        zoster.organism = Organism::vzv;
        zoster.certainty = Certainty::probable;
        zoster.zoster = Zoster{};
        zoster.zoster->dermatomes = 1;
        story.tell_until(d(row.zoster), d(row.zoster + 14), zoster);
    }
    if (row.infection > 0) {
        Infection infection;
        infection.pathogen = PathogenClass::bacterial;
        infection.organism = Organism::bacteria;
        infection.certainty = Certainty::proven;
        infection.site = {"urn:cellvigil:site", "lung", ""};
        infection.severities = {{row.infection % 5 == 0 ? 3U : 2U, Scale::ctcae_5_0}};
        story.tell_until(d(row.infection), d(row.infection + 10), infection);
    }
    // Viraemia alone and what was ruled out are no infections.
    Infection viraemia;
    viraemia.organism = Organism::cmv;
    viraemia.viraemia_only = true;
    if (row.icans > 0) story.tell(d(100), viraemia);
    Infection refuted;
    refuted.organism = Organism::mould;
    refuted.certainty = Certainty::refuted;
    if (row.crs == 0) story.tell(d(120), refuted);
}

void tell_status(Story& story, int day, Response response) {
    DiseaseStatus status;
    status.response = response;
    story.tell(d(day), status);
}

void tell_disease(Story& story, const Row& row) {
    tell_status(story, -10, Response::progressive);  // before infusion: no progression of this treatment
    if (is(row.best, "NE")) {
        tell_status(story, 28, Response::not_evaluable);
        return;
    }
    const Response best = is(row.best, "CR")   ? Response::complete
                          : is(row.best, "PR") ? Response::partial
                                               : Response::stable;
    tell_status(story, 29, best == Response::complete ? Response::partial : best);
    if (best == Response::complete) tell_status(story, 88, Response::complete);
    if (row.last_assessment > 90 && row.last_assessment != row.progression)
        tell_status(story, row.last_assessment, best);
    if (row.progression > 0) tell_status(story, row.progression, Response::progressive);
    if (row.therapy > 0) {
        SubsequentTherapy therapy;
        therapy.kind = SubsequentTherapyKind::systemic;
        story.tell(d(row.therapy), therapy);
    }
    if (row.transplant > 0) {
        SubsequentTherapy transplant;
        transplant.kind = SubsequentTherapyKind::allogeneic_hct;
        story.tell(d(row.transplant), transplant);
    }
}

DeathCause cause_of(const char* text) {
    if (is(text, "disease")) return DeathCause::disease;
    if (is(text, "infection")) return DeathCause::infection;
    if (is(text, "second_malignancy")) return DeathCause::second_malignancy;
    return DeathCause::other;
}

void tell_contacts(Story& story, const Row& row) {
    Surveillance surveillance;
    surveillance.domain = SurveillanceDomain::all;
    const Instant last = d(row.last_contact);
    surveillance.complete_through = {last, last, story::kOffset, TimePrecision::day};
    story.tell(last, Contact{ContactStatus::alive, {surveillance}});
    if (row.death > 0) story.died(d(row.death, 12), cause_of(row.cause));
    if (row.lost > 0) story.tell(d(row.lost), Contact{ContactStatus::lost_to_follow_up, {}});
    if (is(row.best, "NE")) story.tell(d(row.last_contact, 12), ConsentChange{ConsentScope::stop_collection});
}

void tell_antivirals(Story& story, const Row& row) {
    Intervention course;
    course.kind = InterventionKind::drug;
    course.agent = Agent::aciclovir;
    course.indication = Indication::prophylaxis;
    course.course = "aciclovir-1";
    course.phase = InterventionPhase::start;
    story.tell(d(-5), course);
    course.phase = InterventionPhase::stop;
    if (row.antiviral_stop < row.last_contact) story.tell(d(row.antiviral_stop), course);
}

Instant moved(Instant at, int shift) { return at + days(shift); }
EffectiveTime moved(EffectiveTime time, int shift) {
    time.from = moved(time.from, shift);
    time.until = moved(time.until, shift);
    return time;
}

}  // namespace

std::vector<Subject> subjects() {
    std::vector<Subject> all;
    int shift = -2400;
    for (const Row& row : kRows) {
        Story story;
        Enrollment enrollment;
        enrollment.age_years = 58;
        enrollment.indication = {"urn:cellvigil:indication", row.indication, ""};
        story.enrolled(enrollment).infused(story::infusion_time(), row.lot);
        tell_acute(story, row);
        tell_counts_at_a_year(story, row);
        tell_antivirals(story, row);
        tell_infections(story, row);
        tell_disease(story, row);
        tell_contacts(story, row);
        all.push_back({row.id, row.site, std::move(story), shift});
        shift += 7;
    }
    return all;
}

std::vector<Event> events_of(const Subject& subject) {
    std::vector<Event> events;
    for (const story::Told& told : subject.story.told()) {
        Event event = story::event_of(told);
        event.study = kStudy;
        event.cohort = "PHASE1";
        event.site = subject.site;
        event.subject = subject.id;
        event.effective = moved(event.effective, subject.shift_days);
        if (event.effective_end) event.effective_end = moved(*event.effective_end, subject.shift_days);
        event.recorded_at = moved(event.recorded_at, subject.shift_days);
        event.appended_at = moved(event.appended_at, subject.shift_days);
        if (auto* contact = std::get_if<Contact>(&event.body)) {
            for (Surveillance& said : contact->surveillance)
                said.complete_through = moved(said.complete_through, subject.shift_days);
        }
        events.push_back(std::move(event));
    }
    return events;
}

SubjectTimeline timeline_of(const Subject& subject, const RuleSet& rules) {
    SubjectTimeline timeline(std::string(kStudy) + "/" + subject.id);
    for (const Event& event : events_of(subject)) static_cast<void>(timeline.apply(event, rules));
    return timeline;
}

}  // namespace cellvigil::ledger
