#include "daemon/alerts/mail_client.h"

#include <curl/curl.h>

#include <algorithm>
#include <mutex>

#include "rules/base/ensure.h"

namespace cellvigil::alerts {
namespace {

struct Exchange {
    std::string_view left;  // of the mail
    const std::atomic<bool>* cancelled = nullptr;
    bool asked_recipient = false;
    bool sent_content = false;
    std::size_t recipients_refused = 0;
};

std::size_t read_mail(char* to, std::size_t size, std::size_t count, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::size_t length = std::min(size * count, exchange.left.size());
    std::copy_n(exchange.left.data(), length, to);
    exchange.left.remove_prefix(length);
    return length;
}

int is_cancelled(void* user, curl_off_t, curl_off_t, curl_off_t, curl_off_t) {
    return *static_cast<Exchange*>(user)->cancelled ? 1 : 0;
}

// libcurl tells of a refused recipient only when all are: the dialogue says of how many. Nothing of it is kept.
int overhear(CURL*, curl_infotype type, char* data, std::size_t size, void* user) {
    auto& exchange = *static_cast<Exchange*>(user);
    const std::string_view line(data, size);
    if (type == CURLINFO_HEADER_OUT) {
        exchange.asked_recipient = line.starts_with("RCPT TO");
        exchange.sent_content = exchange.sent_content || line.starts_with("DATA");
    }
    if (type != CURLINFO_HEADER_IN || !exchange.asked_recipient || line.size() < 4 || line[3] == '-') return 0;
    if (line[0] == '4' || line[0] == '5') ++exchange.recipients_refused;
    return 0;
}

struct Close {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};

template <typename T>
void set(CURL* handle, CURLoption option, T value) {
    ensure(curl_easy_setopt(handle, option, value) == CURLE_OK, "libcurl knows this option");
}

void describe_server(CURL* handle, const MailServer& server) {
    const std::string host = server.host.find(':') == std::string::npos ? server.host : "[" + server.host + "]";
    const std::string url =
        (server.tls == MailTls::implicit ? "smtps://" : "smtp://") + host + ":" + std::to_string(server.port);
    set(handle, CURLOPT_URL, url.c_str());
    set(handle, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    set(handle, CURLOPT_PROXY, "");
    set(handle, CURLOPT_NETRC, static_cast<long>(CURL_NETRC_IGNORED));
    if (server.tls == MailTls::starttls) set(handle, CURLOPT_USE_SSL, static_cast<long>(CURLUSESSL_ALL));
    set(handle, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(handle, CURLOPT_SSL_VERIFYPEER, 1L);
    set(handle, CURLOPT_SSL_VERIFYHOST, 2L);
    if (!server.ca_file.empty()) set(handle, CURLOPT_CAINFO, server.ca_file.c_str());
    if (!server.user.empty()) {
        set(handle, CURLOPT_USERNAME, server.user.c_str());
        set(handle, CURLOPT_PASSWORD, server.password.c_str());
    }
}

}  // namespace

MailAnswer MailClient::send(const std::string& from, const std::vector<std::string>& to, const std::string& mail,
                            milliseconds deadline) {
    static std::once_flag once;
    std::call_once(once, [] { ensure(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK, "libcurl can be used"); });
    const std::unique_ptr<CURL, Close> handle(curl_easy_init());
    ensure(handle != nullptr, "libcurl gives a handle");
    Exchange exchange{.left = mail, .cancelled = &cancelled_};
    std::unique_ptr<curl_slist, Close> recipients;
    for (const std::string& one : to) {
        curl_slist* longer = curl_slist_append(recipients.get(), one.c_str());
        ensure(longer != nullptr, "there is memory for a list of recipients");
        static_cast<void>(recipients.release());
        recipients.reset(longer);
    }
    CURL* curl = handle.get();
    describe_server(curl, server_);
    set(curl, CURLOPT_MAIL_FROM, from.c_str());
    set(curl, CURLOPT_MAIL_RCPT, recipients.get());
    set(curl, CURLOPT_MAIL_RCPT_ALLLOWFAILS, 1L);  // one that is gone does not keep the mail from the others
    set(curl, CURLOPT_UPLOAD, 1L);
    set(curl, CURLOPT_READFUNCTION, read_mail);
    set(curl, CURLOPT_READDATA, &exchange);
    set(curl, CURLOPT_NOSIGNAL, 1L);
    set(curl, CURLOPT_TIMEOUT_MS, long{deadline.count()});
    set(curl, CURLOPT_NOPROGRESS, 0L);
    set(curl, CURLOPT_XFERINFOFUNCTION, is_cancelled);
    set(curl, CURLOPT_XFERINFODATA, &exchange);
    set(curl, CURLOPT_VERBOSE, 1L);
    set(curl, CURLOPT_DEBUGFUNCTION, overhear);
    set(curl, CURLOPT_DEBUGDATA, &exchange);

    MailAnswer answer;
    if (cancelled_) {
        answer.detail = "cancelled";
        return answer;
    }
    const CURLcode code = curl_easy_perform(curl);
    long response = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &response);
    answer.answered = exchange.sent_content;
    answer.refused_recipients = exchange.recipients_refused;
    if (code == CURLE_OK) {
        answer.outcome = MailAnswer::Outcome::taken;
        return answer;
    }
    answer.detail = std::string("smtp: ") + curl_easy_strerror(code);
    if (response > 0) answer.detail += ", answered " + std::to_string(response);
    if (cancelled_) answer.detail = "cancelled";
    if (exchange.sent_content && response >= 500 && response < 600) answer.outcome = MailAnswer::Outcome::refused;
    return answer;
}

}  // namespace cellvigil::alerts
