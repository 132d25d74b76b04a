#include "tests/daemon/alerts/receiver.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <memory>
#include <sstream>

namespace cellvigil::alerts {
namespace {

struct Free {
    void operator()(BIO* p) const { BIO_free_all(p); }
    void operator()(EVP_PKEY* p) const { EVP_PKEY_free(p); }
    void operator()(X509* p) const { X509_free(p); }
    void operator()(SSL_CTX* p) const { SSL_CTX_free(p); }
    void operator()(SSL* p) const { SSL_free(p); }
    void operator()(X509_EXTENSION* p) const { X509_EXTENSION_free(p); }
};
template <typename T>
using Owned = std::unique_ptr<T, Free>;

struct PlainStream {
    int socket;
    long read(char* data, std::size_t size) const { return ::recv(socket, data, size, 0); }
    bool write(const std::string& bytes) const {
        return ::send(socket, bytes.data(), bytes.size(), MSG_NOSIGNAL) == static_cast<long>(bytes.size());
    }
};
struct TlsStream {
    SSL* ssl;
    long read(char* data, std::size_t size) const { return SSL_read(ssl, data, static_cast<int>(size)); }
    bool write(const std::string& bytes) const {
        return SSL_write(ssl, bytes.data(), static_cast<int>(bytes.size())) > 0;
    }
};

std::string text_of(BIO* memory) {
    char* data = nullptr;
    const long size = BIO_ctrl(memory, BIO_CTRL_INFO, 0, &data);
    return {data, static_cast<std::size_t>(size)};
}

// One request from the front of `unread`, read on as needed; false: the client has gone.
template <typename Stream>
bool read_request(Stream& stream, std::string& unread, Received& request) {
    char some[16384];
    std::size_t head = 0;
    std::size_t length = 0;
    const auto more = [&] {
        const long got = stream.read(some, sizeof some);
        if (got > 0) unread.append(some, static_cast<std::size_t>(got));
        return got > 0;
    };
    while ((head = unread.find("\r\n\r\n")) == std::string::npos)
        if (!more()) return false;
    std::istringstream lines(unread.substr(0, head));
    std::string line;
    std::getline(lines, line);
    request.target = line.substr(line.find(' ') + 1, line.rfind(' ') - line.find(' ') - 1);
    while (std::getline(lines, line)) {
        if (line.ends_with('\r')) line.pop_back();
        std::string name = line.substr(0, line.find(':'));
        std::ranges::transform(name, name.begin(),
                               [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
        request.headers[name] = line.substr(line.find(':') + 2);
    }
    const std::string& announced = request.headers["content-length"];
    std::from_chars(announced.data(), announced.data() + announced.size(), length);
    while (unread.size() < head + 4 + length)
        if (!more()) return false;
    request.body = unread.substr(head + 4, length);
    unread.erase(0, head + 4 + length);
    return true;
}

}  // namespace

Receiver::Receiver(Behave behave, std::string certificate_pem, std::string key_pem)
    : behave_(std::move(behave)),
      certificate_(std::move(certificate_pem)),
      key_(std::move(key_pem)),
      listening_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    ::bind(listening_, reinterpret_cast<const sockaddr*>(&address), size);
    ::listen(listening_, 16);
    ::getsockname(listening_, reinterpret_cast<sockaddr*>(&address), &size);
    port_ = ntohs(address.sin_port);
    thread_ = std::thread([this] { run(); });
}

Receiver::~Receiver() {
    stopping_ = true;
    ::shutdown(listening_, SHUT_RDWR);
    if (const int open = open_; open >= 0) ::shutdown(open, SHUT_RDWR);
    thread_.join();
    ::close(listening_);
}

std::string Receiver::url(const std::string& path) const {
    return (certificate_.empty() ? "http" : "https") + std::string("://127.0.0.1:") + std::to_string(port_) + path;
}

std::vector<Received> Receiver::received() const {
    const std::lock_guard lock(mutex_);
    return received_;
}

bool Receiver::wait_for(std::size_t count) const {
    for (const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
         std::chrono::steady_clock::now() < until;) {
        if (received().size() >= count) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return false;
}

void Receiver::run() {
    const Owned<SSL_CTX> context(SSL_CTX_new(TLS_server_method()));
    if (!certificate_.empty()) {
        const Owned<BIO> certificate_text(BIO_new_mem_buf(certificate_.data(), static_cast<int>(certificate_.size())));
        const Owned<BIO> key_text(BIO_new_mem_buf(key_.data(), static_cast<int>(key_.size())));
        const Owned<X509> certificate(PEM_read_bio_X509(certificate_text.get(), nullptr, nullptr, nullptr));
        const Owned<EVP_PKEY> key(PEM_read_bio_PrivateKey(key_text.get(), nullptr, nullptr, nullptr));
        SSL_CTX_use_certificate(context.get(), certificate.get());
        SSL_CTX_use_PrivateKey(context.get(), key.get());
    }
    while (!stopping_) {
        const int socket = ::accept(listening_, nullptr, nullptr);
        if (socket < 0) return;
        ++connections_;
        open_ = socket;
        if (certificate_.empty()) {
            PlainStream stream{socket};
            talk(stream);
        } else {
            const Owned<SSL> ssl(SSL_new(context.get()));
            SSL_set_fd(ssl.get(), socket);
            TlsStream stream{ssl.get()};
            if (SSL_accept(ssl.get()) == 1) talk(stream);
        }
        open_ = -1;
        ::close(socket);
    }
}

template <typename Stream>
void Receiver::talk(Stream& stream) {
    std::string unread;
    while (!stopping_) {
        Received request;
        if (!read_request(stream, unread, request)) return;
        std::size_t number = 0;
        {
            const std::lock_guard lock(mutex_);
            number = received_.size();
            received_.push_back(request);
        }
        const Answered answer = behave_(request, number);
        for (auto left = answer.wait; left.count() > 0 && !stopping_; left -= std::chrono::milliseconds(5))
            std::this_thread::sleep_for(std::chrono::milliseconds(5));
        if (answer.hang_up) return;
        const bool written =
            stream.write("HTTP/1.1 " + std::to_string(answer.status) + " X\r\n" + answer.headers +
                         "Content-Length: 0\r\n" + (answer.keep_alive ? "" : "Connection: close\r\n") + "\r\n");
        if (!written || !answer.keep_alive) return;
    }
}

Certificate make_certificate() {
    const Owned<EVP_PKEY> key(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
    const Owned<X509> certificate(X509_new());
    X509_set_version(certificate.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
    X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -60);
    X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
    X509_set_pubkey(certificate.get(), key.get());
    X509_NAME* name = X509_get_subject_name(certificate.get());
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<const unsigned char*>("test"), -1, -1, 0);
    X509_set_issuer_name(certificate.get(), name);
    const Owned<X509_EXTENSION> address(X509V3_EXT_conf_nid(nullptr, nullptr, NID_subject_alt_name, "IP:127.0.0.1"));
    X509_add_ext(certificate.get(), address.get(), -1);
    X509_sign(certificate.get(), key.get(), EVP_sha256());
    const Owned<BIO> certificate_text(BIO_new(BIO_s_mem()));
    const Owned<BIO> key_text(BIO_new(BIO_s_mem()));
    PEM_write_bio_X509(certificate_text.get(), certificate.get());
    PEM_write_bio_PrivateKey(key_text.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
    return {text_of(certificate_text.get()), text_of(key_text.get())};
}

}  // namespace cellvigil::alerts
