#include "daemon/alert_message.h"

#include "daemon/wire/encode.h"

namespace cellvigil {
namespace {

const char* title_of(SubjectRule rule) {
    switch (rule) {
        case SubjectRule::crs_grade_3: return "Cytokine release syndrome of grade 3 or higher";
        case SubjectRule::icans_grade_3: return "Neurotoxicity (ICANS) of grade 3 or higher";
        case SubjectRule::toxicity_death: return "Death from a toxicity of the therapy";
        case SubjectRule::herpes_zoster: return "Herpes zoster after the infusion";
    }
    return "Alert";
}

const char* words_of(ZosterClass zoster) {
    switch (zoster) {
        case ZosterClass::unspecified: return "extent not stated";
        case ZosterClass::localised: return "localised";
        case ZosterClass::multidermatomal: return "multidermatomal";
        case ZosterClass::disseminated: return "disseminated";
        case ZosterClass::ophthalmic_or_oticus: return "ophthalmic or oticus";
        case ZosterClass::cns_or_visceral: return "central nervous system or visceral";
    }
    return "";
}

std::string words_of(Grade grade) { return grade == kNotGradable ? "not gradable" : "grade " + std::to_string(grade); }

// One sentence, from the alert alone: rule, day, what decided, and what is uncertain. Names no subject.
std::string explanation_of(const SubjectAlert& alert) {
    const std::string day = " on day " + std::to_string(alert.day);
    const std::string infusion = " after infusion " + std::to_string(alert.infusion);
    if (alert.rule == SubjectRule::herpes_zoster) {
        return std::string("Herpes zoster (") + words_of(alert.zoster) + ")" + day + infusion + ".";
    }
    std::string text = std::string(name_of(alert.scale)) + ", episode " + std::to_string(alert.ordinal) + infusion + ": " +
                       words_of(alert.grade);
    if (alert.grade_upper != alert.grade) {
        text += ", at most " + words_of(alert.grade_upper) + " with what is not known or not adjudicated";
    }
    std::string deciding;
    for (int i = 0; i < kComponents; ++i) {
        const auto component = static_cast<Component>(i);
        if (alert.deciding.has(component)) deciding.append(deciding.empty() ? "" : ", ").append(name_of(component));
    }
    text += ", first reached" + day;
    return deciding.empty() ? text + "." : text + ", by " + deciding + ".";
}

std::optional<std::uint32_t> stated(Grade grade) {
    if (grade == kNotGradable) return std::nullopt;
    return static_cast<std::uint32_t>(grade);
}

wire::AlertState state_of(AlertChangeKind kind) {
    switch (kind) {
        case AlertChangeKind::raised: return wire::AlertState::raised;
        case AlertChangeKind::changed: return wire::AlertState::updated;
        case AlertChangeKind::withdrawn: return wire::AlertState::withdrawn;
    }
    return wire::AlertState::unspecified;
}

}  // namespace

std::string alert_message(const pipeline::AlertNews& news) {
    const SubjectAlert& alert = news.change.alert;
    wire::Alert message;
    message.alert_id = news.change.alert_id;
    message.revision = news.change.revision;
    message.rule = name_of(alert.rule);
    message.rule_version = 1;
    message.severity = wire::alert_severity_of(severity_of(alert.rule, alert.zoster));
    message.state = state_of(news.change.kind);
    message.subject_key = news.subject_key;
    message.study = news.subject_key.substr(0, news.subject_key.find('/'));
    message.cohort = news.cohort.substr(news.cohort.find('/') + 1);
    message.site = news.site;
    message.sites = 1;
    message.event_time = alert.at;
    message.partition = news.partition;
    message.position = news.position;
    message.raised_at = news.at;
    message.title = title_of(alert.rule);
    message.explanation = explanation_of(alert);
    message.scale = alert.scale;
    message.grade = stated(alert.grade);
    message.grade_upper = stated(alert.grade_upper);
    message.needs_adjudication = !alert.flags.empty();
    message.day = alert.day;
    message.zoster = alert.zoster;
    for (int i = 0; i < kComponents; ++i) {
        if (alert.deciding.has(static_cast<Component>(i))) message.deciding.push_back(static_cast<Component>(i));
    }
    for (int i = 0; i < kFlags; ++i) {
        if (alert.flags.has(static_cast<Flag>(i))) message.flags.emplace_back(name_of(static_cast<Flag>(i)));
    }
    message.evidence = alert.evidence;
    message.pack_hash = news.pack_hash;
    message.infusion = alert.infusion;
    message.episode = alert.ordinal;
    return wire::encode(message);
}

Result<alerts::Thin> thin_alert(std::string_view bytes) {
    const auto message = wire::alert_of(bytes);
    if (!message) return fail(message.error());
    return alerts::Thin{
        .state = wire::name_of(message->state),
        .revision = message->revision,
        .rule = message->rule,
        .rule_version = message->rule_version,
        .severity = wire::name_of(message->severity),
        .study = message->study,
        .cohort = message->cohort,
        .sites = message->sites,
        .event_time = message->event_time,
        .title = message->title,
    };
}

}  // namespace cellvigil
