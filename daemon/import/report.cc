#include "daemon/import/report.h"

#include <algorithm>
#include <numeric>

#include <fmt/format.h>

namespace cellvigil::import {
namespace {

constexpr std::array<const char*, kDrops> kDropNames{"not_a_row", "other_study", "no_subject",     "no_test",
                                                     "no_result", "no_date",     "no_counterpart", "duplicate",
                                                     "restated",  "already_told"};
constexpr std::array<const char*, kNotes> kNoteNames{"partial_date",
                                                     "date_only",
                                                     "not_done",
                                                     "comparator",
                                                     "as_text",
                                                     "original_unit_used",
                                                     "collected_before_it_was_true",
                                                     "amended",
                                                     "ongoing"};

template <std::size_t N>
std::string counts_json(const std::array<std::uint64_t, N>& counts, const std::array<const char*, N>& names) {
    std::string out;
    for (std::size_t index = 0; index < N; ++index) {
        if (counts.at(index) != 0)
            out += fmt::format("{}\"{}\":{}", out.empty() ? "" : ",", names.at(index), counts.at(index));
    }
    return "{" + out + "}";
}

std::string domain_json(const DomainCount& count) {
    return fmt::format("{{\"rows\":{},\"imported\":{},\"dropped\":{},\"events\":{},\"reasons\":{},\"notes\":{}}}",
                       count.rows, count.imported, count.dropped_in_all(), count.events,
                       counts_json(count.dropped, kDropNames), counts_json(count.notes, kNoteNames));
}

// As text inside quotes of JSON: what is not printable is left out.
std::string escaped(std::string_view text) {
    std::string out;
    for (const char c : text) {
        if (static_cast<unsigned char>(c) < 0x20) continue;
        if (c == '"' || c == '\\') out.push_back('\\');
        out.push_back(c);
    }
    return out;
}

template <std::size_t N>
void add_all(std::array<std::uint64_t, N>& to, const std::array<std::uint64_t, N>& from) {
    std::transform(to.begin(), to.end(), from.begin(), to.begin(), std::plus<>());
}

}  // namespace

const char* name_of(Drop drop) { return kDropNames.at(static_cast<std::size_t>(drop)); }
const char* name_of(Note note) { return kNoteNames.at(static_cast<std::size_t>(note)); }

std::uint64_t DomainCount::dropped_in_all() const {
    return std::accumulate(dropped.begin(), dropped.end(), std::uint64_t{0});
}

DomainCount Report::total() const {
    DomainCount sum;
    for (const auto& [name, count] : domains) {
        sum.rows += count.rows;
        sum.imported += count.imported;
        sum.events += count.events;
        add_all(sum.dropped, count.dropped);
        add_all(sum.notes, count.notes);
    }
    return sum;
}

bool Report::accounts_for_every_row() const {
    return std::all_of(domains.begin(), domains.end(), [](const auto& domain) {
        return domain.second.rows == domain.second.imported + domain.second.dropped_in_all();
    });
}

std::string to_json(const Report& report) {
    std::string domains;
    for (const auto& [name, count] : report.domains)
        domains += fmt::format("{}\"{}\":{}", domains.empty() ? "" : ",", name, domain_json(count));
    return fmt::format(
        "{{\"study\":\"{}\",\"subjects\":{},\"subjects_without_infusion\":{},\"every_row_accounted_for\":{},"
        "\"domains\":{{{}}},\"total\":{}}}",
        escaped(report.study), report.subjects, report.subjects_without_infusion, report.accounts_for_every_row(),
        domains, domain_json(report.total()));
}

std::string to_table(const Report& report) {
    std::string out = fmt::format("{:<6}{:>10}{:>10}{:>10}{:>10}\n", "domain", "rows", "imported", "dropped", "events");
    const auto line = [&out](std::string_view name, const DomainCount& count) {
        out += fmt::format("{:<6}{:>10}{:>10}{:>10}{:>10}\n", name, count.rows, count.imported, count.dropped_in_all(),
                           count.events);
    };
    for (const auto& [name, count] : report.domains) line(name, count);
    line("all", report.total());
    for (const auto& [name, count] : report.domains) {
        for (int index = 0; index < kDrops; ++index) {
            if (const auto dropped = count.dropped.at(static_cast<std::size_t>(index)); dropped != 0) {
                out += fmt::format("dropped  {}  {:<32}{:>8}\n", name, kDropNames.at(static_cast<std::size_t>(index)),
                                   dropped);
            }
        }
        for (int index = 0; index < kNotes; ++index) {
            if (const auto noted = count.notes.at(static_cast<std::size_t>(index)); noted != 0) {
                out += fmt::format("noted    {}  {:<32}{:>8}\n", name, kNoteNames.at(static_cast<std::size_t>(index)),
                                   noted);
            }
        }
    }
    out += fmt::format("{} subjects, {} without an infusion (stored, not graded for CRS)\n", report.subjects,
                       report.subjects_without_infusion);
    return out;
}

}  // namespace cellvigil::import
