#include "tests/daemon/http/raw_client.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>

namespace cellvigil::http {

RawClient::RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    const timeval patience{.tv_sec = 5, .tv_usec = 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) close();
}

RawClient::~RawClient() { close(); }

void RawClient::close() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
}

bool RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        const auto sent = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
}

bool RawClient::fill() {
    char some[65536];
    const auto got = ::recv(socket_, some, sizeof some, 0);
    if (got <= 0) return false;
    unread_.append(some, static_cast<std::size_t>(got));
    return true;
}

std::string RawClient::answer(bool without_body) {
    auto end = unread_.find("\r\n\r\n");
    while (end == std::string::npos) {
        if (!fill()) return {};
        end = unread_.find("\r\n\r\n");
    }
    std::size_t length = 0;
    std::string head = unread_.substr(0, end);
    std::ranges::transform(head, head.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
    if (const auto at = head.find("content-length: "); at != std::string::npos && !without_body)
        std::from_chars(head.data() + at + 16, head.data() + head.size(), length);
    while (unread_.size() < end + 4 + length)
        if (!fill()) return {};
    std::string whole = unread_.substr(0, end + 4 + length);
    unread_.erase(0, whole.size());
    return whole;
}

bool RawClient::is_closed() {
    char some = 0;
    return unread_.empty() && ::recv(socket_, &some, 1, 0) == 0;
}

std::string exchange(std::uint16_t port, std::string_view request) {
    RawClient client(port);
    client.send(request);
    return client.answer();
}

std::string get(std::uint16_t port, std::string_view target) {
    return exchange(port, "GET " + std::string(target) + " HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
}

std::string post(std::uint16_t port, std::string_view target, std::string_view content_type, std::string_view body) {
    return exchange(port,
                    "POST " + std::string(target) +
                        " HTTP/1.1\r\nHost: test\r\nConnection: close\r\nContent-Type: " + std::string(content_type) +
                        "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + std::string(body));
}

int status_of(const std::string& answer) {
    int status = 0;
    if (answer.starts_with("HTTP/1.1 ")) std::from_chars(answer.data() + 9, answer.data() + 12, status);
    return status;
}

std::string body_of(const std::string& answer) {
    const auto end = answer.find("\r\n\r\n");
    return end == std::string::npos ? std::string{} : answer.substr(end + 4);
}

}  // namespace cellvigil::http
