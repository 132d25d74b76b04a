#include "daemon/book/case_words.h"

#include <string>

namespace cellvigil::book {
namespace {

constexpr std::string_view kPrefix = "case.";

std::optional<bool>* fact_named(CaseState& state, std::string_view name) {
    if (name == "serious") return &state.serious;
    if (name == "fatal_or_life_threatening") return &state.fatal_or_life_threatening;
    if (name == "unexpected") return &state.unexpected;
    if (name == "related_by_investigator") return &state.related_by_investigator;
    if (name == "related_by_sponsor") return &state.related_by_sponsor;
    return nullptr;
}

// An investigator's word stays the investigator's: our review may not change it (EU CTR Annex III).
Result<void> take_facts(std::string_view text, bool of_source, CaseState& state) {
    while (!text.empty()) {
        const std::string_view one = text.substr(0, text.find(','));
        text.remove_prefix(std::min(text.size(), one.size() + 1));
        const auto equals = one.find('=');
        const std::string_view name = one.substr(0, equals);
        const std::string_view answer = equals == std::string_view::npos ? std::string_view() : one.substr(equals + 1);
        std::optional<bool>* fact = fact_named(state, name);
        if (fact == nullptr || (answer != "yes" && answer != "no"))
            return fail(Errc::invalid,
                        "reason: expected facts such as serious=yes,unexpected=no, found \"" + std::string(one) + "\"");
        if (!of_source && fact == &state.related_by_investigator)
            return fail(Errc::invalid,
                        "reason: a review does not change what the investigator said; case.information does");
        *fact = answer == "yes";
    }
    return {};
}

std::optional<Jurisdiction> jurisdiction_named(std::string_view name) {
    for (const ReportingRule& rule : reporting_rules())
        if (name == name_of(rule.jurisdiction)) return rule.jurisdiction;
    return std::nullopt;
}

}  // namespace

bool is_of_case(std::string_view reason) { return reason.starts_with(kPrefix); }

std::optional<bool> emerging_issue_said(std::string_view reason) {
    if (reason.starts_with(kPrefix)) reason.remove_prefix(kPrefix.size());
    if (reason == "emerging_issue:yes") return true;
    if (reason == "emerging_issue:no") return false;
    return std::nullopt;
}

Result<CaseEvent> case_event(std::string_view reason, Instant at, const CaseState& before) {
    if (reason.starts_with(kPrefix)) reason.remove_prefix(kPrefix.size());
    const auto colon = reason.find(':');
    const std::string_view word = reason.substr(0, colon);
    const std::string_view rest = colon == std::string_view::npos ? std::string_view() : reason.substr(colon + 1);
    CaseEvent event;
    event.at = at;
    event.state = before;
    if (word == "information" || word == "review") {
        event.kind = word == "review" ? CaseEventKind::internal_correction : CaseEventKind::information;
        if (auto taken = take_facts(rest, word == "information", event.state); !taken) return fail(taken.error());
        return event;
    }
    if (word == "determination" && rest.empty()) {
        event.kind = CaseEventKind::determination;
        return event;
    }
    if (word == "duplicate") {
        const auto earlier = parse_rfc3339(rest);
        if (!earlier)
            return fail(Errc::invalid, "reason: case.duplicate: expected a time such as 2026-01-05T14:20:00+08:00");
        event.kind = CaseEventKind::duplicate_found;
        event.earlier_awareness = *earlier;
        return event;
    }
    if (word == "report_sent" || word == "report_sent_incomplete") {
        event.kind = CaseEventKind::report_sent;
        event.jurisdiction = jurisdiction_named(rest);
        event.complete = word == "report_sent";
        if (!event.jurisdiction)
            return fail(Errc::invalid, "reason: no jurisdiction is called \"" + std::string(rest) + "\"");
        return event;
    }
    return fail(Errc::invalid,
                "reason: expected information:serious=yes,unexpected=no or review: with such facts, determination, "
                "duplicate:TIME, report_sent:JURISDICTION or report_sent_incomplete:JURISDICTION; of a signal also "
                "emerging_issue:yes or :no");
}

}  // namespace cellvigil::book
