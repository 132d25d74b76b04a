// An HTTP server on a free loopback port that gives its answers one after the other and keeps the bodies it was sent.
// For tests of what speaks HTTP to a daemon.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdlib>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cellvigil::tools {

struct CannedAnswer {
    int status = 202;
    std::string body;
};

class CannedServer {
  public:
    explicit CannedServer(std::vector<CannedAnswer> answers) : answers_(std::move(answers)) {
        listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
        sockaddr_in address{};
        address.sin_family = AF_INET;
        address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        socklen_t size = sizeof address;
        if (::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0) std::abort();
        if (::listen(listener_, 8) != 0) std::abort();
        if (::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
        port_ = ntohs(address.sin_port);
        thread_ = std::thread([this] { serve(); });
    }
    ~CannedServer() {
        ::shutdown(listener_, SHUT_RDWR);  // ends accept()
        thread_.join();
        ::close(listener_);
    }
    CannedServer(const CannedServer&) = delete;
    CannedServer& operator=(const CannedServer&) = delete;

    std::string url() const { return "http://127.0.0.1:" + std::to_string(port_); }
    // Of the requests so far; ask when the client is done.
    const std::vector<std::string>& bodies() const { return bodies_; }

  private:
    void serve() {
        for (;;) {
            const int connection = ::accept(listener_, nullptr, nullptr);
            if (connection < 0) return;
            std::string buffer;
            while (bodies_.size() < answers_.size() && read_request(connection, buffer)) answer(connection);
            ::close(connection);
        }
    }
    static bool more(int connection, std::string& buffer) {
        std::array<char, 4096> chunk{};
        const ssize_t size = ::read(connection, chunk.data(), chunk.size());
        if (size <= 0) return false;
        buffer.append(chunk.data(), static_cast<std::size_t>(size));
        return true;
    }
    bool read_request(int connection, std::string& buffer) {
        std::size_t end = 0;
        while ((end = buffer.find("\r\n\r\n")) == std::string::npos) {
            if (!more(connection, buffer)) return false;
        }
        const std::size_t at = buffer.find("Content-Length: ");
        const std::size_t length = at < end ? std::strtoul(buffer.c_str() + at + 16, nullptr, 10) : 0;
        while (buffer.size() < end + 4 + length) {
            if (!more(connection, buffer)) return false;
        }
        bodies_.push_back(buffer.substr(end + 4, length));
        buffer.erase(0, end + 4 + length);
        return true;
    }
    void answer(int connection) const {
        const CannedAnswer& canned = answers_[bodies_.size() - 1];
        const std::string text = "HTTP/1.1 " + std::to_string(canned.status) +
                                 " As Told\r\nContent-Length: " + std::to_string(canned.body.size()) + "\r\n\r\n" +
                                 canned.body;
        if (::write(connection, text.data(), text.size()) < 0) std::abort();
    }

    std::vector<CannedAnswer> answers_;
    std::vector<std::string> bodies_;
    int listener_ = -1;
    int port_ = 0;
    std::thread thread_;
};

}  // namespace cellvigil::tools
