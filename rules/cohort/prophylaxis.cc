#include "rules/cohort/prophylaxis.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

bool is_antiviral(Agent agent) {
    return agent == Agent::aciclovir || agent == Agent::valaciclovir || agent == Agent::famciclovir ||
           agent == Agent::ganciclovir || agent == Agent::valganciclovir || agent == Agent::foscarnet;
}
bool is_pneumocystis_agent(Agent agent) {
    return agent == Agent::cotrimoxazole || agent == Agent::pentamidine || agent == Agent::atovaquone ||
           agent == Agent::dapsone;
}
bool is_zoster_vaccine(Agent agent) {
    return agent == Agent::zoster_vaccine_recombinant || agent == Agent::zoster_vaccine_live;
}

bool is_of(const Intervention& given, Prophylaxis kind) {
    switch (kind) {
        case Prophylaxis::antiviral:
            return is_antiviral(given.agent) && !given.treatment;
        case Prophylaxis::pneumocystis:
            return is_pneumocystis_agent(given.agent) && !given.treatment;
        case Prophylaxis::immunoglobulin:
            return given.kind == InterventionKind::immunoglobulin || given.agent == Agent::immunoglobulin_iv ||
                   given.agent == Agent::immunoglobulin_sc;
        case Prophylaxis::zoster_vaccine:
            return is_zoster_vaccine(given.agent);
    }
    return false;
}

// Days that a dose covers, its own included.
Day covers(const Intervention& given, Prophylaxis kind, const ProphylaxisRules& rules) {
    if (kind == Prophylaxis::immunoglobulin) return rules.immunoglobulin_covers_days;
    if (given.agent == Agent::pentamidine) return rules.pentamidine_covers_days;
    return 1;
}

struct Running {
    ProphylaxisCourse course;
    std::string id;
    Agent agent = Agent::none;
    bool open = false;
};

class Courses {
  public:
    Courses(const IndexCourse& index, Prophylaxis kind, const ProphylaxisRules& rules)
        : index_(index), kind_(kind), rules_(rules) {}

    void take(const Fact& fact, const Intervention& given) {
        const Day day = day_since(index_.date, fact);
        const Day tail = covers(given, kind_, rules_) - 1;
        Running* running = find(given);
        switch (given.phase) {
            case InterventionPhase::start:
            case InterventionPhase::change:
                if (running == nullptr) running = &begin(given, day);
                if (fact.until != kNever) end(*running, day_since(index_.date, fact.until, fact.offset) + tail);
                return;
            case InterventionPhase::stop:
                if (running == nullptr) running = &begin(given, day);
                end(*running, day + tail);
                return;
            case InterventionPhase::single:
            case InterventionPhase::unspecified:
                end(begin(given, day), day + tail);
                return;
        }
    }
    std::vector<ProphylaxisCourse> result() && {
        std::vector<ProphylaxisCourse> courses;
        for (Running& running : found_) courses.push_back(std::move(running.course));
        std::stable_sort(courses.begin(), courses.end(),
                         [](const ProphylaxisCourse& a, const ProphylaxisCourse& b) { return a.first < b.first; });
        return courses;
    }

  private:
    Running* find(const Intervention& given) {
        const auto same = std::find_if(found_.begin(), found_.end(), [&](const Running& running) {
            if (!running.open) return false;
            return given.course.empty() || running.id.empty() ? running.agent == given.agent
                                                              : running.id == given.course;
        });
        return same == found_.end() ? nullptr : &*same;
    }
    Running& begin(const Intervention& given, Day day) {
        Running& begun = found_.emplace_back();
        begun.course.first = day;
        begun.course.last = kOpenCourse;
        begun.course.policy = given.policy;
        begun.id = given.course;
        begun.agent = given.agent;
        begun.open = true;
        return begun;
    }
    static void end(Running& running, Day last) {
        running.course.last = last;
        running.open = false;
    }

    const IndexCourse& index_;
    Prophylaxis kind_;
    const ProphylaxisRules& rules_;
    std::vector<Running> found_;
};

// Protection by vaccine begins with the second recombinant dose; a live vaccine is one dose.
std::vector<ProphylaxisCourse> vaccinated(std::vector<ProphylaxisCourse> doses, bool live) {
    if (doses.empty() || (doses.size() < 2 && !live)) return {};
    const ProphylaxisCourse& completing = live ? doses.front() : doses[1];
    return {{completing.first, kOpenCourse, completing.policy}};
}

}  // namespace

const char* name_of(Prophylaxis kind) {
    switch (kind) {
        case Prophylaxis::antiviral:
            return "antiviral";
        case Prophylaxis::pneumocystis:
            return "pneumocystis";
        case Prophylaxis::immunoglobulin:
            return "immunoglobulin";
        case Prophylaxis::zoster_vaccine:
            return "zoster_vaccine";
    }
    return "unknown";
}

std::vector<ProphylaxisCourse> prophylaxis_courses(const SubjectFacts& subject, const IndexCourse& index,
                                                   Prophylaxis kind, const RuleSet& rules) {
    Courses courses(index, kind, rules.prophylaxis);
    bool live = false;
    for (const Fact& fact : subject.facts) {
        const auto* given = fact.body == nullptr ? nullptr : std::get_if<Intervention>(fact.body);
        if (given == nullptr || !is_of(*given, kind)) continue;
        // A vaccine given before the cells protects no longer.
        if (kind == Prophylaxis::zoster_vaccine && fact.at < index.at) continue;
        live = live || given->agent == Agent::zoster_vaccine_live;
        courses.take(fact, *given);
    }
    std::vector<ProphylaxisCourse> found = std::move(courses).result();
    return kind == Prophylaxis::zoster_vaccine ? vaccinated(std::move(found), live) : found;
}

std::vector<StandingRun> prophylaxis_runs(const SubjectFacts& subject, const IndexCourse& index, Prophylaxis kind,
                                          DaySpan span, const RuleSet& rules) {
    const std::vector<ProphylaxisCourse> courses = prophylaxis_courses(subject, index, kind, rules);
    std::vector<Day> changes;
    for (const ProphylaxisCourse& course : courses) {
        changes.push_back(course.first);
        if (course.last < kOpenCourse) changes.push_back(course.last + 1);
    }
    if (index.medication_known) changes.push_back(*index.medication_known + 1);
    return runs_over<StandingRun>(span, std::move(changes), [&](Day day) {
        for (const ProphylaxisCourse& course : courses) {
            if (course.first <= day && day <= course.last) return Standing::yes;
        }
        return index.medication_known && day <= *index.medication_known ? Standing::no : Standing::unknown;
    });
}

}  // namespace cellvigil
