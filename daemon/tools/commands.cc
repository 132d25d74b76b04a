#include "daemon/tools/commands.h"

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <algorithm>

#include "daemon/tools/commands/alert.h"
#include "daemon/tools/commands/audit.h"
#include "daemon/tools/commands/backtest.h"
#include "daemon/tools/commands/calc.h"
#include "daemon/tools/commands/dlq.h"
#include "daemon/tools/commands/erase.h"
#include "daemon/tools/commands/explain.h"
#include "daemon/tools/commands/export.h"
#include "daemon/tools/commands/grade.h"
#include "daemon/tools/commands/import_sdtm.h"
#include "daemon/tools/commands/log.h"
#include "daemon/tools/commands/notify.h"
#include "daemon/tools/commands/report.h"
#include "daemon/tools/commands/send.h"
#include "daemon/tools/commands/simulate.h"
#include "daemon/tools/commands/verify.h"
#include "rules/base/ensure.h"

namespace cellvigil::tools {

const std::vector<AddCommand>& all_commands() {
    static const std::vector<AddCommand> commands{
        add_alert,  add_audit, add_backtest, add_calc,   add_dlq,    add_erase, add_explain,  add_export, add_grade,
        add_import, add_log,   add_notify,   add_replay, add_report, add_send,  add_simulate, add_verify,
    };
    return commands;
}

int run_command_line(const std::vector<std::string>& arguments, Console& console) {
    CLI::App app("Cellvigil's command line: look into a store, feed a daemon, replay a log.", "cellvigilctl");
    app.set_version_flag("--version", CELLVIGIL_VERSION);
    app.require_subcommand(1);
    Action chosen;
    for (const AddCommand add : all_commands()) add(app, chosen);
    try {
        // CLI11 takes the arguments from the back.
        app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
    } catch (const CLI::ParseError& error) {
        const int code = app.exit(error, console.out, console.err);
        return code == 0 ? static_cast<int>(ExitCode::fine) : static_cast<int>(ExitCode::usage);
    }
    ensure(static_cast<bool>(chosen), "every command sets its action");
    return static_cast<int>(chosen(console));
}

}  // namespace cellvigil::tools
