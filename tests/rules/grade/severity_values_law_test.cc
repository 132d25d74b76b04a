// Laws of severity of what single values grade: CTCAE counts, CAR-HEMATOTOX, late ICAHT and T-ICAHT, febrile
// neutropenia, IgG and B cells, the suspicions of IEC-HS and hepatitis B, and what is registered. A worse value never
// has a milder answer, in grade or upper grade; a value left out is covered by the range; and more of a course never
// takes back.
#include <array>
#include <optional>

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "rules/grade/car_hematotox.h"
#include "rules/grade/ctcae_lab.h"
#include "rules/grade/icaht.h"
#include "rules/grade/iec_hs.h"
#include "rules/grade/registered.h"
#include "rules/grade/t_icaht.h"
#include "tests/rules/grade/report_story.h"

namespace cellvigil {
namespace {

using namespace report_story;

std::int64_t up_to(std::int64_t most) { return *rc::gen::inRange<std::int64_t>(0, most + 1); }

// ---- CTCAE counts

RC_GTEST_PROP(SeverityOfCounts, neither_grade_is_milder_for_a_worse_count, ()) {
    const auto term = static_cast<LabTerm>(*rc::gen::inRange(0, kLabTerms));
    const auto version = *rc::gen::element(CtcaeVersion::v5_0, CtcaeVersion::v6_0);
    const bool increase = term == LabTerm::lymphocyte_count_increased || term == LabTerm::leukocytosis;
    LabValue lab;
    lab.value = Quantity{1 + up_to(200'000'000)};
    if (*rc::gen::arbitrary<bool>()) lab.reference_low = Quantity{1 + up_to(200'000'000)};
    LabValue worse = lab;
    worse.value.micro += increase ? up_to(200'000'000) : -up_to(lab.value.micro - 1);
    const LabGrade before = grade_lab(term, version, lab);
    const LabGrade after = grade_lab(term, version, worse);
    RC_ASSERT(after.upper >= before.upper);
    RC_ASSERT(after.grade >= before.grade || before.grade == kNotGradable);
}

RC_GTEST_PROP(SeverityOfCounts, the_lower_limit_of_normal_only_narrows_the_range, ()) {
    const auto term = static_cast<LabTerm>(*rc::gen::inRange(0, kLabTerms));
    const auto version = *rc::gen::element(CtcaeVersion::v5_0, CtcaeVersion::v6_0);
    LabValue lab;
    lab.value = Quantity{1 + up_to(200'000'000)};
    const LabGrade open = grade_lab(term, version, lab);
    lab.reference_low = Quantity{1 + up_to(200'000'000)};
    const LabGrade known = grade_lab(term, version, lab);
    RC_ASSERT(known.upper <= open.upper);
    RC_ASSERT(known.grade >= open.grade);
}

// ---- CAR-HEMATOTOX

using Items = std::array<std::optional<ItemValue>, kHematotoxItems>;

Items some_items() {
    const std::array<std::int64_t, kHematotoxItems> most{300, 3, 150, 100, 4000};
    Items items;
    for (std::size_t i = 0; i < kHematotoxItems; ++i) items[i] = ItemValue{Quantity{up_to(most[i] * 1'000'000)}};
    return items;
}

RC_GTEST_PROP(SeverityOfHematotox, a_worse_item_never_lowers_the_score, ()) {
    const Items before = some_items();
    Items after = before;
    const auto i = static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(kHematotoxItems)));
    const auto item = static_cast<HematotoxItem>(i);
    const bool rises = item == HematotoxItem::crp || item == HematotoxItem::ferritin;
    after[i]->value.micro += rises ? up_to(4'000'000'000) : -up_to(before[i]->value.micro);
    RC_ASSERT(car_hematotox(after).grade >= car_hematotox(before).grade);
}

RC_GTEST_PROP(SeverityOfHematotox, a_missing_item_is_covered_and_never_makes_a_score, ()) {
    const Items whole = some_items();
    Items open = whole;
    open[static_cast<std::size_t>(*rc::gen::inRange<int>(0, static_cast<int>(kHematotoxItems)))].reset();
    RC_ASSERT(car_hematotox(open).grade == kNotGradable);
    RC_ASSERT(car_hematotox(open).upper >= car_hematotox(whole).grade);
}

// ---- ICAHT, T-ICAHT: late (early ones: icaht_test.cc, t_icaht_test.cc)

DayLows some_late_lows(std::int64_t most) {
    DayLows lows;
    const int values = *rc::gen::inRange(0, 12);
    for (int i = 0; i < values; ++i) lows.note(*rc::gen::inRange(31, 101), Quantity{up_to(most)});
    return lows;
}

RC_GTEST_PROP(SeverityOfLateCounts, a_lower_value_never_has_a_milder_grade, ()) {
    const DayLows before = some_late_lows(150'000'000);
    DayLows after = before;
    for (std::int64_t& value : after.micro) {
        if (value != DayLows::kNoValue) value -= up_to(value);
    }
    RC_ASSERT(grade_late_t_icaht(after, 100).grade >= grade_late_t_icaht(before, 100).grade);
    RC_ASSERT(grade_late_t_icaht(after, 100).upper >= grade_late_t_icaht(before, 100).upper);
    const auto scaled = [](DayLows lows) {  // platelets read as neutrophils
        for (std::int64_t& value : lows.micro) {
            if (value != DayLows::kNoValue) value /= 50;
        }
        return lows;
    };
    RC_ASSERT(grade_late_icaht(scaled(after), 100).grade >= grade_late_icaht(scaled(before), 100).grade);
    RC_ASSERT(grade_late_icaht(scaled(after), 100).upper >= grade_late_icaht(scaled(before), 100).upper);
}

// ---- Febrile neutropenia

RC_GTEST_PROP(SeverityOfFebrileNeutropenia, hotter_longer_or_fewer_never_grades_milder, ()) {
    const auto graded = [](std::int64_t neutrophils, std::int64_t first, std::int64_t second, int apart) {
        Story s = treated();
        s.lab(d(5, 8), Analyte::neutrophils, static_cast<double>(neutrophils) / 1000);
        s.temperature(d(5, 9), static_cast<double>(first) / 100)
            .temperature(d(5, 9, apart), static_cast<double>(second) / 100);
        return standing(s, d(5, 12), Scale::ctcae_5_0, Term::febrile_neutropenia);
    };
    const std::int64_t neutrophils = up_to(1500), first = 3700 + up_to(300), second = 3700 + up_to(300);
    const int apart = *rc::gen::inRange(10, 150);
    const Assessment before = graded(neutrophils, first, second, apart);
    const Assessment after =
        graded(neutrophils - up_to(neutrophils), first + up_to(100), second + up_to(100), apart + 30);
    RC_ASSERT(after.grade >= before.grade || !before.under_surveillance);
    RC_ASSERT(after.grade_upper >= before.grade_upper || !before.under_surveillance);
}

// ---- IgG and B cells

RC_GTEST_PROP(SeverityOfImmunity, a_lower_value_never_says_less, ()) {
    const auto igg = [](double value) {
        Story s = treated();
        s.lab(d(120), Analyte::igg, value);
        return standing(s, d(121), Scale::unspecified, Term::low_igg);
    };
    const auto b_cells = [](double first, double second) {
        Story s = treated();
        s.lab(d(200), Analyte::cd19, first).lab(d(240), Analyte::cd19, second);
        return standing(s, d(241), Scale::unspecified, Term::prolonged_b_cell_aplasia);
    };
    const auto value = static_cast<double>(up_to(9000)),
               lower = static_cast<double>(up_to(static_cast<std::int64_t>(value)));
    RC_ASSERT(igg(lower / 1000).grade >= igg(value / 1000).grade);
    RC_ASSERT(igg(lower / 1000).grade_upper >= igg(value / 1000).grade_upper);
    const auto other = static_cast<double>(up_to(60));
    const double cells = value / 200;
    RC_ASSERT(b_cells(lower / 200'000, other / 1000).grade >= b_cells(cells / 1000, other / 1000).grade);
    RC_ASSERT(b_cells(other / 1000, lower / 200'000).grade_upper >= b_cells(other / 1000, cells / 1000).grade_upper);
}

// ---- Suspicions

RC_GTEST_PROP(SeverityOfSuspicions, worse_values_never_take_the_suspicion_of_iec_hs_back, ()) {
    const auto suspected = [](std::int64_t ferritin, std::int64_t alt, std::int64_t fibrinogen,
                              std::int64_t platelets) {
        Story s = treated();
        s.tell(d(8, 7), measured(Analyte::ferritin, ferritin, 300)).tell(d(8, 8), measured(Analyte::alt, alt, 40));
        s.lab(d(8, 9), Analyte::fibrinogen, static_cast<double>(fibrinogen) / 1000);
        s.lab(d(8, 9), Analyte::platelets, static_cast<double>(platelets));
        return standing(s, d(9), Scale::iec_hs_2023, Term::iec_hs).flags.has(Flag::suspicion);
    };
    const std::int64_t ferritin = up_to(1200), alt = up_to(400), fibrinogen = up_to(3000), platelets = up_to(60);
    const bool before = suspected(ferritin, alt, fibrinogen, platelets);
    const bool after = suspected(ferritin + up_to(20'000), alt + up_to(900), fibrinogen - up_to(fibrinogen),
                                 platelets - up_to(platelets));
    RC_ASSERT(after || !before);
}

RC_GTEST_PROP(SeverityOfSuspicions, more_virus_never_takes_the_suspicion_of_hepatitis_b_back,
              (bool carrier, bool measured_before)) {
    const std::int64_t base = up_to(200), value = up_to(30'000), more = value + up_to(100'000);
    const auto suspected = [&](std::int64_t now) {
        Story s;
        s.adult().tell(d(-10), told(Analyte::hbsag, carrier)).tell(d(-10), told(Analyte::anti_hbc, true));
        if (measured_before) s.tell(d(-9), measured(Analyte::hbv_dna, base));
        s.infused().tell(d(60), measured(Analyte::hbv_dna, now));
        return standing(s, d(61), Scale::ctcae_5_0, Term::hbv_reactivation_suspected).flags.has(Flag::suspicion);
    };
    RC_ASSERT(suspected(more) || !suspected(value));
}

// ---- What is registered, and the ladder of IEC-HS: more of a course never lowers

IecConfirmed some_course(std::uint32_t bits) {
    IecConfirmed course;
    course.reported = (bits & 1U) != 0;
    course.signed_due = true;
    course.treated = (bits & 2U) != 0;
    course.admitted = (bits & 4U) != 0;
    course.life_threatening = (bits & 8U) != 0;
    course.fatal = (bits & 16U) != 0;
    return course;
}

RegisteredEvent some_event(Term term, std::uint32_t bits) {
    RegisteredEvent event;
    event.term = term;
    event.onset = d(40);
    event.ends = (bits & 64U) != 0 ? d(60) : d(43);
    event.recovered = true;
    event.admitted = (bits & 1U) != 0;
    event.intensive_care = (bits & 2U) != 0;
    event.steroid = (bits & 4U) != 0;
    event.life_threatening = (bits & 8U) != 0;
    event.fatal = (bits & 16U) != 0;
    return event;
}

TEST(SeverityOfReports, more_of_a_course_never_lowers_the_grade) {
    for (std::uint32_t bits = 0; bits < 128; ++bits) {
        for (std::uint32_t more = 1; more < 128; more *= 2) {
            const IecSeverity less = severity_of(some_course(bits));
            const IecSeverity all = severity_of(some_course(bits | more));
            EXPECT_GE(int{all.grade}, int{less.grade}) << bits << " and " << more;
            EXPECT_GE(int{all.upper}, int{all.grade});
            for (const Term term : {Term::secondary_malignancy, Term::licats, Term::enterocolitis}) {
                const RegisteredGrade before = grade_registered(some_event(term, bits));
                const RegisteredGrade after = grade_registered(some_event(term, bits | more));
                EXPECT_GE(int{after.grade}, int{before.grade}) << name_of(term) << " " << bits << " and " << more;
                EXPECT_GE(int{after.upper}, int{before.upper}) << name_of(term) << " " << bits << " and " << more;
            }
        }
    }
}

}  // namespace
}  // namespace cellvigil
