// VS and LB: results. The standardised number is taken where its unit is one that the test's code accepts, else the
// original.
#include "daemon/import/reading.h"
#include "daemon/import/study.h"
#include "rules/event/units.h"

namespace cellvigil::import {
namespace {

struct Domain {
    std::string_view test, standard_number, standard_text, standard_unit, original, original_unit, low, high, status,
        collected;
    const char* code_system;
};
constexpr Domain kVitalSigns{"VSTESTCD",
                             "VSSTRESN",
                             "VSSTRESC",
                             "VSSTRESU",
                             "VSORRES",
                             "VSORRESU",
                             "",
                             "",
                             "VSSTAT",
                             "VSDTC",
                             "urn:cdisc:sdtm:vstestcd"};
constexpr Domain kLaboratory{"LBTESTCD",
                             "LBSTRESN",
                             "LBSTRESC",
                             "LBSTRESU",
                             "LBORRES",
                             "LBORRESU",
                             "LBSTNRLO",
                             "LBSTNRHI",
                             "LBSTAT",
                             "LBDTC",
                             "urn:cdisc:sdtm:lbtestcd"};

double to_double(Quantity amount) { return static_cast<double>(amount.micro) / 1e6; }

// What the unit is in UCUM: by the mapping, by the spellings in wide use, else as it is written.
std::string unit_of(const Mapping& mapping, std::string_view written) {
    if (const auto named = mapping.units.find(written); named != mapping.units.end()) return named->second;
    if (const std::string_view known = ucum_of(written); !known.empty()) return std::string(known);
    return std::string(written);
}

struct Reading {
    Amount amount;
    std::string unit;
    bool standard = true;
};

std::optional<Reading> number_in(RowReader& row, std::string_view number, std::string_view unit, bool standard) {
    const auto amount = read_amount(row.cell(number));
    if (!amount) return std::nullopt;
    return Reading{*amount, unit_of(row.mapping(), row.cell(unit)), standard};
}

bool accepted(Analyte analyte, const Reading& result) { return find_unit(analyte, result.unit) != nullptr; }

std::optional<Reading> result_of(RowReader& row, const Domain& domain, Analyte analyte) {
    auto standard = number_in(row, domain.standard_number, domain.standard_unit, true);
    if (!standard) standard = number_in(row, domain.standard_text, domain.standard_unit, true);
    auto original = number_in(row, domain.original, domain.original_unit, false);
    if (standard && (analyte == Analyte::other || accepted(analyte, *standard))) return standard;
    if (original && (!standard || accepted(analyte, *original))) return original;
    return standard;
}

std::optional<double> limit_in(RowReader& row, std::string_view column) {
    const auto amount = read_amount(column.empty() ? std::string_view{} : row.cell(column));
    return amount ? std::optional(to_double(amount->value)) : std::nullopt;
}

std::optional<Drop> read_result(RowReader& row, const Domain& domain, Analyte analyte, std::string panel) {
    const auto when = row.date(domain.collected);
    if (row.cell(domain.test).empty()) return Drop::no_test;
    if (!when) return Drop::no_date;
    Observation observation;
    observation.analyte = analyte;
    observation.panel = std::move(panel);
    observation.status = ResultStatus::final;
    if (analyte == Analyte::other) observation.code = std::string(row.cell(domain.test));
    const std::string code_system = analyte == Analyte::other ? domain.code_system : "";
    if (row.cell(domain.status) == "NOT DONE") {
        observation.status = ResultStatus::not_done;
        row.note(Note::not_done);
        row.state(row.record(), *when, when, observation).code_system = code_system;
        return std::nullopt;
    }
    const auto result = result_of(row, domain, analyte);
    if (!result) {
        const std::string_view standard = row.cell(domain.standard_text);
        observation.text = std::string(standard.empty() ? row.cell(domain.original) : standard);
        if (observation.text.empty()) return Drop::no_result;
        row.note(Note::as_text);
        row.state(row.record(), *when, when, observation).code_system = code_system;
        return std::nullopt;
    }
    if (!result->standard) row.note(Note::original_unit_used);
    if (result->amount.comparator != Comparator::unspecified) row.note(Note::comparator);
    observation.comparator = result->amount.comparator;
    observation.value = result->amount.value;  // written in the unit below, not in the canonical one
    Statement& statement = row.state(row.record(), *when, when, observation);
    statement.number = wire::NumberAsSent{to_double(result->amount.value), result->unit, std::nullopt, std::nullopt};
    if (result->standard) {
        statement.number->reference_low = limit_in(row, domain.low);
        statement.number->reference_high = limit_in(row, domain.high);
    }
    statement.code_system = code_system;
    return std::nullopt;
}

Analyte analyte_in(const std::map<std::string, Analyte, std::less<>>& tests, std::string_view code) {
    const auto found = tests.find(code);
    return found == tests.end() ? Analyte::other : found->second;
}

}  // namespace

void read_vital_signs(Study& study, const Table& table) {
    read_rows(study, table, {}, [](RowReader& row) {
        // The readings of one cuff inflation belong together.
        const Analyte analyte = analyte_in(row.mapping().vital_signs, row.cell("VSTESTCD"));
        const bool pressure =
            analyte == Analyte::systolic || analyte == Analyte::diastolic || analyte == Analyte::mean_arterial;
        std::string panel;
        if (pressure) {
            panel.append(row.cell("VSDTC"))
                .append("/")
                .append(row.cell("VISITNUM"))
                .append("/")
                .append(row.cell("VSTPTNUM"));
            panel.append("/").append(row.cell("VSPOS"));
        }
        return read_result(row, kVitalSigns, analyte, std::move(panel));
    });
}

void read_laboratory(Study& study, const Table& table) {
    read_rows(study, table, {}, [](RowReader& row) {
        return read_result(row, kLaboratory, analyte_in(row.mapping().laboratory, row.cell("LBTESTCD")), {});
    });
}

}  // namespace cellvigil::import
