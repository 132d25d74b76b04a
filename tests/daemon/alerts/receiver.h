// A webhook endpoint on a free loopback port, as well or badly behaved as a test needs. Plain or TLS.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace cellvigil::alerts {

struct Received {
    std::string target;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;
};
struct Answered {
    int status = 204;
    std::string headers = {};           // whole lines: "Retry-After: 3\r\n"
    std::chrono::milliseconds wait{0};  // before the answer
    bool hang_up = false;               // instead of an answer
    bool keep_alive = true;
};

class Receiver {
  public:
    using Behave = std::function<Answered(const Received& request, std::size_t number)>;  // number counts from 0
    // With a certificate and key (PEM) it speaks TLS.
    explicit Receiver(Behave behave, std::string certificate_pem = {}, std::string key_pem = {});
    ~Receiver();
    Receiver(const Receiver&) = delete;
    Receiver& operator=(const Receiver&) = delete;

    std::uint16_t port() const { return port_; }
    std::string url(const std::string& path = "/hook") const;
    std::vector<Received> received() const;
    std::size_t connections() const { return connections_; }
    bool wait_for(std::size_t count) const;  // at most 5 s

  private:
    void run();
    template <typename Stream>
    void talk(Stream& stream);

    const Behave behave_;
    const std::string certificate_;
    const std::string key_;
    std::uint16_t port_ = 0;
    int listening_ = -1;
    std::atomic<bool> stopping_{false};
    std::atomic<int> open_{-1};
    std::atomic<std::size_t> connections_{0};
    mutable std::mutex mutex_;
    std::vector<Received> received_;
    std::thread thread_;
};

struct Certificate {
    std::string certificate_pem;
    std::string key_pem;
};
// Self-signed, for 127.0.0.1, valid for an hour.
Certificate make_certificate();

}  // namespace cellvigil::alerts
