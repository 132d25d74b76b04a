#include <curl/curl.h>

#include <fstream>
#include <iterator>
#include <memory>

#include "daemon/http/key_source.h"

namespace cellvigil::http {
namespace {

constexpr std::size_t kMostBytes = 1U << 20U;
constexpr long kTimeoutMs = 5000;

std::size_t take(const char* bytes, std::size_t size, std::size_t count, void* into) {
    auto& text = *static_cast<std::string*>(into);
    if (text.size() + size * count > kMostBytes) return 0;  // ends the transfer
    text.append(bytes, size * count);
    return size * count;
}

Result<std::string> from_address(const std::string& address, const std::string& ca_file) {
    struct Cleanup {
        void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
    };
    static const CURLcode ready = curl_global_init(CURL_GLOBAL_DEFAULT);
    const std::unique_ptr<CURL, Cleanup> handle(curl_easy_init());
    if (ready != CURLE_OK || !handle) return fail(Errc::unavailable, "no HTTP client");
    std::string text;
    curl_easy_setopt(handle.get(), CURLOPT_URL, address.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(handle.get(), CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(handle.get(), CURLOPT_TIMEOUT_MS, kTimeoutMs);
    curl_easy_setopt(handle.get(), CURLOPT_NOSIGNAL, 1L);
    if (!ca_file.empty()) curl_easy_setopt(handle.get(), CURLOPT_CAINFO, ca_file.c_str());
    curl_easy_setopt(handle.get(), CURLOPT_WRITEFUNCTION, take);
    curl_easy_setopt(handle.get(), CURLOPT_WRITEDATA, &text);
    const CURLcode done = curl_easy_perform(handle.get());
    if (done != CURLE_OK) return fail(Errc::unavailable, curl_easy_strerror(done));
    long status = 0;
    curl_easy_getinfo(handle.get(), CURLINFO_RESPONSE_CODE, &status);
    if (status != 200) return fail(Errc::unavailable, "answered " + std::to_string(status));
    return text;
}

Result<std::string> from_file(const std::string& name) {
    std::ifstream file(name, std::ios::binary);
    if (!file) return fail(Errc::unavailable, "the file " + name + " cannot be read");
    return std::string(std::istreambuf_iterator<char>(file), {});
}

}  // namespace

KeySource::Fetch fetch_of(std::string place, std::string ca_file) {
    const bool address = place.starts_with("http://") || place.starts_with("https://");
    return [place = std::move(place), ca_file = std::move(ca_file), address] {
        return address ? from_address(place, ca_file) : from_file(place);
    };
}

}  // namespace cellvigil::http
