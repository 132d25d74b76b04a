#include "rules/cohort/index_course.h"

#include <algorithm>
#include <variant>

namespace cellvigil {
namespace {

template <typename T>
const T* body_of(const Fact& fact) {
    return fact.body == nullptr ? nullptr : std::get_if<T>(fact.body);
}

void keep_first(std::optional<Day>& kept, Day day) {
    if (!kept || day < *kept) kept = day;
}
void keep_last(std::optional<Day>& kept, Day day) {
    if (!kept || day > *kept) kept = day;
}

std::vector<IndexCourse> infusions_of(const SubjectFacts& subject, const RuleSet& rules) {
    std::vector<IndexCourse> courses;
    for (const Fact& fact : subject.facts) {
        const auto* given = body_of<Infusion>(fact);
        if (given == nullptr) continue;
        const bool split = !courses.empty() && !given->lot.empty() && given->lot == courses.back().lot &&
                           fact.at - courses.back().at <= rules.split_infusion;
        if (split) continue;
        IndexCourse course;
        course.ordinal = static_cast<std::uint16_t>(courses.size() + 1);
        course.at = fact.at;
        course.date = site_date(fact.at, fact.offset);
        course.offset = fact.offset;
        course.lot = given->lot;
        courses.push_back(std::move(course));
    }
    return courses;
}

void take_therapy(IndexCourse& course, const SubsequentTherapy& therapy, Day day) {
    if (therapy.intent == TherapyIntent::other) return;
    switch (therapy.kind) {
        case SubsequentTherapyKind::allogeneic_hct:
        case SubsequentTherapyKind::autologous_hct:
            keep_first(course.transplant, day);
            return;
        case SubsequentTherapyKind::cell_therapy:
            keep_first(course.cell_therapy, day);
            return;
        case SubsequentTherapyKind::systemic:
        case SubsequentTherapyKind::checkpoint_inhibitor:
        case SubsequentTherapyKind::t_cell_engager:
            keep_first(course.systemic_therapy, day);
            return;
        case SubsequentTherapyKind::radiotherapy:
        case SubsequentTherapyKind::unspecified:
            return;
    }
}

void take_status(IndexCourse& course, Response response, Day day) {
    if (day < 1 || response == Response::unspecified || response == Response::not_evaluable) return;
    course.evaluable = true;
    course.disease_assessments.push_back(day);
    switch (response) {
        case Response::complete:
            if (course.progression) return;
            keep_first(course.response, day);
            keep_first(course.complete_response, day);
            return;
        case Response::partial:
            if (!course.progression) keep_first(course.response, day);
            return;
        case Response::progressive:
        case Response::relapse:
            keep_first(course.progression, day);
            return;
        case Response::stable:
        case Response::not_evaluable:
        case Response::unspecified:
            return;
    }
}

// What is gathered of contacts and consent before it is known what bounds what.
struct Gathered {
    std::optional<Day> contact;  // alive, transferred or completed
    std::optional<Day> any_fact;
    std::optional<Day> infections;  // surveillance complete through
    std::optional<Day> all;         // of every domain
};

void take_contact(IndexCourse& course, Gathered& gathered, const Contact& contact, const Fact& fact, Day day,
                  bool after_cut) {
    const auto is = [&](ContactStatus status) { return contact.status == status; };
    if (is(ContactStatus::alive) || is(ContactStatus::transferred) || is(ContactStatus::completed))
        keep_last(gathered.contact, day);
    if (is(ContactStatus::lost_to_follow_up) && !after_cut) keep_last(course.lost, day);
    for (const Surveillance& said : contact.surveillance) {
        const Day through =
            day_since(course.date, said.complete_through.from, said.complete_through.offset.value_or(fact.offset));
        const bool whole = said.domain == SurveillanceDomain::all;
        if (whole) keep_last(gathered.all, through);
        if (whole || said.domain == SurveillanceDomain::infection) keep_last(gathered.infections, through);
        if (whole || said.domain == SurveillanceDomain::medication) keep_last(course.medication_known, through);
    }
}

void take_consent(IndexCourse& course, ConsentScope scope, Day day) {
    if (scope == ConsentScope::stop_collection || scope == ConsentScope::erase) keep_first(course.withdrawn, day);
    if (scope == ConsentScope::resumed) course.withdrawn.reset();
}

bool shows_alive(FactKind kind) {
    switch (kind) {
        case FactKind::observation:
        case FactKind::intervention:
        case FactKind::infection:
        case FactKind::disease_status:
        case FactKind::subsequent_therapy:
        case FactKind::infusion:
        case FactKind::ice_assessment:
        case FactKind::neuro_finding:
            return true;
        case FactKind::enrollment:
        case FactKind::adverse_event:
        case FactKind::death:
        case FactKind::contact:
        case FactKind::consent_change:
        case FactKind::site_heartbeat:
        case FactKind::adjudication:
        case FactKind::retraction:
            return false;
    }
    return false;
}

FollowUp bounded(const IndexCourse& course, std::optional<Day> covered, std::optional<Day> cut) {
    FollowUp follow_up;
    follow_up.last = covered.value_or(-1);
    if (course.lost) follow_up.why = Exit::lost;
    if (course.withdrawn) follow_up = {std::min(follow_up.last, *course.withdrawn), Exit::withdrawn};
    if (cut && *cut <= follow_up.last) follow_up = {*cut, Exit::data_cut};
    return follow_up;
}

std::optional<Day> later(std::optional<Day> a, std::optional<Day> b) { return a && b ? std::max(a, b) : (a ? a : b); }

std::optional<Day> covered_by(FollowedBy how, std::optional<Day> surveillance, const Gathered& gathered) {
    switch (how) {
        case FollowedBy::surveillance:
            return surveillance;
        case FollowedBy::contact:
            return later(surveillance, gathered.contact);
        case FollowedBy::any_fact:
            return later(later(surveillance, gathered.contact), gathered.any_fact);
    }
    return surveillance;
}

// Who is enrolled in advance is under observation from the infusion; who joins later, from that day.
void take_enrollment(IndexCourse& course, Day day, bool& before) {
    if (day <= 0) before = true;
    if (!before) course.entry = course.entry == 0 ? day : std::min(course.entry, day);
    if (before) course.entry = 0;
}

void follow(IndexCourse& course, const SubjectFacts& subject, const RuleSet& rules) {
    Gathered gathered;
    bool enrolled_before = false;
    for (const Fact& fact : subject.facts) {
        const Day day = day_since(course.date, fact);
        if (fact.at >= course.at && shows_alive(fact.kind)) keep_last(gathered.any_fact, day);
        if (body_of<Enrollment>(fact) != nullptr) take_enrollment(course, day, enrolled_before);
        const bool after_cut = subject.data_cut && fact.at > *subject.data_cut;
        if (const auto* contact = body_of<Contact>(fact))
            take_contact(course, gathered, *contact, fact, day, after_cut);
        if (const auto* consent = body_of<ConsentChange>(fact)) take_consent(course, consent->scope, day);
        if (day < 0) continue;
        if (const auto* death = body_of<Death>(fact); death != nullptr && after_cut) {
            keep_last(gathered.contact, day);  // was alive until then
        } else if (death != nullptr && !course.death) {
            course.death = day;
            course.death_cause = death->principal;
        }
        if (fact.at < course.at) continue;
        if (const auto* therapy = body_of<SubsequentTherapy>(fact)) take_therapy(course, *therapy, day);
        if (const auto* status = body_of<DiseaseStatus>(fact)) take_status(course, status->response, day);
    }
    const std::optional<Day> cut =
        subject.data_cut ? std::optional<Day>(day_since(course.date, *subject.data_cut, course.offset)) : std::nullopt;
    course.survival = bounded(course, covered_by(rules.cohorts.survival_followed_by, gathered.all, gathered), cut);
    course.infections =
        bounded(course, covered_by(rules.cohorts.infections_followed_by, gathered.infections, gathered), cut);
}

}  // namespace

const char* name_of(Exit exit) {
    switch (exit) {
        case Exit::event:
            return "event";
        case Exit::death:
            return "death";
        case Exit::systemic_therapy:
            return "systemic_therapy";
        case Exit::transplant:
            return "transplant";
        case Exit::cell_therapy:
            return "cell_therapy";
        case Exit::progression:
            return "progression";
        case Exit::withdrawn:
            return "withdrawn";
        case Exit::lost:
            return "lost";
        case Exit::last_contact:
            return "last_contact";
        case Exit::data_cut:
            return "data_cut";
        case Exit::window_end:
            return "window_end";
    }
    return "unknown";
}

std::optional<Day> IndexCourse::next_therapy() const {
    std::optional<Day> first = transplant;
    if (cell_therapy) keep_first(first, *cell_therapy);
    if (systemic_therapy) keep_first(first, *systemic_therapy);
    return first;
}

std::vector<IndexCourse> index_courses(const SubjectFacts& subject, const RuleSet& rules) {
    std::vector<IndexCourse> courses = infusions_of(subject, rules);
    for (std::size_t i = 0; i < courses.size(); ++i) {
        follow(courses[i], subject, rules);
        if (i + 1 == courses.size()) continue;
        keep_first(courses[i].cell_therapy,
                   infusion_day(courses[i].date, site_date(courses[i + 1].at, courses[i + 1].offset)).value);
    }
    return courses;
}

}  // namespace cellvigil
