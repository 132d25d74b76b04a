// What `simulate`, `send` and `import` share: a target to write to, its options on the command line, the pace, the
// progress.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "daemon/outlet/outlet.h"
#include "daemon/tools/commands.h"
#include "daemon/tools/progress.h"

namespace cellvigil::tools {

struct SendingOptions {
    std::string target;
    std::uint32_t partitions = 4;
    double speed = 0;                     // 0: as fast as it goes
    double rate = 0;                      // messages a second; 0: no limit
    std::vector<std::string> properties;  // "name=value" for librdkafka
    int give_up_s = 300;
    bool quiet = false;
};
// Adds --out (or the name given), --partitions, --speed, --rate, --kafka, --give-up and --quiet.
void add_sending_options(CLI::App& command, const std::string& target_name, SendingOptions& options);

// Opens the target; puts messages into it at their pace, with progress.
class Sending {
  public:
    static Result<Sending> open(const SendingOptions& options, Console& console, std::uint64_t total);
    Result<void> put(const outlet::Message& message);
    Result<void> finish();
    const outlet::Sent& sent() const { return outlet_->sent(); }

  private:
    Sending(std::unique_ptr<outlet::Outlet> opened, const SendingOptions& options, Console& console,
            std::uint64_t total);

    std::unique_ptr<outlet::Outlet> outlet_;
    Pace pace_;
    bool paced_;
    Progress progress_;
    Instant first_ = kAlways;
    std::uint64_t number_ = 0;
};

// {"messages":..,"bytes":..,"posts":..,"retries":..,"outcomes":{..}}
std::string sent_as_json(const outlet::Sent& sent);
std::string sent_as_text(const outlet::Sent& sent);

}  // namespace cellvigil::tools
