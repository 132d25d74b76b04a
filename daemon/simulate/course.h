// From what truly happened to what the site comes to know: one Fact per clinical statement, in its true form. Faults,
// delays and corrections come after (stream.h). Pure: every part draws from a stream of its own.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/simulate/truth.h"

namespace cellvigil::simulate {

// How a fact gets written down, which decides how late and with which errors.
enum class Reporting : std::uint8_t {
    charted,  // vital signs and bedside assessments
    laboratory,
    support,       // what was given or connected
    registration,  // enrolment, infusion
    visit,
    inpatient,   // reports on a happening in hospital
    outpatient,  // reports on a happening elsewhere: the site learns later
    exit,        // death, loss to follow-up
};

// One wording of a fact: later ones replace earlier ones.
struct Wording {
    Instant at{};  // when it was true of the patient
    std::optional<Instant> until;
    Instant not_before{};  // the site cannot have known before
    Body body;
};

struct Fact {
    Reporting reporting = Reporting::charted;
    std::string record;
    TimePrecision precision = TimePrecision::minute;
    bool serious = false;
    bool fatal = false;
    std::vector<Wording> wordings;  // at least one
};

// Collects a subject's facts; what would happen after the end of observation is not taken.
class Course {
  public:
    Course(const SubjectTruth& truth, const Parameters& parameters) : truth_(truth), parameters_(parameters) {}

    const SubjectTruth& truth() const { return truth_; }
    const Parameters& parameters() const { return parameters_; }
    bool observed(double day) const { return day < truth_.exits.observed_until(); }
    Random random(Purpose purpose) const { return stream_of(parameters_, truth_.index, purpose); }

    // Returns the fact for further wordings; nullptr when it lies after the end of observation (an exit never does).
    Fact* add(Reporting reporting, double day, Body body);
    Fact* add(Reporting reporting, Stretch stretch, Body body);

    std::vector<Fact> take() { return std::move(facts_); }

  private:
    const SubjectTruth& truth_;
    const Parameters& parameters_;
    std::vector<Fact> facts_;
};

// The whole course of one subject.
std::vector<Fact> course_of(const SubjectTruth& truth, const Parameters& parameters);

// Its parts.
void register_subject(Course& course);
void chart_vital_signs(Course& course);
void chart_neurology(Course& course);
void give_support(Course& course);
void measure_blood(Course& course);
void measure_immunity(Course& course);
void give_prophylaxis(Course& course);
void report_happenings(Course& course);
void follow_up(Course& course);

// A component of CRS over time: the level (0, 2, 3, 4) from each instant on, the last one 0.
struct Step {
    double from = 0;
    int level = 0;
};
std::vector<Step> steps_of(const CrsTruth& crs, int peak_level);
int level_at(const std::vector<Step>& steps, double day);

// Amounts to the digits that a site writes.
Quantity to_digits(double amount, int decimals);  // decimals 0..6
Observation observed(Analyte analyte, double amount, int decimals);

}  // namespace cellvigil::simulate
