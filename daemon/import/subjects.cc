// DM and DS: who takes part, and how they leave.
#include <charconv>

#include "daemon/import/study.h"

namespace cellvigil::import {
namespace {

std::optional<std::uint32_t> age_years(RowReader& row) {
    const std::string_view text = row.cell("AGE");
    std::uint32_t years = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), years);
    if (error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    const std::string_view unit = row.cell("AGEU");
    return unit.empty() || unit == "YEARS" ? std::optional(years) : std::nullopt;
}

Sex sex_of(std::string_view text) {
    if (text == "M") return Sex::male;
    if (text == "F") return Sex::female;
    if (text == "U") return Sex::unknown;
    return text.empty() ? Sex::unspecified : Sex::other;
}

std::optional<EffectiveTime> first_date(RowReader& row, std::initializer_list<std::string_view> columns) {
    for (const std::string_view column : columns)
        if (auto date = row.date(column)) return date;
    return std::nullopt;
}

std::optional<Drop> read_subject(RowReader& row) {
    const auto enrolled = first_date(row, {"RFICDTC", "DMDTC", "RFSTDTC"});
    if (!enrolled) return Drop::no_date;
    Enrollment enrollment;
    enrollment.indication = row.mapping().indication;
    enrollment.age_years = age_years(row);
    enrollment.sex = sex_of(row.cell("SEX"));
    enrollment.dose_level = std::string(row.cell("ARMCD"));
    row.state("DM", *enrolled, row.date("DMDTC"), enrollment);
    const auto died = row.date("DTHDTC");
    if (!died) return std::nullopt;
    Death death;
    death.principal = DeathCause::unknown;
    row.state("DM-death", *died, died, death);
    row.subject().death_told = true;
    return std::nullopt;
}

std::optional<Drop> read_exit(RowReader& row) {
    const auto found = row.mapping().dispositions.find(row.cell("DSDECOD"));
    const Disposition disposition = found == row.mapping().dispositions.end() ? Disposition::none : found->second;
    if (disposition == Disposition::none) return Drop::no_counterpart;
    const auto when = first_date(row, {"DSSTDTC", "DSDTC"});
    if (!when) return Drop::no_date;
    const auto collected = row.date("DSDTC");
    switch (disposition) {
        case Disposition::none:
            break;
        case Disposition::completed:
        case Disposition::lost_to_follow_up: {
            Contact contact;
            contact.status =
                disposition == Disposition::completed ? ContactStatus::completed : ContactStatus::lost_to_follow_up;
            if (disposition == Disposition::completed) contact.surveillance.push_back({SurveillanceDomain::all, *when});
            row.state(row.record(), *when, collected, contact);
            break;
        }
        case Disposition::stop_collection:
            row.state(row.record(), *when, collected, ConsentChange{ConsentScope::stop_collection});
            break;
        case Disposition::death: {
            if (row.subject().death_told) return Drop::already_told;
            Death death;
            death.principal = DeathCause::unknown;
            row.state(row.record(), *when, collected, death);
            row.subject().death_told = true;
            break;
        }
    }
    return std::nullopt;
}

}  // namespace

Result<void> read_demographics(Study& study, const Table& table) {
    for (const char* column : {"STUDYID", "USUBJID", "SITEID"})
        if (!table.has(column)) return fail(Errc::invalid, std::string("DM has no column ") + column);
    std::set<std::string> sites;
    for (const Row& row : table.rows) {
        if (!row.whole || table.cell(row, "STUDYID") != study.imported().study) continue;
        const std::string id(table.cell(row, "USUBJID"));
        const std::string site(table.cell(row, "SITEID"));
        if (id.empty() || site.empty()) continue;
        study.subjects().emplace(id, Subject{id, site, study.mapping().offset_of(site), 0, false});
        sites.insert(site);
    }
    study.imported().sites.assign(sites.begin(), sites.end());
    read_rows(study, table, {}, read_subject);
    return {};
}

void read_disposition(Study& study, const Table& table) { read_rows(study, table, "DSDTC", read_exit); }

}  // namespace cellvigil::import
