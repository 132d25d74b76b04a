#include "daemon/import/import.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>

#include "daemon/import/study.h"
#include "rules/base/hash.h"

namespace cellvigil::import {
namespace {

struct Domain {
    std::string_view name;
    void (*read)(Study&, const Table&);
};
constexpr std::array<Domain, 6> kDomains{{{"EX", read_exposure},
                                          {"VS", read_vital_signs},
                                          {"LB", read_laboratory},
                                          {"AE", read_adverse_events},
                                          {"CM", read_medication},
                                          {"DS", read_disposition}}};

// A UUID (version 8) from what the message is: importing again gives the same one.
std::string message_id(const Imported& study, const Statement& statement) {
    const std::string what =
        fmt::format("{}\x1f{}\x1f{}\x1f{}", study.study, statement.subject, statement.record, statement.version);
    const std::uint64_t high = hash64(what, 1);
    const std::uint64_t low = hash64(what, 2);
    return fmt::format("{:08x}-{:04x}-8{:03x}-{:04x}-{:012x}", high >> 32U, (high >> 16U) & 0xFFFFU, high & 0xFFFU,
                       0x8000U | ((low >> 48U) & 0x3FFFU), low & 0xFFFFFFFFFFFFU);
}

std::string in_quotes(std::string_view text) {
    std::string out = "\"";
    for (const char c : text) {
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out + '"';
}

std::string offset_text(UtcOffset offset) {
    const auto minutes_east = offset.count();
    const auto size = minutes_east < 0 ? -minutes_east : minutes_east;
    return fmt::format("{}{:02}:{:02}", minutes_east < 0 ? '-' : '+', size / 60, size % 60);
}

bool named(const std::filesystem::path& path, std::string_view domain, std::string_view extension) {
    std::string name = path.filename().string();
    std::transform(name.begin(), name.end(), name.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    std::string wanted(domain);
    std::transform(wanted.begin(), wanted.end(), wanted.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return name == wanted + std::string(extension);
}

Result<Table> read_file(const std::filesystem::path& path, std::string_view domain, bool transport) {
    std::ifstream file(path, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(file), {});
    if (!file.good() && !file.eof()) return fail(Errc::invalid, path.filename().string() + ": cannot be read");
    auto table = transport ? read_xpt(bytes) : read_csv(bytes);
    if (!table) return fail(table.error().code, path.filename().string() + ": " + table.error().detail);
    table->name = std::string(domain);
    return table;
}

}  // namespace

Result<Imported> import_study(const std::vector<Table>& tables, const Mapping& mapping) {
    const auto find = [&tables](std::string_view name) {
        const auto found =
            std::find_if(tables.begin(), tables.end(), [name](const Table& table) { return table.name == name; });
        return found == tables.end() ? nullptr : &*found;
    };
    const Table* demographics = find("DM");
    if (demographics == nullptr || demographics->rows.empty())
        return fail(Errc::invalid, "no demographics (DM): they name the subjects");
    const std::string id(demographics->cell(demographics->rows.front(), "STUDYID"));
    if (id.empty()) return fail(Errc::invalid, "DM: the first row has no STUDYID");
    Study study(mapping, id);
    if (auto read = read_demographics(study, *demographics); !read) return fail(read.error());
    for (const Domain& domain : kDomains)
        if (const Table* table = find(domain.name)) domain.read(study, *table);

    Imported& imported = study.imported();
    if (!mapping.study.empty()) imported.study = mapping.study;
    imported.cohort = mapping.cohort;
    imported.source_system = mapping.source_system;
    std::stable_sort(imported.statements.begin(), imported.statements.end(),
                     [](const Statement& a, const Statement& b) { return a.recorded < b.recorded; });
    imported.report.study = imported.study;
    imported.report.subjects = study.subjects().size();
    for (const auto& [name, subject] : study.subjects())
        if (subject.infusions == 0) ++imported.report.subjects_without_infusion;
    return std::move(imported);
}

Result<std::vector<Table>> read_folder(const std::string& folder) {
    std::error_code error;
    std::vector<std::filesystem::path> files;
    for (std::filesystem::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error))
        files.push_back(entry->path());
    if (error) return fail(Errc::not_found, "the folder cannot be read: " + error.message());
    std::sort(files.begin(), files.end());
    std::vector<Table> tables;
    for (const std::string_view domain : {"DM", "VS", "LB", "AE", "CM", "DS", "EX"}) {
        for (const std::string_view extension : {".csv", ".xpt"}) {
            const auto found = std::find_if(files.begin(), files.end(),
                                            [&](const auto& path) { return named(path, domain, extension); });
            if (found == files.end()) continue;
            auto table = read_file(*found, domain, extension == ".xpt");
            if (!table) return fail(table.error());
            tables.push_back(std::move(*table));
            break;  // a CSV file goes before a transport file of the same domain
        }
    }
    if (tables.empty() || tables.front().name != "DM")
        return fail(Errc::not_found, "no dm.csv and no dm.xpt in the folder");
    return tables;
}

Message message_of(const Imported& study, const Statement& statement, std::uint64_t sequence) {
    const std::string id = message_id(study, statement);
    Event event;
    event.message_id = id;
    event.source_system = study.source_system;
    event.study = study.study;
    event.cohort = study.cohort;
    event.site = statement.site;
    event.subject = statement.subject;
    event.record = statement.record;
    event.action_reason = statement.reason;
    event.version = statement.version;
    event.action = statement.action;
    event.origin = DataOrigin::backfill;
    event.producer_sequence = sequence;
    event.effective = statement.effective;
    event.effective_end = statement.effective_end;
    event.recorded_at = statement.recorded;
    event.body = statement.body;
    wire::EnvelopeExtras extras;
    extras.number = statement.number;
    extras.code_system = statement.code_system;
    return {wire::key_of(event), wire::encode(event, extras)};
}

std::string daemon_settings(const Imported& study, const Mapping& mapping) {
    std::string out = fmt::format("studies:\n  {}:\n    cohorts: [{}]\n    sites:\n", in_quotes(study.study),
                                  in_quotes(study.cohort));
    for (const std::string& site : study.sites) {
        out += fmt::format("      {}: {{utc_offset: {}}}\n", in_quotes(site),
                           in_quotes(offset_text(mapping.offset_of(site))));
    }
    return out;
}

}  // namespace cellvigil::import
