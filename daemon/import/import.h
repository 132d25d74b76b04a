// An SDTM study to messages: DM, VS, LB, AE, CM, DS and EX. Every message has origin BACKFILL, is recorded when its row
// was collected, and keeps the row's own number in its record id; the report accounts for every row. Pure but for
// read_folder.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "daemon/import/mapping.h"
#include "daemon/import/report.h"
#include "daemon/import/table.h"
#include "daemon/wire/encode.h"
#include "rules/event/event.h"

namespace cellvigil::import {

struct Statement {
    std::string subject;
    std::string site;
    std::string record;
    std::string reason;  // of an amendment
    std::uint32_t version = 1;
    RecordAction action = RecordAction::create;
    EffectiveTime effective;
    std::optional<EffectiveTime> effective_end;
    Instant recorded{};
    Body body;
    std::optional<wire::NumberAsSent> number;  // an observation's result in the unit in which it was written
    std::string code_system;
};

struct Imported {
    std::string study;
    std::string cohort;
    std::string source_system;
    std::vector<std::string> sites;     // in order, each once
    std::vector<Statement> statements;  // by time of recording
    Report report;
};

// `invalid` when there are no demographics (DM), or they name no study.
Result<Imported> import_study(const std::vector<Table>& tables, const Mapping& mapping);

// The domains' files in a folder: dm.csv or dm.xpt, and so on, whatever the case. Others are left alone. `not_found`
// without demographics, `invalid` naming the file that cannot be read.
Result<std::vector<Table>> read_folder(const std::string& folder);

struct Message {
    std::string key;
    std::string value;  // serialised EventEnvelope
};
// `sequence` counts the subject's messages from 1.
Message message_of(const Imported& study, const Statement& statement, std::uint64_t sequence);

// What the daemon's configuration needs so that it knows the study: YAML.
std::string daemon_settings(const Imported& study, const Mapping& mapping);

}  // namespace cellvigil::import
