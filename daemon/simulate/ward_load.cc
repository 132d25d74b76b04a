#include "daemon/simulate/ward_load.h"

#include <algorithm>
#include <array>
#include <cmath>

#include <fmt/format.h>

#include "daemon/simulate/antibacterial.h"
#include "daemon/wire/encode.h"
#include "rules/base/ensure.h"

namespace cellvigil::simulate {
namespace {

constexpr auto kStay = std::chrono::hours(14 * 24);  // all within two weeks of the infusion
constexpr double kVitalSigns = 0.85;
constexpr double kLaboratory = 0.12;
constexpr Quantity kFever = whole(38);  // Cel; a reading of 38.0 is one
constexpr auto kCourse = std::chrono::hours(7 * 24);

struct Normal {
    Analyte analyte;
    double mean;
    double sd;
    int decimals;
};
constexpr std::array<Normal, 5> kVitals{{{Analyte::temperature, 37.3, 0.6, 1},
                                         {Analyte::systolic, 118, 9, 0},
                                         {Analyte::diastolic, 72, 6, 0},
                                         {Analyte::spo2, 96.5, 1, 0},
                                         {Analyte::heart_rate, 84, 10, 0}}};
constexpr std::array<Normal, 7> kResults{{{Analyte::neutrophils, 1.4, 0.4, 2},
                                          {Analyte::lymphocytes, 0.4, 0.1, 2},
                                          {Analyte::leukocytes, 2.2, 0.3, 2},
                                          {Analyte::platelets, 90, 20, 0},
                                          {Analyte::haemoglobin, 98, 6, 0},
                                          {Analyte::crp, 40, 12, 1},
                                          {Analyte::ferritin, 800, 150, 0}}};

Body first_of(std::uint32_t number) {
    if (number == 1) {
        Enrollment enrollment;
        enrollment.age_years = 58;
        enrollment.baseline_ice = 10;
        return enrollment;
    }
    Infusion infusion;
    infusion.product = {"urn:cellvigil:product", "C-CAR039", ""};
    infusion.lot = "LOT-01";
    return infusion;
}

}  // namespace

WardGenerator::WardGenerator(WardLoad load) : load_(std::move(load)), random_(load_.seed) {
    ensure(load_.subjects > 0 && load_.sites > 0, "a load has subjects and sites");
    start_ = load_.now - kStay - hours(1);
    step_ms_ = static_cast<double>(milliseconds(kStay).count()) /
               static_cast<double>(std::max<std::uint64_t>(load_.messages, 1));
    sequence_.resize(load_.subjects, 0);
    courses_.resize(load_.subjects);
    keys_.reserve(load_.subjects);
    for (std::uint32_t subject = 0; subject < load_.subjects; ++subject)
        keys_.push_back(fmt::format("{}/W{:07}", load_.study, subject + 1));
}

Body WardGenerator::vital_sign(std::uint32_t subject) {
    // Each subject's five signs in turn, as a monitor sends them.
    const Normal& sign = kVitals.at(sequence_[subject] % kVitals.size());
    return observed(sign.analyte, random_.normal(sign.mean, sign.sd), sign.decimals);
}

Body WardGenerator::result(std::uint32_t subject) {
    const Normal& test = kResults.at(sequence_[subject] % kResults.size());
    return observed(test.analyte, std::max(random_.normal(test.mean, test.sd), 0.01), test.decimals);
}

Body WardGenerator::rest(Instant at) {
    switch (random_.below(3)) {
        case 0: {
            Intervention given;
            given.kind = InterventionKind::drug;
            given.phase = InterventionPhase::single;
            given.indication = Indication::fever;
            given.agent = Agent::paracetamol;
            return given;
        }
        case 1: {
            IceAssessment assessment;
            assessment.total = static_cast<std::uint32_t>(random_.integer(8, 10));
            assessment.consciousness = Consciousness::alert;
            return assessment;
        }
        default: {
            Contact contact;
            contact.status = ContactStatus::alive;
            contact.surveillance.push_back({SurveillanceDomain::all, {at, at, load_.offset, TimePrecision::second}});
            return contact;
        }
    }
}

Body WardGenerator::body_of(std::uint32_t subject, Instant at) {
    double kind = random_.uniform();
    if (kind >= kVitalSigns + kLaboratory && ahead_ > 0) {
        --ahead_;
        kind = random_.uniform() * (kVitalSigns + kLaboratory);
    }
    if (kind < kVitalSigns) return vital_sign(subject);
    if (kind < kVitalSigns + kLaboratory) return result(subject);
    return rest(at);
}

void WardGenerator::notice_fever(std::uint32_t subject, const Body& body, Instant at) {
    const auto* reading = std::get_if<Observation>(&body);
    Course& course = courses_[subject];
    if (reading == nullptr || reading->analyte != Analyte::temperature || course.due != kNever) return;
    if (*reading->value < kFever) return;
    course.due = at + milliseconds(std::llround(days_to_antibacterial(random_) * 86'400'000));
}

std::optional<Body> WardGenerator::antibacterial(std::uint32_t subject, Instant at, Instant& when) {
    Course& course = courses_[subject];
    if (course.due > at) return std::nullopt;
    when = course.due;
    course.runs = !course.runs;
    if (course.runs) ++course.number;
    course.due = course.runs ? when + kCourse : kNever;
    ++ahead_;
    Intervention given;
    given.kind = InterventionKind::drug;
    given.phase = course.runs ? InterventionPhase::start : InterventionPhase::stop;
    given.indication = Indication::infection;
    given.agent = Agent::levofloxacin;
    given.route = Route::intravenous;
    given.treatment = true;
    given.course = fmt::format("antibacterial-{}", course.number);
    return given;
}

bool WardGenerator::next(Outgoing& out) {
    if (made_ >= load_.messages) return false;
    // Round after round over the subjects: every one gets its enrolment and infusion before anything else.
    const auto subject = static_cast<std::uint32_t>(made_ % load_.subjects);
    const std::uint32_t number = ++sequence_[subject];
    const Instant at = start_ + milliseconds(std::llround(static_cast<double>(made_) * step_ms_));
    const std::string message_id = uuid_v7(at, random_);
    const std::string site = fmt::format("site-{:02}", subject % load_.sites + 1);
    const std::string source = "ehr." + site;
    const std::string record = fmt::format("w{}", number);
    Event event;
    event.message_id = message_id;
    event.source_system = source;
    event.study = load_.study;
    event.cohort = load_.cohort;
    event.site = site;
    event.subject = std::string_view(keys_[subject]).substr(load_.study.size() + 1);
    event.record = record;
    event.origin = DataOrigin::ehr;
    event.producer_sequence = number;
    Instant when = at;
    if (number <= 2) {
        event.body = first_of(number);
    } else if (auto due = antibacterial(subject, at, when)) {
        event.body = std::move(*due);
    } else {
        event.body = body_of(subject, at);
        notice_fever(subject, event.body, at);
    }
    event.effective = {when, when, load_.offset, TimePrecision::second};
    event.recorded_at = at;
    value_ = wire::encode(event);
    out = {at, keys_[subject], value_};
    ++made_;
    return true;
}

}  // namespace cellvigil::simulate
