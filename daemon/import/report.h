// What became of every row: imported, or dropped for a named reason. Rows = imported + dropped, in each domain and in
// all.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace cellvigil::import {

enum class Drop : std::uint8_t {
    not_a_row,       // it has not one cell per column
    other_study,     // STUDYID differs from the demographics'
    no_subject,      // USUBJID is empty or not in the demographics
    no_test,         // no test code
    no_result,       // neither a result nor a status
    no_date,         // no date that can be read where one is needed
    no_counterpart,  // nothing of ours says this: randomised, screen failure
    duplicate,       // equal to an earlier row in everything but its number
    restated,        // the same record told again at a later visit without a change
    already_told,    // a death that the demographics tell
};
inline constexpr int kDrops = static_cast<int>(Drop::already_told) + 1;
const char* name_of(Drop drop);

// Things worth knowing about rows that were imported.
enum class Note : std::uint8_t {
    partial_date,
    date_only,
    not_done,
    comparator,
    as_text,
    original_unit_used,
    collected_before_it_was_true,
    amended,
    ongoing,
};
inline constexpr int kNotes = static_cast<int>(Note::ongoing) + 1;
const char* name_of(Note note);

struct DomainCount {
    std::uint64_t rows = 0;
    std::uint64_t imported = 0;
    std::uint64_t events = 0;  // messages made from the imported rows: a course has a start and a stop
    std::array<std::uint64_t, kDrops> dropped{};
    std::array<std::uint64_t, kNotes> notes{};
    std::uint64_t dropped_in_all() const;
};

struct Report {
    std::string study;
    std::map<std::string, DomainCount> domains;
    std::uint64_t subjects = 0;
    std::uint64_t subjects_without_infusion = 0;

    DomainCount total() const;
    // Every row of every domain is imported or dropped.
    bool accounts_for_every_row() const;
};

std::string to_json(const Report& report);
// Lines for a terminal: a table of domains, then the reasons.
std::string to_table(const Report& report);

}  // namespace cellvigil::import
