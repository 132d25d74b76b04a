// AE, CM and EX: what happened to the subject and what was given. Rows of AE and CM come again at later visits; the
// same thing told again is one record, and a change is its next version.
#include <algorithm>
#include <cctype>
#include <charconv>

#include "daemon/import/reading.h"
#include "daemon/import/study.h"
#include "rules/event/codes.h"
#include "rules/event/units.h"

namespace cellvigil::import {
namespace {

const std::set<std::string_view> kVisitColumns{"VISIT", "VISITNUM", "VISITDY", "AEDTC",
                                               "AEDY",  "CMDTC",    "CMDY",    "EPOCH"};

using Tellings = std::map<std::string, Telling>;

// The telling that a row belongs to, moved on to its new version; nullptr when the row says nothing new.
Telling* tell(Tellings& tellings, RowReader& row, const std::string& identity) {
    Telling& telling = tellings[identity];
    std::string content = row.content(kVisitColumns);
    if (telling.version > 0 && telling.content == content) return nullptr;
    if (telling.version == 0)
        telling.record = row.record();
    else
        row.note(Note::amended);
    ++telling.version;
    telling.content = std::move(content);
    return &telling;
}

// A later version is never recorded before an earlier one.
void set_version(Statement& statement, Telling& telling, const char* reason) {
    statement.version = telling.version;
    if (telling.version > 1) {
        statement.action = RecordAction::amend;
        statement.reason = reason;
        statement.recorded = std::max(statement.recorded, telling.recorded);
    }
    telling.recorded = statement.recorded;
}

template <typename T>
T mapped(const std::map<std::string, T, std::less<>>& names, std::string_view name, T otherwise) {
    const auto found = names.find(name);
    return found == names.end() ? otherwise : found->second;
}

std::optional<bool> yes(std::string_view text) {
    if (text == "Y") return true;
    if (text == "N") return false;
    return std::nullopt;
}

std::optional<SiteGrade> grade_of(RowReader& row) {
    const std::string_view text = row.cell("AETOXGR");
    std::uint32_t grade = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), grade);
    if (!text.empty() && error == std::errc{} && end == text.data() + text.size() && grade <= 5)
        return SiteGrade{grade, Scale::ctcae_5_0};
    if (!row.mapping().severity_as_grade) return std::nullopt;
    const std::string_view severity = row.cell("AESEV");
    if (severity == "MILD") return SiteGrade{1, Scale::unspecified};
    if (severity == "MODERATE") return SiteGrade{2, Scale::unspecified};
    if (severity == "SEVERE") return SiteGrade{3, Scale::unspecified};
    return std::nullopt;
}

AdverseEvent event_of(RowReader& row) {
    const Mapping& mapping = row.mapping();
    AdverseEvent event;
    event.category = mapped(mapping.event_classes, row.cell("AESOC"), mapping.event_category);
    event.category = mapped(mapping.event_terms, row.cell("AEDECOD"), event.category);
    event.category = mapped(mapping.event_codes, row.cell("AEPTCD"), event.category);
    event.verbatim = std::string(row.cell("AETERM"));
    if (!row.cell("AEPTCD").empty())
        event.codes.push_back({"https://www.meddra.org", std::string(row.cell("AEPTCD")), ""});
    event.reported = grade_of(row);
    event.seriousness = {yes(row.cell("AESDTH")),   yes(row.cell("AESLIFE")), yes(row.cell("AESHOSP")),
                         yes(row.cell("AESDISAB")), yes(row.cell("AESCONG")), yes(row.cell("AESMIE"))};
    event.outcome = mapped(mapping.outcomes, row.cell("AEOUT"), Outcome::unspecified);
    event.judged_by(AssessorRole::investigator) =
        mapped(mapping.causality, row.cell("AEREL"), Relatedness::unspecified);
    return event;
}

std::optional<Drop> read_event(RowReader& row, Tellings& tellings) {
    const auto collected = row.date("AEDTC");
    auto onset = row.date("AESTDTC");
    if (!onset) onset = collected;
    if (!onset) return Drop::no_date;
    // The number may change between cuts of the data; the site's own identifier does not.
    const std::string own(row.cell("AESPID"));
    const std::string identity = row.subject().id + '\x1f' + std::string(row.cell("AETERM")) + '\x1f' +
                                 (own.empty() ? std::string(row.cell("AESTDTC")) : own);
    Telling* telling = tell(tellings, row, identity);
    if (telling == nullptr) return Drop::restated;
    Statement& statement = row.state(telling->record, *onset, collected, event_of(row));
    statement.effective_end = row.date("AEENDTC");
    set_version(statement, *telling, "told again at a later visit");
    return std::nullopt;
}

std::string upper(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return out;
}
std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return out;
}

// An agent counts only by a systemic route: a cream of hydrocortisone is no steroid treatment.
void set_agent(Intervention& given, const Mapping& mapping, std::string_view coded, std::string_view as_written,
               std::string_view route) {
    given.route = route.empty() ? Route::unspecified : mapped(mapping.routes, upper(route), Route::other);
    const std::string name = upper(coded.empty() || coded == "UNCODED" ? as_written : coded);
    const bool local = given.route == Route::topical || given.route == Route::inhaled;
    given.agent = mapped(mapping.agents, name, agent_of_name(lower(name)).value_or(Agent::other));
    if (local || given.agent == Agent::none) given.agent = Agent::other;
    if (given.agent == Agent::other) given.agent_code = name;
}

void set_dose(Intervention& given, std::string_view dose, std::string_view unit) {
    const auto amount = read_amount(dose);
    if (!amount || amount->value.micro <= 0) return;
    given.dose = amount->value;
    given.dose_unit = std::string(unit);
}

struct Dates {
    EffectiveTime start;
    std::optional<EffectiveTime> end;
    std::optional<EffectiveTime> collected;
};

// A start and, when it has ended, a stop; one message when both fall on the same time.
void state_course(RowReader& row, Telling& telling, Intervention given, const Dates& dates) {
    const Instant before = telling.recorded;
    const bool at_once = dates.end && dates.end->from == dates.start.from && dates.end->until == dates.start.until;
    given.course = telling.record;
    given.phase = at_once ? InterventionPhase::single : InterventionPhase::start;
    set_version(row.state(telling.record, dates.start, dates.collected, given), telling, "told again at a later visit");
    if (!dates.end || at_once) return;
    given.phase = InterventionPhase::stop;
    Statement& stop = row.state(telling.record + "-end", *dates.end, dates.collected, given);
    const Instant started = telling.recorded;
    telling.recorded = before;
    set_version(stop, telling, "told again at a later visit");
    telling.recorded = std::max(telling.recorded, started);
}

std::optional<Drop> read_treatment(RowReader& row, Tellings& tellings) {
    const auto start = row.date("CMSTDTC");
    if (!start) return Drop::no_date;
    const std::string identity = row.subject().id + '\x1f' + std::string(row.cell("CMSPID")) + '\x1f' +
                                 std::string(row.cell("CMTRT")) + '\x1f' + std::string(row.cell("CMSTDTC"));
    Telling* telling = tell(tellings, row, identity);
    if (telling == nullptr) return Drop::restated;
    Intervention given;
    given.kind = InterventionKind::drug;
    given.indication = Indication::other;
    set_agent(given, row.mapping(), row.cell("CMDECOD"), row.cell("CMTRT"), row.cell("CMROUTE"));
    set_dose(given, row.cell("CMDOSE"), row.cell("CMDOSU"));
    if (row.cell("CMENRTPT") == "ONGOING") row.note(Note::ongoing);
    state_course(row, *telling, given, {*start, row.date("CMENDTC"), row.date("CMDTC")});
    return std::nullopt;
}

void state_infusion(RowReader& row, const Coding& product, const EffectiveTime& start) {
    Infusion infusion;
    infusion.product = product;
    infusion.number = ++row.subject().infusions;
    if (const auto amount = read_amount(row.cell("EXDOSE")))
        if (const auto cells = cell_dose(amount->value, row.cell("EXDOSU"))) {
            infusion.dose = cells->millions;
            infusion.dose_per_kg = cells->per_kg;
        }
    infusion.lot = std::string(row.cell("EXLOT"));
    row.state(row.record(), start, start, infusion);
}

std::optional<Drop> read_dose(RowReader& row) {
    const auto start = row.date("EXSTDTC");
    if (!start) return Drop::no_date;
    const std::string treatment = upper(row.cell("EXTRT"));
    if (const auto product = row.mapping().cell_products.find(treatment);
        product != row.mapping().cell_products.end()) {
        state_infusion(row, product->second, *start);
        return std::nullopt;
    }
    Intervention given;
    given.kind = InterventionKind::drug;
    given.indication = Indication::other;
    set_agent(given, row.mapping(), {}, treatment, row.cell("EXROUTE"));
    set_dose(given, row.cell("EXDOSE"), row.cell("EXDOSU"));
    Telling once{row.record(), 1, {}, Instant{}};
    state_course(row, once, given, {*start, row.date("EXENDTC"), std::nullopt});
    return std::nullopt;
}

}  // namespace

void read_adverse_events(Study& study, const Table& table) {
    Tellings tellings;
    read_rows(study, table, "AEDTC", [&tellings](RowReader& row) { return read_event(row, tellings); });
}

void read_medication(Study& study, const Table& table) {
    Tellings tellings;
    read_rows(study, table, "CMDTC", [&tellings](RowReader& row) { return read_treatment(row, tellings); });
}

void read_exposure(Study& study, const Table& table) { read_rows(study, table, "EXSTDTC", read_dose); }

}  // namespace cellvigil::import
