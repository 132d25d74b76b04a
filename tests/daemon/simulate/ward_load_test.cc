// The benchmarks' ward: its mix, and that it treats its fevers as days_to_antibacterial says.
#include "daemon/simulate/ward_load.h"

#include <gtest/gtest.h>

#include <map>
#include <string>

#include "daemon/ingest/admission.h"
#include "tests/support/case_name.h"

namespace cellvigil::simulate {
namespace {

WardLoad load_of(std::uint64_t messages, std::uint32_t subjects) {
    WardLoad load;
    load.messages = messages;
    load.subjects = subjects;
    load.now = Instant(std::chrono::hours(24 * 365 * 56));
    return load;
}

template <typename Visit>
void each_event(const WardLoad& load, Visit&& visit) {
    auto directory = std::make_shared<ingest::Directory>();
    directory->accept_any = true;
    ingest::Admission admission(directory);
    WardGenerator generator(load);
    Outgoing out;
    while (generator.next(out)) {
        ingest::MessageView view;
        view.appended_at = load.now;
        view.key = out.key;
        view.value = out.value;
        const ingest::Admitted& admitted = admission.admit(view);
        ASSERT_EQ(admitted.intake, Intake::accepted);
        visit(std::string(out.key), admitted.event);
    }
}

bool is_vital_sign(const Event& event) {
    const auto* reading = std::get_if<Observation>(&event.body);
    if (reading == nullptr) return false;
    const Analyte one = reading->analyte;
    return one == Analyte::temperature || one == Analyte::systolic || one == Analyte::diastolic ||
           one == Analyte::spo2 || one == Analyte::heart_rate;
}

bool is_antibacterial(const Event& event) {
    const auto* given = std::get_if<Intervention>(&event.body);
    return given != nullptr && given->agent == Agent::levofloxacin;
}

TEST(WardLoad, is_85_12_3_with_its_courses) {
    const WardLoad load = load_of(200'000, 100);
    std::map<std::string, double> share;
    each_event(load, [&](const std::string&, const Event& event) {
        const bool observation = std::holds_alternative<Observation>(event.body);
        share[!observation           ? "rest"
              : is_vital_sign(event) ? "vital"
                                     : "laboratory"] += 1.0 / static_cast<double>(load.messages);
    });
    EXPECT_NEAR(share["vital"], 0.85, 0.005);
    EXPECT_NEAR(share["laboratory"], 0.12, 0.005);
    EXPECT_NEAR(share["rest"], 0.03, 0.003);
}

struct Treated {
    Instant fever = kNever;  // untreated so far
    Instant until = kAlways;
    bool runs = false;
};

struct Counts {
    int begun = 0;
    int within_the_hour = 0;
    int late = 0;  // beyond five hours
    int untreated = 0;
};

Counts courses_of(const WardLoad& load) {
    std::map<std::string, Treated> patients;
    Counts counts;
    each_event(load, [&](const std::string& key, const Event& event) {
        Treated& patient = patients[key];
        const Instant at = event.effective.from;
        if (is_antibacterial(event)) {
            patient.runs = std::get<Intervention>(event.body).phase == InterventionPhase::start;
            if (!patient.runs) return;
            ++counts.begun;
            EXPECT_NE(patient.fever, kNever) << "a course without a fever";
            if (at - patient.fever <= std::chrono::hours(1)) ++counts.within_the_hour;
            if (at - patient.fever > std::chrono::hours(5)) ++counts.late;
            patient.fever = kNever;
            return;
        }
        const auto* reading = std::get_if<Observation>(&event.body);
        if (reading == nullptr || reading->analyte != Analyte::temperature || patient.runs) return;
        if (*reading->value >= whole(38) && patient.fever == kNever) patient.fever = at;
    });
    for (const auto& [key, patient] : patients) {
        if (patient.fever != kNever && load.now - patient.fever > std::chrono::hours(8)) ++counts.untreated;
    }
    return counts;
}

struct Density {
    const char* name;
    std::uint64_t messages_each;
};
class WardCourses : public testing::TestWithParam<Density> {};

TEST_P(WardCourses, fevers_are_treated_mostly_within_the_hour) {
    constexpr std::uint32_t kSubjects = 200;
    const Counts counts = courses_of(load_of(GetParam().messages_each * kSubjects, kSubjects));
    EXPECT_GE(counts.begun, 300);  // some two courses of a week each in two weeks
    EXPECT_NEAR(static_cast<double>(counts.within_the_hour) / counts.begun, 0.93, 0.03);
    EXPECT_EQ(counts.late, 0);
    EXPECT_EQ(counts.untreated, 0);
}
INSTANTIATE_TEST_SUITE_P(Densities, WardCourses,
                         testing::Values(Density{"an_event_in_forty_minutes", 500}, Density{"in_eight", 2500}),
                         CaseName{});

TEST(WardLoad, the_same_settings_give_the_same_bytes) {
    WardGenerator first(load_of(20'000, 50));
    WardGenerator second(load_of(20'000, 50));
    Outgoing one;
    Outgoing other;
    while (first.next(one)) {
        ASSERT_TRUE(second.next(other));
        ASSERT_EQ(one.value, other.value);
        ASSERT_EQ(one.key, other.key);
    }
    EXPECT_FALSE(second.next(other));
}

}  // namespace
}  // namespace cellvigil::simulate
