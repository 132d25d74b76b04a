// What the domains of one study share while they are read. For the sources of this folder.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "daemon/import/import.h"

namespace cellvigil::import {

struct Subject {
    std::string id;
    std::string site;
    UtcOffset offset{};
    std::uint32_t infusions = 0;
    bool death_told = false;
};

// One record that may be told again at later visits: AE and CM rows are such.
struct Telling {
    std::string record;
    std::uint32_t version = 0;
    std::string content;
    Instant recorded{};
};

class Study {
  public:
    Study(const Mapping& mapping, std::string id) : mapping_(mapping) { imported_.study = std::move(id); }

    const Mapping& mapping() const { return mapping_; }
    Imported& imported() { return imported_; }
    std::map<std::string, Subject, std::less<>>& subjects() { return subjects_; }
    DomainCount& domain(const std::string& name) { return imported_.report.domains[name]; }

  private:
    const Mapping& mapping_;
    Imported imported_;
    std::map<std::string, Subject, std::less<>> subjects_;
};

// One row being read: its cells, its subject, and where its statements go.
class RowReader {
  public:
    RowReader(Study& study, const Table& table, const Row& row, Subject& subject, DomainCount& count)
        : study_(study), table_(table), row_(row), subject_(subject), count_(count) {}

    const Mapping& mapping() const { return study_.mapping(); }
    Subject& subject() { return subject_; }
    std::string_view cell(std::string_view column) const { return table_.cell(row_, column); }
    std::optional<EffectiveTime> date(std::string_view column) const;
    void note(Note what);
    // "VS-17": the domain and the row's own number, or its line where it has none.
    std::string record() const;
    // The cells that say something: without the row's number, and without those of `except`.
    std::string content(const std::set<std::string_view>& except) const;

    // Adds a statement that holds at `effective`, recorded when `collected` says, or when it had come true.
    Statement& state(std::string record, const EffectiveTime& effective, const std::optional<EffectiveTime>& collected,
                     Body body);

  private:
    Study& study_;
    const Table& table_;
    const Row& row_;
    Subject& subject_;
    DomainCount& count_;
};

// What becomes of one row: nullopt when it was imported.
using ReadRow = std::function<std::optional<Drop>(RowReader&)>;

// Reads every row of a domain; `by` names a column that orders them first, or is empty.
void read_rows(Study& study, const Table& table, std::string_view by, const ReadRow& read);

Result<void> read_demographics(Study& study, const Table& table);
void read_vital_signs(Study& study, const Table& table);
void read_laboratory(Study& study, const Table& table);
void read_adverse_events(Study& study, const Table& table);
void read_medication(Study& study, const Table& table);
void read_exposure(Study& study, const Table& table);
void read_disposition(Study& study, const Table& table);

}  // namespace cellvigil::import
