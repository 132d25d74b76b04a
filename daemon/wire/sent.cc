#include "daemon/wire/sent.h"

#include "rules/event/codes.h"

namespace cellvigil::wire {
namespace {

struct Dates {
    SiteDate first;
    SiteDate end;
};
Dates calendar_span(SiteDate date, TimePrecision precision) {
    using std::chrono::months;
    using std::chrono::years;
    const std::chrono::year_month_day day(date);
    const auto month = day.year() / day.month() / 1;
    const auto year = day.year() / std::chrono::January / 1;
    if (precision == TimePrecision::month) return {SiteDate(month), SiteDate(month + months(1))};
    if (precision == TimePrecision::year) return {SiteDate(year), SiteDate(year + years(1))};
    return {date, date + days(1)};
}

}  // namespace

std::optional<EffectiveTime> effective_time(const SentTime& sent, const SiteTerms& terms, EventFlags& flags) {
    if (!sent.stated || !sent.instant.stated) return std::nullopt;
    const auto instant = instant_of(sent.instant);
    if (!instant) return std::nullopt;
    EffectiveTime time;
    time.from = time.until = *instant;
    time.precision = precision_of(sent);
    if (sent.offset_minutes) {
        time.offset = UtcOffset(*sent.offset_minutes);
    } else {
        time.offset = terms.offset;
        flags |= bit(EventFlag::offset_missing);
    }
    if (time.precision >= TimePrecision::day) {
        const UtcOffset offset = time.offset.value_or(UtcOffset(0));
        const Dates span = calendar_span(site_date(*instant, offset), time.precision);
        time.from = start_of(span.first, offset);
        time.until = start_of(span.end, offset);
        flags |= bit(EventFlag::imputed_date);
    }
    return time;
}

std::string_view unit_at_site(std::string_view unit, const SiteTerms& terms) {
    if (terms.unit_aliases == nullptr || terms.unit_aliases->empty()) return unit;
    const auto alias = terms.unit_aliases->find(std::string(unit));
    return alias == terms.unit_aliases->end() ? unit : std::string_view(alias->second);
}

std::string_view code_at_site(std::string_view system, std::string_view code, const SiteTerms& terms) {
    if (terms.code_aliases == nullptr || terms.code_aliases->empty()) return {};
    for (const std::string_view known : {kLoincSystem, kAtcSystem, kAnalyteSystem, kAgentSystem}) {
        if (system == known) return {};
    }
    const auto alias = terms.code_aliases->find(std::string(code));
    return alias == terms.code_aliases->end() ? std::string_view() : std::string_view(alias->second);
}

Analyte analyte_at_site(std::string_view system, std::string_view code, const SiteTerms& terms) {
    const Analyte known = analyte_of(system, code);
    if (known != Analyte::other) return known;
    return analyte_meant(code_at_site(system, code, terms));
}

Agent agent_at_site(std::string_view system, std::string_view code, const SiteTerms& terms) {
    const Agent known = agent_of(system, code);
    if (known != Agent::other) return known;
    return agent_meant(code_at_site(system, code, terms));
}

}  // namespace cellvigil::wire
