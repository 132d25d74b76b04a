// Hands one mail to a server over SMTP. One thread sends; another may cancel. The only user of libcurl.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "rules/base/time.h"

namespace cellvigil::alerts {

enum class MailTls : std::uint8_t {
    starttls,  // asked for, and refused to go on without
    implicit,
    none,  // for a relay on this host
};
struct MailServer {
    std::string host;
    std::uint16_t port = 587;
    MailTls tls = MailTls::starttls;
    std::string user;  // empty: no AUTH
    std::string password;
    std::string ca_file;  // empty: the system's authorities
};

struct MailAnswer {
    enum class Outcome : std::uint8_t {
        taken,    // by at least one recipient's server
        later,    // no connection, no trust, no login, no recipient, or 4xx: the next mail would fare no better
        refused,  // 5xx to its content
    };
    Outcome outcome = Outcome::later;
    bool answered = false;  // the server took the recipients, and said something of the content
    std::size_t refused_recipients = 0;
    std::string detail;  // no address, no password
};

class MailClient {
  public:
    explicit MailClient(MailServer server) : server_(std::move(server)) {}
    MailAnswer send(const std::string& from, const std::vector<std::string>& to, const std::string& mail,
                    milliseconds deadline);
    void cancel() { cancelled_ = true; }

  private:
    const MailServer server_;
    std::atomic<bool> cancelled_{false};
};

}  // namespace cellvigil::alerts
