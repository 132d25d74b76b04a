// A client that can behave badly: bytes over a loopback socket, bounded in time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace cellvigil::http {

class RawClient {
  public:
    explicit RawClient(std::uint16_t port);
    ~RawClient();
    RawClient(const RawClient&) = delete;
    RawClient& operator=(const RawClient&) = delete;

    bool send(std::string_view bytes);  // false: the server has closed
    // Status line, headers and body of the next answer, read by its content-length; empty: closed or nothing within 5
    // s.
    std::string answer(bool without_body = false);
    // True when the server closes within 5 s without a further byte.
    bool is_closed();
    void close();

  private:
    bool fill();  // reads some more
    int socket_ = -1;
    std::string unread_;
};

// One exchange on a connection of its own.
std::string exchange(std::uint16_t port, std::string_view request);
std::string get(std::uint16_t port, std::string_view target);
std::string post(std::uint16_t port, std::string_view target, std::string_view content_type, std::string_view body);
int status_of(const std::string& answer);  // 0: none
std::string body_of(const std::string& answer);

}  // namespace cellvigil::http
